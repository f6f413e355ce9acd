import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { all, sample } from '../contract/event-store.contract.js';
import { buildProgram } from '../support/build.js';
import { EventStoreDBDouble } from '../support/eventstoredb/double.js';
import { carried, fill, logIn, ticking } from '../support/logs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

/** A data folder, as WUJI_DATA names it, whose log is filled and not in use. */
async function dataFolder(work: (store: EventStore) => Promise<unknown>): Promise<string> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: ticking() });
  await work(store);
  await store.close();
  return folder;
}

async function eventsIn(folder: string) {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  try {
    return await all(store.readAll());
  } finally {
    await store.close();
  }
}

async function server() {
  const kept = await logIn(await temporaryFolder());
  const double = await new EventStoreDBDouble(kept).start();
  onTestFinished(() => double.stop());
  return double;
}

const copy = (from: string, to: string, env: Record<string, string> = {}) =>
  wuji(['log', 'copy', '--from', from, '--to', to, '--lang', 'en'], { env });

/** `wuji log copy` as a process of its own. */
async function copying(from: string, to: string): Promise<{ child: ChildProcess; exit: Promise<unknown[]> }> {
  const program = join(await buildProgram(), 'src/cli.js');
  const child = spawn(process.execPath, [program, 'log', 'copy', '--from', from, '--to', to], {
    env: { PATH: process.env.PATH },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, exit: once(child, 'exit') };
}

const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 30_000, interval: 5 });

test('a data folder goes into EventStoreDB and back, and both times the end is verified (issue 3 part 6)', async () => {
  const [from, double, back] = [await dataFolder((log) => fill(log, 60)), await server(), await temporaryFolder()];
  const there = await copy(from, 'EVENTSTORE_URL', { EVENTSTORE_URL: double.url });
  expect(there).toMatchObject({ code: 0, out: expect.stringContaining('verified: equal') });
  expect(there.err).toMatch(/^copying 100% {2}60 events {2}\d+\/s {2}left 0:00$/m);
  expect(there.err).toMatch(/^verifying 100% {2}60 events/m);
  const here = await copy(double.url, back);
  expect(here).toMatchObject({ code: 0, out: expect.stringMatching(/^copied {2}60$/m) });
  const sums = [there, here].flatMap(({ out }) => [...out.matchAll(/events 60 {2}streams 5 {2}sha256 (\w{64})/g)]);
  expect(sums).toHaveLength(4);
  expect(new Set(sums.map(([, sum]) => sum)).size).toBe(1);
  expect((await eventsIn(back)).map(carried)).toEqual((await eventsIn(from)).map(carried));
});

test('a backup that holds the segments alone is a source (docs/operations.md, restore)', async () => {
  const [from, backup, to] = [
    await dataFolder((log) => fill(log, 20)),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  const segment = 'log/log/0000000000000001.segment';
  await mkdir(join(backup, 'log/log'), { recursive: true });
  await copyFile(join(from, segment), join(backup, segment));
  expect(await copy(backup, to)).toMatchObject({ code: 0, out: expect.stringContaining('verified: equal') });
  expect((await eventsIn(to)).map(carried)).toEqual((await eventsIn(from)).map(carried));
});

test('run again on a finished copy it copies nothing and verifies', async () => {
  const [from, to] = [await dataFolder((log) => fill(log, 20)), await temporaryFolder()];
  await copy(from, to);
  expect(await copy(from, to)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^copied {2}0 \(the rest was there already\)$/m),
  });
  expect(await eventsIn(to)).toEqual(await eventsIn(from)); // the time of recording is kept too
});

test('a copy into EventStoreDB that was killed with -9 goes on where it was', async () => {
  const [from, double] = [await dataFolder((log) => fill(log, 500, 100)), await server()];
  const { child, exit } = await copying(from, double.url);
  await until(() => expect(double.appends.length).toBeGreaterThan(40));
  child.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);
  const ids = (await eventsIn(from)).map(({ id }) => id);
  const before = double.appends.length;
  expect(await copy(from, double.url)).toMatchObject({
    code: 0,
    out: expect.stringContaining('(the rest was there already)'),
  });
  expect(ids.indexOf(double.appends[before]?.ids[0] ?? '')).toBeGreaterThan(40);
  const kept = (await all(double.store.readAll())).map(({ id }) => id);
  expect(kept.slice(1)).toEqual(ids); // the first is the log's identity
});

