import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkLog } from '../../../src/infra/event-store/check-log.js';
import { crc32 } from '../../../src/infra/event-store/crc32.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { LogDamaged } from '../../../src/infra/event-store/errors.js';
import type { LogProgress } from '../../../src/infra/event-store/open-segments.js';
import { SealedIndex } from '../../../src/infra/event-store/sealed-index.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { all, eventStoreContract, sample, samples } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { reopening } from './support/reopening.js';

const segmentBytes = 3_000;
const small = { segmentBytes, flushes: 'beside' } as const;

eventStoreContract('the embedded event store with small segments, flushed beside', reopening(small), { reopens: true });

const segmentsOf = async (folder: string) =>
  (await readdir(join(folder, 'log'))).filter((name) => name.endsWith('.segment')).sort();
const pathOf = async (folder: string, index: number) =>
  join(folder, 'log', (await segmentsOf(folder)).at(index) ?? expect.fail('there is no such segment'));

/** Thirty events, each a write of its own, in several segments. */
async function filled(): Promise<string> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder, segmentBytes });
  for (const event of samples('a', 30)) await store.append(`s-${event.id.slice(0, 1)}`, [event], 'any');
  await store.close();
  expect((await segmentsOf(folder)).length).toBeGreaterThan(3);
  return folder;
}

/** Inverts one bit. `place`: a byte of the file, or the first byte of a text in it. */
async function flip(path: string, place: number | string): Promise<number> {
  const bytes = await readFile(path);
  const at = typeof place === 'number' ? place : bytes.indexOf(place);
  expect(at).toBeGreaterThanOrEqual(0);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
  return at;
}

const damageOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof LogDamaged ? error : expect.fail(`expected LogDamaged, was ${error}`);
};

describe('a bit that flipped', () => {
  test('in a sealed segment is found when the event is read, and by the check; it is named in two languages, and never skipped', async () => {
    const folder = await filled();
    const store = await openEmbeddedEventStore({ folder, segmentBytes });
    await flip(await pathOf(folder, 0), sample('a1').id);
    const found: string[] = [];
    const { damage, text } = await damageOf(
      (async () => {
        for await (const { id } of store.readAll()) found.push(id);
      })(),
    );
    expect(damage).toMatchObject({ segment: '0000000000000001.segment', sequence: 2 });
    expect(text).toEqual([expect.stringContaining('event number 2'), expect.stringContaining('第2个事件')]);
    expect((await damageOf(all(store.readStream(`s-${sample('a1').id.slice(0, 1)}`)))).damage).toEqual(damage);
    await damageOf(all(store.readAll({ direction: 'backwards' })));
    await damageOf(all(store.subscribe({ signal: new AbortController().signal })));
    await store.close();
    expect(await checkLog(folder, () => {})).toEqual({ is: 'damaged', events: 1, damage, wrong: 'checksum' });
  });

  test.each([
    ['checksum', 0],
    ['length', 4],
    ['sequence', 8],
    ['place in its write', 16],
    ['JSON', 30],
  ])('in the %s of a record of the active segment that others follow refuses the start', async (_, within) => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedEventStore({ folder });
    for (const event of samples('a', 6)) await store.append('s-1', [event], 'any');
    await store.close();
    const path = await pathOf(folder, -1);
    const bytes = await readFile(path);
    // The third record: 20 bytes of head before the JSON, which begins with `[2,"s-1"`.
    const offset = bytes.indexOf('[2,"s-1"') - 20;
    await flip(path, offset + within);
    const before = await readFile(path);
    const { damage, code } = await damageOf(openEmbeddedEventStore({ folder }));
    expect(code).toBe('damaged');
    expect(damage).toEqual({ segment: '0000000000000001.segment', offset, sequence: 3 });
    expect(await checkLog(folder, () => {})).toMatchObject({ is: 'damaged', events: 2, damage });
    expect(await readFile(path)).toEqual(before);
  });

  test('in the last event of a log that was closed refuses the start: it was acknowledged', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedEventStore({ folder });
    await store.append('s-1', samples('a', 2), 'no_stream');
    await store.append('s-1', [sample('b')], 1);
    await store.close();
    await flip(await pathOf(folder, -1), sample('b').id);
    expect((await damageOf(openEmbeddedEventStore({ folder }))).damage.sequence).toBe(3);
  });

  test.each([0, 9, 20])('in the head of a segment (byte %s) refuses the start', async (at) => {
    const folder = await filled();
    await flip(await pathOf(folder, 1), at);
    await damageOf(openEmbeddedEventStore({ folder, segmentBytes }));
    expect(await checkLog(folder, () => {})).toMatchObject({ is: 'damaged', wrong: 'head' });
  });
});

