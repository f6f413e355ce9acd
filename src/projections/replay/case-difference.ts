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
/** The event that left the case as it was, and what the viewer sees of it in which class. */
export type Point = { readonly event: RecordedEvent; readonly state: unknown; readonly shown: ViewerClass };
export type CaseDifference = {
  /** `undefined`: there was no case yet that the viewer could see. */
  readonly from: Point | undefined;
  readonly to: Point | undefined;
  /** Of the states as they are kept: sealed values sealed. */
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
  let [from, to]: [Point?, Point?] = [];
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
    const seen = await withoutUnfindable(registry, aggregate.state, left, finds);
    const next = shown && { event: recorded, shown, state: seen };
    if (!behindFrom) from = next;
    else if (++between > mostBetween) return 'too long';
    else
      for (const { path } of differenceOf(to?.state ?? {}, next?.state ?? {}))
        touched.set(path, [...(touched.get(path) ?? []), recorded]);
    to = next;
  }
  const changes = differenceOf(from?.state ?? {}, to?.state ?? {});
  return { from, to, changes: changes.map((change) => ({ ...change, events: causes(change.path) })) };

  function causes(path: string): readonly RecordedEvent[] {
    const events = [...touched].flatMap(([one, those]) => (touches(one, path) ? those : []));
    return [...new Set(events)].sort((a, b) => a.revision - b.revision);
  }
}
