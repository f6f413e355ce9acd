import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { realDisk } from '../../../src/infra/event-store/disk.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import type { LogProgress } from '../../../src/infra/event-store/open-segments.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { all, sample } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { diskError } from './support/faulty-disk.js';
import { writeFormat1 } from './support/format-1.js';

const epoch = '4a6b1c1e-7e0e-4d46-9a0e-0d3c1a5f2b77';
const segmentBytes = 100_000;

const recorded: readonly RecordedEvent[] = Array.from({ length: 2_500 }, (_, n) => ({
  ...sample(`old ${n}`, { text: '建议“路灯”\n', n }),
  stream: n % 7 === 0 ? 'suggestion-"五"' : `suggestion-${n % 7}`,
  revision: Math.floor(n / 7),
  position: (n + 1).toString(16).padStart(16, '0'),
  recordedAt: new Date(Date.UTC(2025, 0, 1) + n * 1_000).toISOString(),
}));

async function oldFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFormat1(folder, epoch, recorded);
  return folder;
}

async function assertUpgraded(folder: string): Promise<void> {
  const store = await openEmbeddedEventStore({ folder, segmentBytes });
  expect(store.epoch).toBe(epoch);
  expect(await all(store.readAll())).toEqual(recorded);
  expect(await all(store.readStream('suggestion-"五"'))).toEqual(
    recorded.filter(({ stream }) => stream === 'suggestion-"五"'),
  );
  await store.close();
  expect((await readdir(folder)).filter((name) => name.startsWith('log'))).toEqual(['log']);
}

test('a folder of format 1 becomes one of segments, once, with progress: same epoch, positions, ids and times', async () => {
  const folder = await oldFolder();
  const told: LogProgress[] = [];
  const onProgress = (progress: LogProgress) => told.push(progress);
  await (await openEmbeddedEventStore({ folder, segmentBytes, onProgress })).close();
  expect(told.map(({ work, events }) => [work, events])).toEqual([
    ['upgrading', 1_000],
    ['upgrading', 2_000],
    ['upgrading', 2_500],
  ]);
  expect(told.at(-1)?.share).toBe(1);
  await (await openEmbeddedEventStore({ folder, segmentBytes, onProgress })).close();
  expect(told).toHaveLength(3);
  await assertUpgraded(folder);
});

test('a retry of what was written before the upgrade is acknowledged, and the next event follows on', async () => {
  const folder = await oldFolder();
  const store = await openEmbeddedEventStore({ folder });
  const last = recorded.at(-1) ?? expect.fail();
  const { stream, revision, position } = last;
  expect(await store.append(stream, [sample('old 2499', last.data)], 'any')).toEqual({
    revision,
    position,
    isNew: false,
  });
  expect((await store.append(stream, [sample('new')], revision)).position).toBe((2_501).toString(16).padStart(16, '0'));
  await store.close();
});

test('an upgrade that was broken off at any of its steps begins again, or is finished, at the next start', async () => {
  const [old, upgraded] = [await oldFolder(), await oldFolder()];
  await (await openEmbeddedEventStore({ folder: upgraded, segmentBytes })).close();
  const steps: readonly ((folder: string) => Promise<unknown>)[] = [
    // While the new one is written.
    async (folder) => {
      await mkdir(join(folder, 'log.new'));
      await writeFile(join(folder, 'log.new/0000000000000001.segment'), 'half of a segm');
    },
    // The new one is whole, and has no name yet.
    (folder) => cp(join(upgraded, 'log'), join(folder, 'log.new'), { recursive: true }),
    // The old one has given its name away.
    async (folder) => {
      await cp(join(upgraded, 'log'), join(folder, 'log.new'), { recursive: true });
      await rename(join(folder, 'log'), join(folder, 'log.format-1'));
    },
    // The old one is not removed yet.
    async (folder) => {
      await rename(join(folder, 'log'), join(folder, 'log.format-1'));
      await cp(join(upgraded, 'log'), join(folder, 'log'), { recursive: true });
    },
  ];
  for (const step of steps) {
    const folder = await temporaryFolder();
    await cp(join(old, 'log'), join(folder, 'log'), { recursive: true });
    await step(folder);
    await assertUpgraded(folder);
  }
});

test('on a disk without room for it the upgrade is refused as full, and the old log stays as it was', async () => {
  const folder = await oldFolder();
  let room = 600_000;
  const disk = {
    ...realDisk,
    write: (...args: Parameters<typeof realDisk.write>) => {
      room -= args[3];
      if (room < 0) throw diskError('ENOSPC');
      return realDisk.write(...args);
    },
  };
  const refused = await openEmbeddedEventStore({ folder, disk, segmentBytes }).catch((error: unknown) => error);
  expect(refused instanceof StoreUnavailable ? refused.code : refused).toBe('disk_full');
  await assertUpgraded(folder);
});

test('a log that a later program wrote is refused, not upgraded', async () => {
  const folder = await oldFolder();
  await openEmbeddedEventStore({ folder }).then((store) => store.close());
  await rm(join(folder, 'log'), { recursive: true });
  await writeFormat1(folder, epoch, []);
  const { open } = await import('lmdb');
  const env = open<string, string>({ path: join(folder, 'log'), noSubdir: false, maxDbs: 3, encoding: 'string' });
  env.openDB<string, string>({ name: 'meta', encoding: 'string' }).putSync('format', '3');
  await env.close();
  const refused = await openEmbeddedEventStore({ folder }).catch((error: unknown) => error);
  expect(refused instanceof StoreUnavailable ? refused.code : refused).toBe('unknown_format');
});
