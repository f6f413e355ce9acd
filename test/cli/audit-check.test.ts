import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ProposedEvent, RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { hashOfLeaf, leafOf } from '../../src/domain/proof/leaf.js';
import { nodeHash } from '../../src/domain/proof/merkle.js';
import type { SignedHead } from '../../src/domain/proof/tree-head.js';
import { fingerprint } from '../../src/domain/proof/tree-head.js';
import { chained } from '../../src/infra/event-store/chained.js';
import { crc32 } from '../../src/infra/event-store/crc32.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { openEventStoreDB } from '../../src/infra/event-store/eventstoredb/index.js';
import { SEGMENT_HEAD } from '../../src/infra/event-store/segment-file.js';
import { lineOf } from '../../src/infra/head-file.js';
import { sha256 } from '../../src/infra/sha256.js';
import type { AuditKey } from '../../src/projections/ledger/ports.js';
import { sample } from '../contract/event-store.contract.js';
import { headBy, newKey } from '../support/audit-keys.js';
import { EventStoreDBDouble } from '../support/eventstoredb/double.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

const segment = 'log/log/0000000000000001.segment';
const names = Array.from({ length: 20 }, (_, i) => [`case-${i % 3}`, `e${i}`] as const);
const timeOf = (number: number) => new Date(Date.UTC(2026, 2, 2, 4, number)).toISOString();

/** The definition of the tree (RFC 6962 §2.1), as it stands there. */
function rootOf(leaves: readonly string[]): string {
  if (leaves.length < 2) return leaves[0] ?? sha256('');
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(sha256, rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

async function eventsOf(store: EventStore): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of store.readAll()) all.push(event);
  return all;
}

/** A head of each of these sizes, as the server signed it then. */
async function headsOf(store: EventStore, key: AuditKey, sizes: readonly number[]): Promise<SignedHead[]> {
  const leaves = (await eventsOf(store)).map((event) => hashOfLeaf(sha256, leafOf(sha256, event)));
  return sizes.map((size) =>
    headBy(key, { log: store.epoch, size, root: rootOf(leaves.slice(0, size)), time: timeOf(size) }),
  );
}

type Written = { readonly stream: string; readonly event: ProposedEvent; readonly recordedAt: string };

/** A data folder with a log of these events in this order. `link`: whether the chain is made, or stays as given. */
async function folderWith(events: readonly Written[], { link = true, epoch }: { link?: boolean; epoch?: string } = {}) {
  const folder = await temporaryFolder();
  let now = new Date(0);
  const log = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: () => now });
  const store = link ? chained(log, sha256) : log;
  const revisions = new Map<string, number>();
  for (const { stream, event, recordedAt } of events) {
    const last = revisions.get(stream);
    now = new Date(recordedAt);
    await store.append(stream, [event], last ?? 'no_stream');
    revisions.set(stream, (last ?? -1) + 1);
  }
  await store.close();
  if (epoch !== undefined) await rename(folder, epoch);
  return folder;
}

/** Who can write to the disk can give a log the name of another, with checksums that are right. */
async function rename(folder: string, epoch: string): Promise<void> {
  const path = join(folder, segment);
  const bytes = await readFile(path);
  bytes.write(epoch.padEnd(36), 16);
  const head = bytes.subarray(0, SEGMENT_HEAD);
  bytes.writeUInt32LE(crc32(Buffer.concat([head.subarray(0, 12), head.subarray(16)])), 12);
  await writeFile(path, bytes);
  for (const beside of ['data.mdb', 'lock.mdb', 'closed']) await rm(join(folder, 'log/log', beside), { force: true });
}

const honest: readonly Written[] = names.map(([stream, id], i) => ({
  ...{ stream, event: sample(id), recordedAt: timeOf(i) },
}));

