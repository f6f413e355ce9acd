import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProposedEvent, RecordedEvent } from '../../src/domain/kernel/event.js';
import type { AppendResult, Batch, EventStore } from '../../src/domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../src/domain/kernel/ports.js';
import { nameId } from '../../src/infra/ids.js';

/** A store for one test. It may be shared: other events may stand in the log, and come while the test runs. */
export type OpenedEventStore = {
  readonly store: EventStore;
  close(): Promise<void>;
  /** Ends the store and opens the same log again. */
  reopen?(): Promise<EventStore>;
};

/** Where adapters may differ. */
export type EventStoreCapabilities = {
  /** The test can end this store and open its log again: `reopen` is there. */
  readonly reopens: boolean;
};

const IDS = '6f2c1d0e-54f5-4f0e-9d0b-0c4a5f1a7b11';

/** An event with a fixed id: the same name is the same event. */
export const sample = (name: string, data: unknown = { name }): ProposedEvent => ({
  id: nameId(IDS, name),
  type: 'SuggestionSubmitted',
  version: 1,
  data,
  effectiveAt: '2026-03-02T01:00:00.000Z',
  meta: {
    commandId: nameId(IDS, `command of ${name}`),
    action: 'submit',
    actor: { person: 'p-1', mandate: 'm-1' },
    $correlationId: 'case-1',
    $causationId: 'case-1',
    audience: { 'organ:o-1': 'participant', public: 'public' },
  },
});

export const samples = (prefix: string, count: number): ProposedEvent[] =>
  Array.from({ length: count }, (_, index) => sample(`${prefix}${index}`));

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A log that is shared may hold the streams of an earlier run. */
const run = `${randomUUID().slice(0, 8)}x`;
let streamsMade = 0;

/**
 * The rules that every event store keeps. `open` is called once a test; streams and ids are new in each, and positions
 * are only compared, never counted.
 */
