import { z } from 'zod';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Audience, Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { facts } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../kernel/case-model.js';
import { rangeOf, rowKeyOf } from '../kernel/index-key.js';
import type { ReadStore, ReadView } from '../kernel/ports.js';
import type { ReadModel } from '../kernel/read-model.js';

/** Where an event stands; the event itself stays in the log. */
export type FeedRow = { readonly stream: string; readonly revision: number };

/**
 * The log, found by whom its events are addressed to, and by the chain of cases they belong to: duty feeds and
 * timelines. One row per event, keyed by its position.
 */
export const feed: ReadModel<FeedRow & { readonly tags: readonly string[]; readonly chain: string }> = {
  name: 'feed',
  version: 1,
  shape: facts({
    internal: { stream: z.string(), revision: z.int(), tags: z.array(z.string()), chain: z.string() },
  }),
  keysOf: ({ position }) => [position],
  fold: (_, { stream, revision, meta }) => ({
    stream,
    revision,
    tags: Object.keys(meta.audience).filter((tag) => tag !== 'public'),
    chain: meta.$correlationId,
  }),
  indexes: {
    byTag: ({ tags }) => tags.map((tag) => [tag]),
    byChain: ({ chain }) => [[chain]],
  },
  rollups: {},
};

/** Positions in log order; nothing of the asked keys lies between the last of them and `upTo`. */
export type FeedPage = { readonly positions: readonly Position[]; readonly upTo: Position | undefined };

/** The first `limit` events under any of `keys` after a position (before it, when `reverse`), each once. */
export async function feedPage(
  view: ReadView,
  index: 'byTag' | 'byChain',
  keys: readonly string[],
  options: { readonly after?: Position | undefined; readonly limit: number; readonly reverse?: boolean },
): Promise<FeedPage> {
  const { after, limit, reverse = false } = options;
  const checkpoint = await view.checkpoint(feed.name);
  const runs = await Promise.all(
    keys.map(async (key) => {
      const range = rangeOf({ prefix: [key], ...(reverse ? { through: after } : { from: after }) });
      const entries = await view.scan(feed.name, index, { ...range, limit: limit + 1, reverse });
      return entries.map(rowKeyOf).filter((position) => position !== after);
    }),
  );
  const positions = [...new Set(runs.flat())].sort();
  if (reverse) positions.reverse();
  const page = positions.slice(0, limit);
  const end = reverse ? undefined : checkpoint?.position;
  return { positions: page, upTo: page.length === limit ? page.at(-1) : end };
}

/** The events at these positions as the log has them, in the order given. */
export async function eventsAt(
  deps: { readonly store: EventStore; readonly reads: ReadStore },
  positions: readonly Position[],
): Promise<readonly RecordedEvent[]> {
  const rows = (await deps.reads.rows(feed.name, positions)) as readonly (FeedRow | undefined)[];
  const found = await Promise.all(
    rows.map(async (row) => {
      if (!row) return undefined;
      for await (const event of deps.store.readStream(row.stream, { from: row.revision, limit: 1 })) return event;
      return undefined;
    }),
  );
  return found.filter((event) => event !== undefined);
}

/** Who may see the cases of these events now, by stream; nobody a case that has no row. */
export async function audiencesNow(
  reads: ReadStore,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, Audience>> {
  const found = new Map<string, Audience>();
  for (const { stream } of events) {
    if (found.has(stream)) continue;
    const { category, id } = refOfStream(stream);
    const row = (await reads.row(category, id)) as CaseRow | undefined;
    found.set(stream, row?.audience ?? {});
  }
  return found;
}
