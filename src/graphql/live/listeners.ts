import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { widest } from '../../domain/kernel/visibility.js';
import { feedTagsOf } from '../context.js';
import type { LiveEvent } from './ring.js';
import type { Subscription } from './subscription.js';

/** The live subscriptions, found by what an event is addressed to: work grows with the receivers, not with all. */
export class Listeners {
  private readonly byTag = new Map<string, Set<Subscription>>();
  private readonly byCase = new Map<string, Set<Subscription>>();

  add(subscription: Subscription): void {
    for (const [index, key] of this.placesOf(subscription))
      index.set(key, (index.get(key) ?? new Set()).add(subscription));
  }

  remove(subscription: Subscription): void {
    for (const [index, key] of this.placesOf(subscription)) {
      const set = index.get(key);
      set?.delete(subscription);
      if (set?.size === 0) index.delete(key);
    }
  }

  all(): ReadonlySet<Subscription> {
    return new Set([...this.byTag.values(), ...this.byCase.values()].flatMap((set) => [...set]));
  }

  /** Each receiver once, with the class that the event's audience gives it. */
  of({ event }: LiveEvent): ReadonlyMap<Subscription, ViewerClass> {
    const receivers = new Map<Subscription, ViewerClass>();
    for (const [tag, shown] of Object.entries(event.meta.audience))
      for (const subscription of this.byTag.get(tag) ?? []) {
        const other = receivers.get(subscription);
        receivers.set(subscription, other ? widest(other, shown) : shown);
      }
    for (const subscription of this.byCase.get(refOfStream(event.stream).id) ?? []) {
      const shown = classIn(event.meta.audience, subscription.viewer.tags);
      if (shown) receivers.set(subscription, shown);
    }
    return receivers;
  }

  /** Those who watch the case and whom the event has shut out of it. */
  removedFrom(item: LiveEvent): readonly Subscription[] {
    const watching = this.byCase.get(refOfStream(item.event.stream).id);
    const audience = item.case?.audience;
    if (!watching || !audience) return [];
    return [...watching].filter((one) => !classIn(audience, one.viewer.tags));
  }

  private *placesOf({ caseId, viewer }: Subscription): Iterable<[Map<string, Set<Subscription>>, string]> {
    if (caseId !== undefined) yield [this.byCase, caseId];
    else for (const tag of feedTagsOf(viewer)) yield [this.byTag, tag];
  }
}
