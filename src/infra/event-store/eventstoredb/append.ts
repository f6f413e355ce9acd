import { setTimeout as pause } from 'node:timers/promises';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import type { ProposedEvent } from '../../../domain/kernel/event.js';
import { type AppendResult, type ExpectedRevision, WrongExpectedRevision } from '../../../domain/kernel/ports.js';
import { encode } from './codec.js';
import type { Connection } from './connection.js';
import { isKnown, toPosition } from './position.js';
import { EventStoreDBUnavailable, faultOf, isTransient } from './unavailable.js';

export type AppendTimes = {
  /** For one try, in ms. */
  readonly try: number;
  /** For all tries, in ms. */
  readonly total: number;
};

/**
 * Appends, and tries again with the same ids as long as nobody knows whether it was written: the server answers a
 * repeated append with what it wrote the first time.
 */
export async function append(
  connection: Connection,
  { stream, events, expected }: { stream: string; events: readonly ProposedEvent[]; expected: ExpectedRevision },
  times: AppendTimes,
): Promise<AppendResult> {
  const proposed = events.map(encode);
  const until = Date.now() + times.total;
  let unknown = false;
  for (let wait = 50; ; wait *= 2) {
    try {
      const { nextExpectedRevision, position } = await within(
        times.try,
        connection.client.appendToStream(stream, proposed, {
          expectedRevision: typeof expected === 'number' ? BigInt(expected) : expected,
          credentials: connection.credentials,
          deadline: times.try,
          requiresLeader: true,
        }),
      );
      connection.worked();
      if (!isKnown(position)) throw new EventStoreDBUnavailable('unsupported_server', connection.server);
      return { revision: Number(nextExpectedRevision), position: toPosition(position) };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) {
        connection.worked();
        const { actualVersion } = error;
        throw new WrongExpectedRevision(stream, expected, actualVersion === 'no_stream' ? null : Number(actualVersion));
      }
      const failure = connection.failed(error);
      if (!isTransient(faultOf(failure))) throw failure;
      unknown ||= !isRefusedBeforehand(error);
      if (Date.now() + wait > until)
        throw unknown ? new EventStoreDBUnavailable('outcome_unknown', connection.server, error) : failure;
    }
    await pause(wait * (0.5 + Math.random() / 2));
  }
}

/** No connection, or not the leader: then surely nothing was written. */
const isRefusedBeforehand = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNREFUSED|not-leader|Failed to discover/.test(`${error.message} ${Reflect.get(error, 'type')}`);

/** The client's own deadline does not cover everything: an answer with nothing in it leaves it waiting for ever. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = pause(ms + 250, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw Object.assign(new Error(`no answer within ${ms} ms`), { type: 'timeout' });
  });
  late.catch(() => {}); // the other one won
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop.abort();
    answer.catch(() => {}); // its late failure is of no interest
  }
}
