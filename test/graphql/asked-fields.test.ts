import type { ExecutionResult } from 'graphql';
import { graphql } from 'graphql';
import { expect, it } from 'vitest';
import type { Actor } from '../../src/domain/kernel/actor.js';
import { wuji } from '../../src/domain/wuji.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { Services } from '../../src/graphql/services.js';
import { caseModels } from '../../src/projections/cases/index.js';
import type { CaseRow } from '../../src/projections/kernel/case-model.js';
import type { Town } from '../projections/town.js';
import { city, newTown, registered, run, seenBy } from '../projections/town.js';

/** What was looked at since the last `take`: fields of states and of events, and calls of the services. */
function looking() {
  let looked = new Set<string>();
  const note = (what: string) => void looked.add(what);
  return {
    note,
    /** The object, telling of each field that is read. */
    watched: <T extends object>(of: string, object: T): T =>
      new Proxy(object, {
        get(target, field, receiver) {
          if (typeof field === 'string') note(`${of}.${field}`);
          return Reflect.get(target, field, receiver);
        },
      }),
    take(): readonly string[] {
      const taken = [...looked].sort();
      looked = new Set();
      return taken;
    },
  };
}

async function api(at: Town) {
  const { projector, settle } = run(at.store, at.reads, at.handle, at.now);
  await settle();
  const { note, watched, take } = looking();
  const shown = (row: unknown): unknown =>
    row && { ...(row as CaseRow), state: watched('state', (row as CaseRow<object>).state) };
  const services: Services = {
    ...at,
    projector,
    clock: { now: at.now },
    waitMs: 5_000,
    reads: {
      ...at.reads,
      async rows(table, keys) {
        note('reads.rows');
        return (await at.reads.rows(table, keys)).map(shown);
      },
    },
    loader: {
      ...at.loader,
      load(ref) {
        note('loader.load');
        return at.loader.load(ref);
      },
    },
    store: {
      ...at.store,
      epoch: at.store.epoch,
      head: () => at.store.head(),
      readAll: (options) => at.store.readAll(options),
      async *readStream(stream, options) {
        note('store.readStream');
        for await (const event of at.store.readStream(stream, options))
          yield { ...event, data: watched('event', event.data as object) };
      },
    },
  };
  const schema = createSchema({ registry: wuji, models: caseModels }, () => services);
  return async (actor: Actor, source: string, variableValues: Record<string, unknown> = {}) => {
    take();
    const { data, errors }: ExecutionResult = await graphql({
      ...{ schema, source, variableValues },
      contextValue: { viewer: seenBy(actor) },
    });
    expect(errors).toBeUndefined();
    return { data, looked: take() };
  };
}

async function play() {
  const at = await newTown();
  await at.congress(city);
  const [dwc, bat] = [await at.official('DWC', city), await at.deputy('Bat', city)];
  const id = await registered(at, bat, dwc, 'Canals');
  return { at, dwc, bat, id, ask: await api(at) };
}

it('of a case only what was asked for is looked at: fields, time limits, available actions (issue 4, part 4)', async () => {
  const { dwc, id, ask } = await play();
  const title = await ask(dwc, `{ suggestion(id: "${id}") { id revision title } }`);
  expect(title.data).toMatchObject({ suggestion: { title: 'Canals' } });
  expect(title.looked).toEqual(['reads.rows', 'state.status', 'state.title']);
  const clocks = await ask(dwc, `{ suggestion(id: "${id}") { clocks { clock } } }`);
  expect(clocks.looked).toEqual(['reads.rows', 'state.clocks', 'state.status']);
  const actions = await ask(dwc, `{ suggestion(id: "${id}") { availableActions { action open } } }`);
  expect(actions.looked).toContain('loader.load');
});

it('of an event only what was asked for is looked at (issue 4, part 4)', async () => {
  const { bat, id, ask } = await play();
  const types = await ask(bat, `{ caseHistory(caseId: "${id}") { nodes { type at } } }`);
  expect(types.looked.filter((what) => what.startsWith('event.'))).toEqual([]);
  const data = await ask(bat, `{ caseHistory(caseId: "${id}") { nodes { data } } }`);
  expect(data.looked).toContain('event.title');
});

it('of what a mutation did, events and the case are read when they are asked for (issue 4, part 4)', async () => {
  const { bat, ask } = await play();
  const draft = (fields: string) =>
    ask(
      bat,
      `mutation { draftSuggestion(input: { title: "Wells", situation: "So.", analysis: "Why.", advice: "Do." }) { ${fields} } }`,
    );
  expect((await draft('caseId revision position stale')).looked).not.toContain('reads.rows');
  expect((await draft('case { title }')).looked).toEqual(
    expect.arrayContaining(['reads.rows', 'state.status', 'state.title']),
  );
  expect((await draft('case { title }')).looked).not.toContain('store.readStream');
  expect((await draft('events { type }')).looked).toContain('store.readStream');
});
