import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, RootDatabase, Transaction } from 'lmdb';
import { open, TransactionFlags } from 'lmdb';
import type { KeyRange } from '../../projections/kernel/index-key.js';
import type { Checkpoint, ReadStore, ReadView, TableCommit, TableName } from '../../projections/kernel/ports.js';
import { asStoreUnavailable } from '../store-unavailable.js';

export type EmbeddedReadStoreOptions = {
  /** Its own folder: what is in it is thrown away when it cannot be used. */
  readonly folder: string;
  /** Of the log that the tables are folded from. Tables of another log are thrown away. */
  readonly epoch: string;
  /** Told why everything was thrown away; the read models are then folded from the log again. */
  readonly onDropped: (reason: string) => void;
};

/** Of what is on disk; a folder of another format is thrown away. */
const format = '1';
/** A commit is atomic but not waited for on disk: what a power cut takes, the log gives again. */
const flags = TransactionFlags.ABORTABLE | TransactionFlags.SYNCHRONOUS_COMMIT | TransactionFlags.NO_SYNC_FLUSH;
/** Keys that one transaction of a drop removes: commits must not wait behind it for long. */
const dropChunk = 5_000;

/**
 * Throws `StoreUnavailable` when the folder cannot be used, and rejects a write with it that the disk does not take.
 * Four databases, keys `table key`, `table index entry`, `table rollup key`; values are JSON.
 */
export function openEmbeddedReadStore(options: EmbeddedReadStoreOptions): ReadStore {
  const root = guarded(options.folder, () => openOrBegin(options));
  const meta: Database<unknown, string> = root.openDB('meta', { encoding: 'json' });
  const rows: Database<unknown, string> = root.openDB('rows', { encoding: 'json' });
  const entries: Database<unknown, string> = root.openDB('entries', { encoding: 'json' });
  const counters: Database<unknown, string> = root.openDB('counters', { encoding: 'json' });
  const parts = [rows, entries, counters];

  const write = <T>(work: () => T): T => guarded(options.folder, () => root.transactionSync(work, flags));
  const checkpointOf = (table: TableName, transaction?: Transaction) =>
    (meta.get(`checkpoint ${table}`, within(transaction)) as Checkpoint | undefined) ?? null;
  const liveOf = (name: string, transaction?: Transaction) =>
    (meta.get(`live ${name}`, within(transaction)) as string | undefined) ?? null;

  function viewOf(transaction?: Transaction): ReadView {
    const options = within(transaction);
    /** `name` alone is its live version; a table name that no table can have finds nothing. */
    const resolved = (table: TableName) =>
      table.includes('@') ? table : `${table}@${liveOf(table, transaction) ?? ''}`;
    return {
      checkpoint: async (table) => checkpointOf(resolved(table), transaction),
      row: async (table, key) => rows.get(`${resolved(table)} ${key}`, options),
      async rows(table, keys) {
        const prefix = `${resolved(table)} `;
        return keys.map((key) => rows.get(prefix + key, options));
      },
      async scan(table, index, { from, to, limit, reverse = false }) {
        const prefix = `${resolved(table)} ${index} `;
        const found: string[] = [];
        if (from >= to) return found;
        const [start, end] = [prefix + from, prefix + to];
        const range = reverse
          ? { start: end, exclusiveStart: true, end: start, inclusiveEnd: true, reverse }
          : { start, end };
        for (const { key } of entries.getRange({ ...range, ...options, limit })) found.push(key.slice(prefix.length));
        return found;
      },
      async counters(table, rollup, keys) {
        const prefix = `${resolved(table)} ${rollup} `;
        return keys.map((key) => (counters.get(prefix + key, options) as number | undefined) ?? 0);
      },
      async countersIn(table, rollup, { from, to }: KeyRange) {
        const prefix = `${resolved(table)} ${rollup} `;
        const range = counters.getRange({ start: prefix + from, end: prefix + to, ...options });
        return [...range].map(({ key, value }) => ({ key: key.slice(prefix.length), count: Number(value) }));
      },
    };
  }

  function apply({ table, to, rows: changed, indexes, counters: counted }: TableCommit) {
    for (const [key, row] of changed)
      if (row === null) rows.removeSync(`${table} ${key}`);
      else rows.putSync(`${table} ${key}`, row);
    for (const [index, { add, remove }] of indexes) {
      for (const entry of remove) entries.removeSync(`${table} ${index} ${entry}`);
      for (const entry of add) entries.putSync(`${table} ${index} ${entry}`, 1);
    }
    for (const [rollup, deltas] of counted)
      for (const [key, delta] of deltas) {
        const id = `${table} ${rollup} ${key}`;
        const count = ((counters.get(id) as number | undefined) ?? 0) + delta;
        if (count === 0) counters.removeSync(id);
        else counters.putSync(id, count);
      }
    meta.putSync(`checkpoint ${table}`, to);
  }

  return {
    ...viewOf(),
    async commit(tables) {
      return write(() => {
        for (const { table, from } of tables) if ((checkpointOf(table)?.position ?? null) !== from) return 'conflict';
        for (const commit of tables) {
          if (commit.from === null) for (const part of parts) removeKeys(part, commit.table);
          apply(commit);
        }
        return 'committed';
      });
    },
    async snapshot(read) {
      const transaction = root.useReadTransaction();
      try {
        return await read(viewOf(transaction));
      } finally {
        transaction.done();
      }
    },
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
        while (write(() => checkpointOf(table) === null && removeKeys(part, table, dropChunk)) === dropChunk)
          await new Promise(setImmediate);
    },
    async tables() {
      const found = meta.getRange({ start: 'checkpoint ', end: 'checkpoint!' });
      return [...found].map(({ key, value }) => ({
        table: key.slice('checkpoint '.length),
        ...(value as Checkpoint),
      }));
    },
    async stats(table) {
      const [rowCount = 0, entryCount = 0, counterCount = 0] = parts.map((part) => part.getKeysCount(keysOf(table)));
      return { rows: rowCount, entries: entryCount, counters: counterCount };
    },
    async *dump(table) {
      const transaction = root.useReadTransaction();
      try {
        yield JSON.stringify(['checkpoint', checkpointOf(table, transaction)]);
        for (const part of parts)
          for (const { key, value } of part.getRange({ ...keysOf(table), transaction }))
            yield JSON.stringify([key.slice(table.length + 1), value]);
      } finally {
        transaction.done();
      }
    },
    close: () => root.close(),
  };
}

