import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../demo/api.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { serveProcess } from '../support/server-process.js';
import { signingIn } from '../support/sign-in.js';
import { type Counted, castAt, counted, isReceipt, openHall } from './support/hall.js';

/** The running program, with all that it writes: its log file of events, its read models, its boxes, its output. */
async function openHouse() {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-secrecy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { PORT: '0', WUJI_DATA: folder, WUJI_LOG_LEVEL: 'trace' };
  const node = await serveProcess(env);
  onTestFinished(async () => void (await node.stop()));
  const { operator, issue } = await signingIn(folder);
  const hall = await openHall(node.url, operator, issue);
  return { folder, node, ...hall };
}

/** Of a copy: the program has its own locked. */
async function eventsOf(folder: string): Promise<readonly RecordedEvent[]> {
  const copy = await mkdtemp(join(tmpdir(), 'wuji-secrecy-log-'));
  await cp(join(folder, 'log'), join(copy, 'log'), { recursive: true, filter: (name) => !/lock/i.test(name) });
  const store = await openEmbeddedEventStore({ folder: join(copy, 'log') });
  const events: RecordedEvent[] = [];
  for await (const event of store.readAll()) events.push(event);
  await store.close();
  await rm(copy, { recursive: true });
  return events;
}
async function filesUnder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path, (await readFile(path)).toString('latin1'));
  }
  return files;
}
const holding = (files: ReadonlyMap<string, string>, text: string) =>
  [...files].flatMap(([path, all]) => (all.includes(text) ? [path] : []));

it('casting leaves no event, no line of output and no changed file but the box (issue 5 part 4)', async () => {
  const house = await openHouse();
  const id = await house.call();
  const events = (await eventsOf(house.folder)).length;
  const [before, output] = [await filesUnder(house.folder), house.node.output()];
  for (const [index, { token }] of house.voters.entries())
    expect(isReceipt(await castAt(house.node.url, token, id, [index % 3]))).toBe(true);
  expect(await castAt(house.node.url, house.office, id, [2])).toBe('ALREADY_VOTED');
  expect((await eventsOf(house.folder)).length).toBe(events);
  expect(house.node.output()).toBe(output);
  const after = await filesUnder(house.folder);
  const changed = [...after].flatMap(([path, text]) => (before.get(path) === text ? [] : [path]));
  expect(changed).toEqual([join(house.folder, 'ballots', `${id}.box`)]);
}, 120_000);

it('nothing in the log or on the disk joins a voter to a ballot: no id, no hash, no time, no order', async () => {
  const house = await openHouse();
  const id = await house.call();
  const receipts: string[] = [];
  for (const [index, { token }] of house.voters.entries())
    receipts.push(await castAt(house.node.url, token, id, [index % 3]));
  const api = createApi(house.node.url);
  const early = await api.ask<Counted>(house.office, counted, { id });
  expect(early.ballot).toMatchObject({ status: 'OPEN', ballots: null, receipts: null, tally: null, verdict: null });
  const held = await filesUnder(house.folder);
  for (const receipt of receipts) expect(holding(held, receipt)).toEqual([]);

  await house.close(id);
  await house.until(id, 'COUNTED');
  const { ballot } = await api.ask<Counted>(house.office, counted, { id });
  expect(ballot.receipts).toEqual([...receipts].sort());
  expect(ballot.tally?.map(({ votes }) => votes)).toEqual([2, 2, 2]);

  const events = (await eventsOf(house.folder)).filter(({ stream }) => stream === `ballot-${id}`);
  expect(events.map(({ type }) => type)).toEqual(['BallotOpened', 'BallotBoxReadied', 'BallotClosed', 'BallotCounted']);
  const last = events.at(-1);
  if (!last) throw new Error('nothing was counted');
  const { ballots, ...rest } = last.data as { ballots: object[] };
  // A ballot is its ticks and nothing else; whatever names a voter stands elsewhere, in an order of its own.
  expect(ballots.every((one) => JSON.stringify(Object.keys(one)) === '["picks"]')).toBe(true);
  expect(last.meta.actor).toEqual({ policy: 'ballot-keeper' });
  const voterHalf = JSON.stringify([rest, events.slice(0, -1)]);
  expect(JSON.stringify(ballots).match(/[0-9a-f-]{8,}|\d{4,}/g)).toBeNull();
  expect(house.voters.every(({ post }) => voterHalf.includes(post))).toBe(true);

  const left = await filesUnder(house.folder);
  expect([...left.keys()].filter((path) => path.includes('/ballots/'))).toEqual([]);
}, 120_000);
