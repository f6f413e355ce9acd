import type { TableCommit } from '../../projections/kernel/ports.js';

/** The arguments of the script `writeCommit`. */
export function argumentsOf(commits: readonly TableCommit[]): string[] {
  const heads: string[] = [];
  const changes: string[] = [];
  for (const { table, from, to, rows, indexes, counters } of commits) {
    const put: string[] = [];
    const removed: string[] = [];
    for (const [key, row] of rows)
      if (row === null) removed.push(key);
      else put.push(key, JSON.stringify(row));
    const added: string[] = [];
    const taken: string[] = [];
    for (const [index, { add, remove }] of indexes) {
      for (const entry of add) added.push('0', `${index} ${entry}`);
      for (const entry of remove) taken.push(`${index} ${entry}`);
    }
    const counted: string[] = [];
    for (const [rollup, deltas] of counters)
      for (const [key, delta] of deltas) {
        if (!Number.isSafeInteger(delta)) throw new RangeError(`a counter of ${table} cannot change by ${delta}`);
        counted.push(`${rollup} ${key}`, String(delta));
      }
    const parts = [put, removed, added, taken, counted];
    const standsAt = from === null ? '' : `=${from}`;
    heads.push(table, standsAt, String(to.events), to.position, ...parts.map(({ length }) => String(length)));
    for (const part of parts) for (const argument of part) changes.push(argument);
  }
  return [String(commits.length), ...heads, ...changes];
}
