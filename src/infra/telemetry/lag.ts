import type { Position } from '../../domain/kernel/event.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';

export type Lag = { readonly events: number; readonly seconds: number };

/** How many events lie after a position, counted up to `most`, and how old the first of them is. */
export async function lagAfter(
  store: Pick<EventStore, 'readAll'>,
  clock: Clock,
  position: Position | undefined,
  most: number,
): Promise<Lag> {
  let events = 0;
  let seconds = 0;
  for await (const { recordedAt } of store.readAll({ ...(position !== undefined && { after: position }), limit: most }))
    if (events++ === 0) seconds = Math.max(0, clock.now().getTime() - Date.parse(recordedAt)) / 1000;
  return { events, seconds };
}

/** `undefined` when it fails or takes longer: who asks how the node is must be answered also when a server is away. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work().catch(() => undefined), late]); // the part's own state tells what is wrong
  } finally {
    clearTimeout(timer);
  }
}
