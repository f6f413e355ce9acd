import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { widest } from '../../domain/kernel/visibility.js';
import type { LiveEvent } from './ring.js';
import type { Subscription } from './subscription.js';

/** The live subscriptions, found by what an event is addressed to: work grows with the receivers, not with all. */
export class Listeners {
  private readonly byTag = new Map<string, Set<Subscription>>();
  private readonly byCase = new Map<string, Set<Subscription>>();
  private events = 0;

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

  /** Each receiver once; its `shown` is the class that the event's audience gives it, until the next call. */
  of({ event }: LiveEvent): readonly Subscription[] {
    const receivers: Subscription[] = [];
    const { audience } = event.meta;
    const found = ++this.events;
    for (const tag of Object.keys(audience)) {
      const [listening, shown] = [this.byTag.get(tag), audience[tag]];
      if (!listening || !shown) continue;
      for (const subscription of listening)
        if (subscription.found === found) subscription.shown = widest(subscription.shown, shown);
        else {
          subscription.found = found;
          subscription.shown = shown;
          receivers.push(subscription);
        }
    }
    for (const subscription of this.byCase.get(refOfStream(event.stream).id) ?? []) {
      const shown = classIn(audience, subscription.viewer.tags);
      if (!shown) continue;
      subscription.shown = shown;
      receivers.push(subscription);
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

  private *placesOf({ caseId, tags }: Subscription): Iterable<[Map<string, Set<Subscription>>, string]> {
    if (caseId !== undefined) yield [this.byCase, caseId];
    else for (const tag of tags) yield [this.byTag, tag];
  }
}