test('a copy into a data folder that was killed with -9 goes on where it was', async () => {
  const [from, to] = [await dataFolder((log) => fill(log, 2_000, 1_000)), await temporaryFolder()];
  const { child, exit } = await copying(from, to);
  const size = async () => (await stat(join(to, 'log/log/0000000000000001.segment'))).size;
  await until(async () => expect(await size()).toBeGreaterThan(200_000));
  child.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);
  const came = await eventsIn(to);
  expect(came.length).toBeGreaterThan(0);
  expect(came.length).toBeLessThan(2_000);
  expect(await copy(from, to)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`copied  ${2_000 - came.length} (the rest was there already)`),
  });
  expect(await eventsIn(to)).toEqual(await eventsIn(from));
});

test('a server that is away ends the copy with 3, and the message says that it can go on', async () => {
  const from = await dataFolder((log) => fill(log, 20));
  const double = await server();
  double.failAppends('access denied');
  expect(await copy(from, double.url)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/COPY_STOPPED .*refuses the user[\s\S]*it goes on where it stopped/),
  });
});

test('a target with other events is refused by name', async () => {
  const from = await dataFolder((log) => fill(log, 20));
  const to = await dataFolder((log) => log.append('person-1', [sample('x')], 'no_stream'));
  expect(await copy(from, to)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/TARGET_HOLDS_OTHER_EVENTS .*person-1, revision 0/),
  });
  expect(await eventsIn(to)).toHaveLength(1);
});

test('a copy that is not equal ends with 1 and names the first difference, without its content', async () => {
  const [secret, changed] = [sample('b', { text: '张三' }), sample('b', { text: '李四' })];
  const write = (middle: typeof secret) => async (log: EventStore) => {
    for (const [index, event] of [sample('a'), middle, sample('c')].entries())
      await log.append(`topic-${index}`, [event], 'no_stream');
  };
  const [from, to] = [await dataFolder(write(secret)), await dataFolder(write(changed))];
  const { code, out, err } = await copy(from, to);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/COPY_DIFFERS .*NOT equal.*3 of 3 events, 1 streams differ/);
  expect(err).toMatch(/- #2 {2}event of the log; not the same: data/);
  expect(err).toContain(`topic-1@0 SuggestionSubmitted ${secret.id}`);
  expect(err).not.toMatch(/张三|李四/);
});

test('a data folder in use is refused, as source and as target', async () => {
  const [from, other] = [await dataFolder((log) => fill(log, 5)), await temporaryFolder()];
  const held = await openEmbeddedEventStore({ folder: join(from, 'log') });
  onTestFinished(() => held.close());
  const inUse = { code: 3, err: expect.stringContaining('is in use by another process') };
  expect(await copy(from, other)).toMatchObject(inUse);
  const free = await dataFolder((log) => fill(log, 5));
  expect(await copy(free, from)).toMatchObject(inUse);
});

test('what is no place of a log is told with what to write, and no folder is made for a source', async () => {
  const [data, empty] = [await dataFolder((log) => fill(log, 5)), await temporaryFolder()];
  const refused = (code: string) => ({ code: 2, err: expect.stringContaining(code) });
  expect(await copy(join(empty, 'typo'), data)).toMatchObject(refused('NO_LOG_THERE'));
  await expect(stat(join(empty, 'typo'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await copy(join(data, 'log'), empty)).toMatchObject(refused(`Name ${data}.`));
  expect(await copy(data, join(data, 'log'))).toMatchObject(refused('NOT_A_DATA_FOLDER'));
  expect(await copy(data, data)).toMatchObject(refused('SAME_LOG'));
  expect(await copy(data, 'EVENTSTORE_URL')).toMatchObject(refused('INVALID_SETTING'));
  expect(await copy(data, 'esdbb://host:2113')).toMatchObject(refused('INVALID_SETTING'));
  const withPassword = await copy(data, 'esdb://admin:secret@host:2113');
  expect(withPassword).toMatchObject(refused('PASSWORD_IN_ARGUMENT'));
  expect(withPassword.err).not.toContain('secret');
});
