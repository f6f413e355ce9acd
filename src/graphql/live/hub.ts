import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { narrowest } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';
import type { Viewer } from '../context.js';
import { feedTagsOf } from '../context.js';
import { cursorOf, liveRefusals, positionOf } from './cursor.js';
import { Listeners } from './listeners.js';
import type { Asked, Plans } from './plan.js';
import type { LiveEvent } from './ring.js';
import { Ring } from './ring.js';
import { holderOf, refusalOfStanding } from './standing.js';
import type { History, Message, PastEvent, Sink, Subscription } from './subscription.js';
import { Texts } from './texts.js';

/*
 * Invariants of the hub
 * 1. A subscription is catching up, live or ended. Only a live one is among the listeners.
 * 2. Its cursor only grows. A message goes out when its position is beyond the cursor, and moves the cursor there.
 * 3. It becomes live in the synchronous turn in which it has been handed the last event of the ring: no gap, no double.
 * 4. An event is shown by the class that its own audience gives to the viewer; what is read from the past, by no more
 *    than the class that the viewer has now.
 * 5. A message is worked out once per (document, variables, class), whoever receives it.
 * 6. A slow reader costs a cursor: it stops being live, and catches up again when its socket has drained.
 */

export class Hub {
  private readonly ring: Ring;
  private readonly listeners = new Listeners();
  private readonly holders = new Map<string, Set<Subscription>>();
  private waiting: LiveEvent[] = [];
  private delivering = false;

  constructor(
    private readonly plans: Plans,
    private readonly history: History,
    /** How far the read models stood when the hub began to listen to them. */
    position: Position,
    /** A fault of the stores while a client catches up: told to the operator, and to the client as a retryable end. */
    private readonly onError: (error: unknown) => void,
    ringSize = 10_000,
  ) {
    this.ring = new Ring(position, ringSize);
  }

  /** Everything until here has been handed to those who are live. */
  get position(): Position {
    return this.ring.latest;
  }

  get subscriptions(): number {
    let size = 0;
    for (const set of this.holders.values()) size += set.size;
    return size;
  }

  /** Begins at `after`, or now. Returns how to end it; a subscription that the hub ends tells its sink. */
  subscribe(asked: Asked, viewer: Viewer, sink: Sink, after: string | undefined): () => void {
    const caseId = asked.field === 'caseChanged' ? String(asked.args.caseId) : undefined;
    const subscription: Subscription = { asked, viewer, sink, caseId, cursor: this.position, state: 'catching up' };
    this.plans.use(asked);
    const holder = holderOf(viewer);
    const held = this.holders.get(holder) ?? new Set();
    this.holders.set(holder, held.add(subscription));
    void this.start(subscription, after).catch((error: unknown) => {
      this.onError(error);
      this.fail(subscription, kernelRefusals.BUSY());
    });
    return () => this.end(subscription);
  }

  /** From the read models' runner, after its commit. */
  publish(events: readonly LiveEvent[]): void {
    this.waiting.push(...events);
    if (!this.delivering)
      void this.deliverWaiting().catch((error: unknown) => {
        this.delivering = false;
        this.onError(error);
      });
  }

  private async start(subscription: Subscription, after: string | undefined): Promise<void> {
    const refusal = await this.refusalOf(subscription, after);
    if (refusal) this.fail(subscription, refusal);
    else await this.catchUp(subscription);
  }

  private async refusalOf(subscription: Subscription, after: string | undefined): Promise<Refusal | undefined> {
    const { viewer, caseId } = subscription;
    const notStanding = refusalOfStanding(viewer);
    if (notStanding) return notStanding;
    if (after !== undefined) {
      const position = positionOf(this.history.epoch, after);
      if (isRefusal(position)) return position;
      if (position > this.position && position > ((await this.history.head()) ?? '')) return liveRefusals.BAD_CURSOR();
      subscription.cursor = position;
    }
    if (caseId !== undefined && !(await this.history.present(caseId, viewer.tags))) return kernelRefusals.NOT_FOUND();
    return undefined;
  }

  /** Stores until the cursor lies in the ring, then the ring, then live. */
  private async catchUp(subscription: Subscription): Promise<void> {
    const { asked, viewer, caseId, sink } = subscription;
    while (subscription.state === 'catching up') {
      if (!this.ring.covers(subscription.cursor)) {
        const past =
          caseId === undefined
            ? await this.history.ofFeed(feedTagsOf(viewer), subscription.cursor)
            : await this.history.ofCase(caseId, subscription.cursor);
        for (const item of past.events) if (!(await this.sendPast(subscription, item))) return;
        subscription.cursor = later(past.upTo, subscription.cursor);
        continue;
      }
      const item = this.nextInRing(subscription);
      if (item) {
        if (!(await this.sendPast(subscription, item))) return;
        continue;
      }
      // The ring holds nothing more: from here to `listeners.add` there is no await, but for the marker's text, after
      // which the ring is looked at once more.
      const present = caseId === undefined ? undefined : await this.history.present(caseId, viewer.tags);
      if (caseId !== undefined && !present) return this.fail(subscription, liveRefusals.NO_LONGER_YOURS());
      const position = later(this.position, subscription.cursor);
      const marker = await asked.plan.run(this.message(position, null, present?.case ?? null, true), present?.class);
      if (this.nextInRing(subscription)) continue;
      if (subscription.state !== 'catching up') return;
      subscription.cursor = position;
      subscription.state = 'live';
      this.listeners.add(subscription);
      if (!sink.next(marker, cursorOf(this.history.epoch, position))) this.lag(subscription);
      return;
    }
  }

