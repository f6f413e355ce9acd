import type { Refusal } from '../../kernel/refusal.js';
import type { Column, Columns, RowOf } from './columns.js';
import { importRefusals as refusals } from './refusals.js';

/** A decoded file. `line` is where the row begins, the header being line 1. `broken`: it could not be taken apart. */
export type TableRow = {
  readonly line: number;
  readonly cells: readonly string[];
  readonly broken?: boolean;
};
export type Table = { readonly headers: readonly string[]; readonly rows: readonly TableRow[] };

/** Where each column stands in the file. */
export type Places = ReadonlyMap<string, number>;

const plain = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');

/** Finds the columns by their headers; a file whose columns are not understood is refused as a whole. */
export function placesOf(columns: Columns, headers: readonly string[]): Places | Refusal {
  const places = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    if (plain(header) === '') continue;
    const found = Object.entries(columns).find(([, column]) => column.headers.some((h) => plain(h) === plain(header)));
    if (!found) return refusals.UNKNOWN_COLUMN({ header: header.slice(0, 40), known: namesOf(columns) });
    if (places.has(found[0])) return refusals.DUPLICATE_COLUMN(named(found[1]));
    places.set(found[0], index);
  }
  for (const [key, column] of Object.entries(columns))
    if (column.required && !places.has(key)) return refusals.MISSING_COLUMN(named(column));
  return places;
}

/** The cells of a row by column, checked; or the first thing that is wrong with it. */
export function readRow<C extends Columns>(
  columns: C,
  places: Places,
  row: TableRow,
  width: number,
): RowOf<C> | Refusal {
  if (row.broken) return refusals.BROKEN_ROW();
  const used = new Set(places.values());
  const stray = row.cells.findIndex((cell, index) => cell.trim() !== '' && !used.has(index));
  if (stray >= 0) return refusals.TOO_MANY_CELLS({ found: row.cells.length, expected: width });
  const values: Record<string, unknown> = {};
  for (const [key, column] of Object.entries(columns)) {
    const place = places.get(key);
    const cell = (place === undefined ? undefined : row.cells[place])?.trim() ?? '';
    if (cell === '') {
      if (column.required) return refusals.MISSING_CELL(named(column));
      values[key] = null;
      continue;
    }
    const parsed = column.schema.safeParse(cell);
    if (!parsed.success) {
      const [expects, zhExpects] = column.expects;
      return refusals.INVALID_CELL({ ...named(column), value: cell.slice(0, 40), expects, zhExpects });
    }
    values[key] = parsed.data;
  }
  return values as RowOf<C>; // each value comes from its own column's schema
}

export const named = ({ headers: [column, zhColumn] }: Column): { column: string; zhColumn: string } => ({
  column,
  zhColumn,
});

const namesOf = (columns: Columns): string =>
  Object.values(columns)
    .map(({ headers: [en, zh] }) => `${en} ${zh}`)
    .join(', ');
