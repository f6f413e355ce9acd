import type { Refusal } from '../../kernel/refusal.js';
import { isRefusal } from '../../kernel/refusal.js';
import type { Columns, ImportKind, RowOf } from './columns.js';
import { importColumns } from './columns.js';
import { deputyRows } from './deputies.js';
import type { ImportLookup } from './lookup.js';
import { organRows } from './organs.js';
import { postRows } from './posts.js';
import type { Table } from './table.js';
import { placesOf, readRow } from './table.js';

/** A command as `handle` takes it, but for the actor. The same row gives the same `commandId`, so it has one effect. */
export type PlannedCommand = {
  readonly action: string;
  readonly id?: string;
  readonly input: unknown;
  readonly commandId: string;
};

export const rowStates = ['NEW', 'CHANGED', 'UNCHANGED', 'ERROR'] as const;
export type RowState = (typeof rowStates)[number];

/** What a row of the file would do. `line` is where it begins in the file. */
export type PlannedRow = {
  readonly line: number;
  readonly state: RowState;
  /** Why it is an ERROR. */
  readonly problem?: Refusal;
  /** In this order; none for UNCHANGED and ERROR. */
  readonly commands: readonly PlannedCommand[];
};
export type ImportPlan = { readonly kind: ImportKind; readonly rows: readonly PlannedRow[] };

/** What a kind of file makes of one row. It remembers the rows that were good, to compare later ones with. */
export type RowPlanner<C extends Columns> = (row: RowOf<C>, line: number) => Promise<RowPlan | Refusal>;
export type RowPlan = { readonly state: Exclude<RowState, 'ERROR'>; readonly commands: readonly PlannedCommand[] };

/**
 * The first of the two steps of an import (lessons.md T21): what each row would do, and what is wrong with it. Nothing
 * is written. A refusal: the file as a whole is not understood.
 */
export async function planImport(
  kind: ImportKind,
  table: Table,
  lookup: ImportLookup,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<ImportPlan | Refusal> {
  switch (kind) {
    case 'organs':
      return planRows(kind, importColumns.organs, table, organRows(lookup), onProgress);
    case 'posts':
      return planRows(kind, importColumns.posts, table, postRows(lookup), onProgress);
    case 'deputies':
      return planRows(kind, importColumns.deputies, table, deputyRows(lookup), onProgress);
  }
}

async function planRows<C extends Columns>(
  kind: ImportKind,
  columns: C,
  { headers, rows }: Table,
  planRow: RowPlanner<C>,
  onProgress: (done: number, of: number) => void,
): Promise<ImportPlan | Refusal> {
  const places = placesOf(columns, headers);
  if (isRefusal(places)) return places;
  const planned: PlannedRow[] = [];
  for (const row of rows) {
    const cells = readRow(columns, places, row, headers.length);
    const plan = isRefusal(cells) ? cells : await planRow(cells, row.line);
    planned.push(
      isRefusal(plan) ? { line: row.line, state: 'ERROR', problem: plan, commands: [] } : { line: row.line, ...plan },
    );
    onProgress(planned.length, rows.length);
  }
  return { kind, rows: planned };
}

/** How many rows are in each state. */
export function countsOf({ rows }: ImportPlan): Record<RowState, number> {
  const counts: Record<RowState, number> = { NEW: 0, CHANGED: 0, UNCHANGED: 0, ERROR: 0 };
  for (const { state } of rows) counts[state]++;
  return counts;
}
