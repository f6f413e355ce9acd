import { onTestFinished } from 'vitest';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { sample } from '../contract/event-store.contract.js';

/** A log in a folder, closed when the test has ended. */
export async function logIn(folder: string, clock?: () => Date): Promise<EventStore> {
  const store = await openEmbeddedEventStore({ folder, ...(clock && { clock }) });
  onTestFinished(() => store.close());
  return store;
}

/** A clock that every commit moves on by a second. */
export function ticking(): () => Date {
  let time = Date.parse('2026-03-02T01:00:00.000Z');
  return () => {
    time += 1_000;
    return new Date(time);
  };
}

/**
 * So many events in appends of one to three over a few streams in turn, as cases do; data in Chinese, with what JSON has.
 * `moments`: into how many commits they go, at least; each is recorded at a moment of its own.
 */
export async function fill(store: EventStore, count: number, moments = count): Promise<void> {
  const revisions = new Map<string, number>();
  const share = Math.ceil(count / moments);
  let appends: Promise<unknown>[] = [];
  for (let made = 0; made < count; ) {
    const stream = `suggestion-${(made * 7) % 5}`;
    const events = Array.from({ length: Math.min((made % 3) + 1, count - made) }, (_, index) =>
      sample(`e${made + index}`, {
        text: `第${made + index}号：桥面“破损”`,
        empty: null,
        list: [1.5, true, { b: 1, a: 2 }],
      }),
    );
    const last = revisions.get(stream);
    appends.push(store.append(stream, events, last ?? 'no_stream'));
    revisions.set(stream, (last ?? -1) + events.length);
    made += events.length;
    if (appends.length < share) continue;
    await Promise.all(appends);
    appends = [];
  }
  await Promise.all(appends);
}

/** All of an event but where and when this log took it. */
export const carried = ({ position: _, recordedAt: __, ...rest }: RecordedEvent) => rest;

/** The same log, of which some reads show something else. */
export const seenAs = (store: EventStore, reads: Partial<Pick<EventStore, 'readAll' | 'readStream'>>): EventStore => ({
  epoch: store.epoch,
  append: (...args) => store.append(...args),
  readStream: (...args) => store.readStream(...args),
  readAll: (...args) => store.readAll(...args),
  subscribe: (...args) => store.subscribe(...args),
  head: () => store.head(),
  close: () => store.close(),
  ...reads,
});
