import { expect } from 'vitest';
import type { Crowd } from './crowd.js';
import { audiencesOf, type Entitlement, entitlementOf, isSubsequence, until } from './crowd.js';

/** Each deputy's record against the log: exact, and in order. */
export async function compareWithLog({ watchers, readLog }: Crowd): Promise<{ exact: number; messages: number }> {
  const log = await readLog();
  const audiences = audiencesOf(log);
  const due = new Map(watchers.map((watcher) => [watcher, entitlementOf(watcher, log, audiences)]));
  // A last event that everybody sees says that nothing more can come; whoever has ended has no such event.
  await until('everything has arrived', () =>
    watchers.every((w) => w.ended !== undefined || (w.received.at(-1)?.position ?? '') >= (due.get(w)?.last ?? '')),
  );
  const wrong: string[] = [];
  let exact = 0;
  let messages = 0;
  for (const watcher of watchers) {
    const { events, lost } = due.get(watcher) as Entitlement;
    const got = watcher.received.map(({ id }) => id);
    messages += got.length;
    // In order, no double, nothing that was not addressed to this deputy.
    expect(
      isSubsequence(
        got,
        events.map(({ id }) => id),
      ),
      watcher.name,
    ).toBe(true);
    // Of cases that are still the deputy's: all of it. (Of those lost, what came before the loss may or may not.)
    const kept = new Set(events.filter(({ stream }) => !lost.has(stream)).map(({ id }) => id));
    const all = events.filter(({ id }) => kept.has(id)).map(({ id }) => id);
    const mine = got.filter((id) => kept.has(id));
    const owed = watcher.ended === undefined ? all : all.slice(0, mine.length);
    const at = owed.findIndex((id, i) => mine[i] !== id);
    if (at >= 0 || mine.length > owed.length) {
      const missed = owed
        .filter((id) => !mine.includes(id))
        .map((id) => events.find((one) => one.id === id)?.recordedAt);
      wrong.push(`${watcher.name} misses ${missed.length} of ${owed.length}: ${missed.join(', ')}`);
    } else if (watcher.ended === undefined) exact++;
  }
  expect(wrong).toEqual([]);
  return { exact, messages };
}
