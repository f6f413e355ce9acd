import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { AppendResult, Batch, Direction, EventStore, ExpectedRevision } from '../../domain/kernel/ports.js';
import { Bell } from '../../projections/kernel/bell.js';
import { type FolderLock, flushFolder, lockFolder } from '../folder-lock.js';
import { asStoreUnavailable, StoreUnavailable, type StoreUnavailableCode } from '../store-unavailable.js';
import { type Disk, realDisk } from './disk.js';
import { GroupCommit } from './group-commit.js';
import { type LogProgress, openSegments, type SegmentOptions } from './open-segments.js';
import { toPosition, toSequence } from './position.js';
import { assertProposal } from './proposal.js';
import type { SegmentLog } from './segment-log.js';
import { upgradeLog } from './upgrade.js';

const PAGE = 500;

export type EmbeddedOptions = {
  readonly folder: string;
  readonly clock?: () => Date;
  /** Told of what takes time at the start: an upgrade of the folder, an index that is made again. */
  readonly onProgress?: (progress: LogProgress) => void;
  readonly onProblem?: SegmentOptions['onProblem'];
  /** For tests: the file system, how large a segment grows, and whether a flush is waited for on the spot. */
  readonly disk?: Disk;
  readonly segmentBytes?: number;
  readonly flushes?: SegmentOptions['flushes'];
};

/** `fault`: why the last append was refused, as long as the next one would be. */
export type EmbeddedLog = EventStore & { fault(): StoreUnavailableCode | undefined };

/**
 * The log in a folder of this machine: segments that are only ever appended to, and an index of them (ADR 9). One process
 * at a time. A folder of format 1 is upgraded. Rejects with `StoreUnavailable` when the folder cannot be written, is in
 * use or is of another version, and with `LogDamaged` when it is not as it was written. `recordedAt` is of the clock.
 */
export async function openEmbeddedEventStore(options: EmbeddedOptions): Promise<EmbeddedLog> {
  const { folder, clock = () => new Date(), disk = realDisk, ...rest } = options;
  const lock = await lockFolder(folder);
  try {
    const opening = { ...rest, disk };
    await upgradeLog(lock.folder, opening);
    const log = await openSegments(join(lock.folder, 'log'), lock.folder, opening);
    try {
      await flushFolder(lock.folder);
      return new EmbeddedEventStore(lock, log, clock);
    } catch (error) {
      await log.close();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw asStoreUnavailable(lock.folder, error);
  }
}

class EmbeddedEventStore implements EmbeddedLog {
  readonly epoch: string;
  readonly #committed = new Bell();
  readonly #writer: GroupCommit;
  #closed: Promise<void> | undefined;

  constructor(
    readonly lock: FolderLock,
    readonly log: SegmentLog,
    clock: () => Date,
  ) {
    this.epoch = log.epoch;
    this.#writer = new GroupCommit(lock.folder, log, clock, () => this.#committed.ring());
  }

  append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    try {
      this.#assertOpen();
      assertProposal(stream, events, expected);
      return this.#writer.append(stream, events, expected);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  fault(): StoreUnavailableCode | undefined {
    return this.#closed ? 'closed' : this.#writer.fault();
  }

  readStream(
    stream: string,
    options: { from?: number; direction?: Direction; limit?: number } = {},
  ): AsyncIterable<RecordedEvent> {
    const { direction = 'forwards', limit } = options;
    let { from } = options;
    return this.#paged(limit, (size) => {
      const page = this.log.pageOfStream(stream, from, direction, size);
      const last = page.at(-1);
      if (last) from = last.revision + (direction === 'forwards' ? 1 : -1);
      return page;
    });
  }

  readAll(options: { after?: Position; direction?: Direction; limit?: number } = {}): AsyncIterable<RecordedEvent> {
    const { direction = 'forwards', limit } = options;
    const forwards = direction === 'forwards';
    let next: number | undefined;
    // A read ends at what was there when it began: it must not run after a busy writer for ever.
    let bound = 0;
    return this.#paged(limit, (size) => {
      if (next === undefined) {
        bound = this.log.head();
        const after = options.after === undefined ? undefined : toSequence(options.after);
        next = after === undefined ? (forwards ? 1 : bound) : after + (forwards ? 1 : -1);
      }
      const page = this.log.pageOfAll(next, direction, forwards ? Math.min(size, bound - next + 1) : size);
      next = page.length === 0 ? next : toSequence(page.at(-1)?.position ?? '') + (forwards ? 1 : -1);
      return page;
    });
  }

  async *subscribe(options: { after?: Position; signal: AbortSignal; batchSize?: number }): AsyncGenerator<Batch> {
    const { signal, batchSize = PAGE } = options;
    let next = options.after === undefined ? 1 : toSequence(options.after) + 1;
    let toldCaughtUp = false;
    while (!signal.aborted) {
      this.#assertOpen();
      const events = this.log.pageOfAll(next, 'forwards', batchSize);
      if (events.length > 0) {
        next += events.length;
        toldCaughtUp = next === this.log.head() + 1;
        yield { events, caughtUp: toldCaughtUp };
        await nextTurn();
      } else if (!toldCaughtUp) {
        toldCaughtUp = true;
        yield { events, caughtUp: true };
      } else {
        // Nothing can be committed between the empty page and this line: both are in one turn.
        await this.#committed.wait(signal);
      }
    }
  }

  async head(): Promise<Position | undefined> {
    this.#assertOpen();
    const head = this.log.head();
    return head === 0 ? undefined : toPosition(head);
  }

  /** What was appended before is written first. Subscriptions that were not ended by their signal fail as closed. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#committed.ring();
    await this.#writer.drain();
    await this.log.close();
    await this.lock.release();
  }

  /**
   * Holds one page and no cursor, so a reader that stops early leaves nothing behind. Others get a turn between pages.
   * Not a generator: it would cost each event several turns more.
   */
  #paged(limit = Number.POSITIVE_INFINITY, read: (size: number) => RecordedEvent[]): AsyncIterable<RecordedEvent> {
    let [page, at, left]: [RecordedEvent[], number, number] = [[], 0, limit];
    const give = (): IteratorResult<RecordedEvent> | undefined => {
      const event = page[at];
      if (event === undefined) return undefined;
      at++;
      return { done: false, value: event };
    };
    const turn = async (): Promise<IteratorResult<RecordedEvent>> => {
      if (page.length > 0) await nextTurn();
      if (left > 0) this.#assertOpen();
      page = left > 0 ? read(Math.min(left, PAGE)) : [];
      at = 0;
      left = page.length === 0 ? 0 : left - page.length;
      return give() ?? { done: true, value: undefined };
    };
    // Pages are read one after the other also when somebody asks for several events at once.
    let turning: Promise<unknown> = Promise.resolve();
    let turns = 0;
    const end = () => {
      [page, at, left] = [[], 0, 0];
      return Promise.resolve<IteratorResult<RecordedEvent>>({ done: true, value: undefined });
    };
    const iterator: AsyncIterator<RecordedEvent> = {
      next: () => {
        const event = turns === 0 ? give() : undefined;
        if (event) return Promise.resolve(event);
        turns++;
        const found = turning.then(() => give() ?? turn()).finally(() => turns--);
        turning = found.catch(end);
        return found;
      },
      return: end,
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailable('closed', this.lock.folder);
  }
}
