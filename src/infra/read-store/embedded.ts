import type { Database } from 'lmdb';
import { TransactionFlags } from 'lmdb';
import type { Checkpoint, ReadStore, TableCommit, TableName } from '../../projections/kernel/ports.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { binaryOf } from './binary.js';
import type { Blocks } from './entry-blocks.js';
import { countOf, createEntryWriter, entriesOf } from './entry-blocks.js';
import type { EmbeddedReadStoreOptions } from './folder.js';
import { openOrBegin } from './folder.js';
import type { Changed } from './held.js';
import { changedBy, createHeld } from './held.js';
import { createViews } from './view.js';

export type { EmbeddedReadStoreOptions } from './folder.js';

/** The folder is opened so that no commit is flushed: what a power cut takes, the log gives again. */
const flags = TransactionFlags.ABORTABLE | TransactionFlags.SYNCHRONOUS_COMMIT | TransactionFlags.NO_SYNC_FLUSH;
/** Keys that one transaction of a drop removes: commits must not wait behind it for long. */
const dropChunk = 5_000;
/** What is held is written when it has so many rows, or is so many milliseconds old: a write must not stop the others for long. */
const [mostHeld, longestHeldMs] = [256, 100];

/**
 * Throws `StoreUnavailable` when the folder cannot be used, and rejects a write with it that the disk does not take.
 * Of what is held only rows and checkpoints are looked up in memory; before anything else is read, it is written.
 */
