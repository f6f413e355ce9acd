import type { ReadStore, ReadView } from '../../src/projections/kernel/ports.js';

/** What was read of a store: rows asked for, entries and counters given. */
export type Counted = { rows: number; entries: number; counters: number };

/** The store, and how much was read of it through snapshots since the last `take`. */
export function countingReads(reads: ReadStore) {
  let counted: Counted = { rows: 0, entries: 0, counters: 0 };
  const watching = (view: ReadView): ReadView => ({
    checkpoint: (table) => view.checkpoint(table),
    async row(table, key) {
      counted.rows++;
      return view.row(table, key);
    },
    async rows(table, keys) {
      counted.rows += keys.length;
      return view.rows(table, keys);
    },
    async scan(...range) {
      const found = await view.scan(...range);
      counted.entries += found.length;
      return found;
    },
    async counters(table, rollup, keys) {
      counted.counters += keys.length;
      return view.counters(table, rollup, keys);
    },
    async countersIn(...range) {
      const found = await view.countersIn(...range);
      counted.counters += found.length;
      return found;
    },
  });
  return {
    snapshot: <T>(read: (view: ReadView) => Promise<T>): Promise<T> => reads.snapshot((view) => read(watching(view))),
    take(): Counted {
      const taken = counted;
      counted = { rows: 0, entries: 0, counters: 0 };
      return taken;
    },
  };
}
