import { expect, test } from 'vitest';
import type { Deputy } from '../../../src/domain/kernel/actor.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { shareTail } from '../../../src/projections/kernel/shared-tail.js';
import { sideBySide } from '../../../src/projections/kernel/side-by-side.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf } from '../../support/house.js';
import { registry } from './errand.js';

const ann: Deputy = {
  ...{ kind: 'deputy', person: 'p1', mandate: 'ann' },
  ...{ congress: '150800', level: 'city', standing: 'active' },
};

/** A log, and how often it was subscribed to. */
function setUp() {
  const events = arrayStore();
  const { handle } = houseOf(registry, events);
  const begun: (string | undefined)[] = [];
  const watched: Pick<EventStore, 'subscribe' | 'readAll' | 'head'> = {
    subscribe(options) {
      begun.push(options.after);
      return events.subscribe(options);
    },
    readAll: events.readAll,
    head: events.head,
  };
  let made = 0;
  const write = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const input = { owner: 'ann', dueOn: '2026-03-05' };
      done(await handle({ action: 'openErrand', input, commandId: `open ${made++}`, actor: ann }));
    }
  };
  return { events, begun, watched, write };
}

/** Reads until it has so many events. */
async function read(tail: Pick<EventStore, 'subscribe'>, count: number, after?: string) {
  const control = new AbortController();
  const found: string[] = [];
  for await (const batch of tail.subscribe({ signal: control.signal, batchSize: 100, ...(after && { after }) })) {
    found.push(...batch.events.map(({ position }) => position));
    if (found.length >= count) control.abort();
  }
  return found;
}

test('many readers of a log share one reading, and each has every event once, in order', async () => {
  const { events, begun, watched, write } = setUp();
  await write(5);
  const tail = shareTail(watched);
  const readers = [read(tail, 2_505), read(tail, 2_505), read(tail, 2_502, events.log[2]?.position)];
  await write(2_500);
  const all = events.log.map(({ position }) => position);
  expect(await Promise.all(readers)).toEqual([all, all, all.slice(3)]);
  expect(begun).toHaveLength(1);
});

test('a reader who comes late reads by itself what the shared reading has let go, without a gap', async () => {
  const { events, watched, write } = setUp();
  const tail = shareTail(watched);
  const first = read(tail, 3_010);
  await write(3_000);
  const late = read(tail, 3_010);
  await write(10);
  const all = events.log.map(({ position }) => position);
  expect(await Promise.all([first, late])).toEqual([all, all]);
});

test('when the reading fails its readers fail, and the next one begins it anew', async () => {
  const { events, watched, write } = setUp();
  let broken = true;
  const tail = shareTail({
    ...watched,
    subscribe: (options) => {
      if (broken) throw new Error('the log is away');
      return watched.subscribe(options);
    },
  });
  await expect(Promise.all([read(tail, 1), read(tail, 1)])).rejects.toThrow('the log is away');
  broken = false;
  const again = read(tail, 3);
  await write(3);
  expect(await again).toEqual(events.log.map(({ position }) => position));
});

test('commands on one case go in their order, those on others beside them', async () => {
  const begun: string[] = [];
  const open: (() => void)[] = [];
  const work = ({ name }: { name: string }) => {
    begun.push(name);
    return new Promise<void>((resolve) => open.push(resolve));
  };
  const commands = [
    ...[
      { id: 'a', name: 'a1' },
      { id: 'a', name: 'a2' },
      { id: 'b', name: 'b1' },
    ],
    ...[{ name: 'new 1' }, { name: 'new 2' }],
  ];
  const all = sideBySide(commands, work);
  expect(begun).toEqual(['a1', 'b1', 'new 1', 'new 2']);
  open[0]?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toContain('a2');
  for (const end of open) end();
  await all;
});

test('of a case where a command fails the rest is left, other cases go on, and it is told', async () => {
  const done: string[] = [];
  const work = async ({ name }: { name: string }) => {
    if (name === 'a1') throw new Error('a1 failed');
    done.push(name);
  };
  const commands = [
    { id: 'a', name: 'a1' },
    { id: 'a', name: 'a2' },
    { id: 'b', name: 'b1' },
  ];
  expect(await sideBySide(commands, work)).toEqual([new Error('a1 failed')]);
  expect(done).toEqual(['b1']);
});
