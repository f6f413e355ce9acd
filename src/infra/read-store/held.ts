import type { Checkpoint, TableCommit, TableName } from '../../projections/kernel/ports.js';
import type { Changes, Groups } from './entry-order.js';
import { groupsOf } from './entry-order.js';

/** What one commit or several come to in one table. */
export type Changed = Pick<TableCommit, 'to' | 'rows' | 'counters'> & { readonly indexes: ReadonlyMap<string, Groups> };
export const changedBy = ({ indexes, ...rest }: TableCommit): Changed => ({
  ...rest,
  indexes: mapped(indexes, groupsOf),
});

/** By group, then by the rest of the entry: whether it is there afterwards. */
type Entries = Map<string, Map<string, boolean>>;
type HeldTable = {
  to: Checkpoint;
  readonly rows: Map<string, string | null>;
  readonly indexes: Map<string, Entries>;
  readonly counters: Map<string, Map<string, number>>;
};

/**
 * Commits that are taken and not yet written. Many of them change the same records of entries and the same counters, and
 * each moves the checkpoints of all tables: written together they cost a fraction of what they cost one by one.
 */
export function createHeld() {
  const tables = new Map<TableName, HeldTable>();
  let rowCount = 0;

  function tableOf({ table, to }: TableCommit): HeldTable {
    const present = tables.get(table);
    if (present) return present;
    const made = { to, rows: new Map(), indexes: new Map(), counters: new Map() };
    tables.set(table, made);
    return made;
  }

  return {
    isEmpty: () => tables.size === 0,
    rowCount: () => rowCount,
    checkpoint: (table: TableName): Checkpoint | undefined => tables.get(table)?.to,
    /** As JSON. `null`: it is removed; `undefined`: nothing is held of it. */
    row: (table: TableName, key: string): string | null | undefined => tables.get(table)?.rows.get(key),
    take(commit: TableCommit): void {
      const held = tableOf(commit);
      held.to = commit.to;
      for (const [key, row] of commit.rows) held.rows.set(key, row === null ? null : JSON.stringify(row));
      rowCount += commit.rows.size;
      for (const [index, changes] of commit.indexes) {
        const entries = within(held.indexes, index);
        for (const [name, { add, remove }] of groupsOf(changes)) {
          const group = within(entries, name);
          for (const rest of remove) group.set(rest, false);
          for (const rest of add) group.set(rest, true);
        }
      }
      for (const [rollup, deltas] of commit.counters) {
        const counted = within(held.counters, rollup);
        for (const [key, delta] of deltas) counted.set(key, (counted.get(key) ?? 0) + delta);
      }
    },
    /** Rows as JSON. */
    *all(): Generator<readonly [TableName, Changed]> {
      for (const [table, { indexes, ...rest }] of tables)
        yield [table, { ...rest, indexes: mapped(indexes, (entries) => mapped(entries, changesOf)) }];
    },
    clear(): void {
      tables.clear();
      rowCount = 0;
    },
  };
}

const mapped = <A, B>(map: ReadonlyMap<string, A>, made: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, made(value)]));

function within<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const present = maps.get(key);
  if (present) return present;
  const made = new Map<string, V>();
  maps.set(key, made);
  return made;
}

function changesOf(group: ReadonlyMap<string, boolean>): Changes {
  const add: string[] = [];
  const remove: string[] = [];
  for (const [rest, isThere] of group) (isThere ? add : remove).push(rest);
  return { add, remove };
}
