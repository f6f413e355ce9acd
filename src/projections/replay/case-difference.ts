import type { Ref } from '../../domain/kernel/aggregate.js';
import { streamOf } from '../../domain/kernel/aggregate.js';
import type { Audience, RecordedEvent } from '../../domain/kernel/event.js';
import type { Until } from '../../domain/kernel/load.js';
import { isBeyond } from '../../domain/kernel/load.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode, evolve } from '../../domain/kernel/registry.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { Finds } from '../kernel/findable.js';
import { withoutUnfindable } from '../kernel/findable.js';
import type { Hiding } from '../redaction/cut.js';
import { cut } from '../redaction/cut.js';
import type { Change } from './difference.js';
import { differenceOf, touches } from './difference.js';

export type Caused = Change & {
  /** Those that changed it between the two points, oldest first. */
  readonly events: readonly RecordedEvent[];
};
export type CaseDifference = {
  /** The event that left the case as it was at each point; `undefined`: there was no case yet that the viewer could see. */
  readonly from: RecordedEvent | undefined;
  readonly to: RecordedEvent | undefined;
  readonly changes: readonly Caused[];
};

/** So many events lie between two points at most. */
export const mostBetween = 1_000;

/**
 * What of a case is not the same at two points of its past, and which events made it so. `shownTo` says in which class
 * the viewer sees a state of the past; where that is not at all, the case is as if it did not exist then.
 */
export async function caseDifference(
  deps: { readonly store: EventStore; readonly registry: Registry; readonly redactions: Hiding; readonly finds: Finds },
  ref: Ref,
  points: { readonly from: Until; readonly to: Until | undefined },
  shownTo: (then: Audience) => ViewerClass | undefined,
): Promise<CaseDifference | 'reversed' | 'too long'> {
  const { store, registry, redactions, finds } = deps;
  const aggregate = registry.aggregate(ref.category);
  const touched = new Map<string, RecordedEvent[]>();
  let state: unknown;
  let seen: unknown;
  let [first, from, to]: [unknown?, RecordedEvent?, RecordedEvent?] = [];
  let between = 0;
  let behindFrom = false;

  for await (const recorded of store.readStream(streamOf(ref))) {
    behindFrom ||= isBeyond(points.from, recorded);
    if (points.to && isBeyond(points.to, recorded)) {
      if (!behindFrom) return 'reversed';
      break;
    }
    const event = decode(registry, recorded);
    state = evolve(aggregate, state, event);
    const shown = shownTo(aggregate.audience(state as never, ref.id));
    const left = shown && cut(redactions, aggregate.state, state, { caseId: ref.id, shown });
    const next = await withoutUnfindable(registry, aggregate.state, left, finds);
    to = recorded;
    if (behindFrom) {
      if (++between > mostBetween) return 'too long';
      for (const { path } of differenceOf(seen ?? {}, next ?? {}))
        touched.set(path, [...(touched.get(path) ?? []), recorded]);
    } else [first, from] = [next, recorded];
    seen = next;
  }
  const changes = differenceOf(first ?? {}, seen ?? {}).map((change) => ({ ...change, events: causes(change.path) }));
  return { from: first === undefined ? undefined : from, to: seen === undefined ? undefined : to, changes };

  function causes(path: string): readonly RecordedEvent[] {
    const events = [...touched].flatMap(([one, those]) => (touches(one, path) ? those : []));
    return [...new Set(events)].sort((a, b) => a.revision - b.revision);
  }
}
