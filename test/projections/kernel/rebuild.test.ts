import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { query } from '../../../src/projections/kernel/query.js';
import type { ReadModel } from '../../../src/projections/kernel/read-model.js';
import type { Progress } from '../../../src/projections/kernel/rebuild.js';
import { arrayStore } from '../../support/array-store.js';
import type { Happening } from './errand.js';
import { errandModel, models, ownerModel, play } from './errand.js';
import { caughtUp, contents, fromZero, linesOf, newReadStore, project, withResolvers } from './rig.js';

const opened = (errand: number): Happening => ({ errand, owner: `owner ${errand % 3}`, what: 'open' });
const history = (from: number, to: number): Happening[] =>
  Array.from({ length: to - from }, (_, i) => from + i).flatMap((n) => [
    opened(n),
    { errand: n, what: 'pass', owner: 'bo' },
    ...(n % 4 === 0 ? [{ errand: n, what: 'close', owner: '' } as const] : []),
  ]);
const versioned = (model: ReadModel, version: number): ReadModel => ({ ...model, version });

/** Appends while `work` runs, at least once after it has begun and until it ends. */
async function whileAppending<T>(events: EventStore, work: () => Promise<T>): Promise<T> {
  let running = true;
  const result = work().finally(() => {
    running = false;
  });
  for (let n = 1_000; running || n < 1_003; n++) await play(events, history(n, n + 1));
  return result;
}

describe('rebuild (architecture.md §6)', () => {
  it('folds beside the live tables while events arrive, swaps, drops the old one, and the tables are byte-equal', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 60));
    const projector = project(events, store, { batchSize: 10 });
    await caughtUp(projector);
    const progress: Progress[] = [];
    const told: string[] = [];
    projector.onCommitted(({ steps }) => told.push(...steps.map(({ event }) => event.position)));
    await whileAppending(events, () => projector.rebuild('errand', { onProgress: (step) => progress.push(step) }));
    await caughtUp(projector);
    expect(await store.live('errand')).toBe('1.1');
    expect((await store.tables()).map(({ table }) => table).sort()).toEqual(['errand@1.1', 'owner@1.0']);
    expect(await contents(store)).toEqual(await fromZero(events));
    const ratios = progress.map(({ ratio }) => ratio);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    expect(ratios[0]).toBeLessThan(0.2);
    expect(ratios.at(-1)).toBe(1);
    expect(told).toEqual([...new Set(told)].sort());
    expect(told).toHaveLength(events.log.length - 135);
  });

  it('readers see the old version until the swap, and after it never an earlier position', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 30));
    const projector = project(events, store, { batchSize: 5 });
    await caughtUp(projector);
    const seen: (number | undefined)[] = [];
    const look = async () => seen.push((await query(store, errandModel).checkpoint())?.events);
    const looks: Promise<number>[] = [];
    await whileAppending(events, () => projector.rebuild('errand', { onProgress: () => looks.push(look()) }));
    await Promise.all(looks);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
    expect(seen[0]).toBeGreaterThanOrEqual(67);
  });

  it('begins from zero also when an earlier rebuild was broken off', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 8));
    const projector = project(events, store);
    await caughtUp(projector);
    const junk = { rows: new Map([['junk', {}]]), indexes: new Map(), counters: new Map() };
    await store.commit([{ table: 'errand@1.1', from: null, to: { position: '000000000003', events: 4 }, ...junk }]);
    await projector.rebuild('errand');
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('two at once on one store end with one whole table', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 30));
    const both = [project(events, store, { batchSize: 3 }), project(events, store, { batchSize: 4 })];
    await caughtUp(...both);
    const results = await whileAppending(events, () => Promise.allSettled(both.map((each) => each.rebuild('owner'))));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    await caughtUp(...both);
    await play(events, [opened(5_000)]);
    await caughtUp(...both);
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('holds over the embedded log too: byte-equal after a rebuild under load', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wuji-rebuild-'));
    const events = await openEmbeddedEventStore({ folder });
    onTestFinished(async () => {
      await events.close();
      rmSync(folder, { recursive: true });
    });
    const store = newReadStore();
    await play(events, history(0, 20));
    const projector = project(events, store, { batchSize: 7 });
    await caughtUp(projector);
    await whileAppending(events, () => projector.rebuild('owner'));
    await caughtUp(projector);
    expect(await store.live('owner')).toBe('1.1');
    expect(await contents(store)).toEqual(await fromZero(events));
    await projector.stop();
  });

  it('mends a table that was spoilt, and the projector goes on where the spoilt row had stopped it', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 8));
    const projector = project(events, store, { onProblem: () => {} });
    await caughtUp(projector);
    const { position = '', events: count = 0 } = (await store.checkpoint('errand')) ?? {};
    const rows = new Map([['1', null]]);
    const spoilt = { table: 'errand@1.0', from: position, to: { position, events: count }, rows };
    await store.commit([{ ...spoilt, indexes: new Map(), counters: new Map() }]);
    await projector.stop();
    const second = project(events, store, { onProblem: () => {} });
    await play(events, [{ errand: 1, what: 'pass', owner: 'chi' }, opened(50)]);
    await vi.waitUntil(() => second.status().state === 'stopped');
    await second.rebuild('errand');
    await caughtUp(second);
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('that ends while events are held leaves none of them out', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 8));
    const first = project(events, store);
    await caughtUp(first);
    await first.stop();
    await play(events, history(100, 103));
    const gates = [withResolvers(), withResolvers()];
    let subscriptions = 0;
    const halting: typeof events = {
      ...events,
      async *subscribe(options) {
        const nth = subscriptions++;
        // The rebuild has read the log before it had the events that are held.
        if (nth === 1) yield { events: events.log.slice(0, 18), caughtUp: true };
        if (nth === 1) return;
        let batches = 0;
        for await (const batch of events.subscribe(options)) {
          if (nth === 0 && batches++ === 1) {
            gates[0]?.resolve(undefined); // two events are held now
            await gates[1]?.promise;
          }
          yield batch;
        }
      },
    };
    const projector = project(halting, store, { batchSize: 2, commitSize: { events: 100, rows: 100 } });
    await gates[0]?.promise;
    await projector.rebuild('owner');
    gates[1]?.resolve(undefined);
    await caughtUp(projector);
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('refuses a name that is no read model', async () => {
    const projector = project(arrayStore(), newReadStore());
    await expect(projector.rebuild('nothing')).rejects.toThrow('no read model nothing');
  });
});

