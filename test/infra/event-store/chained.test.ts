import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProposedEvent, RecordedEvent } from '../../../src/domain/kernel/event.js';
import { eventHash } from '../../../src/domain/kernel/event-hash.js';
import type { EventStore, ExpectedRevision } from '../../../src/domain/kernel/ports.js';
import { chained } from '../../../src/infra/event-store/chained.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { openEventStoreDB } from '../../../src/infra/event-store/eventstoredb/index.js';
import { sha256 } from '../../../src/infra/sha256.js';
import { all, eventStoreContract, sample, samples } from '../../contract/event-store.contract.js';
import { EventStoreDBDouble } from '../../support/eventstoredb/double.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { reopening } from './support/reopening.js';

const linkedStores = async () => {
  const { store, close, reopen } = await reopening({})();
  return { store: chained(store, sha256), close, reopen: async () => chained(await reopen(), sha256) };
};
eventStoreContract('a chained store', linkedStores, { reopens: true });

const embedded = async (): Promise<EventStore> => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  onTestFinished(() => store.close());
  return store;
};
const eventStoreDB = async (): Promise<EventStore> => {
  const double = await new EventStoreDBDouble(await embedded()).start();
  const store = await openEventStoreDB({ url: double.url });
  onTestFinished(async () => {
    await store.close();
    double.stop();
  });
  return store;
};

/** Of each event the hash that the next one of its stream must name. */
function expectChain(events: readonly RecordedEvent[]) {
  let prevHash: string | null = null;
  for (const event of events) {
    expect(event.meta.prevHash).toBe(prevHash);
    prevHash = eventHash(sha256, event);
  }
}

/** Of two proposals with one id, the second is of later: a retry by another process. */
const late = (event: ProposedEvent): ProposedEvent => ({ ...event, effectiveAt: '2026-03-02T09:00:00.000Z' });

describe.each([
  ['in a folder', embedded],
  ['in EventStoreDB', eventStoreDB],
])('the chain of a stream %s (issue 5 part 1)', (_, open) => {
  it('names in each event the hash of the one before it, over appends of one and of several', async () => {
    const store = chained(await open(), sha256);
    await store.append('case-1', samples('a', 3), 'no_stream');
    await store.append('case-2', samples('b', 1), 'no_stream');
    await store.append('case-1', samples('c', 1), 2);
    await store.append('case-1', samples('d', 2), 3);
    const events = await all(store.readStream('case-1'));
    expect(events).toHaveLength(6);
    expectChain(events);
    expectChain(await all(store.readStream('case-2')));
  });

  it('goes on from what the log holds when a repeated append proposed something else', async () => {
    const store = chained(await open(), sha256);
    await store.append('case-1', [sample('a')], 'no_stream');
    await store.append('case-1', [sample('b')], 0);
    const again = await store.append('case-1', [late(sample('b'))], 0);
    expect(again.revision).toBe(1);
    await store.append('case-1', [sample('c')], 1);
    const events = await all(store.readStream('case-1'));
    expect(events.map(({ id }) => id)).toEqual(['a', 'b', 'c'].map((name) => sample(name).id));
    expectChain(events);
  });

  it('begins in an old stream with the first event after it, which names the last old one', async () => {
    const old = await open();
    await old.append('case-1', samples('old', 2), 'no_stream');
    await chained(old, sha256).append('case-1', samples('new', 2), 1);
    const events = await all(old.readStream('case-1'));
    expect(events.slice(0, 2).map(({ meta }) => 'prevHash' in meta)).toEqual([false, false]);
    const [, last, first, second] = events;
    if (!last || !first || !second) return expect.fail('four events were appended');
    expect(first.meta.prevHash).toBe(eventHash(sha256, last));
    expect(second.meta.prevHash).toBe(eventHash(sha256, first));
  });
});

