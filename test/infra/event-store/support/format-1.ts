import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RecordedEvent } from '../../../../src/domain/kernel/event.js';

/** Writes a data folder as the program did before segments: all events in LMDB. */
export async function writeFormat1(folder: string, epoch: string, events: readonly RecordedEvent[]): Promise<void> {
  const path = join(folder, 'log');
  await mkdir(path, { recursive: true });
  const env = open<string, string>({ path, noSubdir: false, overlappingSync: false, maxDbs: 3, encoding: 'string' });
  const meta = env.openDB<string, string>({ name: 'meta', encoding: 'string' });
  const table = env.openDB<string, number>({ name: 'events', encoding: 'string' });
  const streams = env.openDB<number, [string, number]>({ name: 'streams', encoding: 'ordered-binary' });
  env.transactionSync(() => {
    meta.putSync('format', '1');
    meta.putSync('epoch', epoch);
    for (const event of events) {
      const { id, type, version, effectiveAt, meta: about, data, stream, revision, recordedAt } = event;
      const sequence = Number.parseInt(event.position, 16);
      const body = [id, type, version, effectiveAt, about, data];
      table.putSync(sequence, JSON.stringify([revision, stream, recordedAt, body]), { append: true });
      streams.putSync([stream, revision], sequence);
    }
  });
  await env.close();
}
