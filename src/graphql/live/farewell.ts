import { setTimeout as pause } from 'node:timers/promises';

/** How long the farewell to each is put off at most, and on the whole, in ms. */
const perClient = 2;
const longest = 5_000;
const sliceMs = 50;

/**
 * Says farewell to all, by and by and in an order of chance: whoever is sent away comes back, and not all in one moment
 * to the nodes that are left.
 */
export async function farewell<T>(all: Iterable<T>, say: (one: T) => void): Promise<void> {
  const waiting = shuffled([...all]);
  const slices = Math.ceil(Math.min(waiting.length * perClient, longest) / sliceMs);
  const size = Math.ceil(waiting.length / Math.max(1, slices));
  while (waiting.length > 0) {
    for (const one of waiting.splice(0, size)) say(one);
    if (waiting.length > 0) await pause(sliceMs);
  }
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
