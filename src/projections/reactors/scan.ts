import type { CaseModel, CaseRow } from '../kernel/case-model.js';
import type { IndexTuple } from '../kernel/index-key.js';
import { rangeOf, rowKeyOf } from '../kernel/index-key.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { ReadModel } from '../kernel/read-model.js';

const pageSize = 1_000;

/** The keys of all rows under a prefix of an index, in its order, up to `through` and that too; read in pages. */
export async function keysUnder<Row>(
  view: ReadView,
  model: ReadModel<Row>,
  index: string,
  prefix: IndexTuple,
  through?: string,
): Promise<readonly string[]> {
  if (!(index in model.indexes)) throw new Error(`read model ${model.name} has no index ${index}`);
  const keys: string[] = [];
  for (let after: string | undefined; ; ) {
    const entries = await view.scan(model.name, index, {
      ...rangeOf({ prefix, through, after }),
      limit: pageSize,
    });
    keys.push(...entries.map(rowKeyOf));
    after = entries.at(-1);
    if (entries.length < pageSize) return keys;
  }
}

export const rowOf = <State>(
  view: ReadView,
  model: CaseModel<State>,
  id: string,
): Promise<CaseRow<State> | undefined> => query(view, model).row(id);
