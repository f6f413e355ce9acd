import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { newEvent } from '../append/load.js';

const made = new Map<number, Promise<string>>();

/** A folder with a log of so many events, five in a stream; made once, gone when the process ends. */
export function logOf(count: number): Promise<string> {
  const known = made.get(count);
  if (known) return known;
  const making = makeLog(count);
  made.set(count, making);
  return making;
}

async function makeLog(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-replay-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const store = await openEmbeddedEventStore({ folder });
  for (let stream = 0; stream < count / 5; stream += 200)
    await Promise.all(
      Array.from({ length: Math.min(200, count / 5 - stream) }, (_, n) =>
        store.append(`suggestion-${stream + n}`, Array.from({ length: 5 }, newEvent), 'no_stream'),
      ),
    );
  await store.close();
  return folder;
}

/** Reads it all in log order as a projector does; resolves to how many events there were. */
export async function replay(store: EventStore, onEvent: (event: RecordedEvent) => void): Promise<number> {
  const ending = new AbortController();
  let events = 0;
  for await (const batch of store.subscribe({ signal: ending.signal, batchSize: 1_000 })) {
    for (const event of batch.events) onEvent(event);
    events += batch.events.length;
    if (batch.caughtUp) ending.abort();
  }
  return events;
}
