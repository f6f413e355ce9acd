import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Batch, EventStore } from '../../domain/kernel/ports.js';
import { Bell } from './bell.js';

/** How many of the newest events are kept for those who are about to read them. */
const kept = 1_000;

type Subscribing = Pick<EventStore, 'subscribe'>;
type Options = Parameters<EventStore['subscribe']>[0];

/**
 * The same subscriptions, of which all that stand at the end of the log share one reading of it. Who is further behind
 * reads by itself until it stands there. When the shared reading fails, those who wait for it fail with it, and the next
 * who subscribes begins it anew.
 */
export function shareTail(events: Subscribing & Pick<EventStore, 'readAll' | 'head'>): Subscribing {
  let tail: Tail | undefined;
  let readers = 0;

  async function* subscribe({ after, signal, batchSize = kept }: Options): AsyncGenerator<Batch> {
    let cursor = after;
    let toldCaughtUp = false;
    readers++;
    try {
      while (!signal.aborted) {
        if (!tail || tail.failed) tail = new Tail(events);
        const shared = tail;
        await shared.begun;
        const page = shared.after(cursor, batchSize) ?? (await pageOf(events, cursor, batchSize));
        const last = page.at(-1);
        if (last) {
          cursor = last.position;
          toldCaughtUp = cursor === shared.head;
          yield { events: page, caughtUp: toldCaughtUp };
        } else if (!toldCaughtUp) {
          toldCaughtUp = true;
          yield { events: page, caughtUp: true };
        } else await shared.changed(signal);
      }
    } finally {
      if (--readers === 0) {
        tail?.end();
        tail = undefined;
      }
    }
  }
  return { subscribe };
}

async function pageOf(events: Pick<EventStore, 'readAll'>, after: Position | undefined, limit: number) {
  const page: RecordedEvent[] = [];
  for await (const event of events.readAll({ ...(after !== undefined && { after }), limit })) page.push(event);
  return page;
}

/** One reading of the log from where it ended when it began. */
class Tail {
  head: Position | undefined;
  failed: { readonly cause: unknown } | undefined;
  readonly begun: Promise<void>;
  /** All events after this one are in `recent`; `undefined`: all there are. */
  #before: Position | undefined;
  #recent: RecordedEvent[] = [];
  readonly #control = new AbortController();
  readonly #moved = new Bell();

  constructor(events: Subscribing & Pick<EventStore, 'head'>) {
    this.begun = this.#begin(events);
  }

  async #begin(events: Subscribing & Pick<EventStore, 'head'>): Promise<void> {
    try {
      this.head = await events.head();
      this.#before = this.head;
      void this.#run(events);
    } catch (cause) {
      this.#fail(cause);
      throw cause;
    }
  }

  async #run(events: Subscribing): Promise<void> {
    const { signal } = this.#control;
    try {
      const after = this.#before;
      for await (const batch of events.subscribe({ ...(after !== undefined && { after }), signal, batchSize: kept }))
        this.#take(batch.events);
      if (!signal.aborted) throw new Error('the reading of the log has ended');
    } catch (cause) {
      if (!signal.aborted) this.#fail(cause);
    }
  }

  #take(events: readonly RecordedEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.#recent.push(...events);
    this.head = last.position;
    const dropped = this.#recent.length > 2 * kept ? this.#recent.splice(0, this.#recent.length - kept) : [];
    this.#before = dropped.at(-1)?.position ?? this.#before;
    this.#moved.ring();
  }

  #fail(cause: unknown): void {
    this.failed = { cause };
    this.#moved.ring();
  }

  /** Up to `limit` events after the cursor; `undefined`: it stands further behind than what is kept. */
  after(cursor: Position | undefined, limit: number): readonly RecordedEvent[] | undefined {
    const before = this.#before;
    if (before !== undefined && (cursor === undefined || cursor < before)) return undefined;
    if (cursor === this.head) return [];
    let from = this.#recent.length;
    while (from > 0 && (cursor === undefined || (this.#recent[from - 1]?.position ?? '') > cursor)) from--;
    return this.#recent.slice(from, from + limit);
  }

  /** Resolves when there is more, or the signal ends it; rejects when the reading has failed. */
  async changed(signal: AbortSignal): Promise<void> {
    if (!this.failed) await this.#moved.wait(signal);
    if (this.failed && !signal.aborted) throw this.failed.cause;
  }

  end(): void {
    this.#control.abort();
  }
}
