import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import type { Committed } from '../../../src/projections/kernel/projector.js';
import { query } from '../../../src/projections/kernel/query.js';
import type { ReadModel } from '../../../src/projections/kernel/read-model.js';
import { arrayStore } from '../../support/array-store.js';
import type { Happening } from './errand.js';
import { errandModel, models, ownerModel, play, proposed } from './errand.js';
import { caughtUp, contents, fromZero, newReadStore, now, project, withResolvers } from './rig.js';

const happening: fc.Arbitrary<Happening> = fc.record({
  errand: fc.integer({ min: 0, max: 5 }),
  what: fc.constantFrom('open', 'open', 'pass', 'remind', 'close'),
  owner: fc.constantFrom('ann', 'bo', 'chi'),
});
const opened = (errand: number, owner = 'ann'): Happening => ({ errand, owner, what: 'open' });
const passed = (errand: number, owner: string): Happening => ({ errand, owner, what: 'pass' });

const ownersOf = ({ before, after }: { before: unknown; after: unknown }) => [ownerOf(before), ownerOf(after)];

describe('projector (architecture.md §6)', () => {
  it('keeps the same tables whatever the batches and wherever it crashes, as a fold from zero', async () => {
    const run = fc.record({
      happenings: fc.array(happening, { maxLength: 12 }),
      batchSize: fc.integer({ min: 1, max: 5 }),
      crash: fc.constantFrom('none', 'before commit', 'after commit', 'restart'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 5 }), async (runs) => {
        const events = arrayStore();
        const store = newReadStore();
        for (const { happenings, batchSize, crash } of runs) {
          const failing = crash.endsWith('commit') ? crashing(store, crash) : store;
          const projector = project(events, failing, { batchSize, onProblem: () => {} });
          await play(events, happenings);
          if (crash !== 'restart') await caughtUp(projector);
          await projector.stop();
        }
        const last = project(events, store);
        await caughtUp(last);
        await last.stop();
        expect(await contents(store)).toEqual(await fromZero(events));
      }),
      { numRuns: 25 },
    );
  });

  it('fills a store again that has been emptied under it, and tells no event twice', async () => {
    const events = arrayStore();
    let current = newReadStore();
    const store = new Proxy(current, { get: (_, name) => Reflect.get(current, name) });
    const projector = project(events, store, { batchSize: 2 });
    const told: string[] = [];
    const froms: (readonly [from: unknown, before: unknown])[] = [];
    projector.onCommitted(({ steps, from }) => {
      froms.push([from, told.at(-1)]);
      told.push(...steps.map(({ event }) => event.position));
    });
    await play(events, [opened(1), passed(1, 'bo'), passed(1, 'chi')]);
    await caughtUp(projector);
    current = newReadStore();
    await play(events, [opened(2)]);
    await vi.waitFor(async () => expect(await contents(store)).toEqual(await fromZero(events)), 10_000);
    expect(projector.status()).toMatchObject({ state: 'live', error: undefined });
    expect(told).toEqual(events.log.map(({ position }) => position));
    for (const [from, before] of froms) expect(from).toBe(before); // no gap that a reader would not see
  });

  it('who begins to listen while a commit is written is told of it as a gap, not as nothing', async () => {
    const events = arrayStore();
    await play(events, [opened(1), passed(1, 'bo')]);
    const store = newReadStore();
    const told: Committed[] = [];
    const late: ReadStore = {
      ...store,
      async commit(tables) {
        if (told.length === 0) projector.onCommitted((committed) => told.push(committed));
        return store.commit(tables);
      },
    };
    const projector = project(events, late);
    await caughtUp(projector);
    const head = await events.head();
    expect(told).toEqual([{ steps: [], from: head, position: head }]);
    await projector.stop();
  });

  it('two on one store commit each event once, and tell each event once and in log order', async () => {
    const events = arrayStore();
    const store = newReadStore();
    const told: string[][] = [[], []];
    const both = told.map((list) => {
      const projector = project(events, store, { batchSize: 2 });
      projector.onCommitted(({ steps }) => list.push(...steps.map(({ event }) => event.position)));
      return projector;
    });
    for (let n = 0; n < 40; n++) {
      await play(events, [opened(n), passed(n, 'bo')]);
      if (n % 10 === 0) await caughtUp(...both);
    }
    await caughtUp(...both);
    for (const list of told) expect(list).toEqual([...list].sort());
    expect(told.flat().sort()).toEqual(events.log.map(({ position }) => position));
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('tells each event with its rows exactly before and after it, in the turn in which the position moves', async () => {
    const events = arrayStore();
    await play(events, [opened(1), passed(1, 'bo'), passed(1, 'chi')]);
    const seen: Committed[] = [];
    const projector = project(events, newReadStore(), { models: [errandModel] });
    projector.onCommitted((committed) => {
      expect(projector.position()).toBe(committed.position);
      seen.push(committed);
    });
    await caughtUp(projector);
    const owners = seen.flatMap(({ steps }) =>
      steps.flatMap(({ changes }) => changes.map(({ before, after }) => [ownerOf(before), ownerOf(after)])),
    );
    expect(owners).toEqual([
      [undefined, 'ann'],
      ['ann', 'bo'],
      ['bo', 'chi'],
    ]);
    expect(seen[0]?.from).toBeUndefined();
    expect(seen.at(-1)?.position).toBe(await events.head());
  });

  it('catching up commits many batches at once while nobody listens, and each for itself when somebody does', async () => {
    const events = arrayStore();
    await play(
      events,
      Array.from({ length: 12 }, (_, n) => opened(n)),
    );
    for (const [listens, commitSize, expected] of [
      [false, { events: 6, rows: 1_000 }, [6, 12]],
      // Five rows change with the first batch, and the next brings two more.
      [false, { events: 1_000, rows: 7 }, [4, 8, 12]],
      [true, { events: 6, rows: 1_000 }, [2, 4, 6, 8, 10, 12]],
    ] as const) {
      const store = newReadStore();
      const sizes: number[] = [];
      const watched: ReadStore = {
        ...store,
        async commit(tables) {
          sizes.push(tables[0]?.to.events ?? 0);
          return store.commit(tables);
        },
      };
      const gate = withResolvers();
      const held: typeof events = {
        ...events,
        async *subscribe(options) {
          await gate.promise;
          yield* events.subscribe(options);
        },
      };
      const projector = project(held, watched, { batchSize: 2, commitSize });
      if (listens) projector.onCommitted(() => {});
      gate.resolve(undefined);
      await caughtUp(projector);
      expect(sizes).toEqual(expected);
      expect(await contents(store)).toEqual(await fromZero(events));
    }
  });

  it('who begins to listen during a long catching up is told every event after the position at which it began', async () => {
    const events = arrayStore();
    await play(events, Array.from({ length: 9 }, (_, n) => [opened(n), passed(n, 'bo')]).flat());
    for (let begins = 0; begins < 9; begins++) {
      const store = newReadStore();
      const told: (readonly [string, unknown])[] = [];
      let batches = 0;
      let since: string | undefined;
      let begun = false;
      const listening: typeof events = {
        ...events,
        async *subscribe(options) {
          for await (const batch of events.subscribe(options)) {
            if (batches++ === begins) {
              begun = true;
              since = projector.position();
              projector.onCommitted(({ steps, from }) => {
                expect(from).toBe(told.at(-1)?.[0] ?? since);
                for (const { event, changes } of steps) told.push([event.position, changes.map(ownersOf)]);
              });
            }
            yield batch;
          }
        },
      };
      const projector = project(listening, store, {
        models: [errandModel],
        batchSize: 2,
        commitSize: { events: 6, rows: 1_000 },
      });
      await caughtUp(projector);
      expect(begun).toBe(true);
      const all = events.log.filter(({ position }) => since === undefined || position > since);
      expect(told).toEqual(
        all.map(({ position, revision }) => [position, [revision === 0 ? [undefined, 'ann'] : ['ann', 'bo']]]),
      );
      await projector.stop();
    }
  });

  it('goes on when a listener fails, and reports it', async () => {
    const events = arrayStore();
    const problems: Error[] = [];
    const projector = project(events, newReadStore(), { onProblem: (problem) => problems.push(problem) });
    const heard = vi.fn();
    projector.onCommitted(() => {
      throw new Error('broken listener');
    });
    const end = projector.onCommitted(heard);
    await play(events, [opened(1)]);
    await caughtUp(projector);
    end();
    await play(events, [opened(2)]);
    await caughtUp(projector);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(problems.map(({ cause }) => (cause as Error).message)).toEqual(['broken listener', 'broken listener']);
  });

  it('a fold that fails stops it visibly, and no event is skipped: a repaired fold goes on from there', async () => {
    const events = arrayStore();
    const store = newReadStore();
    const problems: Error[] = [];
    const broken: ReadModel = {
      ...ownerModel,
      fold: (row, event, key) => {
        if (event.type === 'ErrandClosed') throw new Error('a bug');
        return ownerModel.fold(row as never, event, key);
      },
    };
    await play(events, [opened(1), opened(2)]);
    const first = project(events, store, { models: [errandModel, broken], onProblem: (p) => problems.push(p) });
    await caughtUp(first);
    const before = first.position();
    await play(events, [{ errand: 1, what: 'close', owner: '' }, opened(3)]);
    await vi.waitUntil(() => first.status().state === 'stopped');
    expect(first.status()).toMatchObject({ position: before, failures: 0 });
    expect(first.status().error?.message).toContain(`owner fails at position ${events.log[2]?.position}`);
    expect(problems).toHaveLength(1);
    expect(await first.waitFor(events.log[2]?.position ?? '', 1)).toBe('timeout');
    await first.stop();
    await caughtUp(project(events, store));
    expect(await contents(store)).toEqual(await fromZero(events));
  });

  it('an event of an unknown type stops it: a newer program wrote it', async () => {
    const events = arrayStore();
    await events.append('errand-1', [proposed('ErrandSold', {})], 'no_stream');
    const projector = project(events, newReadStore(), { onProblem: () => {} });
    await vi.waitUntil(() => projector.status().state === 'stopped');
    expect(projector.status().error?.message).toContain('unknown type ErrandSold');
  });

  it('an error of the store is retried, longer and longer, until it passes', async () => {
    const events = arrayStore();
    const store = newReadStore();
    const pauses: number[] = [];
    let broken = 3;
    const failing: ReadStore = {
      ...store,
      commit: async (tables) => {
        if (broken-- > 0) throw new Error('disk full');
        return store.commit(tables);
      },
    };
    const states: string[] = [];
    const projector = project(events, failing, {
      onProblem: () => {},
      pause: async (ms) => {
        states.push(projector.status().state);
        pauses.push(ms);
      },
    });
    await play(events, [opened(1)]);
    await caughtUp(projector);
    expect(pauses).toEqual([100, 200, 400]);
    expect(new Set(states)).toEqual(new Set(['retrying']));
    await vi.waitUntil(() => projector.status().state === 'live');
    expect(projector.status()).toMatchObject({ error: undefined, failures: 0 });
  });

  it('who waits for a position gets it when it is committed, or a timeout', async () => {
    const events = arrayStore();
    const projector = project(events, newReadStore());
    await play(events, [opened(1)]);
    await caughtUp(projector);
    const next = '000000000001';
    expect(await projector.waitFor('000000000000', 0)).toBe('reached');
    expect(await projector.waitFor(next, 1)).toBe('timeout');
    const waiting = projector.waitFor(next, 20_000);
    await play(events, [opened(2)]);
    expect(await waiting).toBe('reached');
    const never = projector.waitFor('000000000009', 20_000);
    await projector.stop();
    expect(await never).toBe('timeout');
  });

  it('nobody waits for a projector that has stopped, nor longer than the signal says (shutdown)', async () => {
    const events = arrayStore();
    const broken: ReadModel = {
      ...ownerModel,
      fold: () => {
        throw new Error('a bug');
      },
    };
    const projector = project(events, newReadStore(), { models: [errandModel, broken], onProblem: () => {} });
    const waiting = projector.waitFor('000000000000', 600_000);
    await play(events, [opened(1)]);
    expect(await waiting).toBe('timeout');
    expect(projector.status().state).toBe('stopped');
    const control = new AbortController();
    const later = projector.caughtUp(600_000, control.signal);
    control.abort();
    expect(await later).toBe('timeout');
    expect(await projector.caughtUp(600_000, control.signal)).toBe('timeout');
  });

  it('lag is the age of the oldest event that is not yet in the read models', async () => {
    const events = arrayStore('2026-03-02T02:00:00.000Z');
    const store = newReadStore();
    const gate = withResolvers();
    const projector = project(events, {
      ...store,
      commit: async (tables) => {
        await gate.promise;
        return store.commit(tables);
      },
    });
    expect(await projector.lag()).toBe(0);
    await play(events, [opened(1)]);
    expect(await projector.lag()).toBe(Date.parse(now) - Date.parse('2026-03-02T02:00:00.000Z'));
    gate.resolve(undefined);
    await caughtUp(projector);
    expect(await projector.lag()).toBe(0);
  });

  it('tables beyond the head of a log that was put back are folded anew', async () => {
    const store = newReadStore();
    const full = arrayStore();
    await play(full, [opened(1), opened(2), opened(3)]);
    const first = project(full, store);
    await caughtUp(first);
    await first.stop();
    const restored = arrayStore();
    await play(restored, [opened(1)]);
    const problems: string[] = [];
    await caughtUp(project(restored, store, { onProblem: ({ message }) => problems.push(message) }));
    expect(problems).toHaveLength(models.length);
    expect(await contents(store)).toEqual(await fromZero(restored));
  });
});

describe('case model', () => {
  it('has the fold of its aggregate, lists by audience and filter, and counts', async () => {
    const events = arrayStore();
    const store = newReadStore();
    await play(events, [
      opened(1),
      opened(2),
      opened(3, 'bo'),
      passed(2, 'bo'),
      { errand: 3, what: 'close', owner: '' },
    ]);
    await caughtUp(project(events, store));
    const cases = query(store, errandModel);
    expect(await cases.row('2')).toMatchObject({
      id: '2',
      revision: 1,
      position: events.log[3]?.position,
      correlationId: 'chain',
      audience: { 'mandate:bo': 'participant', 'office:150802': 'office' },
      state: { status: 'OPEN', owner: 'bo' },
    });
    const page = (index: string, prefix: string[], more = {}) => cases.page(index, { prefix, limit: 9, ...more });
    expect((await page('byAudience', ['mandate:bo'])).rows.map(({ key }) => key)).toEqual(['2', '3']);
    expect((await page('byAudience', ['mandate:ann'])).rows.map(({ key }) => key)).toEqual(['1']);
    expect((await page('byAudience:status', ['mandate:bo', 'CLOSED'])).rows.map(({ key }) => key)).toEqual(['3']);
    const first = await page('byAudience', ['mandate:bo'], { limit: 1, reverse: true });
    expect(first).toMatchObject({ more: true, rows: [{ key: '3' }] });
    const second = await page('byAudience', ['mandate:bo'], { limit: 1, reverse: true, after: first.rows[0]?.cursor });
    expect(second).toMatchObject({ more: false, rows: [{ key: '2' }] });
    expect((await cases.page('byDue', { prefix: [], through: '2026-03-01', limit: 9 })).rows).toHaveLength(2);
    expect(await cases.count('byRegionAndStatus', ['150800', 'OPEN'])).toBe(1);
    expect(await cases.counts('byRegionAndStatus', ['150800'])).toEqual([
      { key: ['150800', 'CLOSED'], count: 1 },
      { key: ['150800', 'OPEN'], count: 1 },
    ]);
    expect(await cases.count('byRegionAndStatus', ['all'])).toBe(3);
    expect(await cases.checkpoint()).toMatchObject({ events: 5 });
    await expect(page('byOwner', [])).rejects.toThrow('no index byOwner');
  });
});

/** The store of a process that crashes at its second commit: before it, or after it but before anybody knew. */
function crashing(store: ReadStore, crash: string): ReadStore {
  let commits = 0;
  return {
    ...store,
    async commit(tables) {
      if (++commits !== 2) return store.commit(tables);
      if (crash === 'after commit') await store.commit(tables);
      throw new Error('crash');
    },
  };
}

const ownerOf = (row: unknown): unknown => (row as { state: { owner: string } } | undefined)?.state.owner;
