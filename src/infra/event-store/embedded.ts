import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { AppendResult, Batch, Direction, EventStore, ExpectedRevision } from '../../domain/kernel/ports.js';
import { type FolderLock, lockFolder } from '../folder-lock.js';
import { asStoreUnavailable, StoreUnavailable } from '../store-unavailable.js';
import { Bell } from './bell.js';
import { GroupCommit } from './group-commit.js';
import { type LogTables, openLogTables, toPosition } from './log-tables.js';
import { assertProposal } from './proposal.js';

const PAGE = 500;

/**
 * The log in a folder of this machine, over LMDB. One process at a time. Rejects with `StoreUnavailable` when the folder
 * cannot be written, is in use or is of another version. `recordedAt` is taken from the clock.
 */
export async function openEmbeddedEventStore(options: { folder: string; clock?: () => Date }): Promise<EventStore> {
  const lock = await lockFolder(options.folder);
  try {
    return new EmbeddedEventStore(lock, await openLogTables(lock.folder), options.clock ?? (() => new Date()));
  } catch (error) {
    await lock.release();
    throw asStoreUnavailable(lock.folder, error);
  }
}

class EmbeddedEventStore implements EventStore {
  readonly epoch: string;
  readonly #committed = new Bell();
  readonly #writer: GroupCommit;
  #closed: Promise<void> | undefined;

  constructor(
    readonly lock: FolderLock,
    readonly tables: LogTables,
    clock: () => Date,
  ) {
    this.epoch = tables.epoch;
    this.#writer = new GroupCommit(lock.folder, tables, clock, () => this.#committed.ring());
  }

  async append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    this.#assertOpen();
    assertProposal(stream, events, expected);
    return this.#writer.append(stream, events, expected);
  }

  readStream(
    stream: string,
    options: { from?: number; direction?: Direction; limit?: number } = {},
  ): AsyncIterable<RecordedEvent> {
    const { direction = 'forwards', limit } = options;
    let { from } = options;
    return this.#paged(limit, (size) => {
      const page = this.tables.pageOfStream(stream, from, direction, size);
      const last = page.at(-1);
      if (last) from = last.revision + (direction === 'forwards' ? 1 : -1);
      return page;
    });
  }

  readAll(options: { after?: Position; direction?: Direction; limit?: number } = {}): AsyncIterable<RecordedEvent> {
    const { direction = 'forwards', limit } = options;
    let { after } = options;
    // A read ends at what was there when it began: it must not run after a busy writer for ever.
    let head: Position | undefined;
    return this.#paged(limit, (size) => {
      head ??= toPosition(this.tables.head());
      const bound = head;
      const page = this.tables.pageOfAll(after, direction, size);
      after = page.at(-1)?.position ?? after;
      return direction === 'forwards' ? page.filter(({ position }) => position <= bound) : page;
    });
  }

  async *subscribe(options: { after?: Position; signal: AbortSignal; batchSize?: number }): AsyncGenerator<Batch> {
    const { signal, batchSize = PAGE } = options;
    let cursor = options.after;
    let toldCaughtUp = false;
    while (!signal.aborted) {
      this.#assertOpen();
      const events = this.tables.pageOfAll(cursor, 'forwards', batchSize);
      const last = events.at(-1);
      if (last) {
        cursor = last.position;
        toldCaughtUp = cursor === toPosition(this.tables.head());
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
    const head = this.tables.head();
    return head === 0 ? undefined : toPosition(head);
  }

  /** What was appended before is written first. Subscriptions that were not ended by their signal fail as closed. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#writer.drain();
    this.#committed.ring();
    await this.tables.close();
    await this.lock.release();
  }

  /** Holds one page and no cursor, so a reader that stops early leaves nothing behind. Others get a turn between pages. */
  async *#paged(
    limit = Number.POSITIVE_INFINITY,
    next: (size: number) => RecordedEvent[],
  ): AsyncGenerator<RecordedEvent> {
    for (let left = limit; left > 0; ) {
      this.#assertOpen();
      const size = Math.min(left, PAGE);
      const page = next(size);
      // Not `yield*`: it costs several more turns an event.
      for (const event of page) yield event;
      if (page.length < size) return;
      left -= page.length;
      await nextTurn();
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailable('closed', this.lock.folder);
  }
}
