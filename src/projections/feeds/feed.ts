import { z } from 'zod';
import { refOfStream, streamOf } from '../../domain/kernel/aggregate.js';
import type { Audience, Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { facts } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../kernel/case-model.js';
import { rangeOf, rowKeyOf } from '../kernel/index-key.js';
import type { ReadView } from '../kernel/ports.js';
import type { ReadModel } from '../kernel/read-model.js';

/** Where an event stands; the event itself stays in the log. */
export type FeedRow = { readonly stream: string; readonly revision: number };

/**
 * The log, found by whom its events are addressed to, and by the chain of cases they belong to: duty feeds and
 * timelines. One row per event, keyed by its position.
 */
export const feed: ReadModel<FeedRow & { readonly tags: readonly string[]; readonly chain: string }> = {
  name: 'feed',
  version: 2,
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
  once: { kept: ({ stream, revision }) => ({ stream, revision }) },
  indexes: {
    byTag: ({ tags }) => tags.map((tag) => [tag]),
    byChain: ({ chain }) => [[chain]],
  },
  rollups: {},
};

/** Where an event stands in the log, and who may see its case now: nobody a case that has no row. */
export type FeedEntry = {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly now: Audience;
};
/** Entries in log order; nothing of the asked keys lies between the last of them and `upTo`. */
export type FeedPage = { readonly entries: readonly FeedEntry[]; readonly upTo: Position | undefined };

/**
 * The first `limit` events under any of `keys` after a position (before it, when `reverse`), each once. All of it must be
 * read of one moment: of a store that is emptied in between, events would seem to be nobody's.
 */
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
  return { entries: await entriesAt(view, page), upTo: page.length === limit ? page.at(-1) : end };
}

async function entriesAt(view: ReadView, positions: readonly Position[]): Promise<readonly FeedEntry[]> {
  const rows = (await view.rows(feed.name, positions)) as readonly FeedRow[];
  const idsOf = new Map<string, Set<string>>();
  for (const { stream } of rows) {
    const { category, id } = refOfStream(stream);
    idsOf.set(category, (idsOf.get(category) ?? new Set()).add(id));
  }
  const audiences = new Map<string, Audience>();
  await Promise.all(
    [...idsOf].map(async ([category, set]) => {
      const ids = [...set];
      const cases = (await view.rows(category, ids)) as readonly (CaseRow | undefined)[];
      ids.forEach((id, i) => void audiences.set(streamOf({ category, id }), cases[i]?.audience ?? {}));
    }),
  );
  return rows.map(({ stream, revision }, i) => ({
    ...{ position: positions[i] ?? '', stream, revision },
    now: audiences.get(stream) ?? {},
  }));
}

/** The events of these entries as the log has them, in the order given. */
export function eventsAt(store: EventStore, entries: readonly FeedEntry[]): Promise<readonly RecordedEvent[]> {
  return Promise.all(
    entries.map(async ({ stream, revision }) => {
      for await (const event of store.readStream(stream, { from: revision, limit: 1 })) return event;
      throw new Error(`the log does not show ${stream} at ${revision}, which the read models have`);
    }),
  );
}
