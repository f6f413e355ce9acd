import type { Position, RecordedEvent } from '../../../domain/kernel/event.js';
import { Bell } from '../../../projections/kernel/bell.js';
import { pause } from '../../../projections/kernel/waiting.js';
import type { Connection } from './connection.js';
import { filtered } from './filtered.js';
import { type EventStoreDBFault, faultOf } from './unavailable.js';

/** How the one subscription of this process is. */
export type TailStatus = {
  readonly state: 'connecting' | 'catching up' | 'live' | 'reconnecting';
  /** Why it is not live, and since when. */
  readonly fault: EventStoreDBFault | undefined;
  readonly since: Date;
  /** When the server last said anything on it. */
  readonly heardAt: Date | undefined;
  readonly reconnects: number;
};

/** In ms. Between tries the wait doubles from the first to the last, a little by chance, so that nodes do not come all at once. */
export type Backoff = { readonly first: number; readonly last: number };

/** By how much the wait for a silent subscription grows at most, while each one before it brought nothing. */
const mostPatience = 16;

/**
 * The newest events, heard by one subscription for the whole process, which is opened again from where it was whenever it
 * ends: the client itself never does that. Who reads along behind `floor` must read the server itself.
 */
export class Tail {
  readonly #events: RecordedEvent[] = [];
  readonly #bell = new Bell();
  #reached: Position | undefined;
  #caughtUp = false;
  #status: TailStatus = { state: 'connecting', fault: undefined, since: new Date(), heardAt: undefined, reconnects: 0 };
  /** Everything after it is here. `undefined`: everything is. */
  floor: Position | undefined;

  constructor(
    readonly connection: Connection,
    from: Position | undefined,
    readonly capacity: number,
    readonly backoff: Backoff,
    /** The newest event at the server itself. */
    readonly head: () => Promise<Position | undefined>,
    readonly watchMs: number,
  ) {
    this.floor = from;
    this.#reached = from;
  }

  get status(): TailStatus {
    return this.#status;
  }

  covers(after: Position | undefined): boolean {
    return this.floor === undefined || (after !== undefined && after >= this.floor);
  }

  /** Up to `most` events after a position that is covered. `caughtUp`: the log held no more when the server last spoke. */
  after(position: Position | undefined, most: number): { events: readonly RecordedEvent[]; caughtUp: boolean } {
    const start = position === undefined ? 0 : firstAfter(this.#events, position);
    const events = this.#events.slice(start, start + most);
    return { events, caughtUp: this.#caughtUp && start + events.length === this.#events.length };
  }

  /** Until there is more, or the server said that there is no more. */
  more(signal: AbortSignal): Promise<void> {
    return this.#bell.wait(signal);
  }

  /** Until the signal: supervises the subscription. */
  async run(signal: AbortSignal): Promise<void> {
    let patience = this.watchMs;
    for (let wait = this.backoff.first; !signal.aborted; wait = Math.min(wait * 2, this.backoff.last)) {
      const mute = new AbortController();
      const watching = this.#watch(AbortSignal.any([signal, mute.signal]), patience, () => mute.abort());
      // A server that is only slow to begin would otherwise be left again and again just before it speaks.
      patience = Math.min(patience * 2, this.watchMs * mostPatience);
      try {
        const until = AbortSignal.any([signal, mute.signal]);
        for await (const heard of filtered(this.connection, { after: this.#reached, signal: until, most: 512 })) {
          wait = this.backoff.first;
          if (heard.events.length > 0) patience = this.watchMs;
          this.#take(heard.events, heard.position, heard.caughtUp);
        }
        if (!signal.aborted) this.#lost('unreachable');
      } catch (error) {
        this.#lost(faultOf(this.connection.failed(error)));
      }
      mute.abort();
      await watching;
      const jitter = 0.5 + Math.random() / 2;
      await pause(wait * jitter, signal);
    }
    this.#bell.ring();
  }

  /** A subscription may be open and bring nothing: when the log is ahead of it twice in a row, it is given up. */
  async #watch(until: AbortSignal, every: number, giveUp: () => void): Promise<void> {
    let missed: Position | undefined;
    while (!until.aborted) {
      await pause(every, until);
      if (until.aborted) return;
      const reached = this.#reached;
      if (missed !== undefined && (reached === undefined || reached < missed)) return giveUp();
      const head = await this.head().catch(() => undefined); // that it is away shows in the subscription
      missed = head !== undefined && (this.#reached === undefined || this.#reached < head) ? head : undefined;
    }
  }

  #take(events: readonly RecordedEvent[], position: Position | undefined, caughtUp: boolean): void {
    this.connection.worked();
    for (const event of events) this.#events.push(event);
    this.#reached = position ?? this.#reached;
    // More came: whether that is all, the next sign tells. In live mode an event is the newest when it comes.
    this.#caughtUp ||= caughtUp;
    const surplus = this.#events.length - this.capacity;
    if (surplus > 0) this.floor = this.#events.splice(0, surplus).at(-1)?.position ?? this.floor;
    const now = new Date();
    const state = this.#caughtUp ? 'live' : 'catching up';
    this.#status = {
      ...this.#status,
      ...{ state, fault: undefined, heardAt: now },
      since: this.#status.state === state ? this.#status.since : now,
    };
    this.#bell.ring();
  }

  #lost(fault: EventStoreDBFault): void {
    const again = this.#status.state === 'reconnecting';
    this.#caughtUp = false;
    this.#status = {
      ...this.#status,
      ...{ state: 'reconnecting', fault },
      since: again ? this.#status.since : new Date(),
      reconnects: this.#status.reconnects + 1,
    };
  }
}

/** Binary search: the index of the first event behind a position. */
function firstAfter(events: readonly RecordedEvent[], position: Position): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && event.position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
