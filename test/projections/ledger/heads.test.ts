import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProposedEvent } from '../../../src/domain/kernel/event.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { fingerprint, isSigned } from '../../../src/domain/proof/tree-head.js';
import { verifyText } from '../../../src/infra/ed25519.js';
import { chained } from '../../../src/infra/event-store/chained.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { openEventStoreDB } from '../../../src/infra/event-store/eventstoredb/index.js';
import { appendHead, headFile, lineOf } from '../../../src/infra/head-file.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { createRedisHeadBook } from '../../../src/infra/redis/head-book.js';
import { openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import { sha256 } from '../../../src/infra/sha256.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { createHeads } from '../../../src/projections/ledger/heads.js';
import { createLedger } from '../../../src/projections/ledger/ledger.js';
import type { AuditKey, HeadBook } from '../../../src/projections/ledger/ports.js';
import { sample } from '../../contract/event-store.contract.js';
import { refuse, sharedServer } from '../../infra/redis/shared-server.js';
import { headBy, newKey } from '../../support/audit-keys.js';
import { EventStoreDBDouble } from '../../support/eventstoredb/double.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const shared = sharedServer();
let made = 0;
const now = new Date('2026-03-02T01:02:03.004Z');
const clock = { now: () => now };

type Stores = { readonly log: () => Promise<EventStore>; readonly reads: (epoch: string) => Promise<ReadStore> };

const embedded: Stores = {
  async log() {
    const store = await openEmbeddedEventStore({ folder: await temporaryFolder(), clock: clock.now });
    onTestFinished(() => store.close());
    return store;
  },
  async reads(epoch) {
    const store = openEmbeddedReadStore({ folder: await temporaryFolder(), epoch, onDropped: refuse });
    onTestFinished(() => store.close());
    return store;
  },
};
const servers: Stores = {
  async log() {
    const double = await new EventStoreDBDouble(await embedded.log()).start();
    const store = await openEventStoreDB({ url: double.url });
    onTestFinished(async () => {
      await store.close();
      double.stop();
    });
    return store;
  },
  reads: async (epoch) =>
    openRedisReadStore({ connection: shared.connection, name: `heads-${made++}`, epoch, onDropped: refuse }),
};

type Written = readonly [stream: string, event: ProposedEvent];
const history: readonly Written[] = Array.from({ length: 70 }, (_, i) => [`case-${i % 3}`, sample(`e${i}`)]);

/** A log of these events, in this order. Those who fork a log keep its name. */
async function logOf(stores: Stores, events: readonly Written[], epoch?: string): Promise<EventStore> {
  const log = await stores.log();
  const store = chained(log, sha256);
  const revisions = new Map<string, number>();
  for (const [stream, event] of events) {
    const last = revisions.get(stream);
    await store.append(stream, [event], last ?? 'no_stream');
    revisions.set(stream, (last ?? -1) + 1);
  }
  return epoch === undefined ? store : { ...store, epoch };
}

type Ways = { readonly key?: AuditKey; readonly book?: HeadBook; readonly signedAt?: string };

/** A server that is started on this log with empty read models, and the heads that it signs. */
async function serverOn(
  stores: Stores,
  events: EventStore,
  folder: string,
  { key, book = headFile(join(folder, 'heads.jsonl')), signedAt }: Ways = {},
) {
  key ??= await newKey();
  const time = signedAt === undefined ? clock : { now: () => new Date(signedAt) };
  const problems: Error[] = [];
  const onProblem = (problem: Error) => problems.push(problem);
  const readStore = await stores.reads(events.epoch);
  const ledger = createLedger({ events, readStore, sha256, onProblem });
  onTestFinished(() => ledger.stop());
  const heads = createHeads({ events, readStore, sha256, book, key, clock: time, onProblem });
  return { ...heads, ledger, readStore, key, problems };
}
async function signedOn(stores: Stores, events: EventStore, folder: string, ways?: Ways) {
  const server = await serverOn(stores, events, folder, ways);
  server.ledger.start();
  expect(await server.ledger.waitFor((await events.head()) ?? '', 30_000)).toBe('reached');
  return { signed: await server.sign(), problems: server.problems };
}

describe.each([
  ['in folders', embedded],
  ['in EventStoreDB and Redis', servers],
])('tree heads %s (issue 5 part 1)', (_, stores) => {
  it('are signed, kept, and the same for the same log folded anew', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(stores, history);
    const { signed } = await signedOn(stores, log, folder);
    if (isRefusal(signed)) return expect.fail(signed.refused);
    expect(signed).toMatchObject({ log: log.epoch, size: 70, time: now.toISOString() });
    expect(isSigned(sha256, verifyText, signed)).toBe(true);
    const again = await signedOn(stores, await logOf(stores, history, log.epoch), folder);
    expect(again.signed).toMatchObject({ size: 70, root: signed.root });
    expect(again.problems).toEqual([]);
  });

  const [dropped, swapped] = [history.toSpliced(20, 1), history.toSpliced(20, 2, ...history.slice(20, 22).reverse())];
  const [stream = '', event = sample('e30')] = history[30] ?? [];
  it.each([
    ['an event was changed', history.with(30, [stream, { ...event, data: { name: 'e31' } }])],
    ['its metadata was changed', history.with(30, [stream, { ...event, meta: { ...event.meta, action: 'other' } }])],
    ['an event was left out', [...dropped, ...history.slice(0, 1).map(([s]): Written => [s, sample('new')])]],
    ['two events were put in another order', swapped],
    ['events were left out at the end', history.slice(0, 60)],
    [
      'the log was forked',
      [...history.slice(0, 60), ...Array.from({ length: 20 }, (_, i): Written => ['case-0', sample(`f${i}`)])],
    ],
  ])('nothing is signed when %s, and the operator is told', async (_, events) => {
    const folder = await temporaryFolder();
    const log = await logOf(stores, history);
    await signedOn(stores, log, folder);
    const { signed, problems } = await signedOn(stores, await logOf(stores, events, log.epoch), folder);
    expect(signed).toMatchObject({ refused: 'LOG_FORKED', params: { size: 70 } });
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('LOG_FORKED')]);
  });
});

