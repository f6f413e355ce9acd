import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { WrongExpectedRevision } from '../../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { openEventStoreDB } from '../../../src/infra/event-store/eventstoredb/index.js';
import { EventStoreDBUnavailable } from '../../../src/infra/event-store/eventstoredb/unavailable.js';
import { all, eventStoreContract, sample, samples } from '../../contract/event-store.contract.js';
import { type AppendFault, EventStoreDBDouble } from '../../support/eventstoredb/double.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const keepEvents = async () => openEmbeddedEventStore({ folder: await temporaryFolder() });
/** Short, so that a test of a silent server does not take the patience of a person. */
const quick = { times: { try: 300, total: 3_000 }, backoff: { first: 10, last: 100 } };

eventStoreContract(
  'EventStoreDB over the wire (a double of the server)',
  async () => {
    const kept = await keepEvents();
    const double = await new EventStoreDBDouble(kept).start();
    let store = await openEventStoreDB({ url: double.url });
    return {
      store,
      async close() {
        await store.close();
        double.stop();
        await kept.close();
      },
      async reopen() {
        await store.close();
        store = await openEventStoreDB({ url: double.url });
        return store;
      },
    };
  },
  { reopens: true },
);

async function rig(options: { tail?: number; watchMs?: number } = {}) {
  const kept = await keepEvents();
  const double = await new EventStoreDBDouble(kept).start();
  const store = await openEventStoreDB({ url: double.url, ...quick, ...options });
  onTestFinished(async () => {
    await store.close();
    double.stop();
    await kept.close();
  });
  return { kept, double, store };
}

const faultOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof EventStoreDBUnavailable ? error.code : expect.fail(`expected a fault, was ${error}`);
};
const idsOf = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

const until = (condition: () => void) => vi.waitFor(condition, 15_000);

/** Collects what a subscription gives until the test ends. */
function follow(store: Awaited<ReturnType<typeof rig>>['store'], after?: string) {
  const stop = new AbortController();
  const heard: RecordedEvent[] = [];
  const running = (async () => {
    for await (const { events } of store.subscribe({ ...(after !== undefined && { after }), signal: stop.signal }))
      heard.push(...events);
  })();
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  return heard;
}

test.each<AppendFault>([
  'unavailable',
  'unavailable, written',
  'silent',
  'silent, written',
  'empty answer, written',
  'internal',
])('an append whose outcome nobody knows (%s) is sent again with the same ids, and written once', async (fault) => {
  const { double, store } = await rig();
  await store.append('s-1', [sample('a')], 'no_stream');
  double.failAppends(fault, fault);
  expect((await store.append('s-1', samples('b', 2), 0)).revision).toBe(2);
  expect(idsOf(await all(store.readStream('s-1')))).toEqual(idsOf([sample('a'), ...samples('b', 2)]));
  expect(
    double.appends
      .filter(({ stream }) => stream === 's-1')
      .slice(1)
      .map(({ ids }) => ids),
  ).toEqual([...Array(3).fill(idsOf(samples('b', 2)))]);
});

test('an append that is never answered ends as one whose outcome is not known', async () => {
  const { double, store } = await rig();
  double.failAppends(...Array<AppendFault>(50).fill('silent'));
  expect(await faultOf(store.append('s-1', [sample('a')], 'no_stream'))).toBe('outcome_unknown');
});

test('with no server, a write and a read end as unreachable and say so to people; a new start does not come up', async () => {
  const { double, store } = await rig();
  double.stop();
  await until(() => expect(store.status()).toMatchObject({ state: 'reconnecting', fault: 'unreachable' }));
  const failure = store.append('s-1', [sample('a')], 'no_stream');
  expect(await faultOf(failure)).toBe('unreachable');
  await failure.catch(({ text }: EventStoreDBUnavailable) => {
    expect(text).toEqual([expect.stringContaining('127.0.0.1'), expect.stringContaining('127.0.0.1')]);
  });
  expect(await faultOf(all(store.readStream('s-1')))).toBe('unreachable');
  expect(await faultOf(store.head())).toBe('unreachable');
  expect(await faultOf(openEventStoreDB({ url: double.url, ...quick }))).toBe('unreachable');
});

test.each([
  ['access denied', 'access_denied'],
  ['stream deleted', 'stream_deleted'],
  ['too large', 'too_large'],
] as const)('%s is told at once and not tried again', async (fault, code) => {
  const { double, store } = await rig();
  double.failAppends(fault);
  expect(await faultOf(store.append('s-1', [sample('a')], 'no_stream'))).toBe(code);
  expect(double.appends.filter(({ stream }) => stream === 's-1')).toHaveLength(1);
});

