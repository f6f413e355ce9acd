import { randomUUID } from 'node:crypto';
import { jsonEvent, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import type { AppendTimes } from './append.js';
import type { Connection } from './connection.js';
import { EventStoreDBUnavailable } from './unavailable.js';

/** Holds one event: who this log is. A server that was emptied or exchanged is another log, and old cursors end. */
const STREAM = 'wuji-log';

/** Reads the log's identity, and gives it one when it has none. */
export const epochOf = async (connection: Connection, times: AppendTimes): Promise<string> =>
  (await written(connection)) ?? (await write(connection, times));

async function written(connection: Connection): Promise<string | undefined> {
  const reading = connection.client.readStream(STREAM, {
    maxCount: 1,
    credentials: connection.credentials,
    requiresLeader: true,
  });
  try {
    for await (const { event } of reading) {
      const data = event?.data;
      if (typeof data === 'object' && data !== null && 'epoch' in data) return String(data.epoch);
    }
    return undefined;
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw error;
  } finally {
    await reading.cancel();
  }
}

async function write(connection: Connection, times: AppendTimes): Promise<string> {
  const epoch = randomUUID();
  const options = {
    expectedRevision: 'no_stream',
    credentials: connection.credentials,
    deadline: times.try,
    requiresLeader: true,
  } as const;
  try {
    await connection.client.appendToStream(
      STREAM,
      jsonEvent({ id: epoch, type: 'LogBegun', data: { epoch } }),
      options,
    );
  } catch (error) {
    if (!(error instanceof WrongExpectedVersionError)) throw error; // another node was first
  }
  const epochNow = await written(connection);
  if (epochNow === undefined) throw new EventStoreDBUnavailable('failed', connection.server);
  return epochNow;
}