test('a segment that is gone or cut refuses the start, also without its index', async () => {
  for (const harm of [rm, async (path: string) => writeFile(path, (await readFile(path)).subarray(0, -40))]) {
    const folder = await filled();
    await harm(await pathOf(folder, 1));
    await damageOf(openEmbeddedEventStore({ folder, segmentBytes }));
    expect(await checkLog(folder, () => {})).toMatchObject({ is: 'damaged' });
  }
});

test('an index that is gone, or of another log, is made again from the segments', async () => {
  const [folder, other] = [await filled(), await filled()];
  const read = async () => {
    const told: LogProgress[] = [];
    const store = await openEmbeddedEventStore({ folder, segmentBytes, onProgress: (each) => told.push(each) });
    const events = await all(store.readAll());
    const streams = await Promise.all(
      [...new Set(events.map(({ stream }) => stream))].map((stream) => all(store.readStream(stream))),
    );
    const [epoch] = [store.epoch, await store.close()];
    return { epoch, events, streams, told };
  };
  const { told: nothing, ...before } = await read();
  expect(nothing).toEqual([]);
  const index = join(folder, 'log/data.mdb');
  for (const harm of [() => rm(index), async () => writeFile(index, await readFile(join(other, 'log/data.mdb')))]) {
    await harm();
    const { told, ...after } = await read();
    expect(after).toEqual(before);
    expect(told.at(-1)).toMatchObject({ work: 'indexing', share: 1 });
  }
});

test('an index that could not be written is told, nothing is missed by it, and the next segment brings it', async () => {
  const folder = await temporaryFolder();
  const problems: Error[] = [];
  const store = await openEmbeddedEventStore({ folder, ...small, onProblem: (problem) => problems.push(problem) });
  vi.spyOn(SealedIndex.prototype, 'add').mockRejectedValueOnce(new Error('no room'));
  const ids = async () => (await all(store.readStream('s-1'))).map(({ id }) => id);
  const written: string[] = [];
  const write = async () => {
    for (const event of samples(`r${written.length}`, 20)) {
      await store.append('s-1', [event], 'any');
      written.push(event.id);
    }
  };
  await write();
  expect(problems.map(({ cause }) => cause)).toEqual([new Error('no room')]);
  expect(await ids()).toEqual(written);
  await write();
  expect(await ids()).toEqual(written);
  await store.close();
  const told: LogProgress[] = [];
  await (await openEmbeddedEventStore({ folder, ...small, onProgress: (each) => told.push(each) })).close();
  expect(told).toEqual([]); // nothing had to be made again
  expect(problems).toHaveLength(1);
});

test('segments of another version are refused as such', async () => {
  const folder = await filled();
  const path = await pathOf(folder, -1);
  const bytes = await readFile(path);
  bytes.writeUInt32LE(3, 8);
  bytes.writeUInt32LE(crc32(Buffer.concat([bytes.subarray(0, 12), bytes.subarray(16, 64)])), 12);
  await writeFile(path, bytes);
  const refused = await openEmbeddedEventStore({ folder }).catch((error: unknown) => error);
  expect(refused instanceof StoreUnavailable ? refused.code : refused).toBe('unknown_format');
});

test('the check of a log that is whole counts its events, and says nothing else', async () => {
  const folder = await filled();
  const shares: number[] = [];
  const checked = await checkLog(folder, ({ share }) => shares.push(share));
  expect(checked).toMatchObject({ is: 'whole', events: 30, unfinished: 0 });
  expect(shares.at(-1)).toBe(1);
  const store = await openEmbeddedEventStore({ folder });
  await expect(checkLog(folder, () => {})).rejects.toMatchObject({ code: 'in_use' });
  await store.close();
});

test('events of any size are read whole: one larger than a page, beside small ones', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  const events = [sample('a'), sample('b', '五'.repeat(3_000_000)), sample('c'), sample('d', 'x'.repeat(5_000))];
  await store.append('s-1', events, 'no_stream');
  await store.append('s-2', samples('e', 3), 'no_stream');
  const wanted = [...events, ...samples('e', 3)].map(({ id, data }) => ({ id, data }));
  const plain = (found: readonly { id: string; data: unknown }[]) => found.map(({ id, data }) => ({ id, data }));
  expect(plain(await all(store.readAll()))).toEqual(wanted);
  expect(plain(await all(store.readAll({ direction: 'backwards' })))).toEqual(wanted.toReversed());
  expect(plain(await all(store.readStream('s-1')))).toEqual(wanted.slice(0, 4));
  await store.close();
});
