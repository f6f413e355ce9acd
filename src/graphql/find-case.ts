import type { CaseRow } from '../projections/kernel/case-model.js';

export type FoundCase = { readonly category: string; readonly row: CaseRow };

/** The case with an id whose kind the client need not know: ids are unique over all kinds. */
export async function findCase(
  categories: Iterable<string>,
  rowOf: (category: string) => Promise<CaseRow | undefined>,
): Promise<FoundCase | undefined> {
  const found = await Promise.all(
    [...categories].map(async (category) => {
      const row = await rowOf(category);
      return row && { category, row };
    }),
  );
  return found.find((one) => one !== undefined);
}
