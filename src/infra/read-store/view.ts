import type { Database, RootDatabase, Transaction } from 'lmdb';
import type { KeyRange } from '../../projections/kernel/index-key.js';
import type { Checkpoint, ReadView, TableName } from '../../projections/kernel/ports.js';
import { rowIn } from '../row-damaged.js';
import type { Blocks } from './entry-blocks.js';
import { scanBlocks } from './entry-blocks.js';
import type { createHeld } from './held.js';

/** Keys `table key`, `table index lowest entry`, `table rollup key`; values are JSON, but for entries, which lie in blocks. */
export type Databases = {
  readonly root: RootDatabase<unknown, string>;
  readonly meta: Database<unknown, string>;
  readonly rows: Database<unknown, string>;
  readonly entries: Blocks;
  readonly counters: Database<unknown, string>;
};
type Held = Pick<ReturnType<typeof createHeld>, 'checkpoint' | 'row'>;
/** The transaction: since the snapshot was fixed to what the folder holds. */
type Moment = { transaction: Transaction | undefined };

/**
 * Reads of what is held and of the folder. A snapshot of a store that holds commits reads as everybody does until what is
 * there is about to change, or until it reads what only the folder tells.
 */
export function createViews({ root, meta, rows, entries, counters }: Databases, held: Held, writeHeld: () => void) {
  const loose = new Set<Moment>();

  const checkpointOf = (table: TableName, transaction?: Transaction) =>
    (transaction ? undefined : held.checkpoint(table)) ??
    (meta.get(`checkpoint ${table}`, within(transaction)) as Checkpoint | undefined) ??
    null;
  const liveOf = (name: string, transaction?: Transaction) =>
    (meta.get(`live ${name}`, within(transaction)) as string | undefined) ?? null;

  /** From now on the snapshot reads of the folder, as it is at this moment. */
  function fix(moment: Moment): Transaction {
    if (moment.transaction) return moment.transaction;
    writeHeld();
    loose.delete(moment);
    moment.transaction = root.useReadTransaction();
    return moment.transaction;
  }
  function viewOf(moment?: Moment): ReadView {
    function rowOf(table: TableName, key: string): unknown {
      const transaction = moment?.transaction;
      const text = transaction ? undefined : held.row(table, key);
      if (text !== undefined) return text === null ? undefined : JSON.parse(text);
      return rowIn(table, key, () => rows.get(`${table} ${key}`, within(transaction)));
    }
    /** `name` alone is its live version; a table name that no table can have finds nothing. */
    const resolved = (table: TableName) =>
      table.includes('@') ? table : `${table}@${liveOf(table, moment?.transaction) ?? ''}`;
    /** Of the folder alone, when nothing is held of what is about to be read. */
    function ofFolder() {
      if (moment) return within(fix(moment));
      writeHeld();
      return {};
    }
    return {
      checkpoint: async (table) => checkpointOf(resolved(table), moment?.transaction),
      row: async (table, key) => rowOf(resolved(table), key),
      async rows(table, keys) {
        const name = resolved(table);
        return keys.map((key) => rowOf(name, key));
      },
      async scan(table, index, { from, to, limit, reverse = false }) {
        const found: string[] = [];
        if (limit <= 0) return found;
        const options = ofFolder();
        for (const entry of scanBlocks(entries, `${resolved(table)} ${index} `, { from, to, reverse }, options))
          if (found.push(entry) === limit) break;
        return found;
      },
      async counters(table, rollup, keys) {
        const options = ofFolder();
        const prefix = `${resolved(table)} ${rollup} `;
        return keys.map((key) => (counters.get(prefix + key, options) as number | undefined) ?? 0);
      },
      async countersIn(table, rollup, { from, to }: KeyRange) {
        const options = ofFolder();
        const prefix = `${resolved(table)} ${rollup} `;
        const range = counters.getRange({ start: prefix + from, end: prefix + to, ...options });
        return [...range].map(({ key, value }) => ({ key: key.slice(prefix.length), count: Number(value) }));
      },
    };
  }

  return {
    ...{ checkpointOf, liveOf, viewOf },
    /** Before what is held or stored changes. */
    fixAll() {
      for (const moment of loose) fix(moment);
    },
    /** `late`: fixed only when it has to be. */
    async snapshot<T>(read: (view: ReadView) => Promise<T>, late: boolean): Promise<T> {
      const moment: Moment = { transaction: undefined };
      if (late) loose.add(moment);
      else fix(moment);
      try {
        return await read(viewOf(moment));
      } finally {
        loose.delete(moment);
        moment.transaction?.done();
      }
    },
  };
}

const within = (transaction: Transaction | undefined) => (transaction ? { transaction } : {});
