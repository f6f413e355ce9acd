import { holderOf } from './standing.js';
import type { Subscription } from './subscription.js';

/** All subscriptions that have not ended, by the capacity in which they were begun. */
export class Holders {
  private readonly byHolder = new Map<string, Set<Subscription>>();

  get size(): number {
    let size = 0;
    for (const held of this.byHolder.values()) size += held.size;
    return size;
  }

  add(subscription: Subscription): void {
    const holder = holderOf(subscription.viewer);
    this.byHolder.set(holder, (this.byHolder.get(holder) ?? new Set()).add(subscription));
  }

  remove(subscription: Subscription): void {
    const holder = holderOf(subscription.viewer);
    const held = this.byHolder.get(holder);
    held?.delete(subscription);
    if (held?.size === 0) this.byHolder.delete(holder);
  }

  /** Those of one holder, as they are now: some may be removed while the list is walked. */
  of(holder: string): readonly Subscription[] {
    return [...(this.byHolder.get(holder) ?? [])];
  }
}
