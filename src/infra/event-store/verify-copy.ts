import { createHash } from 'node:crypto';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { eventsOf, shareOf } from './copy.js';
import { contentOf, differenceOf, type Part } from './same-event.js';

/** `sha256`: of ids, streams, revisions, types, data, metadata and legal times, in log order. */
export type LogDigest = { readonly events: number; readonly streams: number; readonly sha256: string };

export type CopyDifference = {
  /** Which event in log order, from 1; with `byItself`: which of its stream. */
  readonly at: number;
  readonly part: Part | 'absent';
  readonly source: RecordedEvent | undefined;
  readonly target: RecordedEvent | undefined;
  /** It shows only where the stream is read by itself, as a command does. */
  readonly byItself: boolean;
};

export type Verification = {
  readonly source: LogDigest;
  readonly target: LogDigest;
  /** The first one. `undefined`: the copy is equal. */
  readonly difference: CopyDifference | undefined;
  /** How many streams of the source are not the same in the target. */
  readonly streamsThatDiffer: number;
};

export type VerifyOptions = {
  /** The end of what was copied. */
  readonly until: Position | undefined;
  /** Whether the target took over when the source recorded each event. */
  readonly recordedAt: boolean;
  readonly onVerified: (done: { readonly events: number; readonly share: number }) => void;
};

/** How many streams are read at once. */
const READERS = 8;

/**
 * Reads both logs whole, side by side, and then each stream of the target by itself: a server answers the two from
 * different indexes, and a stream that was truncated still shows in the log. Holds some 150 bytes a stream.
 */
export async function verifyCopy(from: EventStore, to: EventStore, options: VerifyOptions): Promise<Verification> {
  const { until, onVerified } = options;
  const sides = { source: digesting(), target: digesting() };
  const target = to.readAll()[Symbol.asyncIterator]();
  let difference: CopyDifference | undefined;
  let at = 0;
  const compare = (a: RecordedEvent | undefined, b: RecordedEvent | undefined) => {
    at++;
    if (a) sides.source.take(a);
    if (b) sides.target.take(b);
    const part =
      differenceOf(a, b) ?? (options.recordedAt && a?.recordedAt !== b?.recordedAt ? 'recordedAt' : undefined);
    if (part) difference ??= { at, part, source: a, target: b, byItself: false };
  };
  for await (const event of eventsOf(from, undefined, until)) {
    const { done, value } = await target.next();
    compare(event, done ? undefined : value);
    // The streams are the second half of the work.
    onVerified({ events: at, share: until === undefined ? 0.5 : shareOf(event.position, until) / 2 });
  }
  for (let next = await target.next(); !next.done; next = await target.next()) compare(undefined, next.value);

  let checked = 0;
  let streamsThatDiffer = 0;
  const { source } = sides;
  const streams = source.tallies.entries();
  const reader = async () => {
    for (const [stream, tally] of streams) {
      const other = digesting();
      for await (const event of to.readStream(stream)) other.take(event);
      if (other.tallies.get(stream)?.chain !== tally.chain) {
        streamsThatDiffer++;
        difference ??= await differenceIn(stream, from, to);
      }
      onVerified({ events: at, share: 0.5 + ++checked / source.tallies.size / 2 });
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return { source: sides.source.digest(), target: sides.target.digest(), difference, streamsThatDiffer };
}

async function differenceIn(stream: string, from: EventStore, to: EventStore): Promise<CopyDifference | undefined> {
  const target = to.readStream(stream)[Symbol.asyncIterator]();
  let at = 0;
  for await (const source of from.readStream(stream)) {
    at++;
    const { done, value } = await target.next();
    const found = done ? undefined : value;
    const part = differenceOf(source, found);
    if (part) {
      await target.return?.();
      return { at, part, source, target: found, byItself: true };
    }
  }
  const surplus = await target.next();
  if (surplus.done) return undefined;
  await target.return?.();
  return { at: at + 1, part: 'absent', source: undefined, target: surplus.value, byItself: true };
}

type Tally = { chain: string };

/** Counts and hashes what it takes: all, and each stream by a chain of its own. */
function digesting() {
  const all = createHash('sha256');
  const tallies = new Map<string, Tally>();
  let events = 0;
  return {
    tallies,
    take(event: RecordedEvent) {
      const content = contentOf(event);
      events++;
      all.update(content).update('\n');
      const tally = tallies.get(event.stream) ?? { chain: '' };
      tally.chain = createHash('sha256').update(tally.chain).update(content).digest('base64');
      tallies.set(event.stream, tally);
    },
    digest: (): LogDigest => ({ events, streams: tallies.size, sha256: all.copy().digest('hex') }),
  };
}