describe('wuji audit check (issue 5 part 1)', () => {
  let folder: string;
  let heads: string;
  let key: AuditKey;
  let kept: readonly SignedHead[];
  let recorded: readonly RecordedEvent[];
  beforeEach(async () => {
    folder = await folderWith(honest);
    heads = join(folder, 'heads.jsonl');
    key = await newKey();
    const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
    kept = await headsOf(store, key, [0, 6, 12, 18]);
    recorded = await eventsOf(store);
    await store.close();
    await keep(...kept);
  });
  const keep = (...all: readonly SignedHead[]) => writeFile(heads, all.map((head) => `${lineOf(head)}\n`).join(''));
  const check = (data = folder, ...more: string[]) =>
    wuji(['audit', 'check', '--heads', heads, '--data', data, '--lang', 'en', ...more]);
  /** A forged log in the place of the real one: the events as somebody has changed them. */
  const forged = async (events: readonly Written[], more: { link?: boolean } = {}) =>
    check(await folderWith(events, { ...more, epoch: kept[0]?.log ?? '' }));
  const refused = (text: RegExp) => ({ code: 1, out: '', err: expect.stringMatching(text) });

  it('a log agrees with its heads; what came after the newest is counted', async () => {
    const ran = await check();
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('THE LOG AGREES WITH EVERY HEAD') });
    for (const line of [/^events {2}20$/m, /^streams {2}3$/m, /^heads {2}4$/m, /none vouches for {2}2$/m])
      expect(ran.out).toMatch(line);
    expect((await wuji(['audit', 'check', '--heads', heads], { env: { WUJI_DATA: folder } })).code).toBe(0);
    expect((await check(await folderWith(honest, { epoch: kept[0]?.log ?? '' }))).code).toBe(0); // the forger's tools are right
  });

  const [changed] = [{ ...sample('e8'), data: { name: 'e9' } }];
  const at8 = (one: Partial<Written>) => honest.with(8, { ...(honest[8] as Written), ...one });
  const between7And12 =
    /LOG_NOT_AS_SIGNED .*of 12 events.*Events 1 to 6 are as they were signed; something from event 7 to event 12/;
  it.each([
    ['one event was changed, and chain and checksums made right again', at8({ event: changed }), between7And12],
    ['its time of recording was changed', at8({ recordedAt: timeOf(9) }), between7And12],
    ['one was dropped, and the chain made right again', honest.toSpliced(8, 1), between7And12],
    ['two were put in another order', honest.toSpliced(8, 2, ...honest.slice(8, 10).reverse()), between7And12],
    [
      'the log was forked after 15',
      honest.map((one, i) => (i < 15 ? one : { ...one, event: sample(`f${i}`) })),
      /of 18 events.*Events 1 to 12 are as they were signed; something from event 13 to event 18/,
    ],
    [
      'the tail was cut off',
      honest.slice(0, 15),
      /LOG_CUT .*It has 15 events; the head signed at 2026-03-02T04:18.* has 18/,
    ],
    ['all of it is gone but the first', honest.slice(0, 1), /LOG_CUT .*It has 1 events; .* has 6/],
  ])('%s: the first head that does not agree is named', async (_, events, text) => {
    expect(await forged(events)).toMatchObject(refused(text));
  });

  const asStored = (): Written[] =>
    recorded.map(({ stream, recordedAt, id, type, version, data, effectiveAt, meta }) => ({
      ...{ stream, recordedAt, event: { id, type, version, data, effectiveAt, meta } },
    }));
  it.each([
    [
      'one event was changed',
      (all: Written[]) => all.with(8, { ...at8({})[8], event: { ...(all[8] as Written).event, data: {} } } as Written),
      12,
    ],
    ['one was dropped', (all: Written[]) => all.toSpliced(8, 1), 11],
    [
      'two of a stream were exchanged',
      (all: Written[]) => all.with(8, all[11] as Written).with(11, all[8] as Written),
      9,
    ],
    [
      'a link was taken out',
      (all: Written[]) => {
        const { event, ...rest } = all[11] as Written;
        const { prevHash: _, ...meta } = event.meta;
        return all.with(11, { ...rest, event: { ...event, meta } });
      },
      12,
    ],
  ])('%s, and the chain left as it was: the first event that does not follow is named', async (_, change, number) => {
    const events = change(asStored());
    const { id, type } = events[number - 1]?.event ?? sample('none');
    const named = new RegExp(`EVENT_NOT_LINKED .*number ${number}, case-2 revision \\d \\(${type},\\s+${id}\\)`);
    expect(await forged(events, { link: false })).toMatchObject(refused(named));
  });

  it('bytes that were changed without their checksum are named by segment and offset', async () => {
    const bytes = await readFile(join(folder, segment));
    bytes.write('E', bytes.indexOf('"e8"') + 1);
    await writeFile(join(folder, segment), bytes);
    await rm(join(folder, 'log/log/data.mdb'));
    expect(await check()).toMatchObject({
      code: 3,
      err: expect.stringMatching(/0000000000000001\.segment.*offset \d+/),
    });
  });

  describe('heads by themselves', () => {
    const last = () => kept.at(-1) as SignedHead;
    it('one that was changed is named by its line, whatever was changed in it', async () => {
      for (const line of [lineOf({ ...last(), size: 19 }), lineOf({ ...last(), root: sha256('') }), '{"a":1}']) {
        await keep(...kept);
        await appendFile(heads, `${line}\n`);
        expect(await check()).toMatchObject(refused(/NOT_HEADS .*line 5 .* was changed/));
      }
    });

    it('a key that the one before does not vouch for is refused; one that it does is found beside the log, or given', async () => {
      const other = { ...last(), ...headBy(await newKey(), { ...last(), size: 18, time: timeOf(30) }) };
      await keep(...kept, other);
      expect(await check()).toMatchObject(refused(/HEADS_DISAGREE .*of 18 events, signed at 2026-03-02T04:30.*vouch/));
      const file = join(folder, 'keys/audit.json');
      const first = await newKey(file);
      const second = await newKey(file);
      const by = (of: AuditKey, head: SignedHead) => headBy(of, { ...head });
      await keep(...kept.slice(0, 2).map((head) => by(first, head)), ...kept.slice(2).map((head) => by(second, head)));
      expect((await check()).code).toBe(0);
      const keys = join(folder, 'keys.jsonl');
      await writeFile(keys, second.keys.map((one) => `${JSON.stringify(one)}\n`).join(''));
      await rm(file);
      expect(await check()).toMatchObject(refused(/HEADS_DISAGREE .*of 12 events/));
      expect((await check(folder, '--keys', keys)).code).toBe(0);
    });

    it('the first is signed by the key that is trusted', async () => {
      expect((await check(folder, '--key', fingerprint(sha256, key.publicKey))).code).toBe(0);
      expect(await check(folder, '--key', 'f'.repeat(64))).toMatchObject(refused(/HEADS_DISAGREE .*trusted/));
    });

    it('two of one tree that contradict each other are told before the log is read', async () => {
      await keep(...kept, headBy(key, { ...last(), root: sha256('other'), time: timeOf(40) }));
      expect(await check()).toMatchObject(refused(/HEADS_DISAGREE .*signed at 2026-03-02T04:40.*another root/));
    });

    it('those of another log are passed over; when there are no others, nothing was checked and it says so', async () => {
      const other = headBy(key, { log: 'another', size: 3 });
      await keep(...kept, other);
      expect((await check()).code).toBe(0);
      await keep(other);
      expect(await check()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('NO_HEADS_OF_LOG') });
      await rm(heads);
      expect(await check()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('NO_HEADS_OF_LOG') });
    });
  });

  it('a log that is served, and a folder without one, are told', async () => {
    const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
    expect(await check()).toMatchObject({ code: 3, err: expect.stringContaining('in use by another process') });
    await store.close();
    expect(await check(await temporaryFolder())).toMatchObject({
      code: 2,
      err: expect.stringContaining('NO_LOG_THERE'),
    });
  });
});

it('wuji audit check reads a log in EventStoreDB too', async () => {
  const log = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  onTestFinished(() => log.close());
  const double = await new EventStoreDBDouble(log).start();
  onTestFinished(() => void double.stop());
  const store = await openEventStoreDB({ url: double.url });
  onTestFinished(() => store.close());
  for (const [i, [, id]] of names.entries())
    await chained(store, sha256).append(`case-${i}`, [sample(id)], 'no_stream');
  const key = await newKey();
  const heads = join(await temporaryFolder(), 'heads.jsonl');
  const [first, last] = (await headsOf(store, key, [6, 20])) as [SignedHead, SignedHead];
  await writeFile(heads, `${lineOf(first)}\n${lineOf(last)}\n`);
  const check = () => wuji(['audit', 'check', '--heads', heads, '--data', double.url, '--lang', 'en']);
  expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining('heads  2') });
  await appendFile(heads, `${lineOf(headBy(key, { ...last, size: 21 }))}\n`);
  expect(await check()).toMatchObject({ code: 1, err: expect.stringMatching(/LOG_CUT .*It has 20 events/) });
});
