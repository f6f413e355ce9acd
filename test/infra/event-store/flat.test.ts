import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import type { Disk } from '../../../src/infra/event-store/disk.js';
import { realDisk } from '../../../src/infra/event-store/disk.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { nameId } from '../../../src/infra/ids.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The file system, and how often it was read and written, and how many bytes, since the last `take`. */
function countingDisk() {
  const nothing = { reads: 0, read: 0, writes: 0, written: 0 };
  let counted = { ...nothing };
  const disk: Disk = {
    ...realDisk,
    read(...asked) {
      const read = realDisk.read(...asked);
      counted = { ...counted, reads: counted.reads + 1, read: counted.read + read };
      return read;
    },
    write(...asked) {
      const written = realDisk.write(...asked);
      counted = { ...counted, writes: counted.writes + 1, written: counted.written + written };
      return written;
    },
  };
  return {
    disk,
    take() {
      const taken = counted;
      counted = { ...nothing };
      return taken;
    },
  };
}

const eventOf = (name: string) => ({
  ...{ id: nameId('flat', name), type: 'Measured', version: 1, effectiveAt: '2026-03-02T01:00:00.000Z' },
  data: { text: 'x'.repeat(100) },
  meta: {
    ...{ commandId: 'c', action: 'measure', actor: { kind: 'system', policy: 'test' } as const },
    ...{ $correlationId: 'c', $causationId: 'c', audience: {} },
  },
});
const streamOf = (n: number) => `flat-${nameId('flat', String(n))}`;

/** Ten events to a stream, a hundred streams at a time. */
async function fill(store: EventStore, from: number, to: number) {
  for (let n = from; n < to; n += 1_000)
    for (let revision = 0; revision < 10; revision++)
      await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          store.append(streamOf(n + i), [eventOf(`${n + i} ${revision}`)], revision === 0 ? 'no_stream' : revision - 1),
        ),
      );
}

it.each([
  ['in one segment', undefined],
  ['in many segments', 200_000],
])(
  'an append and the reading of a stream cost as much after 10,000 events as after 1,000, %s (issue 4, growth)',
  async (_, segmentBytes) => {
    const { disk, take } = countingDisk();
    const store = await openEmbeddedEventStore({
      folder: join(await temporaryFolder(), 'log'),
      disk,
      clock: () => new Date('2026-03-02T01:00:00.000Z'),
      ...(segmentBytes !== undefined && { segmentBytes }),
    });
    onTestFinished(() => store.close());
    const costs: object[] = [];
    let events = 0;
    for (const size of [1_000, 10_000]) {
      await fill(store, events, size);
      events = size;
      take();
      await store.append(streamOf(0), [eventOf(`more ${size}`)], costs.length + 9);
      const append = take();
      for await (const _ of store.readStream(streamOf(0), { from: 3, limit: 1 }));
      costs.push({ append, one: take().reads });
    }
    expect(costs[1]).toEqual(costs[0]);
  },
);