describe('a head book (issue 5 part 1)', () => {
  it('a tree that is still being made is not ready, which is no fork', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(embedded, history);
    await signedOn(embedded, log, folder);
    const empty = await serverOn(embedded, log, folder);
    expect(await empty.sign()).toMatchObject({ refused: 'LEDGER_NOT_READY' });
    expect(empty.problems).toEqual([]);
  });

  it('signs nothing twice for one tree and key, and goes on behind a line that a power cut has torn', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(embedded, history.slice(0, 5));
    const server = await serverOn(embedded, log, folder);
    server.ledger.start();
    await server.ledger.waitFor((await log.head()) ?? '', 30_000);
    const first = await server.sign();
    expect(await server.sign()).toEqual(first);
    const file = join(folder, 'heads.jsonl');
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
    await appendFile(file, '{"log":"');
    await log.append('case-9', [sample('x')], 'no_stream');
    await server.ledger.waitFor((await log.head()) ?? '', 30_000);
    expect(await server.sign()).toMatchObject({ size: 6 });
    expect((await headFile(file).heads(log.epoch)).map(({ size }) => size)).toEqual([5, 6]);
    expect(await headFile(file).heads('another')).toEqual([]);
  });

  it('a node whose key was replaced signs no more; that of a lost key is followed by a new one', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(embedded, history.slice(0, 5));
    const keys = join(await temporaryFolder(), 'audit.json');
    const old = await newKey(keys);
    const signedBy = (key: AuditKey) => signedOn(embedded, log, folder, { key });
    expect((await signedBy(old)).signed).toMatchObject({ size: 5 });
    const renewed = await newKey(keys);
    expect((await signedBy(renewed)).signed).toMatchObject({ size: 5, publicKey: renewed.publicKey });
    const { signed, problems } = await signedBy(old);
    expect(signed).toMatchObject({
      refused: 'AUDIT_KEY_REPLACED',
      params: { key: fingerprint(sha256, renewed.publicKey) },
    });
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('AUDIT_KEY_REPLACED')]);
    expect((await signedBy(await newKey())).signed).toMatchObject({ size: 5 });
  });

  it('every head is compared, not the newest alone: one that was signed elsewhere of another log is named', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(embedded, history.slice(0, 5));
    const { signed } = await signedOn(embedded, log, folder);
    expect(signed).toMatchObject({ size: 5 });
    await appendHead(join(folder, 'heads.jsonl'), headBy(await newKey(), { log: log.epoch, size: 3 }));
    expect((await signedOn(embedded, log, folder)).signed).toMatchObject({
      refused: 'LOG_FORKED',
      params: { size: 3 },
    });
  });

  it('a log that is exchanged under a server that runs is found', async () => {
    const folder = await temporaryFolder();
    const log = await logOf(embedded, history.slice(0, 5));
    const other = await logOf(embedded, history.slice(1, 7), log.epoch);
    const read = await serverOn(embedded, log, folder);
    const exchanged = await serverOn(embedded, other, folder);
    read.ledger.start();
    exchanged.ledger.start();
    for (const [server, of] of [
      [read, log],
      [exchanged, other],
    ] as const)
      expect(await server.ledger.waitFor((await of.head()) ?? '', 30_000)).toBe('reached');
    let current = read;
    const readStore = new Proxy(read.readStore, { get: (_, name) => Reflect.get(current.readStore, name) });
    const book = headFile(join(folder, 'heads.jsonl'));
    const { key } = read;
    const heads = createHeads({ events: log, readStore, sha256, book, key, clock, onProblem: () => {} });
    expect(await heads.sign()).toMatchObject({ size: 5 });
    expect(await heads.sign()).toMatchObject({ size: 5 });
    current = exchanged;
    expect(await heads.sign()).toMatchObject({ refused: 'LOG_FORKED' });
  });

  it('of two nodes each refuses to sign against what the other signed, though its own file is empty', async () => {
    const node = async (name: string) => {
      const path = join(await temporaryFolder(), 'heads.jsonl');
      return createRedisHeadBook({ connection: shared.connection, name, path });
    };
    const key = await newKey();
    const log = await logOf(servers, history);
    const first = await signedOn(servers, log, '', { key, book: await node('two') });
    expect(first.signed).toMatchObject({ size: 70 });
    const second = await signedOn(servers, log, '', { key, book: await node('two') });
    expect(second.signed).toEqual(first.signed);
    const forked = await logOf(servers, history.slice(0, 60), log.epoch);
    const { signed } = await signedOn(servers, forked, '', { key, book: await node('two') });
    expect(signed).toMatchObject({ refused: 'LOG_FORKED', params: { size: 70 } });
  });

  it('two nodes that sign at once sign one head', async () => {
    const log = await logOf(servers, history.slice(0, 5));
    const key = await newKey();
    let looking = 0;
    let bothLooked = () => {};
    const looked = new Promise<void>((resolve) => {
      bothLooked = resolve;
    });
    const nodes = await Promise.all(
      // Each by a clock of its own: heads that both had signed would not be the same.
      ['2026-03-02T02:00:01.000Z', '2026-03-02T02:00:02.000Z'].map(async (signedAt) => {
        const path = join(await temporaryFolder(), 'heads.jsonl');
        const shares = createRedisHeadBook({ connection: shared.connection, name: 'at once', path });
        const book: HeadBook = {
          ...shares,
          async heads(of) {
            const known = await shares.heads(of);
            if (++looking === 2) bothLooked();
            await looked;
            return known;
          },
        };
        return { book, ...(await serverOn(servers, log, '', { key, book, signedAt })) };
      }),
    );
    for (const { ledger } of nodes) {
      ledger.start();
      expect(await ledger.waitFor((await log.head()) ?? '', 30_000)).toBe('reached');
    }
    const [a, b] = await Promise.all(nodes.map((node) => node.sign()));
    expect(a).toMatchObject({ size: 5 });
    expect(b).toEqual(a);
    for (const { book } of nodes) expect(await book.heads(log.epoch)).toEqual([a]);
  });

  it('a line that was changed is named, and not passed over as if a power cut had torn it', async () => {
    const file = join(await temporaryFolder(), 'heads.jsonl');
    const key = await newKey();
    const [first, second] = [1, 2].map((size) => lineOf(headBy(key, { log: 'a', size })));
    for (const changed of ['{"log":"a","size":1}', second?.replace('"size":2', '"size":3')]) {
      await writeFile(file, `${first}\n${changed}\n`);
      await expect(headFile(file).heads('a')).rejects.toThrow(/line 2 .* was changed/);
    }
  });
});
