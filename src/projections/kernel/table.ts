import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import { createDifferences } from './differences.js';
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

/** A read model's table as it is being written: where it stands, and the rows that were touched last. */
export type Table = {
  readonly model: ReadModel;
  readonly version: string;
  readonly name: string;
  readonly at: () => Checkpoint | null;
  /** Where the store says it stands; what was kept in memory is forgotten. */
  readonly moveTo: (at: Checkpoint | null) => void;
  /**
   * Folds the events that the table has not had yet into what is to be committed. `places`: those that may concern the
   * model; all when absent. `changes`: gets what each event of the batch changes; when absent, rows between the events
   * need not be whole.
   */
  readonly fold: (
    batch: readonly RecordedEvent[],
    places?: readonly number[],
    changes?: readonly RowChange[][],
  ) => Promise<void>;
  /** The same for a batch of which nothing concerns the model. */
  readonly pass: (batch: readonly RecordedEvent[]) => void;
  /** How many rows are held for the next commit. */
  readonly held: () => number;
  /** What was folded since the last commit; `undefined` when that is nothing. */
  readonly pending: () => TableCommit | undefined;
  /** After the store has taken what was pending. */
  readonly committed: () => void;
};

/** A row that was touched since the last commit. */
type Touched = { readonly before: unknown; row: unknown; event: RecordedEvent };

export function createTable(readStore: ReadStore, model: ReadModel, version: string, capacity = 10_000): Table {
  const name = tableOf(model.name, version);
  /** `undefined`: it is known that there is no such row. */
  const cache = new Map<string, unknown>();
  const touched = new Map<string, Touched>();
  /** Of a model whose rows never change: what its rows come to is known at once, and nothing else is held. */
  let made = { rows: new Map<string, unknown>(), differences: createDifferences(model) };
  let at: Checkpoint | null = null;
  let folded: Checkpoint | null = null;

  /** How many events at its beginning the table has had; `undefined`: all of them. */
  function skipped(batch: readonly RecordedEvent[]): number | undefined {
    const last = batch.at(-1);
    const reached = folded?.position;
    if (!last || (reached !== undefined && last.position <= reached)) return undefined;
    return reached === undefined ? 0 : batch.findIndex((event) => event.position > reached);
  }

  function moveOn(batch: readonly RecordedEvent[], from: number) {
    folded = { position: batch.at(-1)?.position ?? '', events: (folded?.events ?? 0) + batch.length - from };
  }

  async function fold(batch: readonly RecordedEvent[], places?: readonly number[], changes?: readonly RowChange[][]) {
    const from = skipped(batch);
    if (from === undefined) return;
    const own = (places ?? [...batch.keys()]).filter((place) => place >= from);
    const keys = keysOf(batch, own);
    if (!model.once) await bring(batch, own, keys);
    for (const [i, place] of own.entries()) {
      const event = batch[place];
      if (event) (model.once ? makeOne : foldOne)(event, keys[i] ?? [], changes?.[place]);
    }
    moveOn(batch, from);
  }

  function keysOf(batch: readonly RecordedEvent[], places: readonly number[]): readonly (readonly string[])[] {
    return places.map((place) => {
      const event = batch[place];
      try {
        return event ? model.keysOf(event) : [];
      } catch (error) {
        throw event ? new FoldFailed(model.name, event, error) : error;
      }
    });
  }

  /** All rows that the events will touch are looked for at once. */
  async function bring(
    batch: readonly RecordedEvent[],
    places: readonly number[],
    keys: readonly (readonly string[])[],
  ) {
    const missing = new Map<string, RecordedEvent>();
    for (const [i, place] of places.entries()) {
      const event = batch[place];
      for (const key of keys[i] ?? []) {
        if (!event || touched.has(key)) continue;
        const row = cache.get(key);
        if (row !== undefined || at === null || cache.has(key)) touched.set(key, { before: row, row, event });
        else missing.set(key, event);
      }
    }
    if (missing.size === 0) return;
    const found = await readStore.rows(name, [...missing.keys()]);
    let i = 0;
    for (const [key, event] of missing) {
      const row = found[i++];
      touched.set(key, { before: row, row, event });
    }
  }

  function foldOne(event: RecordedEvent, keys: readonly string[], changes: RowChange[] | undefined) {
    try {
      for (const key of keys) {
        const one = touched.get(key);
        if (!one) throw new Error(`row ${key} was not looked for`);
        const before = one.row;
        const after = changes || !model.quick ? model.fold(before, event, key) : model.quick.fold(before, event, key);
        one.row = after;
        one.event = event;
        changes?.push({ model: model.name, key, before, after });
      }
    } catch (error) {
      throw new FoldFailed(model.name, event, error);
    }
  }

  function makeOne(event: RecordedEvent, keys: readonly string[], changes: RowChange[] | undefined) {
    try {
      for (const key of keys) {
        const after = model.fold(undefined, event, key);
        if (after === undefined) continue;
        made.rows.set(key, model.once?.kept(after));
        made.differences.add(key, undefined, after);
        changes?.push({ model: model.name, key, before: undefined, after });
      }
    } catch (error) {
      throw new FoldFailed(model.name, event, error);
    }
  }

  function pending(): TableCommit | undefined {
    if (!folded || folded.position === at?.position) return undefined;
    const unchanged = model.once ? made.rows.size === 0 : touched.size === 0;
    const { rows, differences } = unchanged ? nothing : model.once ? made : compared();
    return { table: name, from: at?.position ?? null, to: folded, rows, ...differences.all() };
  }

  /** Each row once, however many events have changed it. */
  function compared(): typeof made {
    const rows = new Map<string, unknown>();
    const differences = createDifferences(model);
    for (const [key, one] of touched) {
      if (one.row === one.before) continue;
      try {
        if (one.row !== undefined && model.quick) one.row = model.quick.finish(one.row, key);
        rows.set(key, one.row ?? null);
        differences.add(key, one.before, one.row);
      } catch (error) {
        throw new FoldFailed(model.name, one.event, error);
      }
    }
    return { rows, differences };
  }

  function keep() {
    for (const [key, { row }] of touched) {
      cache.delete(key);
      cache.set(key, row);
    }
    forgetOldest(cache, capacity);
    forgetHeld();
  }

  function forgetHeld() {
    touched.clear();
    if (model.once) made = { rows: new Map(), differences: createDifferences(model) };
  }

  return {
    model,
    version,
    name,
    at: () => at,
    moveTo(checkpoint) {
      at = checkpoint;
      folded = checkpoint;
      cache.clear();
      forgetHeld();
    },
    fold,
    pass(batch) {
      const from = skipped(batch);
      if (from !== undefined) moveOn(batch, from);
    },
    held: () => touched.size,
    pending,
    committed() {
      at = folded;
      keep();
    },
  };
}

const nothing = {
  rows: new Map<string, unknown>(),
  differences: { all: () => ({ indexes: new Map(), counters: new Map() }) },
};

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
