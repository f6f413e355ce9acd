import type { TableName } from '../../projections/kernel/ports.js';
import { readCheckpoint, readFields, readRanks, readRowKeys } from './read-scripts.js';
import { Moment } from './snapshot.js';
import { checkpointOf, listOf, type Read } from './view.js';

const PAGE = 1_000;

/**
 * Rows by key, entries and counters by index or rollup, all in the order of their bytes. Throws when the table changes
 * meanwhile: lines that were given cannot be taken back, and together with later ones they would show what never was.
 */
export async function* dump(table: TableName, readWith: (moment: Moment) => Read): AsyncGenerator<string> {
  const moment = new Moment();
  const reading = readWith(moment);
  const read: Read = async (...args) => {
    try {
      return await reading(...args);
    } catch (cause) {
      throw moment.overtaken ? new Error(`table ${table} was changed while it was dumped`, { cause }) : cause;
    }
  };

  const at = await read(readCheckpoint, table);
  yield JSON.stringify(['checkpoint', at === null ? null : checkpointOf(String(at))]);

  const keys = await rowKeysOf(table, read);
  for (let start = 0; start < keys.length; start += PAGE) {
    const page = keys.slice(start, start + PAGE);
    const rows = listOf(await read(readFields, table, ['rows', ...page]));
    for (const [i, key] of page.entries()) yield JSON.stringify([key, JSON.parse(String(rows[i]))]);
  }
  for await (const page of ranksOf('entries', table, read)) for (const entry of page) yield JSON.stringify([entry, 1]);
  for await (const page of ranksOf('counted', table, read)) {
    const counts = listOf(await read(readFields, table, ['counts', ...page]));
    for (const [i, key] of page.entries()) yield JSON.stringify([key, Number(counts[i])]);
  }
}

async function rowKeysOf(table: TableName, read: Read): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = listOf(await read(readRowKeys, table, [cursor, String(PAGE)]));
    for (const key of listOf(keys)) found.add(String(key));
    cursor = String(next);
  } while (cursor !== '0');
  return [...found].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function* ranksOf(kind: 'entries' | 'counted', table: TableName, read: Read): AsyncGenerator<string[]> {
  for (let start = 0; ; start += PAGE) {
    const page = listOf(await read(readRanks, table, [kind, String(start), String(start + PAGE - 1)])).map(String);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
  }
}
