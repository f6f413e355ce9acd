import type { Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Viewer } from '../context.js';
import { feedTagsOf } from '../context.js';
import type { WatchDelivery } from '../watch.js';
import { admit } from './admission.js';
import type { Arrivals } from './catch-up.js';
import { CatchUp } from './catch-up.js';
import { cursorOf, liveRefusals } from './cursor.js';
import type { Encoded } from './encoded.js';
import { Holders } from './holders.js';
import { Listeners } from './listeners.js';
import type { Asked, Plans } from './plan.js';
import type { LiveEvent } from './ring.js';
import { Ring } from './ring.js';
import { keepsCase } from './shown.js';
import type { History, Sink, Subscription } from './subscription.js';
import { RecentTexts } from './texts.js';
import type { Turns } from './turns.js';
import { LoopTurns } from './turns.js';

/*
 * Invariants of the hub
 * 1. A subscription is catching up, live or ended. Only a live one is among the listeners.
 * 2. Its cursor only grows. A message goes out when its position is beyond the cursor, and moves the cursor there.
 * 3. It becomes live in the synchronous turn in which it has been handed the last event of the ring: no gap, no double.
 * 4. An event is shown by the class that its own audience gives to the viewer; what is read from the past, by no more
 *    than the class that the viewer has now.
 * 5. A message is worked out once per (document, variables, class), whoever receives it.
 * 6. A slow reader costs a cursor: it stops being live, and catches up again when its socket has drained.
 * 7. What fails for one receiver fails for it alone: every event comes into the ring, and whoever missed it catches up.
 * 8. The ring has no hole: what does not follow on what it holds begins it anew, and whoever was live catches up.
 * 9. Nothing here holds the event loop for long: one event to all who are live is one turn (a list to walk; the sockets
 *    are written to later, in turns of their own), and between two events, or two of the past, others may have theirs.
 */

/** All events after `from`, as far as the last of them. */
export type LiveCommit = { readonly from: Position; readonly events: readonly LiveEvent[] };

export class Hub {
  private readonly ring: Ring;
  private readonly texts: RecentTexts;
  private readonly listeners = new Listeners();
  private readonly catchUp: CatchUp;
  private readonly holders = new Holders();
  /** Those who catch up because their readers are slow. */
  private readonly behind = new Set<Subscription>();
  private readonly waiting: LiveCommit[] = [];
  private delivering = false;
  /** Since the start: how often a reader was too slow, and events sent from the past by where they were read. */
  readonly counts = { lagged: 0, redelivered: { ring: 0, store: 0 } };

  constructor(
    private readonly plans: Plans,
    private readonly history: History,
    /** How far the read models stand; `undefined` as long as nobody knows. */
    private readonly stand: () => Position | undefined,
    /** A fault of the stores while a client catches up: told to the operator, and to the client as a retryable end. */
    private readonly onError: (error: unknown) => void,
    ringSize = 10_000,
    private readonly watch?: WatchDelivery,
    private readonly turns: Turns = new LoopTurns(),
  ) {
    this.ring = new Ring(ringSize);
    this.texts = new RecentTexts(history.epoch, ringSize);
    const arrivals: Arrivals = {
      live: (subscription) => {
        subscription.state = 'live';
        this.behind.delete(subscription);
        this.listeners.add(subscription);
      },
      lag: (subscription) => this.lag(subscription),
      fail: (subscription, refusal) => this.fail(subscription, refusal),
      sent: (source) => {
        this.counts.redelivered[source]++;
      },
    };
    this.catchUp = new CatchUp(this.ring, this.texts, history, arrivals, turns);
  }

  /** Everything until here has been handed to those who are live. `undefined`: the read models stand nowhere yet. */
  get position(): Position | undefined {
    if (this.ring.latest === undefined) {
      const stand = this.stand();
      if (stand !== undefined) this.ring.begin(stand);
    }
    return this.ring.latest;
  }

  get subscriptions(): number {
    return this.holders.size;
  }

  get lagging(): number {
    return this.behind.size;
  }

  /** Begins at `after`, or now. Returns how to end it; a subscription that the hub ends tells its sink. */
  subscribe(asked: Asked, viewer: Viewer, sink: Sink, after: string | undefined): () => void {
    const caseId = asked.field === 'caseChanged' ? String(asked.args.caseId) : undefined;
    const cursor = this.position ?? '';
    const tags = caseId === undefined ? feedTagsOf(viewer) : viewer.tags;
    const subscription: Subscription = {
      asked,
      plan: asked.plan,
      viewer,
      sink,
      caseId,
      tags,
      cursor,
      state: 'catching up',
      found: 0,
      shown: 'public',
    };
    this.plans.use(asked);
    this.holders.add(subscription);
    this.attend(subscription, this.start(subscription, after));
    return () => this.end(subscription);
  }

