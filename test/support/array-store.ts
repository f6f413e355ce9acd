import { isDeepStrictEqual } from 'node:util';
import type { Position, ProposedEvent, RecordedEvent } from '../../src/domain/kernel/event.js';
import type { Batch, EventStore, ExpectedRevision } from '../../src/domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../src/domain/kernel/ports.js';

const positionOf = (index: number): Position => String(index).padStart(12, '0');

export type ArrayStore = EventStore & {
  /** Everything, in log order. */
  readonly log: readonly RecordedEvent[];
  /** How many events readers of a stream have been given. */
  reads(): number;
};

/**
 * A log in an array, for tests of what stands above the port. Every value crosses JSON as in a real store. It keeps
 * no durability and no clock of its own.
 */
export function arrayStore(recordedAt = '2026-03-02T02:00:00.000Z'): ArrayStore {
  const log: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const waiting = new Set<() => void>();
  let reads = 0;

  const matches = (expected: ExpectedRevision, actual: number): boolean =>
    expected === 'any' ||
    (expected === 'no_stream' ? actual < 0 : expected === 'stream_exists' ? actual >= 0 : expected === actual);

  /** EventStoreDB's rule: the same ids where they would have been written are the same append. */
  function repeated(stream: readonly RecordedEvent[], events: readonly ProposedEvent[], expected: ExpectedRevision) {
    const anywhere = expected === 'any' || expected === 'stream_exists';
    const first = anywhere
      ? stream.findIndex((event) => event.id === events[0]?.id)
      : expected === 'no_stream'
        ? 0
        : expected + 1;
    if (first < 0) return undefined;
    const present = stream.slice(first, first + events.length);
    return isDeepStrictEqual(
      present.map((event) => event.id),
      events.map((event) => event.id),
    )
      ? present.at(-1)
      : undefined;
  }

  async function* all(after: Position | undefined): AsyncIterable<RecordedEvent> {
    for (const event of [...log]) if (after === undefined || event.position > after) yield event;
  }

  return {
    log,
    reads: () => reads,
    epoch: 'array',
    async append(stream, events, expected) {
      const present = streams.get(stream) ?? [];
      const actual = present.length - 1;
      if (events.length === 0) throw new RangeError('an append needs at least one event');
      const before = repeated(present, events, expected);
      if (before) return { revision: before.revision, position: before.position };
      const half = typeof expected === 'string' && present.some((event) => event.id === events[0]?.id);
      if (half || !matches(expected, actual))
        throw new WrongExpectedRevision(stream, expected, actual < 0 ? null : actual);
      for (const event of events) {
        const recorded: RecordedEvent = {
          ...(JSON.parse(JSON.stringify(event)) as ProposedEvent),
          stream,
          revision: present.length,
          position: positionOf(log.length),
          recordedAt,
        };
        present.push(recorded);
        log.push(recorded);
      }
      streams.set(stream, present);
      for (const wake of waiting) wake();
      return { revision: present.length - 1, position: positionOf(log.length - 1) };
    },
    async *readStream(stream, { from, direction = 'forwards', limit = Number.POSITIVE_INFINITY } = {}) {
      const present = [...(streams.get(stream) ?? [])];
      const chosen =
        direction === 'forwards' ? present.slice(from ?? 0) : present.slice(0, (from ?? present.length) + 1).reverse();
      for (const event of chosen.slice(0, limit)) {
        reads++;
        yield event;
      }
    },
    async *readAll({ after, direction = 'forwards', limit = Number.POSITIVE_INFINITY } = {}) {
      let left = limit;
      const chosen = direction === 'forwards' ? all(after) : log.filter((e) => !after || e.position < after).reverse();
      for await (const event of chosen) if (left-- > 0) yield event;
    },
    async *subscribe({ after, signal, batchSize = 100 }): AsyncIterable<Batch> {
      let next = after === undefined ? 0 : Number(after) + 1;
      while (!signal.aborted) {
        const events = log.slice(next, next + batchSize);
        next += events.length;
        yield { events, caughtUp: next === log.length };
        if (next === log.length && !signal.aborted)
          await new Promise<void>((resolve) => {
            const wake = () => {
              waiting.delete(wake);
              signal.removeEventListener('abort', wake);
              resolve();
            };
            waiting.add(wake);
            signal.addEventListener('abort', wake);
          });
      }
    },
    head: async () => (log.length === 0 ? undefined : positionOf(log.length - 1)),
    close: async () => {},
  };
}
