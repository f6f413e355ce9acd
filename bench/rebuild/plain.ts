import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { encodeTuple, entryOf } from '../../src/projections/kernel/index-key.js';
import type { ReadModel } from '../../src/projections/kernel/read-model.js';

/** The plain path: one event after the other, each model asked, rows in Maps. */
export function plainRows(
  models: readonly ReadModel[],
  events: Iterable<RecordedEvent>,
): ReadonlyMap<ReadModel, Map<string, unknown>> {
  const tables = new Map(models.map((model) => [model, new Map<string, unknown>()]));
  for (const event of events)
    for (const [model, rows] of tables)
      for (const key of model.keysOf(event)) {
        const row = model.fold(rows.get(key), event, key);
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
  return tables;
}

/** What `ReadStore.dump` has to give for a table with these rows, without the checkpoint. */
export function plainLines(model: ReadModel, rows: ReadonlyMap<string, unknown>): string[] {
  const entries = new Set<string>();
  const counters = new Map<string, number>();
  for (const [key, row] of rows) {
    for (const [index, of] of Object.entries(model.indexes))
      for (const tuple of of(row, key)) entries.add(`${index} ${entryOf(tuple, key)}`);
    for (const [rollup, of] of Object.entries(model.rollups))
      for (const counted of of(row, key)) {
        const counter = `${rollup} ${encodeTuple(counted)}`;
        counters.set(counter, (counters.get(counter) ?? 0) + 1);
      }
  }
  return [
    ...sorted([...rows.keys()]).map((key) => JSON.stringify([key, kept(model, rows.get(key))])),
    ...sorted([...entries]).map((entry) => JSON.stringify([entry, 1])),
    ...sorted([...counters.keys()]).map((key) => JSON.stringify([key, counters.get(key)])),
  ];
}

const kept = (model: ReadModel, row: unknown): unknown => (model.once ? model.once.kept(row) : row);

const sorted = (keys: readonly string[]): string[] =>
  keys
    .map((key) => Buffer.from(key))
    .sort(Buffer.compare)
    .map(String);
