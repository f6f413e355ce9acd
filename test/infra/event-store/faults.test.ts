import { cp } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { realDisk } from '../../../src/infra/event-store/disk.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { LogStopped } from '../../../src/infra/event-store/errors.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { all, sample, samples } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { diskError, type Fault, faultyDisk } from './support/faulty-disk.js';

/** Small, so that the scenario passes through several segments. */
const segmentBytes = 3_000;

const idsOf = async (store: EventStore) => (await all(store.readAll())).map(({ id }) => id);

/** Rounds of appends of one to three events by three writers at once; those that were acknowledged. */
async function playRounds(store: EventStore, rounds: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++)
    await Promise.all(
      [1, 2, 3].map(async (writer) => {
        const events = samples(`${round}/${writer}/`, 1 + ((round + writer) % 3));
        try {
          await store.append(`s-${writer}`, events, 'any');
          acknowledged.push(...events.map(({ id }) => id));
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
        }
      }),
    );
  return acknowledged;
}

/** Every append is there whole or not at all, each event once, and the log takes more. */
async function assertWhole(folder: string, acknowledged: readonly string[], rounds: number): Promise<void> {
  const store = await openEmbeddedEventStore({ folder, segmentBytes });
  const ids = await idsOf(store);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...acknowledged]));
  for (let round = 0; round < rounds; round++)
    for (const writer of [1, 2, 3]) {
      const append = samples(`${round}/${writer}/`, 1 + ((round + writer) % 3)).map(({ id }) => id);
      const there = append.filter((id) => ids.includes(id));
      expect([0, append.length]).toContain(there.length);
    }
  await store.append('after', [sample('after')], 'no_stream');
  expect(await idsOf(store)).toEqual([...ids, sample('after').id]);
  await store.close();
}

const rounds = 5;
const killed = diskError('EKILLED');

describe.each(['waited for', 'beside'] as const)('a process that ends (flush %s)', (flushes) => {
  test.each([
    ['before', 0],
    ['in the middle of', 0.5],
    ['after', 1],
  ])(
    '%s any operation on the disk loses nothing that was acknowledged, and leaves no part of an append',
    async (_, share) => {
      let isOver = false;
      for (let at = 0; !isOver; at++) {
        const folder = await temporaryFolder();
        // From then on nothing is done any more: also not what would clear up.
        const fault = (_operation: string, count: number): Fault | undefined =>
          count < at ? undefined : { error: killed, partly: (length) => (count === at ? length * share : 0) };
        let [isDead, acknowledged]: [boolean, string[]] = [false, []];
        const { disk } = faultyDisk((operation, count) => {
          const found = fault(operation, count);
          isDead ||= found !== undefined;
          return found;
        });
        const store = await openEmbeddedEventStore({ folder, disk, segmentBytes, flushes }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(StoreUnavailable);
          return undefined;
        });
        if (store) {
          acknowledged = await playRounds(store, rounds);
          await store.close();
        }
        await assertWhole(folder, acknowledged, rounds);
        isOver = !isDead;
        if (isOver) expect(at).toBeGreaterThan(15);
      }
    },
  );
});

test('a power cut that keeps any part of what was not flushed loses nothing that was acknowledged, and does not stop the next start', async () => {
  let seed = 20260302;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  for (let round = 0; round < 30; round++) {
    const folder = await temporaryFolder();
    let isCut = false;
    const faulty = faultyDisk((operation) => {
      if (operation !== 'flush' || !isCut) return isCut && operation === 'truncate' ? { error: killed } : undefined;
      faulty.loseSectors(() => random() < 0.3);
      return { error: killed };
    });
    const store = await openEmbeddedEventStore({ folder, disk: faulty.disk });
    await store.append('s-1', samples('a', 3), 'no_stream');
    isCut = true;
    // One write of many sectors: a later one may be kept where an earlier one is lost.
    const group = samples('b', 40).map((event) => store.append(`s-${event.id}`, [event, sample('c')], 'any'));
    for (const each of await Promise.allSettled(group))
      expect(each).toMatchObject({ status: 'rejected', reason: { outcome: 'unknown' } });
    await store.close();

    const again = await openEmbeddedEventStore({ folder });
    const ids = await idsOf(again);
    const written = [...samples('a', 3), ...samples('b', 40).flatMap((event) => [event, sample('c')])];
    expect(ids).toEqual(written.slice(0, ids.length).map(({ id }) => id));
    expect([ids.length >= 3, ids.length % 2]).toEqual([true, 1]);
    await again.append('after', [sample('after')], 'no_stream');
    expect(await idsOf(again)).toHaveLength(ids.length + 1);
    await again.close();
  }
});

