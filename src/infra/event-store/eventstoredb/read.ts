import type { ResolvedEvent } from '@eventstore/db-client';
import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';
import type { Position, RecordedEvent } from '../../../domain/kernel/event.js';
import type { Direction } from '../../../domain/kernel/ports.js';
import { decode } from './codec.js';
import type { Connection } from './connection.js';
import { fromPosition } from './position.js';

type Reading = AsyncIterable<ResolvedEvent> & { cancel(): Promise<void> };
const directions = { forwards: FORWARDS, backwards: BACKWARDS } as const;

export async function* readStream(
  connection: Connection,
  stream: string,
  { from, direction = 'forwards', limit }: { from?: number; direction?: Direction; limit?: number },
): AsyncGenerator<RecordedEvent> {
  if (from !== undefined && from < 0) return;
  const beginning = direction === 'forwards' ? START : END;
  const reading = connection.client.readStream(stream, {
    fromRevision: from === undefined ? beginning : BigInt(from),
    direction: directions[direction],
    maxCount: limit ?? Number.MAX_SAFE_INTEGER,
    credentials: connection.credentials,
    requiresLeader: true,
  });
  try {
    yield* ours(connection, reading);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
}

/** Events of the server itself and of others are read too, and left out here: this client has no filter for reads. */
export async function* readAll(
  connection: Connection,
  {
    after,
    direction = 'forwards',
    limit = Number.POSITIVE_INFINITY,
  }: { after?: Position; direction?: Direction; limit?: number },
): AsyncGenerator<RecordedEvent> {
  if (limit <= 0) return;
  const beginning = direction === 'forwards' ? START : END;
  const reading = connection.client.readAll({
    fromPosition: after === undefined ? beginning : fromPosition(after),
    direction: directions[direction],
    credentials: connection.credentials,
    requiresLeader: true,
  });
  let left = limit;
  for await (const event of ours(connection, reading)) {
    if (event.position === after) continue; // the server begins with it
    yield event;
    if (--left === 0) return;
  }
}

/** However it ends, the call is ended too: the client would leave it open. */
async function* ours(connection: Connection, reading: Reading): AsyncGenerator<RecordedEvent> {
  try {
    for await (const resolved of reading) {
      const event = decode(resolved);
      if (event) yield event;
    }
    connection.worked();
  } catch (error) {
    if (error instanceof StreamNotFoundError) throw error;
    throw connection.failed(error);
  } finally {
    await reading.cancel();
  }
}