  /** `false`: the subscription has ended meanwhile. */
  private async sendPast(subscription: Subscription, item: PastEvent): Promise<boolean> {
    const shown = this.classOfPast(subscription, item);
    if (shown && item.event.position > subscription.cursor) {
      const json = await subscription.asked.plan.run(
        this.message(item.event.position, item.event, item.case ?? null, false),
        shown,
      );
      if (subscription.state === 'ended') return false;
      subscription.cursor = item.event.position;
      if (!subscription.sink.next(json, cursorOf(this.history.epoch, item.event.position)))
        await subscription.sink.drained();
    }
    return subscription.state !== 'ended';
  }

  private async deliverWaiting(): Promise<void> {
    this.delivering = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      for (const item of batch) {
        const texts = new Texts((plan, shown, withCase) =>
          plan.run(this.message(item.event.position, item.event, withCase ? (item.case ?? null) : null, false), shown),
        );
        for (const [subscription, shown] of this.listeners.of(item))
          texts.want(subscription.asked.plan, shown, keepsCase(item, subscription, shown));
        const pending = texts.pending();
        if (pending) await pending;
        this.deliver(item, texts);
      }
    }
    this.delivering = false;
  }

  /** One event to all who are live, in one turn. */
  private deliver(item: LiveEvent, texts: Texts): void {
    const { position } = item.event;
    const cursor = cursorOf(this.history.epoch, position);
    this.ring.push(item);
    for (const [subscription, shown] of this.listeners.of(item)) {
      if (position <= subscription.cursor) continue;
      const json = texts.get(subscription.asked.plan, shown, keepsCase(item, subscription, shown));
      if (json === undefined) {
        this.lag(subscription); // became live while the texts were worked out: the ring has the event
        continue;
      }
      subscription.cursor = position;
      if (!subscription.sink.next(json, cursor)) this.lag(subscription);
    }
    const revoked = this.history.revoked(item.event);
    if (revoked) for (const one of [...(this.holders.get(revoked.holder) ?? [])]) this.fail(one, revoked.refusal);
    for (const one of this.listeners.removedFrom(item)) this.fail(one, liveRefusals.NO_LONGER_YOURS());
  }

  private lag(subscription: Subscription): void {
    if (subscription.state !== 'live') return;
    subscription.state = 'catching up';
    this.listeners.remove(subscription);
    void subscription.sink
      .drained()
      .then(() => this.catchUp(subscription))
      .catch((error: unknown) => {
        this.onError(error);
        this.fail(subscription, kernelRefusals.BUSY());
      });
  }

  private fail(subscription: Subscription, refusal: Refusal): void {
    if (subscription.state === 'ended') return;
    this.end(subscription);
    subscription.sink.fail(refusal);
  }

  private end(subscription: Subscription): void {
    if (subscription.state === 'ended') return;
    this.listeners.remove(subscription);
    subscription.state = 'ended';
    this.plans.release(subscription.asked);
    const holder = holderOf(subscription.viewer);
    const held = this.holders.get(holder);
    held?.delete(subscription);
    if (held?.size === 0) this.holders.delete(holder);
  }

  private classFor(subscription: Subscription, { event }: LiveEvent): ViewerClass | undefined {
    if (subscription.caseId !== undefined && refOfStream(event.stream).id !== subscription.caseId) return undefined;
    const { viewer, caseId } = subscription;
    return classIn(event.meta.audience, caseId === undefined ? feedTagsOf(viewer) : viewer.tags);
  }

  private classOfPast(subscription: Subscription, item: PastEvent): ViewerClass | undefined {
    const then = this.classFor(subscription, item);
    const now = classIn(item.now, subscription.viewer.tags);
    return then && now && narrowest(then, now);
  }

  private nextInRing(subscription: Subscription): PastEvent | undefined {
    for (const item of this.ring.after(subscription.cursor)) {
      const now = this.ring.newestOf(item.event.stream)?.case?.audience ?? item.event.meta.audience;
      if (this.classOfPast(subscription, { ...item, now })) return { ...item, now };
    }
    return undefined;
  }

  private message(position: Position, event: Message['event'], row: CaseRow | null, caughtUp: boolean): Message {
    return { cursor: cursorOf(this.history.epoch, position), caughtUp, event, case: row };
  }
}

const later = (a: Position, b: Position): Position => (a < b ? b : a);

/** Whoever an event shuts out of a case is told of the event, and not how the case stands after it. */
const keepsCase = ({ case: row }: LiveEvent, { viewer }: Subscription, shown: ViewerClass): boolean =>
  row !== undefined && classIn(row.audience, viewer.tags) === shown;
