import type { ProposedEvent } from '../../domain/kernel/event.js';
import type { AppendResult, ExpectedRevision } from '../../domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { CorruptedIdempotency } from './errors.js';
import { judge } from './expected-revision.js';
import { encodeBody, type LogTables, toPosition } from './log-tables.js';
import { RecentIds } from './recent-ids.js';

type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly { readonly id: string; readonly body: string }[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (reason: Error) => void;
};

/** Bounds how long one commit holds the process. */
const MAX_GROUP = 1_000;
/** How many ids `any` and `stream_exists` remember, also after a restart. */
const RECENT_IDS = 32_768;

/**
 * The one writer. All appends of one turn of the event loop share a transaction and so one flush. Each is judged against
 * what the ones before it wrote; a conflict of one leaves the others alone, a failure of the disk fails the whole group.
 *
 * The commit is synchronous: nothing in this process can read between write and flush, so nobody ever sees an event
 * that a power cut could take back.
 */
export class GroupCommit {
  readonly #recent = new RecentIds(RECENT_IDS);
  #queue: Append[] = [];
  #scheduled = false;

  constructor(
    readonly folder: string,
    readonly tables: LogTables,
    readonly clock: () => Date,
    readonly onCommitted: () => void,
  ) {
    for (const event of tables.pageOfAll(undefined, 'backwards', RECENT_IDS).reverse())
      this.#recent.add(event.id, event);
    this.#recent.commit();
  }

  /** The events are taken as they are at this moment. */
  append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    const encoded = events.map((event) => ({ id: event.id, body: encodeBody(event) }));
    return new Promise((resolve, reject) => {
      this.#queue.push({ stream, expected, events: encoded, resolve, reject });
      this.#schedule();
    });
  }

  /** Commits all that waits. */
  drain(): void {
    while (this.#queue.length > 0) this.#commit(this.#queue.splice(0, MAX_GROUP));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commit(this.#queue.splice(0, MAX_GROUP));
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #commit(group: readonly Append[]): void {
    if (group.length === 0) return;
    const { outcomes, failure } = this.#write(group);
    if (failure) {
      this.#recent.rollback();
      for (const { reject } of group) reject(failure);
      return;
    }
    this.#recent.commit();
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome instanceof Error) reject(outcome);
      else if (outcome) resolve(outcome);
    });
    this.onCommitted();
  }

  #write(group: readonly Append[]): { outcomes: (AppendResult | Error)[]; failure?: Error } {
    try {
      const recordedAt = this.clock().toISOString();
      return {
        outcomes: this.tables.transaction(() => {
          let head = this.tables.head();
          return group.map((append) => {
            const outcome = this.#take(append, head, recordedAt);
            if (!(outcome instanceof Error) && outcome.written) head += append.events.length;
            return outcome instanceof Error ? outcome : outcome.result;
          });
        }),
      };
    } catch (error) {
      return { outcomes: [], failure: asStoreUnavailable(this.folder, error) };
    }
  }

  #take(append: Append, head: number, recordedAt: string): { result: AppendResult; written: boolean } | Error {
    const { stream, events, expected } = append;
    const { tables } = this;
    const last = tables.lastRevision(stream);
    const sequenceAt = (revision: number) => tables.sequenceAt(stream, revision);
    const idAt = (revision: number) => tables.eventAt(sequenceAt(revision) ?? 0)?.id;
    const view = { last, idAt, recently: (id: string) => this.#recent.revisionOf(id, stream) };
    const verdict = judge(
      view,
      events.map(({ id }) => id),
      expected,
    );
    switch (verdict.is) {
      case 'conflict':
        return new WrongExpectedRevision(stream, expected, last < 0 ? null : last);
      case 'corrupted':
        return new CorruptedIdempotency(stream, expected, last < 0 ? null : last);
      case 'already':
        return {
          result: { revision: verdict.revision, position: toPosition(sequenceAt(verdict.revision) ?? 0) },
          written: false,
        };
      case 'append': {
        events.forEach(({ id, body }, index) => {
          const revision = verdict.revision + index;
          tables.write(head + 1 + index, stream, revision, recordedAt, body);
          this.#recent.add(id, { stream, revision });
        });
        const revision = verdict.revision + events.length - 1;
        return { result: { revision, position: toPosition(head + events.length) }, written: true };
      }
    }
  }
}
