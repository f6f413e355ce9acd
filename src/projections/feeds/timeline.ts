import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { ReadStore } from '../kernel/ports.js';
import { eventsAt, feedPage } from './feed.js';

/** One page of a story; `end` is the cursor of the next. `more`: there may be more after it. */
export type TimelinePage = {
  readonly events: readonly RecordedEvent[];
  readonly end: Position | undefined;
  readonly more: boolean;
};

/**
 * One readable story across cases: inspection, issue, suggestion, adoption, reply, in log order. A chain is named by its
 * first case; `chains` are several when a topic binds them. What the viewer may not see is left out by `cut`, so a page
 * can hold less than `limit` events.
 */
export async function timeline(
  deps: { readonly store: EventStore; readonly reads: ReadStore; readonly registry: Registry },
  chains: readonly string[],
  options: { readonly after?: Position | undefined; readonly limit: number; readonly reverse?: boolean },
  /** The event as the viewer may see it; `undefined`: not at all. */
  cut: (event: RecordedEvent) => RecordedEvent | undefined,
): Promise<TimelinePage> {
  const page = await deps.reads.snapshot((view) => feedPage(view, 'byChain', chains, options));
  const events = await eventsAt(deps, page.positions);
  return {
    events: events.map(cut).filter((event) => event !== undefined),
    end: page.positions.at(-1),
    more: page.positions.length === options.limit,
  };
}
