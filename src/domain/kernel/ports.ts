import type { Position, ProposedEvent, RecordedEvent } from './event.js';
import type { Bilingual } from './refusal.js';

/** A revision, or: the stream must not exist, must exist, may be anything. */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

export type AppendResult = {
  readonly revision: number;
  readonly position: Position;
  /**
   * Whether this call wrote the events, as they were proposed. If not they stood there already, by their ids; what else is
   * in them may be different. Absent: the store cannot tell.
   */
  readonly isNew?: boolean;
};

/** The stream is not where the writer thought. Nothing was written. */
export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** `null`: there is no such stream. */
    readonly actual: number | null,
  ) {
    super(`stream ${stream}: expected revision ${expected}, is ${actual ?? 'no stream'}`);
    this.name = 'WrongExpectedRevision';
  }
}

/**
 * The log cannot be reached or does not take the write. What was acknowledged still stands. `text`: what is wrong and
 * what the operator can do, for people.
 */
export abstract class LogUnavailable extends Error {
  abstract readonly text: Bilingual;
  /** Over a network nobody may know whether the write has happened: the same command, sent again, is done once. */
  readonly outcome: 'not written' | 'unknown' = 'not written';
}

export type Direction = 'forwards' | 'backwards';

/** A run of events in log order. `caughtUp`: at this moment the log held no more. */
export type Batch = { readonly events: readonly RecordedEvent[]; readonly caughtUp: boolean };

/**
 * The log: the only truth. The contract suite (`test/contract/event-store.contract.ts`) is this port's documentation.
 * Idempotency is EventStoreDB's: events whose ids already stand at the expected revision are acknowledged again, with
 * the original revision and position.
 */
export interface EventStore {
  /** The identity of this log: a cursor of another log is not valid here. */
  readonly epoch: string;
  /** Resolves when the events are durable. Rejects with `WrongExpectedRevision`. One call writes all events or none. */
  append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult>;
  /** `from` is inclusive: a revision; by default the first (forwards) or the last (backwards). A missing stream is empty. */
  readStream(
    stream: string,
    options?: { from?: number; direction?: Direction; limit?: number },
  ): AsyncIterable<RecordedEvent>;
  /** `after` is exclusive, in the direction of reading; by default from the very start or end. */
  readAll(options?: { after?: Position; direction?: Direction; limit?: number }): AsyncIterable<RecordedEvent>;
  /**
   * Everything after `after` (from the start when absent), first what is there, then what comes, without a gap. The
   * reader pulls, so a slow one holds nothing in memory. An empty batch with `caughtUp` may come. Ends with `signal`.
   */
  subscribe(options: { after?: Position; signal: AbortSignal; batchSize?: number }): AsyncIterable<Batch>;
  /** The position of the newest event. */
  head(): Promise<Position | undefined>;
  close(): Promise<void>;
}

/** The two things that the domain must be given and not take. */
export interface Clock {
  now(): Date;
}
/** Name-based ids: the same names give the same id, so a retry proposes the same events. */
export type NameId = (namespace: string, name: string) => string;
