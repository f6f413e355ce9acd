import { expect, onTestFinished, test } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { type CopyTarget, copyLog } from '../../../src/infra/event-store/copy.js';
import { openEventStoreDB } from '../../../src/infra/event-store/eventstoredb/index.js';
import { EventStoreDBUnavailable } from '../../../src/infra/event-store/eventstoredb/unavailable.js';
import { verifyCopy } from '../../../src/infra/event-store/verify-copy.js';
import { all, sample } from '../../contract/event-store.contract.js';
import { EventStoreDBDouble } from '../../support/eventstoredb/double.js';
import { carried, fill, logIn, seenAs, ticking } from '../../support/logs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const newLog = async (clock?: () => Date) => logIn(await temporaryFolder(), clock);
const quick = { times: { try: 300, total: 600 }, backoff: { first: 10, last: 100 } };
const quiet = () => {};

/** An embedded log that takes over when the source recorded each event. */
async function folderTarget(): Promise<CopyTarget & { readonly store: EventStore }> {
  let now = new Date(0);
  return {
    store: await newLog(() => now),
    recordAs: (instant) => {
      now = new Date(instant);
    },
  };
}

async function server() {
  const kept = await newLog();
  const double = await new EventStoreDBDouble(kept).start();
  onTestFinished(() => double.stop());
  const connect = async () => {
    const store = await openEventStoreDB({ url: double.url, ...quick });
    onTestFinished(() => store.close());
    return store;
  };
  return { double, kept, store: await connect(), connect };
}

/** What our appends wrote, without the log's own identity. */
const written = (double: EventStoreDBDouble) => double.appends.filter(({ stream }) => stream !== 'wuji-log');

async function verified(from: EventStore, to: EventStore, recordedAt = false) {
  const until = await from.head();
  return verifyCopy(from, to, { until, recordedAt, onVerified: quiet });
}

