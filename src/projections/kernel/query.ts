import type { IndexTuple, IndexValue } from './index-key.js';
import { decodeTuple, encodeTuple, rangeOf, rowKeyOf } from './index-key.js';
import type { ReadView } from './ports.js';
import type { ReadModel } from './read-model.js';

export type PageOptions = {
  /** How the tuples begin. */
  readonly prefix: IndexTuple;
  /** The next element of the tuples, both ends inclusive. */
  readonly from?: IndexValue | undefined;
  readonly through?: IndexValue | undefined;
  /** The cursor of the last row of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly reverse?: boolean | undefined;
};
export type PageRow<Row> = { readonly key: string; readonly cursor: string; readonly row: Row };
export type Page<Row> = {
  readonly rows: readonly PageRow<Row>[];
  readonly more: boolean;
  /** Where the page ends, also when its last rows are hidden from this view. */
  readonly end: string | undefined;
};

/** The live rows of a read model, typed. Given the view of a `snapshot`, all its answers are of one moment. */
export function query<Row>(view: ReadView, model: ReadModel<Row>) {
  const { name } = model;
  const rollup = (of: string) => {
    if (!(of in model.rollups)) throw new Error(`read model ${name} has no rollup ${of}`);
    return of;
  };
  return {
    /** How far the rows have come; `null` before the first event. */
    checkpoint: () => view.checkpoint(name),
    row: async (key: string) => (await view.row(name, key)) as Row | undefined,
    rows: async (keys: readonly string[]) => (await view.rows(name, keys)) as readonly (Row | undefined)[],

    async page(index: string, options: PageOptions): Promise<Page<Row>> {
      if (!(index in model.indexes)) throw new Error(`read model ${name} has no index ${index}`);
      const { limit, reverse = false } = options;
      const entries = await view.scan(name, index, { ...rangeOf(options), limit: limit + 1, reverse });
      const shown = entries.slice(0, limit);
      const keys = shown.map(rowKeyOf);
      const found = (await view.rows(name, keys)) as readonly (Row | undefined)[];
      const rows = shown.flatMap((cursor, i) => {
        const [key, row] = [keys[i], found[i]];
        return key === undefined || row === undefined ? [] : [{ key, cursor, row }];
      });
      return { rows, more: entries.length > limit, end: shown.at(-1) };
    },

    /** What one counter of a rollup stands at. */
    async count(of: string, key: readonly string[]): Promise<number> {
      const [count = 0] = await view.counters(name, rollup(of), [encodeTuple(key)]);
      return count;
    },
    /** All counters of a rollup whose keys begin with `prefix`, in order. */
    async counts(of: string, prefix: readonly string[]) {
      const found = await view.countersIn(name, rollup(of), rangeOf({ prefix }));
      return found.map(({ key, count }) => ({ key: decodeTuple(key).map(String), count }));
    },
  };
}
