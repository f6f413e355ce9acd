import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { narrowest } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';
import type { LiveEvent } from './ring.js';
import type { PastEvent, Subscription } from './subscription.js';

/** What of an event, and of the case as the event left it, shows to a subscription. `undefined`: nothing. */

function classOf({ tags, caseId }: Subscription, { event }: LiveEvent): ViewerClass | undefined {
  if (caseId !== undefined && refOfStream(event.stream).id !== caseId) return undefined;
  return classIn(event.meta.audience, tags);
}

/** What is read from the past shows by no more than the right of then and of now. */
export function classOfPast(subscription: Subscription, item: PastEvent): ViewerClass | undefined {
  const then = classOf(subscription, item);
  const now = classIn(item.now, subscription.viewer.tags);
  return then && now && narrowest(then, now);
}

/** Whoever an event shuts out of a case is told of the event, and not how the case stands after it. */
export const keepsCase = ({ case: row }: LiveEvent, { plan, viewer }: Subscription, shown: ViewerClass): boolean =>
  row !== undefined && plan.showsCase && classIn(row.audience, viewer.tags) === shown;

/** The same for the past: `shown` may come from the event alone, or be less than the case itself gave. */
export function caseOfPast(item: PastEvent, { plan, viewer }: Subscription, shown: ViewerClass): CaseRow | null {
  if (!plan.showsCase) return null;
  const then = item.case && classIn(item.case.audience, viewer.tags);
  const now = classIn(item.now, viewer.tags);
  return item.case && then && now && narrowest(then, now) === shown ? item.case : null;
}