test('embedded → EventStoreDB → embedded: ids, streams, revisions, order, data, metadata and effectiveAt are the same (issue 3 part 6)', async () => {
  const [source, { store: remote }, back] = [await newLog(ticking()), await server(), await folderTarget()];
  await fill(source, 300);
  expect(await copyLog(source, { store: remote }, quiet)).toMatchObject({ is: 'copied', events: 300, resumed: false });
  expect(await copyLog(remote, back, quiet)).toMatchObject({ is: 'copied', events: 300, resumed: false });
  const expected = (await all(source.readAll())).map(carried);
  expect((await all(remote.readAll())).map(carried)).toEqual(expected);
  expect((await all(back.store.readAll())).map(carried)).toEqual(expected);
  expect(new Set([source.epoch, remote.epoch, back.store.epoch]).size).toBe(3);
  const { source: a, target: b, difference } = await verified(source, back.store);
  expect(difference).toBeUndefined();
  expect(a).toEqual({ events: 300, streams: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(b).toEqual(a);
});

test('a folder keeps when the source recorded each event, so the past of a case stays where it was', async () => {
  const [source, target] = [await newLog(ticking()), await folderTarget()];
  await fill(source, 100, 20);
  await copyLog(source, target, quiet);
  const times = async (store: EventStore) => (await all(store.readAll())).map(({ recordedAt }) => recordedAt);
  expect(await times(target.store)).toEqual(await times(source));
  expect((await verified(source, target.store, true)).difference).toBeUndefined();
});

test('consecutive events of one stream are one append; a server gets one append after the other, in log order', async () => {
  const [source, { store: remote, double }] = [await newLog(), await server()];
  for (const [stream, from, count] of [
    ['a-1', 0, 130],
    ['b-1', 0, 1],
    ['a-1', 130, 2],
  ] as const)
    for (let index = from; index < from + count; index++)
      await source.append(stream, [sample(`${stream} ${index}`)], index === 0 ? 'no_stream' : index - 1);
  await copyLog(source, { store: remote }, quiet);
  expect(written(double).map(({ stream, ids }) => [stream, ids.length])).toEqual([
    ['a-1', 100],
    ['a-1', 30],
    ['b-1', 1],
    ['a-1', 2],
  ]);
});

test('an append is kept below what EventStoreDB takes by default (1 MiB)', async () => {
  const [source, { store: remote, double }] = [await newLog(), await server()];
  const large = Array.from({ length: 8 }, (_, index) => sample(`large ${index}`, { text: '桥'.repeat(60_000) }));
  await source.append('a-1', large, 'no_stream');
  await copyLog(source, { store: remote }, quiet);
  // An append whose answer is late is sent again, with the same ids.
  const appends = new Map(written(double).map(({ ids }) => [ids.join(), ids.length]));
  expect([...appends.values()]).toEqual([2, 2, 2, 2]);
});

test('a server that dies in the middle ends the copy; run again it goes on where it was, and nothing is there twice', async () => {
  const [source, { store: remote, double, kept, connect }] = [await newLog(), await server()];
  await fill(source, 300);
  double.failAppends('unavailable, written');
  const broken = copyLog(source, { store: remote }, ({ events }) => {
    if (events === 90) double.stop();
  });
  await expect(broken).rejects.toBeInstanceOf(EventStoreDBUnavailable);
  const before = written(double).length;
  await double.start();
  const again = await connect();
  expect(await copyLog(source, { store: again }, quiet)).toMatchObject({ is: 'copied', events: 210, resumed: true });
  const ids = (await all(source.readAll())).map(({ id }) => id);
  expect(written(double)[before]?.ids[0]).toBe(ids[90]);
  expect((await all(kept.readAll())).map(({ id }) => id).slice(1)).toEqual(ids); // the first is the log's identity
  expect((await verified(source, again)).difference).toBeUndefined();
});

test('a source that dies in the middle ends the copy; what came is a beginning of the log, and run again it is whole', async () => {
  const [{ store: remote, double, connect }, target] = [await server(), await folderTarget()];
  await fill(remote, 400);
  const broken = copyLog(remote, target, ({ events }) => {
    if (events > 0) double.stop();
  });
  await expect(broken).rejects.toBeInstanceOf(EventStoreDBUnavailable);
  const came = (await all(target.store.readAll())).length;
  expect(came).toBeGreaterThan(0);
  expect(came).toBeLessThan(400);
  await double.start();
  const again = await connect();
  expect(await copyLog(again, target, quiet)).toMatchObject({ is: 'copied', events: 400 - came, resumed: true });
  expect((await verified(again, target.store, true)).difference).toBeUndefined();
});

test('what the source got while it was copied is left for the next run', async () => {
  const [source, target] = [await newLog(), await folderTarget()];
  await fill(source, 10);
  let later: Promise<unknown> | undefined;
  await copyLog(source, target, () => {
    later ??= source.append('late-1', [sample('late')], 'no_stream');
  });
  await later;
  expect(await copyLog(source, target, quiet)).toMatchObject({ events: 1, resumed: true });
  expect((await verified(source, target.store)).difference).toBeUndefined();
});

test.each<[string, (target: EventStore) => Promise<unknown>, { stream: string; revision: number }]>([
  ['another log', (to) => to.append('person-1', [sample('x')], 'no_stream'), { stream: 'person-1', revision: 0 }],
  [
    'the same stream with another event',
    (to) => to.append('suggestion-0', [sample('x')], 'no_stream'),
    { stream: 'suggestion-0', revision: 0 },
  ],
])('a target that holds %s is refused, and nothing is written', async (_, before, at) => {
  const [source, target] = [await newLog(), await folderTarget()];
  await fill(source, 20);
  await before(target.store);
  const held = await all(target.store.readAll());
  expect(await copyLog(source, target, quiet)).toEqual({ is: 'other events', ...at });
  expect(await all(target.store.readAll())).toEqual(held);
});

test('a copy on which work has gone on is refused: it is no longer a beginning of the source', async () => {
  const [source, target] = [await newLog(), await folderTarget()];
  await fill(source, 20);
  await copyLog(source, target, quiet);
  await target.store.append('person-1', [sample('work')], 'no_stream');
  expect(await copyLog(source, target, quiet)).toEqual({ is: 'other events', stream: 'person-1', revision: 0 });
});

test('a log is not copied into itself', async () => {
  const source = await newLog();
  expect(await copyLog(source, { store: source }, quiet)).toEqual({ is: 'same log' });
});

test('a source that lost the beginning of a stream (a deletion in EventStoreDB) is refused, and says which', async () => {
  const [whole, target] = [await newLog(), await folderTarget()];
  await fill(whole, 20);
  const lost = seenAs(whole, {
    async *readAll(options) {
      for await (const event of whole.readAll(options))
        if (event.stream !== 'suggestion-2' || event.revision > 0) yield event;
    },
  });
  expect(await copyLog(lost, target, quiet)).toEqual({ is: 'history missing', stream: 'suggestion-2', revision: 1 });
});

test('an empty log is copied as one', async () => {
  const [source, target] = [await newLog(), await folderTarget()];
  expect(await copyLog(source, target, quiet)).toEqual({ is: 'copied', events: 0, resumed: false, until: undefined });
  expect(await verified(source, target.store)).toMatchObject({ source: { events: 0 }, streamsThatDiffer: 0 });
});

const one = sample('one');
const two = sample('two');
const three = sample('three');
test.each<[string, (to: EventStore) => Promise<unknown>, object]>([
  [
    'other data',
    async (to) => {
      await to.append('a-1', [one], 'no_stream');
      await to.append('b-1', [{ ...two, data: { name: 'two!' } }], 'no_stream');
      await to.append('a-1', [three], 0);
    },
    { difference: { at: 2, part: 'data', source: { id: two.id }, target: { id: two.id } }, streamsThatDiffer: 1 },
  ],
  [
    'other metadata',
    async (to) => {
      await to.append('a-1', [{ ...one, meta: { ...one.meta, action: 'withdraw' } }], 'no_stream');
      await to.append('b-1', [two], 'no_stream');
      await to.append('a-1', [three], 0);
    },
    { difference: { at: 1, part: 'meta' }, streamsThatDiffer: 1 },
  ],
  [
    'another order between streams',
    async (to) => {
      await to.append('a-1', [one, three], 'no_stream');
      await to.append('b-1', [two], 'no_stream');
    },
    { difference: { at: 2, part: 'stream', byItself: false }, streamsThatDiffer: 0 },
  ],
  [
    'an event too few',
    async (to) => {
      await to.append('a-1', [one], 'no_stream');
      await to.append('b-1', [two], 'no_stream');
    },
    { difference: { at: 3, part: 'absent', target: undefined }, target: { events: 2 }, streamsThatDiffer: 1 },
  ],
  [
    'an event too many',
    async (to) => {
      await to.append('a-1', [one], 'no_stream');
      await to.append('b-1', [two], 'no_stream');
      await to.append('a-1', [three, sample('four')], 0);
    },
    { difference: { at: 4, part: 'absent', source: undefined }, target: { events: 4 }, streamsThatDiffer: 1 },
  ],
])('the verification names the first difference: %s', async (_, fillTarget, expected) => {
  const [source, target] = [await newLog(), await newLog()];
  await source.append('a-1', [one], 'no_stream');
  await source.append('b-1', [two], 'no_stream');
  await source.append('a-1', [three], 0);
  await fillTarget(target);
  expect(await verified(source, target)).toMatchObject({ source: { events: 3, streams: 2 }, ...expected });
});

test('the verification finds another time of recording where it should be the same', async () => {
  const [source, target] = [await newLog(ticking()), await newLog()];
  await fill(source, 3);
  await copyLog(source, { store: target }, quiet);
  expect((await verified(source, target, true)).difference).toMatchObject({ at: 1, part: 'recordedAt' });
  expect((await verified(source, target)).difference).toBeUndefined();
});

test('the verification reads each stream by itself too: one that was cut there still shows whole in the log', async () => {
  const [source, target] = [await newLog(), await folderTarget()];
  await fill(source, 30);
  await copyLog(source, target, quiet);
  const cut = seenAs(target.store, {
    readStream: (stream) => target.store.readStream(stream, stream === 'suggestion-3' ? { from: 1 } : {}),
  });
  expect(await verified(source, cut)).toMatchObject({
    difference: { byItself: true, at: 1, part: 'revision', source: { stream: 'suggestion-3', revision: 0 } },
    streamsThatDiffer: 1,
  });
});