export function eventStoreContract(
  name: string,
  open: () => Promise<OpenedEventStore>,
  capabilities: EventStoreCapabilities,
): void {
  describe(`${name} keeps the rules of an event store`, () => {
    let opened: OpenedEventStore;
    let store: EventStore;
    let stream: string;
    let e: (name: string, data?: unknown) => ProposedEvent;
    let es: (prefix: string, count: number) => ProposedEvent[];

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      stream = `suggestion-${run}${streamsMade++}`;
      e = (label, data) => sample(`${stream} ${label}`, data);
      es = (prefix, count) => samples(`${stream} ${prefix}`, count);
    });
    afterEach(() => opened.close());

    const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id);
    const ours = (events: readonly RecordedEvent[], ...streams: string[]) =>
      events.filter((event) => (streams.length > 0 ? streams : [stream]).includes(event.stream));
    const idsIn = async (of = stream) => idsOf(await all(store.readStream(of)));
    const placeOf = ({ revision, position }: AppendResult) => ({ revision, position });
    /** Of an append that must not write what stands there already, nor say that it did. */
    const again = async (append: Promise<AppendResult>) => {
      const result = await append;
      expect(result.isNew).not.toBe(true);
      return placeOf(result);
    };
    const conflict = async (append: Promise<unknown>) => {
      const error = await append.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(WrongExpectedRevision);
      return error instanceof WrongExpectedRevision ? error.actual : undefined;
    };
    /** Reads until enough events of these streams came and the reader was told that it caught up. */
    const follow = async (batches: AsyncIterable<Batch>, count: number, ...streams: string[]) => {
      const found: RecordedEvent[] = [];
      for await (const batch of batches) {
        found.push(...ours(batch.events, ...streams));
        if (found.length >= count && batch.caughtUp) break;
      }
      return found;
    };
    /** Appends `count` events one by one, and calls back after each. */
    const appendOneByOne = async (to: string, count: number) => {
      for (const event of samples(`${to} one by one `, count)) await store.append(to, [event], 'any');
    };

    describe('append', () => {
      test('an event comes back as it was proposed, with its stream, revision, position and the time of the log', async () => {
        const proposed = e('a', { text: '建议“路灯”\n', nested: { list: [1, null, true, 0.5] }, empty: '' });
        const { position } = await store.append(stream, [proposed], 'no_stream');
        const [recorded] = await all(store.readStream(stream));
        const { recordedAt, ...rest } = recorded ?? expect.fail('nothing was read');
        const { prevHash: _, ...meta } = rest.meta; // all that a chained store adds
        expect({ ...rest, meta }).toEqual({ ...proposed, stream, revision: 0, position });
        expect(new Date(recordedAt).toISOString()).toBe(recordedAt);
      });

      test('revisions of a stream are dense from 0, and the answer names the last one', async () => {
        expect((await store.append(stream, es('a', 3), 'no_stream')).revision).toBe(2);
        expect((await store.append(stream, es('b', 2), 2)).revision).toBe(4);
        expect((await all(store.readStream(stream))).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
      });

      test('positions grow as strings in log order, across streams, and the answer names the position of the last event', async () => {
        const other = `${stream}b`;
        const first = await store.append(stream, es('a', 2), 'no_stream');
        const second = await store.append(other, [e('b')], 'no_stream');
        const third = await store.append(stream, [e('c')], 1);
        const [, a1, c] = await all(store.readStream(stream));
        expect([first.position, third.position]).toEqual([a1?.position, c?.position]);
        expect([first.position, second.position, third.position].toSorted()).toEqual([
          first.position,
          second.position,
          third.position,
        ]);
      });

      test('a revision that is not the last refuses other events, and says the true one', async () => {
        await store.append(stream, es('a', 2), 'no_stream');
        expect(await conflict(store.append(stream, [e('b')], 0))).toBe(1);
        expect(await conflict(store.append(stream, [e('b')], 7))).toBe(1);
        expect(await conflict(store.append(stream, [e('b')], 'no_stream'))).toBe(1);
        expect(await idsIn()).toEqual(idsOf(es('a', 2)));
      });

      test('a stream that does not exist refuses a revision and `stream_exists`, and takes `any`', async () => {
        expect(await conflict(store.append(stream, [e('a')], 0))).toBe(null);
        expect(await conflict(store.append(stream, [e('a')], 'stream_exists'))).toBe(null);
        expect((await store.append(stream, [e('a')], 'any')).revision).toBe(0);
        expect((await store.append(stream, [e('b')], 'stream_exists')).revision).toBe(1);
      });

      test('of many writers at the same revision one wins, and the events of the others are nowhere', async () => {
        await store.append(stream, [e('opening')], 'no_stream');
        const writers = Array.from({ length: 12 }, (_, index) => es(`writer ${index} `, 2));
        const results = await Promise.allSettled(writers.map((events) => store.append(stream, events, 0)));
        const winners = writers.filter((_, index) => results[index]?.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        expect(await idsIn()).toEqual(idsOf([e('opening'), ...winners.flat()]));
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(WrongExpectedRevision);
      });

      test('the conflict of one writer does not fail those who write at the same moment', async () => {
        await store.append(stream, [e('a')], 'no_stream');
        const [before, refused, after] = await Promise.allSettled([
          store.append(`${stream}b`, [e('b')], 'no_stream'),
          store.append(stream, [e('c')], 'no_stream'),
          store.append(`${stream}d`, [e('d')], 'no_stream'),
        ]);
        expect([before.status, refused.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect([await idsIn(`${stream}b`), await idsIn(`${stream}d`)]).toEqual([[e('b').id], [e('d').id]]);
      });

      test('an append without events is an error of the program', async () => {
        await expect(store.append(stream, [], 'any')).rejects.toThrow(RangeError);
      });
    });

    describe('idempotency, as EventStoreDB has it', () => {
      test('a retry at its old revision is acknowledged with the original revision and position, and writes nothing', async () => {
        await store.append(stream, [e('a')], 'no_stream');
        const original = await store.append(stream, es('b', 2), 0);
        await store.append(stream, [e('c')], 2);
        expect(await again(store.append(stream, es('b', 2), 0))).toEqual(placeOf(original));
        expect(await idsIn()).toEqual(idsOf([e('a'), ...es('b', 2), e('c')]));
      });

      test('the first part of an older append is a retry too', async () => {
        await store.append(stream, es('a', 3), 'no_stream');
        const [, second] = await all(store.readStream(stream));
        expect(await again(store.append(stream, es('a', 2), 'no_stream'))).toEqual({
          revision: 1,
          position: second?.position,
        });
      });

      test('`no_stream` on a stream that exists compares from revision 0', async () => {
        const original = await store.append(stream, es('a', 2), 'no_stream');
        await store.append(stream, [e('b')], 1);
        expect(await again(store.append(stream, es('a', 2), 'no_stream'))).toEqual(placeOf(original));
        expect(await conflict(store.append(stream, [e('b')], 'no_stream'))).toBe(2);
      });

      test('a retry whose first event stands there but a later one differs, or is missing, is refused', async () => {
        await store.append(stream, es('a', 2), 'no_stream');
        expect(await conflict(store.append(stream, [...es('a', 1), e('other')], 'no_stream'))).toBe(1);
        expect(await conflict(store.append(stream, es('a', 3), 'no_stream'))).toBe(1);
        expect(await idsIn()).toEqual(idsOf(es('a', 2)));
      });

      test('at the last revision everything is appended, even an event that is there already', async () => {
        await store.append(stream, [e('a')], 'no_stream');
        expect((await store.append(stream, [e('a')], 0)).revision).toBe(1);
        expect(await idsIn()).toEqual([e('a').id, e('a').id]);
      });

      test.each(['any', 'stream_exists'] as const)('`%s` recognises recently written ids', async (expected) => {
        await store.append(stream, [e('a')], 'no_stream');
        const original = await store.append(stream, es('b', 2), expected);
        await store.append(stream, [e('c')], 2);
        expect(await again(store.append(stream, es('b', 2), expected))).toEqual(placeOf(original));
        await conflict(store.append(stream, [...es('b', 2), e('d')], expected));
        expect(await idsIn()).toHaveLength(4);
      });

      test('`any` takes an event that was written to another stream', async () => {
        await store.append(stream, [e('a')], 'any');
        await store.append(`${stream}b`, [e('a')], 'any');
        expect(await idsIn(`${stream}b`)).toEqual([e('a').id]);
      });

      test('the same append sent several times at once is written once, and all get the same answer', async () => {
        const results = await Promise.all([1, 2, 3].map(() => store.append(stream, es('a', 2), 'any')));
        expect(new Set(results.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
        expect(await idsIn()).toEqual(idsOf(es('a', 2)));
      });
    });

    describe('readStream', () => {
      test('a missing stream is empty', async () => {
        expect(await all(store.readStream(stream))).toEqual([]);
        expect(await all(store.readStream(stream, { direction: 'backwards' }))).toEqual([]);
      });

      test('a stream is read both ways, from a revision inclusive, up to a limit', async () => {
        await store.append(stream, es('a', 6), 'no_stream');
        const revisions = async (options: Parameters<EventStore['readStream']>[1]) =>
          (await all(store.readStream(stream, options))).map(({ revision }) => revision);
        expect(await revisions({ from: 4 })).toEqual([4, 5]);
        expect(await revisions({ from: 1, limit: 3 })).toEqual([1, 2, 3]);
        expect(await revisions({ from: 9 })).toEqual([]);
        expect(await revisions({ direction: 'backwards' })).toEqual([5, 4, 3, 2, 1, 0]);
        expect(await revisions({ direction: 'backwards', limit: 2 })).toEqual([5, 4]);
        expect(await revisions({ direction: 'backwards', from: 2, limit: 2 })).toEqual([2, 1]);
      });

      test('a stream whose name begins like another is another stream', async () => {
        await store.append(stream, [e('a')], 'no_stream');
        await store.append(`${stream}0`, [e('b')], 'no_stream');
        await store.append(`${stream}-五`, [e('c')], 'no_stream');
        expect([await idsIn(), await idsIn(`${stream}0`), await idsIn(`${stream}-五`)]).toEqual([
          [e('a').id],
          [e('b').id],
          [e('c').id],
        ]);
      });

      test('a long stream is read whole and in order', async () => {
        const events = es('a', 1_203);
        for (let from = 0; from < events.length; from += 400)
          await store.append(stream, events.slice(from, from + 400), from === 0 ? 'no_stream' : from - 1);
        expect(await idsIn()).toEqual(idsOf(events));
        expect(idsOf(await all(store.readStream(stream, { direction: 'backwards' })))).toEqual(idsOf(events).reverse());
      });

      test('a reader that stops early does not disturb the next', async () => {
        await store.append(stream, es('a', 5), 'no_stream');
        for await (const event of store.readStream(stream)) if (event.revision === 1) break;
        expect(await idsIn()).toEqual(idsOf(es('a', 5)));
      });
    });

    describe('readAll', () => {
      test('all streams come in log order, each position once, after a position exclusive', async () => {
        const other = `${stream}b`;
        const before = await store.append(stream, [e('before')], 'no_stream');
        await store.append(other, es('b', 2), 'no_stream');
        await store.append(stream, [e('c')], 0);
        const found = ours(await all(store.readAll({ after: before.position })), stream, other);
        expect(idsOf(found)).toEqual(idsOf([...es('b', 2), e('c')]));
        const positions = found.map(({ position }) => position);
        expect(positions.toSorted()).toEqual(positions);
        expect(new Set(positions).size).toBe(positions.length);
      });

      test('backwards, it begins at the end or before a position', async () => {
        await store.append(stream, es('a', 3), 'no_stream');
        const [, second] = await all(store.readStream(stream));
        const backwards = ours(await all(store.readAll({ direction: 'backwards' })));
        expect(idsOf(backwards)).toEqual(idsOf(es('a', 3)).reverse());
        const older = await all(
          store.readAll({ direction: 'backwards', limit: 1, ...(second ? { after: second.position } : {}) }),
        );
        expect(idsOf(older)).toEqual(idsOf(es('a', 1)));
      });

      test('a limit bounds what is read', async () => {
        const first = await store.append(stream, [e('first')], 'no_stream');
        await store.append(stream, es('a', 5), 0);
        expect(await all(store.readAll({ after: first.position, limit: 3 }))).toHaveLength(3);
        expect(await all(store.readAll({ limit: 0 }))).toEqual([]);
      });
    });

    describe('head', () => {
      test('it is the position of the newest event', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        const head = await store.head();
        expect(head !== undefined && head >= position).toBe(true);
        expect(ours(await all(store.readAll({ after: position })))).toEqual([]);
      });
    });

    describe('subscribe', () => {
      let ending: AbortController;
      beforeEach(() => {
        ending = new AbortController();
      });
      afterEach(() => ending.abort());

      test('it gives first what is there, then what comes, without gap or duplicate', async () => {
        const first = await store.append(stream, [e('first')], 'no_stream');
        await store.append(stream, es('there', 30), 0);
        const reading = follow(store.subscribe({ after: first.position, signal: ending.signal, batchSize: 7 }), 70);
        await Promise.all(es('coming', 40).map((event) => store.append(stream, [event], 'any')));
        expect((await reading).map(({ revision }) => revision)).toEqual(
          Array.from({ length: 70 }, (_, index) => index + 1),
        );
      });

      test('without a position it begins with the first event of the log', async () => {
        await store.append(stream, es('a', 3), 'no_stream');
        const [oldest] = await all(store.readAll({ limit: 1 }));
        for await (const batch of store.subscribe({ signal: ending.signal, batchSize: 1 })) {
          if (batch.events.length === 0) continue;
          expect(batch.events[0]).toEqual(oldest);
          break;
        }
      });

      test('it says that it caught up only after all that was there, and also when nothing was there', async () => {
        const { position } = await store.append(stream, es('a', 5), 'no_stream');
        const [first] = await all(store.readStream(stream));
        const seen: RecordedEvent[] = [];
        for await (const batch of store.subscribe({
          after: first?.position ?? '',
          signal: ending.signal,
          batchSize: 2,
        })) {
          seen.push(...ours(batch.events));
          if (batch.caughtUp) break;
        }
        expect(idsOf(seen)).toEqual(idsOf(es('a', 5)).slice(1));
        expect(await follow(store.subscribe({ after: position, signal: ending.signal }), 0)).toEqual([]);
      });

      test('a batch is never longer than asked', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        await store.append(stream, es('b', 20), 0);
        const sizes: number[] = [];
        for await (const batch of store.subscribe({ after: position, signal: ending.signal, batchSize: 6 })) {
          sizes.push(batch.events.length);
          if (batch.caughtUp) break;
        }
        expect(Math.max(...sizes)).toBeLessThanOrEqual(6);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(20);
      });

      test('a slow reader loses nothing, and does not slow the writer', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        const found: RecordedEvent[] = [];
        for await (const batch of store.subscribe({ after: position, signal: ending.signal, batchSize: 10 })) {
          // The reader holds its first batch until a hundred events were written and acknowledged.
          if (found.length === 0) await appendOneByOne(`${stream}b`, 100);
          found.push(...ours(batch.events, `${stream}b`));
          if (found.length >= 100) break;
        }
        expect(found.map(({ revision }) => revision)).toEqual(Array.from({ length: 100 }, (_, index) => index));
      });

      test('it can go on from any event that it gave, as often as wanted', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        const writing = appendOneByOne(`${stream}b`, 40);
        const found: RecordedEvent[] = [];
        let after = position;
        while (found.length < 40) {
          for await (const batch of store.subscribe({ after, signal: ending.signal, batchSize: 3 })) {
            found.push(...ours(batch.events, `${stream}b`));
            after = batch.events.at(-1)?.position ?? after;
            if (batch.events.length > 0) break;
          }
        }
        await writing;
        expect(found.map(({ revision }) => revision)).toEqual(Array.from({ length: 40 }, (_, index) => index));
      });

      test('many readers each get everything', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        const readers = Array.from({ length: 8 }, () =>
          follow(store.subscribe({ after: position, signal: ending.signal }), 25, `${stream}b`),
        );
        await appendOneByOne(`${stream}b`, 25);
        for (const found of await Promise.all(readers)) expect(found.map(({ revision }) => revision)).toHaveLength(25);
      });

      test('it ends without an error when its signal is aborted while it waits', async () => {
        const { position } = await store.append(stream, [e('a')], 'no_stream');
        const iterator = store.subscribe({ after: position, signal: ending.signal })[Symbol.asyncIterator]();
        let caughtUp = false;
        while (!caughtUp) caughtUp = (await iterator.next()).value?.caughtUp === true;
        const next = iterator.next();
        ending.abort();
        // On a shared log another event may come first; then the iteration ends with the next turn.
        expect((await next).done === true || (await iterator.next()).done === true).toBe(true);
      });

      test('a signal that is aborted already gives nothing', async () => {
        await store.append(stream, [e('a')], 'no_stream');
        ending.abort();
        expect(await all(store.subscribe({ signal: ending.signal }))).toEqual([]);
      });
    });

    if (!capabilities.reopens) return;
    describe('a log that is opened again', () => {
      test('it holds the same events, epoch and answers to retries', async () => {
        const reopen = opened.reopen ?? expect.fail('an adapter that reopens gives `reopen`');
        const original = await store.append(stream, es('a', 3), 'no_stream');
        const before = await all(store.readStream(stream));
        const epoch = store.epoch;
        store = await reopen();
        expect(store.epoch).toBe(epoch);
        expect(await all(store.readStream(stream))).toEqual(before);
        expect(await again(store.append(stream, es('a', 3), 'any'))).toEqual(placeOf(original));
        expect((await store.append(stream, [e('b')], 2)).position > original.position).toBe(true);
      });
    });
  });
}