function guarded<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreUnavailable(folder, error);
  }
}

const within = (transaction: Transaction | undefined) => (transaction ? { transaction } : {});
const keysOf = (table: TableName) => ({ start: `${table} `, end: `${table}!` });

function removeKeys(part: Database<unknown, string>, table: TableName, limit?: number): number {
  const keys = [...part.getKeys({ ...keysOf(table), ...(limit === undefined ? {} : { limit }) })];
  for (const key of keys) part.removeSync(key);
  return keys.length;
}

/** The folder's database when it is whole, of this format and of this log; else an empty one. */
function openOrBegin({ folder, epoch, onDropped }: EmbeddedReadStoreOptions): RootDatabase<unknown, string> {
  const begin = () => open<unknown, string>({ path: folder, encoding: 'json', maxDbs: 8 });
  const file = join(folder, 'data.mdb');
  if (existsSync(file)) {
    let fault = faultOfFile(file);
    if (!fault) {
      const root = begin();
      fault = faultOfIdentity(root.get('identity'), epoch);
      if (!fault) return root;
      void root.close();
    }
    onDropped(`read store ${folder}: ${fault}`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  const root = begin();
  root.putSync('identity', { format, epoch });
  return root;
}

/**
 * LMDB ends the process when it opens a file that is not its own, or reads a page beyond the file's end. So both meta
 * pages are looked at first: magic number, page size, number of the last page, as `MDB_meta` has them.
 */
function faultOfFile(file: string): string | undefined {
  const { size } = statSync(file);
  const descriptor = openSync(file, 'r');
  try {
    const meta = Buffer.alloc(160);
    let start = 0;
    for (const page of [0, 1]) {
      if (readSync(descriptor, meta, 0, meta.length, start) < meta.length) return 'its file is cut short';
      if (meta.readUInt32LE(24) !== 0xbeefc0de) return 'its file is not a database';
      const pageSize = meta.readUInt32LE(48);
      // A meta page that was never used says −1.
      const pages = Number(meta.readBigInt64LE(144)) + 1;
      if (pages * pageSize > size) return 'its file is cut short';
      start = pageSize * (page + 1);
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function faultOfIdentity(identity: unknown, epoch: string): string | undefined {
  const found = (identity ?? {}) as { readonly format?: string; readonly epoch?: string };
  if (found.format !== format) return `its format is ${found.format ?? 'unknown'}, not ${format}`;
  return found.epoch === epoch ? undefined : 'it was folded from another log';
}
