import type { Position } from '../../domain/kernel/event.js';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import type { KeyRange } from './index-key.js';

/** The read store cannot be reached. What is recorded stands. `text`: what is wrong and what the operator can do. */
export abstract class ReadsUnavailable extends Error {
  abstract readonly text: Bilingual;
}

/** How far a table has come: the position of the last event folded, and how many events of the log that were. */
export type Checkpoint = { readonly position: Position; readonly events: number };

/**
 * `name@version` is one table. A read may also say `name` alone: the table that is live at the moment of the snapshot.
 * Reads of a table that does not exist find nothing.
 */
export type TableName = string;
export const tableOf = (name: string, version: string): TableName => `${name}@${version}`;

/** Entries that come and go. One that is in both is there afterwards. */
export type EntryChanges = {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** The same by the first element of the tuples, without it, when the writer has them so. */
  readonly groups?: ReadonlyMap<string, Pick<EntryChanges, 'add' | 'remove'>>;
};

/** What one batch of events changed in one table. */
export type TableCommit = {
  readonly table: TableName;
  /** Where the table must stand for the commit to be taken. `null`: it begins, and nothing of an earlier life is left. */
  readonly from: Position | null;
  readonly to: Checkpoint;
  /** Rows are plain JSON. `null` removes the row. */
  readonly rows: ReadonlyMap<string, unknown>;
  /** Entries are made by `entryOf`. */
  readonly indexes: ReadonlyMap<string, EntryChanges>;
  /** By rollup, then by the counter's key (made by `encodeTuple`): what is added. A counter at 0 does not exist. */
  readonly counters: ReadonlyMap<string, ReadonlyMap<string, number>>;
};

/** Reads that see one moment. */
export interface ReadView {
  checkpoint(table: TableName): Promise<Checkpoint | null>;
  row(table: TableName, key: string): Promise<unknown>;
  /** In the order of `keys`; `undefined` where there is no row. */
  rows(table: TableName, keys: readonly string[]): Promise<readonly unknown[]>;
  /** Entries of the range in order, or in reverse from its end. `rowKeyOf(entry)` is the row; an entry is a page's cursor. */
  scan(
    table: TableName,
    index: string,
    range: KeyRange & { readonly limit: number; readonly reverse?: boolean },
  ): Promise<readonly string[]>;
  /** In the order of `keys`; 0 where nothing was counted. */
  counters(table: TableName, rollup: string, keys: readonly string[]): Promise<readonly number[]>;
  countersIn(
    table: TableName,
    rollup: string,
    range: KeyRange,
  ): Promise<readonly { readonly key: string; readonly count: number }[]>;
}

export type TableStats = { readonly rows: number; readonly entries: number; readonly counters: number };

/**
 * Where read models are kept. It can be lost at any time and made again from the log; it is never torn: a reader sees
 * some committed moment. The contract suite (`test/contract/read-store.contract.ts`) is this port's documentation.
 * The methods of `ReadView` each see a moment of their own; `snapshot` gives one moment to several of them.
 */
export interface ReadStore extends ReadView {
  /** All tables or none. `conflict`: a table does not stand where the writer thought; nothing was written. */
  commit(tables: readonly TableCommit[]): Promise<'committed' | 'conflict'>;
  /**
   * Nothing that `read` returns may use the view after it has resolved. `read` may be run again, from its beginning, when
   * a commit has overtaken what it read; only its last run counts. So it only reads.
   */
  snapshot<T>(read: (view: ReadView) => Promise<T>): Promise<T>;
  /** The version that readers of `name` see; `null` before the first `swap`. */
  live(name: string): Promise<string | null>;
  /** Readers of `name` see `version` from now on. `false`: the live version was not `from`, and nothing was changed. */
  swap(name: string, from: string | null, version: string): Promise<boolean>;
  /** Removes a table. A crash in the middle leaves remains that no reader sees and the next life does not meet. */
  drop(table: TableName): Promise<void>;
  /** Every table that has a checkpoint. */
  tables(): Promise<readonly (Checkpoint & { readonly table: TableName })[]>;
  stats(table: TableName): Promise<TableStats>;
  /** All that a table holds, one line each, in a fixed order: two folds of one log give the same lines. */
  dump(table: TableName): AsyncIterable<string>;
  close(): Promise<void>;
}
