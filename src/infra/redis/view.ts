import type { Checkpoint, ReadView } from '../../projections/kernel/ports.js';
import { rowIn } from '../row-damaged.js';
import { readCheckpoint, readCounts, readEntries, readFields } from './read-scripts.js';
import type { Script } from './script.js';

/** Runs a script that reads of a table, and gives what it found. */
export type Read = (script: Script, table: string, args?: readonly string[]) => Promise<unknown>;

/** One round trip for each method. */
export function viewOf(read: Read): ReadView {
  const fieldsOf = async (kind: 'rows' | 'counts', table: string, keys: readonly string[]) =>
    keys.length === 0 ? [] : listOf(await read(readFields, table, [kind, ...keys]));
  return {
    async checkpoint(table) {
      const at = await read(readCheckpoint, table);
      return at === null ? null : checkpointOf(String(at));
    },
    async row(table, key) {
      const [row] = await fieldsOf('rows', table, [key]);
      return rowOf(table, key, row);
    },
    async rows(table, keys) {
      const found = await fieldsOf('rows', table, keys);
      return keys.map((key, i) => rowOf(table, key, found[i]));
    },
    async scan(table, index, { from, to, limit, reverse = false }) {
      const [first, end] = [`[${index} ${from}`, `(${index} ${to}`];
      const range = reverse ? [end, first, String(limit), 'reverse'] : [first, end, String(limit)];
      return listOf(await read(readEntries, table, range)).map((entry) => String(entry).slice(index.length + 1));
    },
    async counters(table, rollup, keys) {
      const fields = keys.map((key) => `${rollup} ${key}`);
      return (await fieldsOf('counts', table, fields)).map((count) => Number(count ?? 0));
    },
    async countersIn(table, rollup, { from, to }) {
      const [keys, counts] = listOf(await read(readCounts, table, [`[${rollup} ${from}`, `(${rollup} ${to}`]));
      const found = listOf(counts);
      return listOf(keys).map((key, i) => ({ key: String(key).slice(rollup.length + 1), count: Number(found[i]) }));
    },
  };
}

const rowOf = (table: string, key: string, json: unknown): unknown =>
  typeof json === 'string' ? rowIn(table, key, () => JSON.parse(json)) : undefined;

export function checkpointOf(stored: string): Checkpoint {
  const [, events, position] = /^\d+ (\d+) (.*)$/s.exec(stored) ?? [];
  if (events === undefined || position === undefined) throw new Error(`not a checkpoint: ${stored}`);
  return { position, events: Number(events) };
}

export function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new Error(`Redis answered ${typeof reply} where a list was to come`);
  return reply;
}
