import type { ProposedEvent } from '../../domain/kernel/event.js';
import type { AppendResult, ExpectedRevision } from '../../domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { asStoreUnavailable, type StoreUnavailableCode } from '../store-unavailable.js';
import { CorruptedIdempotency } from './errors.js';
import { judge } from './expected-revision.js';
import { toPosition } from './position.js';
import { RecentIds } from './recent-ids.js';
import { type EncodedEvent, encodeEvent, frontOf } from './record.js';
import type { SegmentLog } from './segment-log.js';
import type { Stage } from './stage.js';

type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly ids: readonly string[];
  readonly encoded: readonly EncodedEvent[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (reason: Error) => void;
};

/** Bounds how long one commit holds the process. */
const MAX_GROUP = 1_000;
/** How many ids `any` and `stream_exists` remember, also after a restart. */
const RECENT_IDS = 32_768;

/**
 * The one writer. All appends of one turn of the event loop, and those that came while the write before was flushed, share
 * a write and a flush. Each is judged against what the ones before it wrote; a conflict of one leaves the others alone, a
 * failure of the disk fails the whole group.
 *
 * Nothing of a group is in the log's index, or told to anybody, before it is flushed: nobody ever sees an event that a
 * power cut could take back. A group is judged only when the one before it is done.
 */
export class GroupCommit {
  readonly #recent: RecentIds;
  #queue: Append[] = [];
  #busy = false;
  #idle: (() => void)[] = [];
  #fault: StoreUnavailableCode | undefined;

  constructor(
    readonly folder: string,
    readonly log: SegmentLog,
    readonly clock: () => Date,
    readonly onCommitted: () => void,
  ) {
    this.#recent = new RecentIds(RECENT_IDS, (count) => newestOf(log, count));
  }

  /** The events are taken as they are at this moment. */
  append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    const ids = events.map(({ id }) => id);
    const encoded = events.map(encodeEvent);
    return new Promise((resolve, reject) => {
      this.#queue.push({ stream, expected, ids, encoded, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when all that waits is written or refused. */
  async drain(): Promise<void> {
    while (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Why the last write was refused, as long as the next would be. */
  fault(): StoreUnavailableCode | undefined {
    if (this.#fault !== undefined && !this.#busy && this.log.takesMore()) this.#fault = undefined;
    return this.#fault;
  }

  #schedule(): void {
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    const group = this.#queue.splice(0, MAX_GROUP);
    try {
      const outcomes = this.#stage(group);
      const flushing = this.log.stage.events.length > 0 ? this.log.commit() : undefined;
      if (flushing)
        flushing.then(
          () => this.#succeed(group, outcomes),
          (error: unknown) => this.#fail(group, error),
        );
      else this.#succeed(group, outcomes);
    } catch (error) {
      this.#fail(group, error);
    }
  }

  #succeed(group: readonly Append[], outcomes: readonly (AppendResult | Error)[]): void {
    if (this.log.stage.events.length > 0) this.#fault = undefined;
    this.#recent.add(this.log.stage.events);
    this.log.publish();
    for (let index = 0; index < group.length; index++) {
      const outcome = outcomes[index];
      if (outcome instanceof Error) group[index]?.reject(outcome);
      else if (outcome) group[index]?.resolve(outcome);
    }
    this.onCommitted();
    this.#next();
  }

  #fail(group: readonly Append[], error: unknown): void {
    const failure = asStoreUnavailable(this.folder, error);
    this.#fault = failure.code;
    for (const { reject } of group) reject(failure);
    this.#next();
  }

  /** What gathered meanwhile goes at once; others get their turn when nothing did. */
  #next(): void {
    if (this.#queue.length > 0) {
      setImmediate(() => this.#commit());
      return;
    }
    this.#busy = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #stage(group: readonly Append[]): (AppendResult | Error)[] {
    const recordedAt = JSON.stringify(this.clock().toISOString());
    const stage = this.log.begin();
    return group.map((append) => this.#take(append, stage, recordedAt));
  }

  #take({ stream, ids, encoded, expected }: Append, stage: Stage, recordedAt: string): AppendResult | Error {
    const { log } = this;
    const last = stage.lastRevision(stream) ?? log.lastRevision(stream);
    const idAt = (revision: number) => stage.at(stream, revision)?.id ?? log.eventOf(stream, revision)?.id;
    const recently = (id: string) => {
      const newest = stage.newestOf(id);
      if (newest) return newest.stream === stream ? newest.revision : undefined;
      return this.#recent.revisionOf(id, stream);
    };
    const verdict = judge({ last, idAt, recently }, ids, expected);
    switch (verdict.is) {
      case 'conflict':
        return new WrongExpectedRevision(stream, expected, last < 0 ? null : last);
      case 'corrupted':
        return new CorruptedIdempotency(stream, expected, last < 0 ? null : last);
      case 'already': {
        const { revision } = verdict;
        const staged = stage.at(stream, revision);
        const position = staged ? toPosition(staged.sequence) : log.eventOf(stream, revision)?.position;
        return { revision, position: position ?? toPosition(0), isNew: false };
      }
      case 'append': {
        const name = JSON.stringify(stream);
        let { revision } = verdict;
        for (const [index, event] of encoded.entries()) {
          const front = frontOf(revision, name, recordedAt);
          stage.put(stream, revision, ids[index] ?? '', front, event, index === encoded.length - 1);
          revision++;
        }
        return { revision: revision - 1, position: toPosition(stage.next - 1), isNew: true };
      }
    }
  }
}

/** In log order. */
function newestOf(log: SegmentLog, count: number) {
  const newest = [];
  for (let from = log.head(); newest.length < count; ) {
    const page = log.pageOfAll(from, 'backwards', Math.min(1_000, count - newest.length));
    if (page.length === 0) break;
    newest.push(...page.map(({ id, stream, revision }) => ({ id, stream, revision })));
    from -= page.length;
  }
  return newest.reverse();
}