describe('what is remembered of a stream', () => {
  /** The log, and how often somebody read a stream of it. */
  async function watched() {
    const log = await embedded();
    let reads = 0;
    const readStream: EventStore['readStream'] = (...from) => {
      reads++;
      return log.readStream(...from);
    };
    const append: EventStore['append'] = (...what) => log.append(...what);
    const store: EventStore = { ...log, append, readStream, head: () => log.head(), close: () => log.close() };
    return { log, store, reads: () => reads };
  }

  it('a writer who goes on with its own append has nothing read', async () => {
    const { log, store, reads } = await watched();
    const linked = chained(store, sha256);
    await linked.append('case-1', samples('a', 2), 'no_stream');
    await linked.append('case-1', samples('b', 1), 1);
    await linked.append('case-1', samples('c', 3), 2);
    expect(reads()).toBe(0);
    expectChain(await all(log.readStream('case-1')));
  });

  it('is of so many streams, those that were appended to last; of others the log is read', async () => {
    const { log, store, reads } = await watched();
    const linked = chained(store, sha256, 2);
    for (const [n, stream] of ['case-1', 'case-2', 'case-1', 'case-3'].entries())
      await linked.append(stream, samples(`${n}`, 1), n === 2 ? 0 : 'no_stream');
    await linked.append('case-1', samples('d', 1), 1);
    expect(reads()).toBe(0);
    await linked.append('case-2', samples('e', 1), 0);
    expect(reads()).toBe(1);
    for (const stream of ['case-1', 'case-2', 'case-3']) expectChain(await all(log.readStream(stream)));
  });

  it('is nothing of an append that the store recognised as a repetition, also of one under way', async () => {
    const log = await embedded();
    const linked = chained(log, sha256);
    await linked.append('case-1', [sample('a')], 'no_stream');
    const [first, second] = await Promise.all([
      linked.append('case-1', [sample('b')], 0),
      linked.append('case-1', [late(sample('b'))], 0),
    ]);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    await linked.append('case-1', [sample('c')], 1);
    expectChain(await all(log.readStream('case-1')));
  });

  it('is the event as the log took it, whatever its writer does with it afterwards', async () => {
    const log = await embedded();
    const linked = chained(log, sha256);
    const data = { text: '桥面破损', unset: undefined };
    const appending = linked.append('case-1', [sample('a', data), { ...sample('b'), data: undefined }], 'no_stream');
    data.text = '另一个文本';
    await appending;
    await linked.append('case-1', [sample('c')], 1);
    const events = await all(log.readStream('case-1'));
    expect(events.map((event) => event.data)).toEqual([{ text: '桥面破损' }, null, { name: 'c' }]);
    expectChain(events);
  });

  it('what JSON would have otherwise is refused, and nothing of it is written', async () => {
    const log = await embedded();
    const linked = chained(log, sha256);
    for (const data of [{ at: new Date(0) }, { share: Number.NaN }])
      await expect(linked.append('case-1', [sample('a', data)], 'no_stream')).rejects.toThrow(TypeError);
    expect(await all(log.readAll())).toEqual([]);
  });
});

const streams = ['case-1', 'case-2', 'case-3'];
const someAppend = fc.record({
  stream: fc.constantFrom(...streams),
  names: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
  /** Counted from where the stream stood when the group began: a repetition, what comes next, or a mistake. */
  ago: fc.constantFrom(0, 0, 0, 1, 2, -1),
  said: fc.string({ unit: 'grapheme' }),
});
const history = fc.array(
  fc.record({ group: fc.array(someAppend, { minLength: 1, maxLength: 5 }), restart: fc.boolean() }),
  { maxLength: 8 },
);

it.each([0, 1, 10_000])(
  'after any history of writers, repetitions and restarts every chain is whole; %s streams are remembered',
  async (remembers) => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { store: opened, reopen, close } = await reopening({ segmentBytes: 3_000 })();
        let log = opened;
        let linked = chained(log, sha256, remembers);
        for (const { group, restart } of steps) {
          const lengths = new Map<string, number>();
          for (const stream of streams) lengths.set(stream, (await all(log.readStream(stream))).length);
          await Promise.allSettled(
            group.map(({ stream, names, ago, said }) => {
              const expected = (lengths.get(stream) ?? 0) - 1 - ago;
              // The id tells a repetition: what else it proposes is its own.
              const events = names.map((name) => sample(name, { said }));
              return linked.append(stream, events, expected < 0 ? 'no_stream' : expected);
            }),
          );
          if (restart) {
            log = await reopen();
            linked = chained(log, sha256, remembers);
          }
        }
        for (const stream of streams) expectChain(await all(log.readStream(stream)));
        await close();
      }),
      { seed: 20260302, numRuns: 60 },
    );
  },
);

describe('the hash of an event', () => {
  const event: RecordedEvent = {
    ...sample('a', { text: '桥面破损', list: [1, 2] }),
    stream: 'case-1',
    revision: 3,
    position: '7',
    recordedAt: '2026-03-02T01:00:00.000Z',
  };

  it('covers all that its writer knew, and neither where nor when the log took it', () => {
    const hash = eventHash(sha256, event);
    const changes: Partial<RecordedEvent>[] = [
      { id: 'x' },
      { stream: 'case-2' },
      { revision: 4 },
      { type: 'Other' },
      { version: 2 },
      { data: { text: '桥面破损', list: [2, 1] } },
      { effectiveAt: '2026-03-02T01:00:00.001Z' },
      { meta: { ...event.meta, action: 'other' } },
      { meta: { ...event.meta, actor: { policy: 'x' } } },
      { meta: { ...event.meta, audience: {} } },
      { meta: { ...event.meta, prevHash: null } },
    ];
    for (const change of changes) expect(eventHash(sha256, { ...event, ...change })).not.toBe(hash);
    expect(eventHash(sha256, Object.assign({}, event, { position: '8', recordedAt: 'later' }))).toBe(hash);
  });

  it('is the same after any way through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const stored = { ...event, data };
        expect(eventHash(sha256, JSON.parse(JSON.stringify(stored)))).toBe(eventHash(sha256, stored));
      }),
    );
  });
});

it('an expected revision that the stream does not have is the store’s to refuse', async () => {
  const store = chained(await embedded(), sha256);
  await store.append('case-1', [sample('a')], 'no_stream');
  const wrong: ExpectedRevision[] = ['no_stream', 7];
  for (const expected of wrong)
    await expect(store.append('case-1', [sample('b')], expected)).rejects.toMatchObject({ actual: 0 });
});