  /** From the read models' runner, after its commit. */
  publish(commit: LiveCommit): void {
    this.waiting.push(commit);
    if (!this.delivering) void this.deliverWaiting().catch(this.onError);
  }

  /**
   * Forgets what was written out and what the rows of the newest events hold: something in them may no longer be shown.
   * Who is live stays so; who catches up reads from the log.
   */
  forget(): void {
    this.texts.clear();
    this.catchUp.forget();
    if (this.ring.latest !== undefined) this.ring.begin(this.ring.latest);
  }

  private async start(subscription: Subscription, after: string | undefined): Promise<void> {
    const refusal = await admit(subscription, after, this.position, this.history, this.catchUp);
    if (refusal) this.fail(subscription, refusal);
    else await this.catchUp.run(subscription);
  }

  private async deliverWaiting(): Promise<void> {
    this.delivering = true;
    let lately = 1;
    try {
      for (let commit = this.waiting.shift(); commit; commit = this.waiting.shift())
        for (const item of this.newOf(commit)) {
          if (this.turns.over(lately)) await this.turns.next();
          const handed = this.watch?.(item.event);
          const receivers = this.listeners.of(item);
          const pending = receivers.length > 0 ? this.prepare(item, receivers) : undefined;
          if (pending) await pending;
          this.deliver(item, pending ? this.listeners.of(item) : receivers, handed);
          lately = receivers.length;
        }
    } finally {
      this.delivering = false;
    }
  }

  /** What of the commit is new. */
  private newOf({ from, events }: LiveCommit): readonly LiveEvent[] {
    const { latest } = this.ring;
    if (latest === undefined || from > latest) {
      this.ring.begin(from);
      for (const subscription of this.listeners.all()) this.lag(subscription);
      return events;
    }
    return events.filter(({ event }) => event.position > latest);
  }

  /** Works out the texts of an event for all who are live. A promise: some are still being worked out. */
  private prepare(item: LiveEvent, receivers: readonly Subscription[]): Promise<unknown> | undefined {
    const texts = this.texts.of(item);
    const pending = new Set<Promise<unknown>>();
    for (const subscription of receivers) {
      const { plan, shown } = subscription;
      const text = texts.want(plan, shown, keepsCase(item, subscription, shown), this.onError);
      if (text) pending.add(text);
    }
    return pending.size > 0 ? Promise.allSettled(pending) : undefined;
  }

  /** One event to all who are live, in one turn. */
  private deliver(item: LiveEvent, receivers: readonly Subscription[], handed: ReturnType<WatchDelivery> | undefined) {
    this.ring.push(item);
    const texts = this.texts.of(item);
    const cursor = cursorOf(this.history.epoch, item.event.position);
    for (const subscription of receivers) {
      const { plan, shown } = subscription;
      this.hand(item, cursor, texts.get(plan, shown, keepsCase(item, subscription, shown)), subscription);
    }
    const revoked = this.history.revoked(item.event);
    if (revoked) for (const one of this.holders.of(revoked.holder)) this.fail(one, revoked.refusal);
    for (const one of this.listeners.removedFrom(item)) this.fail(one, liveRefusals.NO_LONGER_YOURS());
    handed?.(receivers.length);
  }

  /** Whoever does not get it reads it from the ring: who became live while the texts were worked out, or for whom it failed. */
  private hand(item: LiveEvent, cursor: string, text: Encoded | undefined, subscription: Subscription): void {
    const { position } = item.event;
    if (position <= subscription.cursor) return;
    let taken = false;
    try {
      if (text) {
        taken = subscription.sink.next(text.json, cursor, text);
        subscription.cursor = position;
      }
    } catch (error) {
      this.onError(error);
    }
    if (!taken) this.lag(subscription);
  }

  private lag(subscription: Subscription): void {
    if (subscription.state !== 'live') return;
    subscription.state = 'catching up';
    this.listeners.remove(subscription);
    this.behind.add(subscription);
    this.counts.lagged++;
    this.attend(subscription, this.resume(subscription));
  }

  private async resume(subscription: Subscription): Promise<void> {
    await subscription.sink.drained();
    await this.catchUp.run(subscription);
  }

  private attend(subscription: Subscription, work: Promise<void>): void {
    void work.catch((error: unknown) => {
      this.onError(error);
      this.fail(subscription, kernelRefusals.BUSY());
    });
  }

  private fail(subscription: Subscription, refusal: Refusal): void {
    if (subscription.state === 'ended') return;
    this.end(subscription);
    try {
      subscription.sink.fail(refusal);
    } catch (error) {
      this.onError(error); // its connection is broken; those of the others are not
    }
  }

  private end(subscription: Subscription): void {
    if (subscription.state === 'ended') return;
    this.listeners.remove(subscription);
    this.behind.delete(subscription);
    subscription.state = 'ended';
    this.plans.release(subscription.asked);
    this.holders.remove(subscription);
  }
}
