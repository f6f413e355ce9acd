import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { chained } from '../../../src/infra/event-store/chained.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { headFile } from '../../../src/infra/head-file.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { createRedisHeadBook } from '../../../src/infra/redis/head-book.js';
import { createRedisLease } from '../../../src/infra/redis/lease.js';
import { createRedisLiveBus } from '../../../src/infra/redis/live-bus.js';
import { sha256 } from '../../../src/infra/sha256.js';
import { lead } from '../../../src/projections/kernel/leader.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import type { Pause } from '../../../src/projections/kernel/waiting.js';
import { createHeads } from '../../../src/projections/ledger/heads.js';
import { createLedger } from '../../../src/projections/ledger/ledger.js';
import type { HeadBook } from '../../../src/projections/ledger/ports.js';
import type { LedgerWork } from '../../../src/projections/ledger/work.js';
import { createLedgerWork } from '../../../src/projections/ledger/work.js';
import { sample } from '../../contract/event-store.contract.js';
import { refuse, sharedServer } from '../../infra/redis/shared-server.js';
import { arrayStore } from '../../support/array-store.js';
import { headBy, newKey } from '../../support/audit-keys.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { registry } from '../kernel/errand.js';

const shared = sharedServer();
const [minute, hour] = [60_000, 3_600_000];
const noon = Date.parse('2026-03-02T04:00:00.000Z');

/** A clock that stands still but for who waits: the test lets the time pass that is waited for. */
function standingClock() {
  let now = noon;
  let pending: { readonly ms: number; readonly end: () => void } | undefined;
  let begun = () => {};
  const pause: Pause = (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        pending = undefined;
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      pending = { ms, end };
      begun();
    });
  return {
    clock: { now: () => new Date(now) },
    pause,
    /** How long is waited for, once somebody waits. */
    async waited(): Promise<number> {
      while (!pending)
        await new Promise<void>((resolve) => {
          begun = resolve;
        });
      return pending.ms;
    },
    /** That time has passed, and somebody waits again: what was to be done at that time is done. */
    async pass(): Promise<number> {
      now += await this.waited();
      pending?.end();
      return this.waited();
    },
    isWaiting: () => pending !== undefined,
  };
}

async function newLog(): Promise<EventStore> {
  const log = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  onTestFinished(() => log.close());
  return chained(log, sha256);
}

async function grow(log: EventStore, stream: string) {
  await log.append(stream, [sample(stream)], 'no_stream');
}

/** A node's work for the ledger, with a clock of its own. */
async function nodeOn(log: EventStore, given: { book?: HeadBook; key?: Awaited<ReturnType<typeof newKey>> } = {}) {
  const time = standingClock();
  const problems: Error[] = [];
  const onProblem = (problem: Error) => problems.push(problem);
  const readStore = openEmbeddedReadStore({ folder: await temporaryFolder(), epoch: log.epoch, onDropped: refuse });
  onTestFinished(() => readStore.close());
  const { book = headFile(join(await temporaryFolder(), 'heads.jsonl')), key = await newKey() } = given;
  const reading = { events: log, readStore, sha256, onProblem };
  const heads = createHeads({ ...reading, key, clock: time.clock, pause: time.pause, book });
  const work = () => {
    const ledger = createLedger(reading);
    return createLedgerWork({ ledger, heads, events: log, everyMs: hour, waitMs: 30_000 });
  };
  return { ...time, problems, readStore, work, book, key };
}
const sizesIn = async (book: HeadBook, log: EventStore) => (await book.heads(log.epoch)).map(({ size }) => size);

async function working(log: EventStore, given: Parameters<typeof nodeOn>[1] = {}) {
  const node = await nodeOn(log, given);
  const work = node.work();
  work.start();
  onTestFinished(() => work.stop());
  await work.caughtUp();
  const signed = () => sizesIn(node.book, log);
  return { ...node, ...work, signed };
}

it('a head is signed at once when there is none, then at each interval, and none when nothing new came', async () => {
  const log = await newLog();
  await grow(log, 'a-1');
  const node = await working(log);
  expect(await node.waited()).toBe(0);
  expect([await node.pass(), await node.signed()]).toEqual([hour, [1]]);
  expect([await node.pass(), await node.signed()]).toEqual([hour, [1]]);
  await grow(log, 'a-2');
  await node.caughtUp();
  expect(await node.signed()).toEqual([1]);
  expect([await node.pass(), await node.signed()]).toEqual([hour, [1, 2]]);
  const times = (await node.book.heads(log.epoch)).map(({ time }) => Date.parse(time) - noon);
  expect(times).toEqual([0, 2 * hour]);
  expect(node.problems).toEqual([]);
});

it.each([
  ['20 minutes ago', 20 * minute, 40 * minute],
  ['longer ago than the interval', 3 * hour, 0],
  ['by a clock that is ahead', -5 * hour, hour],
])('a node that takes over signs when it is due: the newest head was signed %s', async (_, age, rest) => {
  const log = await newLog();
  await grow(log, 'a-1');
  const key = await newKey();
  const book = headFile(join(await temporaryFolder(), 'heads.jsonl'));
  const time = new Date(noon - age).toISOString();
  expect(await book.add(headBy(key, { log: log.epoch, size: 1, time }), [])).toBe(true);
  expect(await (await working(log, { book, key })).waited()).toBe(rest);
});