describe('a full disk', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])(
    '%s refuses the group; the log goes on by itself, and nothing of the refused is ever read',
    async (code) => {
      const folder = await temporaryFolder();
      let isFull = false;
      const { disk } = faultyDisk((operation) =>
        isFull && operation === 'write' ? { error: diskError(code), partly: (length) => length - 1 } : undefined,
      );
      const store = await openEmbeddedEventStore({ folder, disk });
      await store.append('s-1', [sample('a')], 'no_stream');
      isFull = true;
      const refused = await Promise.allSettled(
        samples('refused ', 5).map((event) => store.append('s-1', [event], 'any')),
      );
      for (const each of refused)
        expect(each).toMatchObject({ status: 'rejected', reason: { code: 'disk_full', outcome: 'not written' } });
      expect(store.fault()).toBe('disk_full');
      isFull = false;
      expect(store.fault()).toBeUndefined();
      // As long as the first of the refused: what stood behind that would be read as the next.
      await store.append('s-1', [sample('instead 0')], 0);
      const wanted = [sample('a').id, sample('instead 0').id];
      expect(await idsOf(store)).toEqual(wanted);
      // A process that ends here leaves what is on the disk now.
      const copy = await temporaryFolder();
      await cp(join(folder, 'log'), join(copy, 'log'), { recursive: true });
      const again = await openEmbeddedEventStore({ folder: copy });
      expect(await idsOf(again)).toEqual(wanted);
      await again.close();
      await store.close();
    },
  );

  test('without room to lay out zeros the log still takes what there is room for', async () => {
    const folder = await temporaryFolder();
    const { disk } = faultyDisk(() => undefined);
    const tight = {
      ...disk,
      write: (...[file, from, offset, length, at]: Parameters<typeof disk.write>) => {
        if (length > 10_000) throw diskError('ENOSPC');
        return disk.write(file, from, offset, length, at);
      },
    };
    const store = await openEmbeddedEventStore({ folder, disk: tight });
    for (const event of samples('a', 20)) await store.append('s-1', [event], 'any');
    expect(await idsOf(store)).toHaveLength(20);
    await store.close();
  });
});

test.each(['EMFILE', 'ENFILE'] as const)(
  '%s as the next segment begins, or as an old one is read: refused with its code, nothing is stopped, and all goes on once there are descriptors (issue 5 part 8)',
  async (code) => {
    let isOut = false;
    const disk = {
      ...realDisk,
      open: (...[path, flags]: Parameters<typeof realDisk.open>) => {
        if (isOut) throw Object.assign(new Error(code), { code, errno: -constants.errno[code] });
        return realDisk.open(path, flags);
      },
    };
    const folder = await temporaryFolder();
    const filled = await openEmbeddedEventStore({ folder, segmentBytes });
    for (const event of samples('a', 30)) await filled.append('s-1', [event], 'any');
    await filled.close();
    const store = await openEmbeddedEventStore({ folder, disk, segmentBytes });
    isOut = true;
    const written: string[] = [];
    let refused: unknown;
    for (const event of samples('b', 30)) {
      refused = await store.append('s-1', [event], 29 + written.length).then(
        () => void written.push(event.id),
        (error: unknown) => error,
      );
      if (refused) break;
    }
    expect(refused).toMatchObject({ code: 'too_many_files', outcome: 'not written' });
    expect(store.fault()).toBe('too_many_files');
    await expect(all(store.readAll({ limit: 1 }))).rejects.toMatchObject({ code: 'too_many_files' });
    isOut = false;
    expect(store.fault()).toBeUndefined();
    await store.append('s-1', [sample('after')], 29 + written.length);
    expect(await idsOf(store)).toEqual([...samples('a', 30).map(({ id }) => id), ...written, sample('after').id]);
    await store.close();
  },
);

describe.each(['waited for', 'beside'] as const)('an error of the disk (flush %s)', (flushes) => {
  test.each([
    ['flush', 'EIO'],
    ['write', 'EIO'],
  ])(
    '%s %s stops the log: all that wait and all later appends are refused, and the disk is not asked again',
    async (failing, code) => {
      const folder = await temporaryFolder();
      let [isBroken, asked] = [false, 0];
      const { disk } = faultyDisk((operation) => {
        asked++;
        if (!isBroken || operation !== failing) return undefined;
        // Once only: a log that tried again would succeed.
        isBroken = false;
        return { error: diskError(code) };
      });
      const store = await openEmbeddedEventStore({ folder, disk, flushes });
      await store.append('s-1', [sample('a')], 'no_stream');
      isBroken = true;
      const refused = await Promise.allSettled([
        store.append('s-1', [sample('b')], 0),
        store.append('s-2', [sample('c')], 'any'),
      ]);
      for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: expect.any(LogStopped) });
      const before = asked;
      await expect(store.append('s-1', [sample('d')], 0)).rejects.toMatchObject({ code: 'write_failed' });
      expect(store.fault()).toBe('write_failed');
      expect(asked).toBe(before);
      expect(await idsOf(store)).toEqual([sample('a').id]);
      await store.close();
      const again = await openEmbeddedEventStore({ folder });
      expect(await idsOf(again)).toEqual([sample('a').id]);
      await again.close();
    },
  );
});

test('nobody sees an event before it is flushed: no reader, no subscription, not the head, not a retry', async () => {
  let [flush, isWritten] = [() => {}, () => {}];
  const written = new Promise<void>((resolve) => {
    isWritten = resolve;
  });
  const disk = {
    ...realDisk,
    flushLater: (file: number) =>
      new Promise<void>((resolve) => {
        flush = () => resolve(realDisk.flushLater(file));
        isWritten();
      }),
  };
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder(), disk, flushes: 'beside' });
  const told: string[] = [];
  const following = (async () => {
    for await (const { events } of store.subscribe({ signal: new AbortController().signal })) {
      told.push(...events.map(({ id }) => id));
      if (told.includes(sample('a').id)) return;
    }
  })();
  const appending = store.append('s-1', [sample('a')], 'no_stream').then(() => told.push('acknowledged'));
  await written;
  const retry = store.append('s-1', [sample('a')], 'no_stream').then(() => told.push('retry acknowledged'));
  expect([await store.head(), await idsOf(store), await all(store.readStream('s-1')), told]).toEqual([
    undefined,
    [],
    [],
    [],
  ]);
  flush();
  await Promise.all([appending, retry, following]);
  expect(await idsOf(store)).toEqual([sample('a').id]);
  await store.close();
});