describe('a new version of a read model', () => {
  async function served(): Promise<{ events: ReturnType<typeof arrayStore>; store: ReadStore }> {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 20));
    const old = project(events, store);
    await caughtUp(old);
    await old.stop();
    return { events, store };
  }

  it('is folded beside the live one, which serves until it has caught up', async () => {
    const { events, store } = await served();
    const swaps: unknown[] = [];
    const watched: ReadStore = {
      ...store,
      async swap(name, from, version) {
        const [before, after] = [await store.checkpoint(name), await store.checkpoint(`${name}@${version}`)];
        swaps.push([name, from, version, before?.events, after?.events]);
        return store.swap(name, from, version);
      },
    };
    const projector = project(events, watched, { models: [versioned(errandModel, 2), ownerModel], batchSize: 7 });
    await play(events, history(100, 103));
    await vi.waitUntil(async () => (await store.live('errand')) === '2.0');
    await caughtUp(projector);
    expect(swaps).toEqual([['errand', '1.0', '2.0', 45, expect.any(Number)]]);
    const lines = await linesOf(store, 'errand@2.0');
    await vi.waitUntil(async () => (await store.tables()).length === 2);
    expect(lines).toEqual((await fromZero(events)).errand);
  });

  it('of all read models at once: each old one serves until all have caught up', async () => {
    const { events, store } = await served();
    const bumped = models.map((model) => versioned(model, 2));
    const projector = project(events, store, { models: bumped, batchSize: 7 });
    await caughtUp(projector);
    await vi.waitUntil(async () => (await store.tables()).length === 2);
    expect(await Promise.all(models.map(({ name }) => store.live(name)))).toEqual(['2.0', '2.0']);
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('while the old one serves, no position is reached: who waits for one reads the new version', async () => {
    const { events, store } = await served();
    const gate = withResolvers();
    const held: ReadStore = {
      ...store,
      async commit(tables) {
        if (tables.some(({ table }) => table === 'errand@2.0')) await gate.promise;
        return store.commit(tables);
      },
    };
    const projector = project(events, held, { models: [versioned(errandModel, 2), ownerModel] });
    await play(events, history(100, 102));
    const head = await events.head();
    await vi.waitUntil(() => projector.position() === head);
    expect(await projector.caughtUp(1)).toBe('timeout');
    expect(projector.status().state).toBe('catching up');
    const waiting = projector.caughtUp(20_000).then(async (reached) => [reached, await store.live('errand')]);
    gate.resolve(undefined);
    expect(await waiting).toEqual(['reached', '2.0']);
    await vi.waitUntil(() => projector.status().state === 'live');
  });

  it('of all at once: nobody is told of a position before the swap, though the new tables have come to it', async () => {
    const { events, store } = await served();
    const gate = withResolvers();
    const held: ReadStore = {
      ...store,
      async swap(...args) {
        await gate.promise;
        return store.swap(...args);
      },
    };
    const projector = project(events, held, { models: models.map((model) => versioned(model, 2)) });
    const head = await events.head();
    await vi.waitUntil(() => projector.position() === head);
    expect(await projector.caughtUp(1)).toBe('timeout');
    const waiting = projector.caughtUp(20_000).then(() => Promise.all(models.map(({ name }) => store.live(name))));
    gate.resolve(undefined);
    expect(await waiting).toEqual(['2.0', '2.0']);
  });

  it('a new read model is folded beside the others, which do not wait for it', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 10));
    const first = project(events, store, { models: [errandModel] });
    await caughtUp(first);
    await first.stop();
    const second = project(events, store);
    await vi.waitUntil(async () => (await store.live('owner')) === '1.0');
    await play(events, history(10, 12));
    await caughtUp(second);
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('stops a program of the other version that still runs: it must not undo the swap', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, history(0, 10));
    const old = project(events, store, { onProblem: () => {} });
    await caughtUp(old);
    const next = project(events, store, { models: [versioned(errandModel, 2), ownerModel] });
    await vi.waitUntil(async () => (await store.live('errand')) === '2.0');
    await play(events, history(10, 12));
    await vi.waitUntil(() => old.status().state === 'stopped');
    expect(old.status().error?.message).toContain('errand: another program now serves version 2.0, not 1');
    await caughtUp(next);
    expect(await store.live('errand')).toBe('2.0');
  });
});
