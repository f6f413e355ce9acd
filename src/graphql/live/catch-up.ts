import type { Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { feedTagsOf } from '../context.js';
import { cursorOf, liveRefusals } from './cursor.js';
import type { Ring } from './ring.js';
import { caseOfPast, classOfPast } from './shown.js';
import type { History, Past, PastEvent, Subscription } from './subscription.js';
import { messageOf } from './subscription.js';

/** What becomes of a subscription that has caught up, or cannot. */
export type Arrivals = {
  /** It is handed every event from now on. */
  live(subscription: Subscription): void;
  /** It is live, and its reader is slow. */
  lag(subscription: Subscription): void;
  fail(subscription: Subscription, refusal: Refusal): void;
  /** It has been sent a past event, read from there. */
  sent(source: Source): void;
};
export type Source = 'ring' | 'store';

/**
 * From a cursor to the present: the stores until the cursor lies in the ring, then the ring, then live. The last step
 * is one synchronous turn, so there is neither gap nor double (invariant 3 of the hub).
 */
export class CatchUp {
  constructor(
    private readonly ring: Ring,
    private readonly history: History,
    private readonly arrivals: Arrivals,
  ) {}

  async run(subscription: Subscription): Promise<void> {
    while (subscription.state === 'catching up') {
      if (!this.ring.covers(subscription.cursor)) {
        const before = subscription.cursor;
        if (!(await this.sendStored(subscription))) return;
        // The stores are behind the ring, or are being made anew. To ask again at once would ask for ever.
        if (subscription.cursor === before) return this.arrivals.fail(subscription, kernelRefusals.BUSY());
        continue;
      }
      const item = this.nextInRing(subscription);
      if (item) {
        if (!(await this.sendPast(subscription, item, 'ring'))) return;
      } else if (await this.arrive(subscription)) return;
    }
  }

  /** One page of the stores. `false`: the subscription has ended meanwhile. */
  private async sendStored(subscription: Subscription): Promise<boolean> {
    const { viewer, caseId, cursor } = subscription;
    const past: Past =
      caseId === undefined
        ? await this.history.ofFeed(feedTagsOf(viewer), cursor)
        : await this.history.ofCase(caseId, cursor);
    for (const item of past.events) if (!(await this.sendPast(subscription, item, 'store'))) return false;
    subscription.cursor = later(past.upTo, subscription.cursor);
    return true;
  }

  /** `false`: the subscription has ended meanwhile. */
  private async sendPast(subscription: Subscription, item: PastEvent, source: Source): Promise<boolean> {
    const { asked, sink } = subscription;
    const { event } = item;
    const shown = classOfPast(subscription, item);
    if (shown && event.position > subscription.cursor) {
      const cursor = cursorOf(this.history.epoch, event.position);
      const row = caseOfPast(item, subscription, shown);
      const json = await asked.plan.run(messageOf(cursor, { event, case: row }), shown);
      if (subscription.state === 'ended') return false;
      subscription.cursor = event.position;
      this.arrivals.sent(source);
      if (!sink.next(json, cursor)) await sink.drained();
    }
    return subscription.state !== 'ended';
  }

  /** `false`: something has come into the ring meanwhile. */
  private async arrive(subscription: Subscription): Promise<boolean> {
    const { asked, viewer, caseId, sink } = subscription;
    // The ring holds nothing more: from here to `live` there is no await, but for the marker's text, after which the
    // ring is looked at once more.
    const latest = this.ring.latest ?? '';
    const present = caseId === undefined ? undefined : await this.history.present(caseId, viewer.tags, latest);
    if (present === 'behind' || (caseId !== undefined && !present)) {
      this.arrivals.fail(subscription, present ? kernelRefusals.BUSY() : liveRefusals.NO_LONGER_YOURS());
      return true;
    }
    const position = later(latest, subscription.cursor);
    const cursor = cursorOf(this.history.epoch, position);
    const marker = await asked.plan.run(messageOf(cursor, { case: present?.case, caughtUp: true }), present?.class);
    if (this.nextInRing(subscription)) return false;
    if (subscription.state !== 'catching up') return true;
    subscription.cursor = position;
    this.arrivals.live(subscription);
    if (!sink.next(marker, cursor)) this.arrivals.lag(subscription);
    return true;
  }

  private nextInRing(subscription: Subscription): PastEvent | undefined {
    for (const item of this.ring.after(subscription.cursor)) {
      const now = this.ring.newestOf(item.event.stream)?.case?.audience ?? item.event.meta.audience;
      if (classOfPast(subscription, { ...item, now })) return { ...item, now };
    }
    return undefined;
  }
}

const later = (a: Position, b: Position): Position => (a < b ? b : a);
