import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeTuple, entryOf, rangeOf, rowKeyOf } from '../../src/projections/kernel/index-key.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import { commitOf, position, rows } from './read-store-commits.js';
import { snapshotContract } from './read-store-snapshot.contract.js';

const all = rangeOf({});
async function linesOf(store: ReadStore, table: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of store.dump(table)) lines.push(line);
  return lines;
}

/** What every read store promises. `open` gives an empty one; it is closed by the suite. */
export function readStoreContract(name: string, open: () => Promise<ReadStore>) {
  describe(`read store: ${name}`, () => {
    let store: ReadStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    describe('commit', () => {
      it('stores rows, entries, counters and the checkpoint together', async () => {
        const result = await store.commit([
          commitOf(null, 3, {
            ...rows({ a: { title: '建议' } }),
            indexes: new Map([['byTitle', { add: [entryOf(['建议'], 'a')], remove: [] }]]),
            counters: new Map([['all', new Map([[encodeTuple(['x']), 2]])]]),
          }),
        ]);
        expect(result).toBe('committed');
        expect(await store.checkpoint('note@1.0')).toEqual({ position: position(3), events: 3 });
        expect(await store.row('note@1.0', 'a')).toEqual({ title: '建议' });
        expect(await store.scan('note@1.0', 'byTitle', { ...all, limit: 9 })).toEqual([entryOf(['建议'], 'a')]);
        expect(await store.counters('note@1.0', 'all', [encodeTuple(['x'])])).toEqual([2]);
        expect(await store.stats('note@1.0')).toEqual({ rows: 1, entries: 1, counters: 1 });
      });

      it('is refused when the table does not stand where the writer thought, and writes nothing', async () => {
        await store.commit([commitOf(null, 3, rows({ a: 1 }))]);
        for (const from of [null, 2, 4])
          expect(await store.commit([commitOf(from, 5, rows({ a: 2 }))])).toBe('conflict');
        expect(await store.row('note@1.0', 'a')).toBe(1);
        expect(await store.checkpoint('note@1.0')).toEqual({ position: position(3), events: 3 });
        expect(await store.commit([commitOf(7, 8, { table: 'other@1.0' })])).toBe('conflict');
      });

      it('takes all its tables or none', async () => {
        await store.commit([commitOf(null, 3), commitOf(null, 3, { table: 'other@1.0' })]);
        const result = await store.commit([
          commitOf(3, 4, rows({ a: 1 })),
          commitOf(2, 4, { table: 'other@1.0', ...rows({ b: 1 }) }),
        ]);
        expect(result).toBe('conflict');
        expect(await store.rows('note@1.0', ['a'])).toEqual([undefined]);
        expect((await store.tables()).map((t) => t.position)).toEqual([position(3), position(3)]);
      });

      it('lets exactly one of two equal writers through', async () => {
        const both = await Promise.all([1, 2].map((n) => store.commit([commitOf(null, 3, rows({ a: n }))])));
        expect([...both].sort()).toEqual(['committed', 'conflict']);
      });

      it('replaces and removes rows and entries', async () => {
        const index = (add: string[], remove: string[]) => ({ indexes: new Map([['i', { add, remove }]]) });
        await store.commit([commitOf(null, 1, { ...rows({ a: 1, b: 1 }), ...index([entryOf([1], 'a')], []) })]);
        await store.commit([
          commitOf(1, 2, { ...rows({ a: 2, b: null }), ...index([entryOf([2], 'a')], [entryOf([1], 'a')]) }),
        ]);
        expect(await store.rows('note@1.0', ['b', 'a', 'c'])).toEqual([undefined, 2, undefined]);
        expect(await store.scan('note@1.0', 'i', { ...all, limit: 9 })).toEqual([entryOf([2], 'a')]);
      });

      it('adds to counters, and a counter at 0 does not exist', async () => {
        const count = (n: number) => ({ counters: new Map([['r', new Map([[encodeTuple(['k']), n]])]]) });
        await store.commit([commitOf(null, 1, count(2))]);
        await store.commit([commitOf(1, 2, count(3))]);
        expect(await store.counters('note@1.0', 'r', [encodeTuple(['k'])])).toEqual([5]);
        await store.commit([commitOf(2, 3, count(-5))]);
        expect(await store.counters('note@1.0', 'r', [encodeTuple(['k'])])).toEqual([0]);
        expect(await store.stats('note@1.0')).toEqual({ rows: 0, entries: 0, counters: 0 });
      });
    });

    describe('scan', () => {
      const put = (tuples: [string, number][]) =>
        store.commit([
          commitOf(null, 1, {
            indexes: new Map([
              ['i', { add: tuples.map(([tag, n]) => entryOf([tag, n], `${tag}${n}`)), remove: [] }],
              ['i2', { add: [entryOf(['other'], 'other')], remove: [] }],
            ]),
          }),
          commitOf(null, 1, {
            table: 'note@1.1',
            indexes: new Map([['i', { add: [entryOf(['b', 5], 'x')], remove: [] }]]),
          }),
        ]);
      const keys = async (options: Parameters<typeof rangeOf>[0] & { limit?: number; reverse?: boolean }) => {
        const { limit = 99, reverse = false } = options;
        return (await store.scan('note@1.0', 'i', { ...rangeOf(options), limit, reverse })).map(rowKeyOf);
      };
      const sample: [string, number][] = [
        ['b', 10],
        ['a', 1],
        ['b', 2],
        ['bb', 0],
        ['b', -3],
        ['会', 1],
      ];

      it('gives the entries of one index of one table, in the order of their tuples', async () => {
        await put(sample);
        expect(await keys({})).toEqual(['a1', 'b-3', 'b2', 'b10', 'bb0', '会1']);
        expect(await keys({ reverse: true })).toEqual(['会1', 'bb0', 'b10', 'b2', 'b-3', 'a1']);
      });

      it('keeps to a prefix and to both bounds, inclusive', async () => {
        await put(sample);
        expect(await keys({ prefix: ['b'] })).toEqual(['b-3', 'b2', 'b10']);
        expect(await keys({ prefix: ['b'], from: 2 })).toEqual(['b2', 'b10']);
        expect(await keys({ prefix: ['b'], through: 2 })).toEqual(['b-3', 'b2']);
        expect(await keys({ prefix: ['b'], from: 2, through: 2, reverse: true })).toEqual(['b2']);
        expect(await keys({ prefix: ['b'], from: 3, through: 2 })).toEqual([]);
        expect(await keys({ prefix: ['c'] })).toEqual([]);
      });

      it('goes on after an entry, in both directions, also when that entry is gone', async () => {
        await put(sample);
        expect(await keys({ prefix: ['b'], limit: 2 })).toEqual(['b-3', 'b2']);
        expect(await keys({ prefix: ['b'], after: entryOf(['b', 2], 'b2') })).toEqual(['b10']);
        expect(await keys({ prefix: ['b'], after: entryOf(['b', 2], 'b2'), reverse: true })).toEqual(['b-3']);
        expect(await keys({ prefix: ['b'], after: entryOf(['b', 3], 'gone') })).toEqual(['b10']);
        expect(await keys({ prefix: ['b'], limit: 1, reverse: true })).toEqual(['b10']);
      });

      it('gives the counters of a range, in order', async () => {
        const of = (...keys: string[][]) => new Map(keys.map((key, i) => [encodeTuple(key), i + 1]));
        await store.commit([
          commitOf(null, 1, {
            counters: new Map([
              ['r', of(['b', 'x'], ['a', 'x'], ['b', 'a'])],
              ['r2', of(['b'])],
            ]),
          }),
        ]);
        expect(await store.countersIn('note@1.0', 'r', rangeOf({ prefix: ['b'] }))).toEqual([
          { key: encodeTuple(['b', 'a']), count: 3 },
          { key: encodeTuple(['b', 'x']), count: 1 },
        ]);
      });
    });

    describe('versions', () => {
      it('a name alone reads its live version, and nothing before the first swap', async () => {
        await store.commit([
          commitOf(null, 1, rows({ a: 'old' })),
          commitOf(null, 2, { table: 'note@2.0', ...rows({ a: 'new' }) }),
        ]);
        expect(await store.live('note')).toBeNull();
        expect(await store.row('note', 'a')).toBeUndefined();
        expect(await store.checkpoint('note')).toBeNull();
        await store.swap('note', null, '1.0');
        expect(await store.row('note', 'a')).toBe('old');
        expect(await store.swap('note', '1.0', '2.0')).toBe(true);
        expect(await store.swap('note', '1.0', '3.0')).toBe(false);
        expect(await store.live('note')).toBe('2.0');
        expect(await store.row('note', 'a')).toBe('new');
        expect(await store.checkpoint('note')).toEqual({ position: position(2), events: 2 });
      });

      it('a dropped table is empty, begins anew, and leaves its neighbours alone', async () => {
        const full = {
          ...rows({ a: 1 }),
          indexes: new Map([['i', { add: [entryOf([1], 'a')], remove: [] }]]),
          counters: new Map([['r', new Map([[encodeTuple(['k']), 1]])]]),
        };
        await store.commit([commitOf(null, 1, full), commitOf(null, 1, { table: 'note@1.01', ...full })]);
        const neighbour = await linesOf(store, 'note@1.01');
        await store.drop('note@1.0');
        expect(await store.checkpoint('note@1.0')).toBeNull();
        expect(await store.stats('note@1.0')).toEqual({ rows: 0, entries: 0, counters: 0 });
        expect(await linesOf(store, 'note@1.01')).toEqual(neighbour);
        expect((await store.tables()).map(({ table }) => table)).toEqual(['note@1.01']);
        expect(await store.commit([commitOf(1, 2)])).toBe('conflict');
        expect(await store.commit([commitOf(null, 2)])).toBe('committed');
      });
    });

    snapshotContract(() => store);

    it('dumps equal tables as equal lines, however they came about', async () => {
      const entry = (n: number) => entryOf([n], 'a');
      await store.commit([
        commitOf(null, 1, { ...rows({ b: 1, a: 1 }), indexes: new Map([['i', { add: [entry(1)], remove: [] }]]) }),
      ]);
      await store.commit([
        commitOf(1, 2, { ...rows({ a: 2 }), indexes: new Map([['i', { add: [entry(2)], remove: [entry(1)] }]]) }),
      ]);
      const other = {
        table: 'note@2.0',
        ...rows({ a: 2, b: 1 }),
        indexes: new Map([['i', { add: [entry(2)], remove: [] }]]),
      };
      await store.commit([commitOf(null, 2, other)]);
      const lines = await linesOf(store, 'note@1.0');
      expect(lines).toHaveLength(4);
      expect(await linesOf(store, 'note@2.0')).toEqual(lines);
    });
  });
}
