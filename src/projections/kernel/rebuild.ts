import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import type { ReadStore } from './ports.js';
import { createRoute, foldBatch } from './route.js';
import type { Table } from './table.js';
import { FoldFailed } from './table.js';

/** `ratio`: from 0 to 1, measured against the events that the live tables have had. */
export type Progress = {
  readonly position: Position | undefined;
  readonly head: Position | undefined;
  readonly events: number;
  readonly ratio: number;
};

export type FoldDeps = { readonly events: EventStore; readonly registry: Registry; readonly readStore: ReadStore };

/** An event that this program cannot read stops those who fold it; it is never skipped. */
export const decodeAll = (registry: Registry, events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.map((event) => {
    try {
      return decode(registry, event);
    } catch (error) {
      throw new FoldFailed('(any)', event, error);
    }
  });

/** Folds one table on its own, from where it stands: until the log holds no more, or `until` at least is reached. */
export async function foldAlone(
  { events, registry, readStore }: FoldDeps,
  table: Table,
  options: {
    readonly until?: Position | undefined;
    readonly batchSize: number;
    readonly signal: AbortSignal;
    readonly onBatch?: () => Promise<void>;
  },
): Promise<void> {
  const { until, signal, batchSize } = options;
  const route = createRoute([table]);
  const done = () => until !== undefined && (table.at()?.position ?? '') >= until;
  while (!done() && !signal.aborted) {
    table.moveTo(await readStore.checkpoint(table.name));
    if ((await follow()) === 'done') return;
  }

  /** `conflict`: another projector rebuilds the same table, and we go on from where it is. */
  async function follow(): Promise<'done' | 'conflict'> {
    const after = table.at()?.position;
    for await (const batch of events.subscribe({ ...(after === undefined ? {} : { after }), signal, batchSize })) {
      await foldBatch(route, decodeAll(registry, batch.events));
      const commit = table.pending();
      if (commit) {
        if ((await readStore.commit([commit])) === 'conflict') return 'conflict';
        table.committed();
        await options.onBatch?.();
      }
      if (done() || (until === undefined && batch.caughtUp)) return 'done';
    }
    return 'done';
  }
}
