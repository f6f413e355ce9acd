import { expect, test } from 'vitest';
import { type Disk, realDisk } from '../../../src/infra/event-store/disk.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { RecentIds } from '../../../src/infra/event-store/recent-ids.js';
import { sample, samples } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const at = (n: number) => ({ id: `e ${n}`, stream: 's-1', revision: n });

test('an id is known for at least as many events as it is promised, the newest place first', () => {
  const ids = new RecentIds(3, () => [0, 1, 2].map(at));
  expect(ids.revisionOf('e 0', 's-1')).toBe(0);
  expect(ids.revisionOf('e 0', 's-2')).toBeUndefined();
  ids.add([at(3), at(4), { ...at(9), id: 'e 4' }]);
  expect([1, 2, 3, 4].map((n) => ids.revisionOf(`e ${n}`, 's-1'))).toEqual([1, 2, 3, 9]);
  ids.add([at(5), at(6)]);
  expect([0, 1, 2].map((n) => ids.revisionOf(`e ${n}`, 's-1'))).toEqual([undefined, undefined, undefined]);
  expect([3, 5, 6].map((n) => ids.revisionOf(`e ${n}`, 's-1'))).toEqual([3, 5, 6]);
});

/** How many bytes of records were read since it was last asked; the head of a file, and zeros ahead of its end, are none. */
function countingDisk() {
  let bytes = 0;
  const disk: Disk = {
    ...realDisk,
    read(file, into, length, at) {
      const read = realDisk.read(file, into, length, at);
      bytes += into.subarray(0, read).filter((byte) => byte === x).length;
      return read;
    },
  };
  return {
    disk,
    read: () => {
      const read = bytes;
      bytes = 0;
      return read;
    },
  };
}

const x = 'x'.charCodeAt(0);

test('who names a revision waits for no reading of old events; who does not is recognised by them (issue 4 part 1)', async () => {
  const folder = await temporaryFolder();
  const segmentBytes = 3_000;
  const first = await openEmbeddedEventStore({ folder, segmentBytes });
  const filler = { text: 'x'.repeat(500) };
  for (let n = 0; n < 40; n++) await first.append('s-1', [sample(`a ${n}`, filler)], n === 0 ? 'no_stream' : n - 1);
  await first.close();

  const { disk, read } = countingDisk();
  const store = await openEmbeddedEventStore({ folder, segmentBytes, disk });
  // The active segment is read, to find its end.
  expect(read()).toBeLessThanOrEqual(2 * segmentBytes);
  await store.append('s-1', [sample('b', filler)], 39);
  await store.append('s-2', samples('c', 3), 'no_stream');
  expect(read()).toBe(0);
  expect((await store.append('s-1', [sample('a 3', filler)], 'any')).revision).toBe(3);
  expect(read()).toBeGreaterThanOrEqual(40 * 500);
  // What was written before the first question is known as well as what is written after it.
  expect((await store.append('s-1', [sample('b', filler)], 'any')).revision).toBe(40);
  await store.append('s-1', [sample('d', filler)], 40);
  expect((await store.append('s-1', [sample('d', filler)], 'stream_exists')).revision).toBe(41);
  expect((await store.append('s-2', samples('c', 3).slice(1, 2), 'any')).revision).toBe(1);
  await store.close();
});