test('a conflict says which stream, what was expected and what is (the client leaves its message empty)', async () => {
  const { store } = await rig();
  await store.append('s-1', samples('a', 2), 'no_stream');
  const error = await store.append('s-1', [sample('b')], 0).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WrongExpectedRevision);
  expect(error).toMatchObject({ stream: 's-1', expected: 0, actual: 1, message: expect.stringContaining('s-1') });
});

test('the failure of another client of this process does not fail an append', async () => {
  const { double, store } = await rig();
  const other = EventStoreDBClient.connectionString('esdb://127.0.0.1:1?tls=false');
  double.delay = 100;
  const ours = store.append('s-1', [sample('a')], 'no_stream');
  await expect(other.appendToStream('s-2', jsonEvent({ type: 'Noise', data: {} }))).rejects.toThrow();
  expect((await ours).revision).toBe(0);
  expect(double.appends.filter(({ stream }) => stream === 's-1')).toHaveLength(1);
});

test('a subscription that the server ends politely goes on, without gap or duplicate', async () => {
  const { double, store } = await rig();
  const heard = follow(store);
  for (const [index, event] of samples('a', 6).entries()) {
    await store.append(`s-${index}`, [event], 'no_stream');
    double.endSubscriptions();
  }
  await until(() => expect(idsOf(heard)).toEqual(idsOf(samples('a', 6))));
  expect(store.status()).toMatchObject({ reconnects: expect.any(Number) });
});

test('a server that dies and comes back is found again, and says meanwhile that it is away', async () => {
  const { double, store, kept } = await rig();
  const heard = follow(store);
  await store.append('s-1', [sample('a')], 'no_stream');
  await until(() => expect(idsOf(heard)).toEqual([sample('a').id]));
  double.stop();
  await until(() => expect(store.status()).toMatchObject({ state: 'reconnecting', fault: 'unreachable' }));
  await double.start();
  await store.append('s-1', [sample('b')], 0);
  await until(() => expect(idsOf(heard)).toEqual(idsOf([sample('a'), sample('b')])));
  expect(store.status()).toMatchObject({ state: 'live', fault: undefined });
  expect(await all(kept.readStream('s-1'))).toHaveLength(2);
});

test('a subscription that is open and brings nothing is given up and opened again', async () => {
  const { double, store } = await rig({ watchMs: 200 });
  const heard = follow(store);
  await store.append('s-1', [sample('a')], 'no_stream');
  await until(() => expect(heard).toHaveLength(1));
  double.mute = true;
  await store.append('s-1', [sample('b')], 0);
  await until(() => expect(store.status().reconnects).toBeGreaterThan(0));
  double.mute = false;
  await until(() => expect(idsOf(heard)).toEqual(idsOf([sample('a'), sample('b')])));
});

test('a server that is slow to begin a subscription is given more time with each try, not left for ever', async () => {
  const { double, store } = await rig({ watchMs: 50 });
  double.late = 500;
  const heard = follow(store);
  await store.append('s-1', [sample('a')], 'no_stream');
  await until(() => expect(idsOf(heard)).toEqual([sample('a').id]));
  expect(store.status().reconnects).toBeGreaterThan(0);
});

test('what the server delivers twice after a break is given once', async () => {
  const { double, store } = await rig();
  const heard = follow(store);
  await store.append('s-1', samples('a', 7), 'no_stream');
  await until(() => expect(heard).toHaveLength(7));
  double.redeliver = 5;
  double.endSubscriptions();
  await until(() => expect(double.openSubscriptions).toBe(1));
  await store.append('s-1', [sample('b')], 6);
  await until(() => expect(heard.length).toBeGreaterThan(7));
  expect(idsOf(heard)).toEqual(idsOf([...samples('a', 7), sample('b')]));
});

test('a reader far behind reads the server by itself and then joins the one subscription of the process', async () => {
  const { double, store } = await rig({ tail: 16 });
  for (let index = 0; index < 60; index++) await store.append(`s-${index}`, [sample(`a${index}`)], 'no_stream');
  const heard = [follow(store), follow(store)];
  await until(() => expect(heard.map(({ length }) => length)).toEqual([60, 60]));
  await until(() => expect(double.openSubscriptions).toBe(1));
  await store.append('s-60', [sample('a60')], 'no_stream');
  await until(() => expect(heard.map((events) => idsOf(events))).toEqual(Array(2).fill(idsOf(samples('a', 61)))));
});

