import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { widest } from '../../domain/kernel/visibility.js';
import type { LiveEvent } from './ring.js';
import type { Subscription } from './subscription.js';

/** The live subscriptions, found by what an event is addressed to: work grows with the receivers, not with all. */
export class Listeners {
  private readonly byTag = new Map<string, Group>();
  private readonly byCase = new Map<string, Group>();
  private events = 0;

  add(subscription: Subscription): void {
    for (const [index, key] of this.placesOf(subscription)) {
      const group = index.get(key) ?? new Group();
      group.add(subscription);
      index.set(key, group);
    }
  }

  remove(subscription: Subscription): void {
    for (const [index, key] of this.placesOf(subscription)) {
      const group = index.get(key);
      group?.remove(subscription);
      if (group?.size === 0) index.delete(key);
    }
  }

  all(): ReadonlySet<Subscription> {
    return new Set([...this.byTag.values(), ...this.byCase.values()].flatMap(({ all }) => all));
  }

  /** Each receiver once; its `shown` is the class that the event's audience gives it, until the next call. */
  of({ event }: LiveEvent): readonly Subscription[] {
    const { audience } = event.meta;
    const listening = Object.keys(audience).flatMap((tag) => {
      const [group, shown] = [this.byTag.get(tag), audience[tag]];
      return group && shown ? [{ group, shown }] : [];
    });
    const watching = this.byCase.get(refOfStream(event.stream).id);
    const [first] = listening;
    if (first && listening.length === 1 && !watching) return first.group.show(first.shown);
    const receivers: Subscription[] = [];
    const found = ++this.events;
    for (const { group, shown } of listening)
      for (const subscription of group.all)
        if (subscription.found === found) subscription.shown = widest(subscription.shown, shown);
        else {
          subscription.found = found;
          subscription.shown = shown;
          receivers.push(subscription);
        }
    for (const subscription of watching?.all ?? []) {
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
    return watching.all.filter((one) => !classIn(audience, one.viewer.tags));
  }

  private *placesOf({ caseId, tags }: Subscription): Iterable<[Map<string, Group>, string]> {
    if (caseId !== undefined) yield [this.byCase, caseId];
    else for (const tag of tags) yield [this.byTag, tag];
  }
}

/** Those who listen to the same. */
class Group {
  private readonly members = new Set<Subscription>();
  /** A list is walked faster than a set, and most events find the one that the event before them found. */
  private list: readonly Subscription[] | undefined;

  add(subscription: Subscription): void {
    this.members.add(subscription);
    this.list = undefined;
  }

  remove(subscription: Subscription): void {
    this.members.delete(subscription);
    this.list = undefined;
  }

  get size(): number {
    return this.members.size;
  }

  /** As it stands: who comes or goes later makes another list. */
  get all(): readonly Subscription[] {
    this.list ??= [...this.members];
    return this.list;
  }

  show(shown: ViewerClass): readonly Subscription[] {
    for (const subscription of this.all) subscription.shown = shown;
    return this.all;
  }
}
