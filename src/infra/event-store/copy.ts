import type { Position, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { differenceOf, firstOf } from './same-event.js';

/** The log that is written. Nobody else may write to it meanwhile. */
export type CopyTarget = {
  readonly store: EventStore;
  /**
   * What `recordedAt` the next appends get, for a store that takes it. Such a store also commits the appends of one turn of
   * the event loop together, in the order of the calls. Absent: the store's own time; appends are awaited one by one, because
   * EventStoreDB promises no order among those that are under way at once.
   */
  readonly recordAs?: (instant: string) => void;
};

/** `share`: of the source's log, from 0 to 1; `events`: in this run. */
export type OnCopied = (done: { readonly events: number; readonly share: number }) => void;

export type CopyResult =
  /** `until`: the end of the source's log when the copy began. `resumed`: the target held a part already. */
  | { readonly is: 'copied'; readonly events: number; readonly resumed: boolean; readonly until: Position | undefined }
  /** Both have the same identity. */
  | { readonly is: 'same log' }
  /** The target holds something that the source does not. */
  | { readonly is: 'other events'; readonly stream: string; readonly revision: number }
  /** The source does not have the events of this stream before this revision. */
  | { readonly is: 'history missing'; readonly stream: string; readonly revision: number };

/** Most of one append. EventStoreDB takes 1 MiB unless told otherwise. */
const MOST_EVENTS = 100;
const MOST_BYTES = 400_000;
/** Most appends of one turn: fewer than the embedded store puts into one commit, so a turn is written whole or not at all. */
const MOST_APPENDS = 500;

/**
 * Copies a log in log order: the target is at every moment a beginning of the source, so the newest event of the target
 * says how far an earlier run came. Rejects with `LogUnavailable`; run again, it goes on.
 */
export async function copyLog(from: EventStore, to: CopyTarget, onCopied: OnCopied): Promise<CopyResult> {
  if (from.epoch === to.store.epoch) return { is: 'same log' };
  const until = await from.head();
  const last = await firstOf(to.store.readAll({ direction: 'backwards', limit: 1 }));
  const stranger = last && (await strangerIn(to.store, from, last));
  if (stranger) return { is: 'other events', stream: stranger.stream, revision: stranger.revision };
  const after = last && (await counterpartOf(last, from))?.position;

  const share = (at: Position | undefined) => (at === undefined || until === undefined ? 0 : shareOf(at, until));
  let events = 0;
  onCopied({ events, share: share(after) });
  try {
    for await (const turn of turnsOf(eventsOf(from, after, until), to.recordAs ? MOST_APPENDS : 1)) {
      await write(to, turn);
      events += turn.reduce((sum, run) => sum + run.length, 0);
      onCopied({ events, share: share(turn.at(-1)?.at(-1)?.position) });
    }
    onCopied({ events, share: 1 });
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    const { stream, expected, actual } = error;
    const due = typeof expected === 'number' ? expected : -1;
    return (actual ?? -1) < due
      ? { is: 'history missing', stream, revision: due + 1 }
      : { is: 'other events', stream, revision: due + 1 };
  }
  return { is: 'copied', events, resumed: last !== undefined, until };
}

/** Positions of both stores are hexadecimal numbers that grow with the log: near enough for a progress bar. */
export const shareOf = (position: Position, until: Position): number =>
  Math.min(1, Number.parseInt(position.slice(0, 16), 16) / Number.parseInt(until.slice(0, 16), 16));

/** Up to a position; a log that is still written to does not keep its reader for ever. */
export async function* eventsOf(
  store: EventStore,
  after: Position | undefined,
  until: Position | undefined,
): AsyncGenerator<RecordedEvent> {
  if (until === undefined) return;
  for await (const event of store.readAll(after === undefined ? {} : { after })) {
    if (event.position > until) return;
    yield event;
  }
}

/** The first and the newest event tell a beginning of the source from another log; that all is equal, the verification tells. */
async function strangerIn(to: EventStore, from: EventStore, last: RecordedEvent): Promise<RecordedEvent | undefined> {
  const [first, sourceFirst] = [await firstOf(to.readAll({ limit: 1 })), await firstOf(from.readAll({ limit: 1 }))];
  if (first && differenceOf(sourceFirst, first)) return first;
  return differenceOf(await counterpartOf(last, from), last) ? last : undefined;
}

const counterpartOf = ({ stream, revision }: RecordedEvent, from: EventStore) =>
  firstOf(from.readStream(stream, { from: revision, limit: 1 }));

/** Consecutive events of one stream: one append. */
type Run = RecordedEvent[];

/** What is written at once: runs that the log took in one moment. */
async function* turnsOf(events: AsyncIterable<RecordedEvent>, mostRuns: number): AsyncGenerator<Run[]> {
  let turn: Run[] = [];
  let bytes = 0;
  let before: RecordedEvent | undefined;
  for await (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event));
    const run = turn.at(-1);
    const joins = run && before?.stream === event.stream && run.length < MOST_EVENTS && bytes + size <= MOST_BYTES;
    const sameMoment = before?.recordedAt === event.recordedAt;
    if (turn.length > 0 && ((mostRuns > 1 && !sameMoment) || (!joins && turn.length === mostRuns))) {
      yield turn;
      turn = [];
    }
    if (joins && turn.length > 0) {
      run.push(event);
      bytes += size;
    } else {
      turn.push([event]);
      bytes = size;
    }
    before = event;
  }
  if (turn.length > 0) yield turn;
}

async function write({ store, recordAs }: CopyTarget, turn: readonly Run[]): Promise<void> {
  const [[earliest] = []] = turn;
  if (earliest) recordAs?.(earliest.recordedAt);
  const outcomes = await Promise.allSettled(
    turn.map((run) => {
      const { stream = '', revision = 0 } = run[0] ?? {};
      return store.append(stream, run.map(proposed), revision === 0 ? 'no_stream' : revision - 1);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const proposed = ({ id, type, version, data, effectiveAt, meta }: RecordedEvent): ProposedEvent => ({
  ...{ id, type, version, data, effectiveAt, meta },
});
