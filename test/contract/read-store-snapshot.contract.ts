import { describe, expect, it } from 'vitest';
import type { ReadStore, ReadView } from '../../src/projections/kernel/ports.js';
import { commitOf, position, rows } from './read-store-commits.js';

/** Of the read store's contract: several reads see one moment, whatever is committed, swapped or dropped meanwhile. */
export function snapshotContract(store: () => ReadStore) {
  describe('snapshot', () => {
    /** `meanwhile` happens between the reads of the first run only: a store may run `read` again, and its last run counts. */
    const readTwice = async <T>(
      first: (view: ReadView) => Promise<T>,
      meanwhile: () => Promise<void>,
      second: (view: ReadView) => Promise<T>,
    ): Promise<T[]> => {
      let runs = 0;
      return store().snapshot(async (view) => {
        const before = await first(view);
        if (++runs === 1) await meanwhile();
        return [before, await second(view)];
      });
    };
    const rowOf = (table: string, key: string) => (view: ReadView) => view.row(table, key);
    const is = (n: number) => ({ position: position(n), events: n });

    it('gives one moment to several reads of a table that is committed meanwhile; the plain reads see the new one', async () => {
      await store().commit([commitOf(null, 1, rows({ a: 1, b: 1 }))]);
      const commit = async () => {
        expect(await store().commit([commitOf(1, 2, rows({ a: 2, b: 2 }))])).toBe('committed');
        expect(await store().row('note@1.0', 'b')).toBe(2);
      };
      const seen = await readTwice(rowOf('note@1.0', 'a'), commit, rowOf('note@1.0', 'b'));
      expect([
        [1, 1],
        [2, 2],
      ]).toContainEqual(seen);
      expect(await store().checkpoint('note@1.0')).toEqual(is(2));
    });

    it('gives one moment to reads of two tables that are committed together', async () => {
      const both = (from: number | null, to: number) => [
        commitOf(from, to, rows({ a: to })),
        commitOf(from, to, { table: 'other@1.0', ...rows({ a: to }) }),
      ];
      await store().commit(both(null, 1));
      const commit = async () => {
        expect(await store().commit(both(1, 2))).toBe('committed');
      };
      const seen = await readTwice(rowOf('note@1.0', 'a'), commit, rowOf('other@1.0', 'a'));
      expect([
        [1, 1],
        [2, 2],
      ]).toContainEqual(seen);
    });

    it('gives one moment to the checkpoints of two tables, also when the commit changes no row', async () => {
      await store().commit([commitOf(null, 1), commitOf(null, 1, { table: 'other@1.0' })]);
      const checkpointOf = (table: string) => (view: ReadView) => view.checkpoint(table);
      const commit = async () => {
        await store().commit([commitOf(1, 2), commitOf(1, 2, { table: 'other@1.0' })]);
      };
      const seen = await readTwice(checkpointOf('note@1.0'), commit, checkpointOf('other@1.0'));
      expect([
        [is(1), is(1)],
        [is(2), is(2)],
      ]).toContainEqual(seen);
    });

    it('keeps to one version of a name that is swapped meanwhile', async () => {
      await store().commit([
        commitOf(null, 1, rows({ a: 'old', b: 'old' })),
        commitOf(null, 1, { table: 'note@1.1', ...rows({ a: 'new', b: 'new' }) }),
      ]);
      await store().swap('note', null, '1.0');
      const swap = async () => {
        expect(await store().swap('note', '1.0', '1.1')).toBe(true);
        expect(await store().row('note', 'b')).toBe('new');
      };
      const seen = await readTwice(rowOf('note', 'a'), swap, rowOf('note', 'b'));
      expect([
        ['old', 'old'],
        ['new', 'new'],
      ]).toContainEqual(seen);
    });

    it('is as one moment when a table is dropped and begins anew meanwhile', async () => {
      await store().commit([commitOf(null, 1, rows({ a: 1, b: 1 }))]);
      const renew = async () => {
        await store().drop('note@1.0');
        await store().commit([commitOf(null, 2, rows({ b: 2 }))]);
      };
      const seen = await readTwice(rowOf('note@1.0', 'a'), renew, rowOf('note@1.0', 'b'));
      expect([
        [1, 1],
        [undefined, 2],
      ]).toContainEqual(seen);
    });

    it('throws what the reader throws', async () => {
      const read = async (view: ReadView) => {
        await view.row('note@1.0', 'a');
        throw new RangeError('of the reader');
      };
      await expect(store().snapshot(read)).rejects.toThrow('of the reader');
    });
  });
}