export function openEmbeddedReadStore(options: EmbeddedReadStoreOptions): ReadStore {
  const { root, close } = guarded(options.folder, () => openOrBegin(options));
  const meta: Database<unknown, string> = root.openDB('meta', { encoding: 'json' });
  const rows: Database<unknown, string> = root.openDB('rows', { encoding: 'json' });
  const entries: Blocks = root.openDB('entries', { encoding: 'string' });
  const counters: Database<unknown, string> = root.openDB('counters', { encoding: 'json' });
  const parts = [rows, entries, counters] as const;
  const entryWriter = createEntryWriter(entries);
  const held = createHeld();
  const views = createViews({ root, meta, rows, entries, counters }, held, writeHeld);
  const { checkpointOf, liveOf } = views;
  let writing: NodeJS.Timeout | undefined;
  let refused = false;
  /** Of the last commit that this program has made here. */
  let written: unknown;

  /** What is held comes first, and nobody's snapshot sees the change. */
  function write<T>(work: () => T): T {
    views.fixAll();
    writeHeld();
    return transact(work);
  }
  function transact<T>(work: () => T): T {
    try {
      return guarded(options.folder, () => root.transactionSync(work, flags));
    } catch (error) {
      written = undefined;
      throw error;
    }
  }
  /** What the writer of entries remembers holds as long as nobody else has written. */
  function begin() {
    const last = meta.get('sequence');
    if (last === undefined || last !== written) entryWriter.forget();
    written = (Number(last ?? 0) + 1) % Number.MAX_SAFE_INTEGER;
    meta.putSync('sequence', written);
  }
  function apply(table: TableName, { to, rows: changed, indexes, counters: counted }: Changed, jsonOf: JsonOf) {
    for (const key of [...changed.keys()].sort()) {
      const row = changed.get(key);
      if (row === null) rows.removeSync(`${table} ${key}`);
      else rows.putSync(`${table} ${key}`, binaryOf(jsonOf(row)));
    }
    for (const [index, groups] of indexes) entryWriter.write(`${table} ${index} `, groups);
    for (const [rollup, deltas] of counted)
      for (const [key, delta] of deltas) {
        const id = `${table} ${rollup} ${key}`;
        const count = ((counters.get(id) as number | undefined) ?? 0) + delta;
        if (count === 0) counters.removeSync(id);
        else counters.putSync(id, count);
      }
    meta.putSync(`checkpoint ${table}`, to);
  }

  /** What is held stays so when the disk does not take it: rows are still told, and the next commit is refused. */
  function writeHeld() {
    if (held.isEmpty()) return;
    refused = true;
    transact(() => {
      begin();
      for (const [table, changed] of held.all()) apply(table, changed, String);
    });
    refused = false;
    held.clear();
    clearTimeout(writing);
    writing = undefined;
  }

  function hold(tables: readonly TableCommit[]) {
    views.fixAll();
    if (refused || held.rowCount() >= mostHeld) writeHeld();
    for (const commit of tables) held.take(commit);
    writing ??= setTimeout(() => {
      writing = undefined;
      try {
        writeHeld();
      } catch (problem) {
        options.holds?.onProblem(problem); // who commits or reads next is told too
      }
    }, longestHeldMs).unref();
  }

  function writeThrough(tables: readonly TableCommit[]) {
    begin();
    for (const commit of tables) {
      if (commit.from === null) {
        for (const part of parts) removeKeys(part, commit.table);
        entryWriter.forget();
      }
      apply(commit.table, changedBy(commit), JSON.stringify);
    }
  }

  function removeSome(part: (typeof parts)[number], table: TableName): number {
    begin();
    entryWriter.forget();
    return removeKeys(part, table, dropChunk);
  }

  const isConflict = (tables: readonly TableCommit[]) =>
    tables.some(({ table, from }) => (checkpointOf(table)?.position ?? null) !== from);

  return {
    ...views.viewOf(),
    async commit(tables) {
      if (options.holds && tables.every(({ from, rows }) => from !== null && rows.size < mostHeld)) {
        if (isConflict(tables)) return 'conflict';
        hold(tables);
        return 'committed';
      }
      return write(() => {
        if (isConflict(tables)) return 'conflict';
        writeThrough(tables);
        return 'committed';
      });
    },
    snapshot: (read) => views.snapshot(read, options.holds !== undefined),
    live: async (name) => liveOf(name),
    async swap(name, from, version) {
      return write(() => {
        if (liveOf(name) !== from) return false;
        meta.putSync(`live ${name}`, version);
        return true;
      });
    },
    async drop(table) {
      // The checkpoint goes first: a table without one does not exist, whatever is left of it.
      write(() => meta.removeSync(`checkpoint ${table}`));
      for (const part of parts)
        while (write(() => checkpointOf(table) === null && removeSome(part, table)) === dropChunk)
          await new Promise(setImmediate);
    },
    async tables() {
      writeHeld();
      const found = meta.getRange({ start: 'checkpoint ', end: 'checkpoint!' });
      return [...found].map(({ key, value }) => ({
        table: key.slice('checkpoint '.length),
        ...(value as Checkpoint),
      }));
    },
    async stats(table) {
      writeHeld();
      let entryCount = 0;
      for (const { value } of entries.getRange(keysOf(table))) entryCount += countOf(String(value));
      const [rowCount, counterCount] = [rows.getKeysCount(keysOf(table)), counters.getKeysCount(keysOf(table))];
      return { rows: rowCount, entries: entryCount, counters: counterCount };
    },
    async *dump(table) {
      writeHeld();
      const transaction = root.useReadTransaction();
      try {
        yield JSON.stringify(['checkpoint', checkpointOf(table, transaction)]);
        const lines = function* (part: Database<unknown, string>) {
          for (const { key, value } of part.getRange({ ...keysOf(table), transaction }))
            yield JSON.stringify([key.slice(table.length + 1), value]);
        };
        yield* lines(rows);
        for (const { key, value } of entries.getRange({ ...keysOf(table), transaction })) {
          const index = key.slice(table.length + 1, key.indexOf(' ', table.length + 1) + 1);
          for (const entry of entriesOf(key.slice(table.length + 1 + index.length), String(value)))
            yield JSON.stringify([index + entry, 1]);
        }
        yield* lines(counters);
      } finally {
        transaction.done();
      }
    },
    async close() {
      clearTimeout(writing);
      try {
        writeHeld();
      } finally {
        await close();
      }
    },
  };
}

type JsonOf = (row: unknown) => string;

function guarded<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreUnavailable(folder, error);
  }
}

const keysOf = (table: TableName) => ({ start: `${table} `, end: `${table}!` });

function removeKeys(
  part: Pick<Database<unknown, string>, 'getKeys' | 'removeSync'>,
  table: TableName,
  limit?: number,
): number {
  const keys = [...part.getKeys({ ...keysOf(table), ...(limit === undefined ? {} : { limit }) })];
  for (const key of keys) part.removeSync(key);
  return keys.length;
}