it('a tree that is still being made is looked at again in a minute, and that is no failure', async () => {
  const log = await newLog();
  await grow(log, 'a-1');
  const first = await working(log);
  await first.pass();
  const { book, key } = first;
  await grow(log, 'a-2');
  await grow(log, 'a-3');
  await first.caughtUp();
  await first.pass();
  // A node whose tree is empty, and does not grow.
  const late = await nodeOn(log, { book, key });
  const end = new AbortController();
  const heads = createHeads({
    ...{ events: log, readStore: late.readStore, sha256, book, key },
    ...{ clock: late.clock, pause: late.pause, onProblem: refuse },
  });
  const signing = heads.every(hour, end.signal);
  expect([await late.pass(), await late.pass()]).toEqual([minute, minute]);
  end.abort();
  await signing;
  expect(await first.signed()).toEqual([1, 3]);
});

it('a failure is told, and signing goes on a minute later', async () => {
  const log = await newLog();
  await grow(log, 'a-1');
  const kept = headFile(join(await temporaryFolder(), 'heads.jsonl'));
  let broken = true;
  const book: HeadBook = {
    heads: async (of) => (broken ? refuse('the disk is full') : kept.heads(of)),
    add: kept.add,
  };
  const node = await working(log, { book });
  expect(await node.waited()).toBe(minute);
  expect(await node.pass()).toBe(minute);
  expect(node.problems.map(({ message, cause }) => [message, String(cause)])).toEqual(
    [1, 2].map(() => ['no tree head was signed', 'Error: the disk is full']),
  );
  broken = false;
  expect([await node.pass(), await node.signed()]).toEqual([hour, [1]]);
  expect(node.problems).toHaveLength(2);
});

it('it stops when it is told to: what is being signed is signed to its end, and nothing after it', async () => {
  const log = await newLog();
  await grow(log, 'a-1');
  const kept = headFile(join(await temporaryFolder(), 'heads.jsonl'));
  let [adding, goOn] = [() => {}, () => {}];
  const isAdding = new Promise<void>((resolve) => {
    adding = resolve;
  });
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let looks = 0;
  const book: HeadBook = {
    heads(of) {
      looks++;
      return kept.heads(of);
    },
    async add(head, known) {
      adding();
      await mayGoOn;
      return kept.add(head, known);
    },
  };
  const node = await working(log, { book });
  void node.pass();
  await isAdding;
  const looked = looks;
  let stopped = false;
  const stopping = node.stop().then(() => {
    stopped = true;
  });
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  goOn();
  await stopping;
  expect([looks, node.isWaiting()]).toEqual([looked, false]);
  expect(await node.signed()).toEqual([1]);
});

it('of two nodes only the leader signs; when it ends, the other does, and knows what is due', async () => {
  const log = await newLog();
  await grow(log, 'a-1');
  const key = await newKey();
  const connect = () => {
    const connection = connectRedis(shared.server.url, { onProblem: refuse });
    onTestFinished(() => connection.close());
    return connection;
  };
  const newNode = async (name: string) => {
    const connection = connect();
    const path = join(await temporaryFolder(), 'heads.jsonl');
    const book = createRedisHeadBook({ connection, name: 'signing', path });
    const node = await nodeOn(log, { book, key });
    const lease = createRedisLease({ connection, name: 'signing', of: 'leader', times: { ttl: 1_000, every: 100 } });
    const bus = createRedisLiveBus({ connection, reading: connect(), name: 'signing' });
    const end = new AbortController();
    // What it folds is not the point here.
    const projecting = { events: arrayStore(), registry, readStore: node.readStore, models: [], clock: node.clock };
    let work: LedgerWork | undefined;
    const begin = () => {
      work = node.work();
      return { projector: createProjector({ ...projecting, onProblem: refuse }), ...work };
    };
    const leading = lead({ node: name, lease, bus, begin, onProblem: refuse, announceMs: 100 }, end.signal);
    onTestFinished(() => leading);
    onTestFinished(() => end.abort());
    const close = async () => {
      end.abort();
      await leading;
    };
    return { ...node, caughtUp: () => work?.caughtUp(), close };
  };
  const nodes = [await newNode('one'), await newNode('two')];
  const leader = await vi.waitUntil(() => nodes.find(({ isWaiting }) => isWaiting()), { timeout: 15_000 });
  const other = nodes.find((node) => node !== leader);
  await leader.caughtUp();
  await leader.pass();
  expect(await sizesIn(leader.book, log)).toEqual([1]);
  expect(other?.isWaiting()).toBe(false);
  await leader.close();
  expect(leader.isWaiting()).toBe(false);
  await grow(log, 'a-2');
  expect(await other?.waited()).toBeGreaterThan(0);
  await other?.caughtUp();
  await other?.pass();
  expect(await sizesIn(leader.book, log)).toEqual([1, 2]);
});
