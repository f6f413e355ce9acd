import { classIn } from '../../domain/kernel/actor.js';
import type { Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { cursorOf, liveRefusals } from './cursor.js';
import { Encoded } from './encoded.js';
import { Markers } from './markers.js';
import type { LiveEvent, Ring } from './ring.js';
import { caseOfPast, classOfPast } from './shown.js';
import type { History, Past, PastEvent, Present, Subscription } from './subscription.js';
import { messageOf } from './subscription.js';
import type { RecentTexts } from './texts.js';
import type { Turns } from './turns.js';

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
  private markers: Markers;

  constructor(
    private readonly ring: Ring,
    private readonly texts: RecentTexts,
    private readonly history: History,
    private readonly arrivals: Arrivals,
    private readonly turns: Turns,
  ) {
    this.markers = new Markers(history.epoch);
  }

  /** What was written out for those who arrive. */
  forget(): void {
    this.markers = new Markers(this.history.epoch);
  }

  async run(subscription: Subscription): Promise<void> {
    while (subscription.state === 'catching up') {
      if (!this.ring.covers(subscription.cursor)) {
        const before = subscription.cursor;
        if (!(await this.sendStored(subscription))) return;
        // The stores are behind the ring, or are being made anew. To ask again at once would ask for ever.
        if (subscription.cursor === before) return this.arrivals.fail(subscription, kernelRefusals.BUSY());
        continue;
      }
      const pause = this.sendRing(subscription);
      if (pause) await pause;
      else if (this.arriveAtOnce(subscription) || (await this.arrive(subscription))) return;
    }
  }

  /** What the case is to this viewer: from the ring, or from the stores when it has not changed for long. */
  present(
    { viewer, caseId }: Subscription,
    at: Position,
  ): Promise<Present | undefined | 'behind'> | Present | undefined {
    if (caseId === undefined) return undefined;
    const row = this.ring.newestOfCase(caseId)?.case;
    const shown = row && classIn(row.audience, viewer.tags);
    return row && shown ? { class: shown, case: row } : this.history.present(caseId, viewer.tags, at);
  }

  /** One page of the stores. `false`: the subscription has ended meanwhile. */
  private async sendStored(subscription: Subscription): Promise<boolean> {
    const { plan, tags, caseId, cursor } = subscription;
    const past: Past =
      caseId === undefined ? await this.history.ofFeed(tags, cursor) : await this.history.ofCase(caseId, cursor);
    for (const item of past.events) {
      const { event } = item;
      const shown = classOfPast(subscription, item);
      if (subscription.state === 'ended') return false;
      if (!shown || event.position <= subscription.cursor) continue;
      const row = caseOfPast(item, subscription, shown);
      const at = cursorOf(this.history.epoch, event.position);
      const json = await plan.run(messageOf(at, { event, case: row }), shown);
      const full = this.send(subscription, event.position, new Encoded(json), 'store');
      if (full) await full;
    }
    subscription.cursor = later(past.upTo, subscription.cursor);
    return subscription.state !== 'ended';
  }

  /** What the ring holds behind the cursor, in one turn. A promise: why it had to stop, and when it can go on. */
  private sendRing(subscription: Subscription): Promise<unknown> | undefined {
    const { plan } = subscription;
    for (let index = this.ring.indexAfter(subscription.cursor); ; index++) {
      const item = this.pastAt(index);
      if (!item) return undefined;
      if (this.turns.over()) return this.turns.next();
      const { position } = item.event;
      const shown = classOfPast(subscription, item);
      if (shown) {
        const withCase = caseOfPast(item, subscription, shown) !== null;
        const text = this.texts.of(item.kept).of(plan, shown, withCase);
        if (text instanceof Promise) return this.sendLater(subscription, position, text);
        const full = this.send(subscription, position, text, 'ring');
        if (full) return full;
      } else subscription.cursor = position;
    }
  }

  private async sendLater(subscription: Subscription, position: Position, text: Promise<Encoded>): Promise<void> {
    await this.send(subscription, position, await text, 'ring');
  }

  /** A promise: the reader is slow, until then. */
  private send(
    subscription: Subscription,
    position: Position,
    text: Encoded,
    source: Source,
  ): Promise<void> | undefined {
    if (subscription.state === 'ended') return undefined;
    subscription.cursor = position;
    this.arrivals.sent(source);
    const taken = subscription.sink.next(text.json, cursorOf(this.history.epoch, position), text);
    return taken ? undefined : subscription.sink.drained();
  }

  /** Where nothing has to be waited for: the marker's text is there, and there is no case to ask for. */
  private arriveAtOnce(subscription: Subscription): boolean {
    const { plan, caseId } = subscription;
    if (caseId !== undefined) return false;
    const position = later(this.ring.latest ?? '', subscription.cursor);
    const marker = this.markers.of(plan, position, undefined);
    if (marker instanceof Promise) return false;
    this.goLive(subscription, position, marker);
    return true;
  }

  /** `false`: something has come into the ring meanwhile. */
  private async arrive(subscription: Subscription): Promise<boolean> {
    const { plan, caseId } = subscription;
    const latest = this.ring.latest ?? '';
    const present = await this.present(subscription, latest);
    if (present === 'behind' || (caseId !== undefined && !present)) {
      this.arrivals.fail(subscription, present ? kernelRefusals.BUSY() : liveRefusals.NO_LONGER_YOURS());
      return true;
    }
    const position = later(latest, subscription.cursor);
    const marker = await this.markers.of(plan, position, present);
    // From here on nothing is waited for: what came meanwhile is looked at once more, then it is live.
    if (subscription.state !== 'catching up') return true;
    if (this.hasMore(subscription)) return false;
    this.goLive(subscription, position, marker);
    return true;
  }

  private goLive(subscription: Subscription, position: Position, marker: Encoded): void {
    subscription.cursor = position;
    this.arrivals.live(subscription);
    const taken = subscription.sink.next(marker.json, cursorOf(this.history.epoch, position), marker);
    if (!taken) this.arrivals.lag(subscription);
  }

  private hasMore(subscription: Subscription): boolean {
    if (!this.ring.covers(subscription.cursor)) return true;
    for (let index = this.ring.indexAfter(subscription.cursor); ; index++) {
      const item = this.pastAt(index);
      if (!item || classOfPast(subscription, item)) return item !== undefined;
    }
  }

  private pastAt(index: number): (PastEvent & { readonly kept: LiveEvent }) | undefined {
    const kept = this.ring.at(index);
    if (!kept) return undefined;
    const now = this.ring.newestOf(kept.event.stream)?.case?.audience ?? kept.event.meta.audience;
    return { event: kept.event, case: kept.case, now, kept };
  }
}

const later = (a: Position, b: Position): Position => (a < b ? b : a);
