import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import { encodeTuple, entryOf } from './index-key.js';
import type { Checkpoint, ReadStore, TableCommit } from './ports.js';
import { tableOf } from './ports.js';
import type { ReadModel } from './read-model.js';

/** A row before and after one event. `undefined`: there was or is none. */
export type RowChange = {
  readonly model: string;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
};

/** A bug, or an event that this program does not understand: trying again would not help. */
export class FoldFailed extends Error {
  constructor(
    readonly model: string,
    readonly event: RecordedEvent,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`read model ${model} fails at position ${event.position} (${event.type}): ${why}`, { cause });
    this.name = 'FoldFailed';
  }
}

/** What a batch does to a table. `changes` are those of each event, in the order of the batch. */
export type Folded = { readonly commit: TableCommit; readonly changes: readonly (readonly RowChange[])[] };

/** A read model's table as it is being written: where it stands, and the rows that were touched last. */
export type Table = {
  readonly model: ReadModel;
  readonly version: string;
  readonly name: string;
  readonly at: () => Checkpoint | null;
  /** Where the store says it stands; what was kept in memory is forgotten. */
  readonly moveTo: (at: Checkpoint | null) => void;
  /** Folds the events that the table has not had yet; `undefined` when it has had them all. Changes nothing. */
  readonly fold: (events: readonly RecordedEvent[]) => Promise<Folded | undefined>;
  /** After the store has taken the commit. */
  readonly committed: (commit: TableCommit) => void;
};

export function createTable(readStore: ReadStore, model: ReadModel, version: string, capacity = 10_000): Table {
  const name = tableOf(model.name, version);
  const cache = new Map<string, unknown>();
  let at: Checkpoint | null = null;

  async function fold(batch: readonly RecordedEvent[]): Promise<Folded | undefined> {
    const reached = at?.position;
    const skipped = reached === undefined ? 0 : batch.findIndex((event) => event.position > reached);
    const events = skipped === 0 ? batch : batch.slice(skipped);
    const last = batch.at(-1);
    if (!last || skipped < 0) return undefined;

    const keys = events.map((event) => guarded(model, event, () => model.keysOf(event)));
    const before = await rowsOf(new Set(keys.flat()));
    const after = new Map(before);
    const changes = events.map((event, i) =>
      (keys[i] ?? []).map((key) => {
        const row = after.get(key);
        const next = guarded(model, event, () => model.fold(row, event, key));
        after.set(key, next);
        return { model: model.name, key, before: row, after: next };
      }),
    );
    const to = { position: last.position, events: (at?.events ?? 0) + events.length };
    const commit = guarded(model, last, () => commitOf(before, after, to));
    return { commit, changes: skipped === 0 ? changes : [...batch.slice(0, skipped).map(() => []), ...changes] };
  }

  async function rowsOf(keys: ReadonlySet<string>): Promise<Map<string, unknown>> {
    const missing = [...keys].filter((key) => !cache.has(key));
    const found = missing.length > 0 && at !== null ? await readStore.rows(name, missing) : [];
    const read = new Map(missing.map((key, i) => [key, found[i]]));
    return new Map([...keys].map((key) => [key, cache.has(key) ? cache.get(key) : read.get(key)]));
  }

  /** Each row is compared once for the whole batch, as it was before and as it is after. */
  function commitOf(before: Map<string, unknown>, after: Map<string, unknown>, to: Checkpoint): TableCommit {
    const rows = new Map<string, unknown>();
    const indexes = new Map<string, { add: string[]; remove: string[] }>();
    const counters = new Map<string, Map<string, number>>();
    for (const [key, row] of after) {
      const old = before.get(key);
      if (row === old) continue;
      rows.set(key, row ?? null);
      for (const [index, of] of Object.entries(model.indexes)) {
        const had = new Set(old === undefined ? [] : of(old, key).map((tuple) => entryOf(tuple, key)));
        const has = new Set(row === undefined ? [] : of(row, key).map((tuple) => entryOf(tuple, key)));
        const part = indexes.get(index) ?? { add: [], remove: [] };
        indexes.set(index, part);
        for (const entry of has) if (!had.has(entry)) part.add.push(entry);
        for (const entry of had) if (!has.has(entry)) part.remove.push(entry);
      }
      for (const [rollup, of] of Object.entries(model.rollups)) {
        const deltas = counters.get(rollup) ?? new Map<string, number>();
        counters.set(rollup, deltas);
        if (old !== undefined) for (const counted of of(old, key)) add(deltas, encodeTuple(counted), -1);
        if (row !== undefined) for (const counted of of(row, key)) add(deltas, encodeTuple(counted), 1);
      }
    }
    return { table: name, from: at?.position ?? null, to, rows, indexes, counters };
  }

  return {
    model,
    version,
    name,
    at: () => at,
    moveTo(checkpoint) {
      at = checkpoint;
      cache.clear();
    },
    fold,
    committed({ to, rows }) {
      at = to;
      for (const [key, row] of rows) {
        cache.delete(key);
        cache.set(key, row ?? undefined);
      }
      for (const oldest of cache.keys()) {
        if (cache.size <= capacity) break;
        cache.delete(oldest);
      }
    },
  };
}

function add(deltas: Map<string, number>, key: string, delta: number) {
  const sum = (deltas.get(key) ?? 0) + delta;
  if (sum === 0) deltas.delete(key);
  else deltas.set(key, sum);
}

function guarded<T>(model: ReadModel, event: RecordedEvent, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FoldFailed(model.name, event, error);
  }
}

/** The lowest position that all of them have reached; `undefined`: one of them has not begun. */
export function lowestOf(tables: readonly Table[]): Position | undefined {
  let lowest: Position | undefined;
  for (const table of tables) {
    const position = table.at()?.position;
    if (position === undefined) return undefined;
    if (lowest === undefined || position < lowest) lowest = position;
  }
  return lowest;
}