test('who stops reading, or ends a subscription, leaves no call open at the server', async () => {
  const { double, store } = await rig();
  await store.append('s-1', samples('a', 100), 'no_stream');
  for await (const _ of store.readStream('s-1')) break;
  for await (const _ of store.readAll()) break;
  for await (const _ of store.readAll({ direction: 'backwards', limit: 1 })) break;
  for await (const _ of store.subscribe({ signal: new AbortController().signal })) break;
  await until(() => expect([double.openReads, double.openSubscriptions]).toEqual([0, 1]));
  await store.close();
  await until(() => expect(double.openSubscriptions).toBe(0));
});

test('a node that is not the leader sends the client there, and every write and read asks for the leader', async () => {
  const { double: follower, kept, store } = await rig();
  const leader = await new EventStoreDBDouble(kept).start();
  onTestFinished(() => leader.stop());
  follower.members = () => [leader.port, follower.port];
  follower.failAppends('not leader');
  await store.append('s-1', [sample('a')], 'no_stream');
  expect(leader.appends.map(({ stream, requiresLeader }) => [stream, requiresLeader])).toEqual([['s-1', true]]);
});

test('when the leader dies, gossip names the new one, and appends and subscription go on there', async () => {
  const kept = await keepEvents();
  const [first, second] = [await new EventStoreDBDouble(kept).start(), await new EventStoreDBDouble(kept).start()];
  first.members = () => [first.port, second.port];
  second.members = first.members;
  const url = `esdb://127.0.0.1:${first.port},127.0.0.1:${second.port}?tls=false`;
  const store = await openEventStoreDB({ url, times: { try: 300, total: 10_000 }, backoff: quick.backoff });
  onTestFinished(async () => {
    await store.close();
    second.stop();
    await kept.close();
  });
  const heard = follow(store);
  await store.append('s-1', [sample('a')], 'no_stream');
  second.members = () => [second.port];
  first.stop();
  await store.append('s-1', [sample('b')], 0);
  await until(() => expect(idsOf(heard)).toEqual(idsOf([sample('a'), sample('b')])));
  expect(second.appends.map(({ stream }) => stream)).toContain('s-1');
});

test('events that others write to the same server are left out everywhere', async () => {
  const { double, store } = await rig();
  const heard = follow(store);
  const other = EventStoreDBClient.connectionString(double.url);
  const credentials = { username: '', password: '' };
  await store.append('s-1', [sample('a')], 'no_stream');
  await other.appendToStream('noise-1', jsonEvent({ type: 'Noise', data: {} }), { credentials });
  await store.append('s-1', [sample('b')], 0);
  await other.appendToStream('noise-1', jsonEvent({ type: 'Noise', data: {} }), { credentials });
  const ours = idsOf([sample('a'), sample('b')]);
  await until(() => expect(idsOf(heard)).toEqual(ours));
  expect(idsOf(await all(store.readAll()))).toEqual(ours);
  expect(await store.head()).toBe((await all(store.readStream('s-1'))).at(-1)?.position);
});

test('a server that does not tell where an event of a stream stands in the log is refused as too old', async () => {
  const { double, store } = await rig();
  await store.append('s-1', [sample('a')], 'no_stream');
  double.old = true;
  expect(await faultOf(all(store.readStream('s-1')))).toBe('unsupported_server');
});

test('what lies in the server looks natural there: category, correlation and causation where its projections look', async () => {
  const { double, store } = await rig();
  await store.append('suggestion-1', [sample('a')], 'no_stream');
  const reader = EventStoreDBClient.connectionString(double.url);
  const [found] = await all(reader.readStream('suggestion-1'));
  expect(found?.event).toMatchObject({
    streamId: 'suggestion-1',
    type: 'SuggestionSubmitted',
    isJson: true,
    data: { name: 'a' },
    metadata: { $correlationId: 'case-1', $causationId: 'case-1', version: 1 },
  });
});

test('after `close` all is refused as closed', async () => {
  const { store } = await rig();
  await store.close();
  expect(await faultOf(store.append('s-1', [sample('a')], 'no_stream'))).toBe('closed');
  expect(await faultOf(all(store.readStream('s-1')))).toBe('closed');
  expect(await faultOf(all(store.subscribe({ signal: new AbortController().signal })))).toBe('closed');
});
