import type { Position, ProposedEvent, RecordedEvent } from '../../../domain/kernel/event.js';
import type { AppendResult, Batch, Direction, EventStore, ExpectedRevision } from '../../../domain/kernel/ports.js';
import { pause } from '../../../projections/kernel/waiting.js';
import { assertProposal } from '../proposal.js';
import { type AppendTimes, append } from './append.js';
import { Connection, insist } from './connection.js';
import { filtered } from './filtered.js';
import { epochOf } from './identity.js';
import { fromPosition } from './position.js';
import { readAll, readStream } from './read.js';
import { type Backoff, Tail, type TailStatus } from './tail.js';
import { EventStoreDBUnavailable, faultOf } from './unavailable.js';

export type EventStoreDBOptions = {
  /** `esdb://user:password@host:2113,host:2113?tls=true`, as EventStoreDB's documentation has it. */
  readonly url: string;
  readonly times?: AppendTimes;
  readonly backoff?: Backoff;
  /** How many of the newest events are held for those who read along. */
  readonly tail?: number;
  /** How often the subscription is held against the head of the log, in ms. */
  readonly watchMs?: number;
};

export interface EventStoreDB extends EventStore {
  status(): TailStatus & { readonly server: string };
}

const PAGE = 500;
/** When the head could not be read, or was ahead of the tail, it is read again after so many ms. */
const HEAD_AGAIN = 1_000;

/** The log in EventStoreDB. Rejects with `EventStoreDBUnavailable` when the server cannot be reached within `times.total`. */
export async function openEventStoreDB(options: EventStoreDBOptions): Promise<EventStoreDB> {
  const times = options.times ?? { try: 5_000, total: 20_000 };
  const connection = new Connection(options.url);
  try {
    const epoch = await insist(connection, times.total, () => epochOf(connection, times));
    const head = await insist(connection, times.total, () => headOf(connection));
    const backoff = options.backoff ?? { first: 100, last: 5_000 };
    const newest = () => headOf(connection);
    const tail = new Tail(connection, head, options.tail ?? 8_192, backoff, newest, options.watchMs ?? 10_000);
    return new Store(epoch, connection, tail, times);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class Store implements EventStoreDB {
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(
    readonly epoch: string,
    readonly connection: Connection,
    readonly tail: Tail,
    readonly times: AppendTimes,
  ) {
    this.#running = tail.run(this.#end.signal);
  }

  async append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    assertProposal(stream, events, expected);
    return append(this.connection, { stream, events, expected }, this.times);
  }

  readStream(
    stream: string,
    options: { from?: number; direction?: Direction; limit?: number } = {},
  ): AsyncIterable<RecordedEvent> {
    return readStream(this.connection, stream, options);
  }

  /** A read ends at what was there when it began: it must not run after a busy writer for ever. */
  readAll(options: { after?: Position; direction?: Direction; limit?: number } = {}): AsyncIterable<RecordedEvent> {
    return readAll(this.connection, options);
  }

  async *subscribe({
    after,
    signal,
    batchSize = PAGE,
  }: {
    after?: Position;
    signal: AbortSignal;
    batchSize?: number;
  }): AsyncGenerator<Batch> {
    if (after !== undefined) fromPosition(after); // throws when it is none
    let cursor = after;
    let toldCaughtUp = false;
    while (!signal.aborted) {
      if (this.#end.signal.aborted) throw new EventStoreDBUnavailable('closed', this.connection.server);
      if (!this.tail.covers(cursor)) {
        for await (const events of this.#catchUp(cursor, signal, batchSize)) {
          cursor = events.at(-1)?.position ?? cursor;
          yield { events, caughtUp: false };
        }
        continue;
      }
      const { events, caughtUp } = this.tail.after(cursor, batchSize);
      cursor = events.at(-1)?.position ?? cursor;
      // What the tail heard may be older than what this reader knows of; after the first time it is a matter of moments.
      const reallyCaughtUp: boolean = caughtUp && (toldCaughtUp || (await this.#isHead(cursor)));
      if (events.length > 0 || (reallyCaughtUp && !toldCaughtUp)) {
        toldCaughtUp = reallyCaughtUp;
        yield { events, caughtUp: reallyCaughtUp };
      } else if (caughtUp && !toldCaughtUp) await this.#moreWithin(HEAD_AGAIN, signal);
      else await this.tail.more(signal);
    }
  }

  /** Not by `AbortSignal.timeout` in `AbortSignal.any`: Node 20 collects it as garbage, and then it never comes. */
  async #moreWithin(ms: number, signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const timer = setTimeout(() => enough.abort(), ms);
    await this.tail.more(AbortSignal.any([signal, enough.signal]));
    clearTimeout(timer);
  }

  /** From the server itself, until the tail covers the rest. Goes on by itself after a failure. */
  async *#catchUp(after: Position | undefined, signal: AbortSignal, most: number): AsyncGenerator<RecordedEvent[]> {
    let cursor = after;
    while (!signal.aborted && !this.tail.covers(cursor)) {
      const stop = AbortSignal.any([signal, this.#end.signal]);
      try {
        for await (const { events, position } of filtered(this.connection, { after: cursor, signal: stop, most })) {
          cursor = position ?? cursor;
          if (events.length > 0) yield events;
          if (this.tail.covers(cursor)) return;
        }
      } catch (error) {
        const failure = this.connection.failed(error);
        if (faultOf(failure) === 'closed') throw failure;
        await pause(1_000, stop);
      }
      if (this.#end.signal.aborted) throw new EventStoreDBUnavailable('closed', this.connection.server);
    }
  }

  async #isHead(cursor: Position | undefined): Promise<boolean> {
    try {
      const head = await this.head();
      return head === undefined || (cursor !== undefined && cursor >= head);
    } catch {
      return false; // the tail reports that the server is away
    }
  }

  head(): Promise<Position | undefined> {
    return headOf(this.connection);
  }

  status() {
    return { ...this.tail.status, server: this.connection.server };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
    await this.connection.close();
  }
}

async function headOf(connection: Connection): Promise<Position | undefined> {
  for await (const { position } of readAll(connection, { direction: 'backwards', limit: 1 })) return position;
  return undefined;
}
