import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import type { EventMeta, Position, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { Direction } from '../../domain/kernel/ports.js';
import { flushFolder } from '../folder-lock.js';
import { StoreUnavailable } from '../store-unavailable.js';
import { InvalidPosition } from './errors.js';

/**
 * This is the storage format: a change needs a new number here and a way to read the old one.
 *
 *   meta     'format' | 'epoch'    → string
 *   events   sequence from 1       → JSON [revision, stream, recordedAt, [id, type, version, effectiveAt, meta, data]]
 *   streams  [stream, revision]    → sequence
 */
const FORMAT = '1';

type Body = [id: string, type: string, version: number, effectiveAt: string, meta: EventMeta, data: unknown];
type Stored = [revision: number, stream: string, recordedAt: string, body: Body];

/** The JSON of the part that the caller knows. Throws when the event is not JSON. */
export const encodeBody = (event: ProposedEvent): string => {
  const body: Body = [event.id, event.type, event.version, event.effectiveAt, event.meta, event.data];
  return JSON.stringify(body);
};

const decode = (sequence: number, json: string): RecordedEvent => {
  const [revision, stream, recordedAt, [id, type, version, effectiveAt, meta, data]]: Stored = JSON.parse(json);
  const position = toPosition(sequence);
  return { id, type, version, data, effectiveAt, meta, stream, revision, position, recordedAt };
};

/** Fixed width, so that positions compare as strings. */
export const toPosition = (sequence: number): Position => sequence.toString(16).padStart(16, '0');

const toSequence = (position: Position): number => {
  const sequence = /^[0-9a-f]{16}$/.test(position) ? Number.parseInt(position, 16) : Number.NaN;
  if (!Number.isSafeInteger(sequence)) throw new InvalidPosition(position);
  return sequence;
};

/** The tables of one log. Every call is synchronous; what `transaction` returned from is on the disk. */
export type LogTables = {
  readonly epoch: string;
  transaction<T>(work: () => T): T;
  /** The sequence of the newest event; 0: there is none. */
  head(): number;
  /** -1: there is no such stream. */
  lastRevision(stream: string): number;
  sequenceAt(stream: string, revision: number): number | undefined;
  eventAt(sequence: number): RecordedEvent | undefined;
  write(sequence: number, stream: string, revision: number, recordedAt: string, body: string): void;
  /** Up to `limit` events after a position, in the direction. */
  pageOfAll(after: Position | undefined, direction: Direction, limit: number): RecordedEvent[];
  /** Up to `limit` events from a revision on, in the direction. */
  pageOfStream(stream: string, from: number | undefined, direction: Direction, limit: number): RecordedEvent[];
  close(): Promise<void>;
};

export async function openLogTables(folder: string): Promise<LogTables> {
  const path = join(folder, 'log');
  // `overlappingSync: false` is what makes a commit wait for the disk.
  const env = open<string, string>({ path, noSubdir: false, overlappingSync: false, maxDbs: 3, encoding: 'string' });
  try {
    const meta = env.openDB<string, string>({ name: 'meta', encoding: 'string' });
    const events = env.openDB<string, number>({ name: 'events', encoding: 'string' });
    const streams = env.openDB<number, [string, number]>({ name: 'streams', encoding: 'ordered-binary' });
    const epoch = env.transactionSync(() => identify(meta, folder));
    await flushFolder(path);
    await flushFolder(folder);
    return {
      epoch,
      ...tablesOver(events, streams),
      transaction: (work) => env.transactionSync(work),
      close: () => env.close(),
    };
  } catch (error) {
    await env.close();
    throw error;
  }
}

/** The write is also the proof that the folder takes one. */
function identify(meta: Database<string, string>, folder: string): string {
  const format = meta.get('format') ?? FORMAT;
  if (format !== FORMAT) throw new StoreUnavailable('unknown_format', folder);
  const epoch = meta.get('epoch') ?? randomUUID();
  meta.putSync('format', format);
  meta.putSync('epoch', epoch);
  return epoch;
}

function tablesOver(
  events: Database<string, number>,
  streams: Database<number, [string, number]>,
): Omit<LogTables, 'epoch' | 'transaction' | 'close'> {
  const eventAt = (sequence: number): RecordedEvent | undefined => {
    const json = events.get(sequence);
    return json === undefined ? undefined : decode(sequence, json);
  };
  const rangeOfStream = (stream: string, from: number | undefined, direction: Direction, limit: number) =>
    direction === 'forwards'
      ? streams.getRange({ start: [stream, from ?? 0], end: [stream, Number.POSITIVE_INFINITY], limit })
      : streams.getRange({
          start: [stream, from ?? Number.POSITIVE_INFINITY],
          end: [stream, -1],
          reverse: true,
          limit,
        });
  return {
    eventAt,
    head: () => [...events.getKeys({ reverse: true, limit: 1 })][0] ?? 0,
    lastRevision: (stream) => [...rangeOfStream(stream, undefined, 'backwards', 1)][0]?.key[1] ?? -1,
    sequenceAt: (stream, revision) => streams.get([stream, revision]),
    write: (sequence, stream, revision, recordedAt, body) => {
      const json = `[${revision},${JSON.stringify(stream)},${JSON.stringify(recordedAt)},${body}]`;
      events.putSync(sequence, json, { append: true });
      streams.putSync([stream, revision], sequence);
    },
    pageOfAll: (after, direction, limit) => {
      const forwards = direction === 'forwards';
      const from = after === undefined ? undefined : toSequence(after) + (forwards ? 1 : -1);
      const start = from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER);
      const range = forwards
        ? events.getRange({ start, limit })
        : events.getRange({ start, end: 0, reverse: true, limit });
      return [...range].map(({ key, value }) => decode(key, value));
    },
    pageOfStream: (stream, from, direction, limit) =>
      [...rangeOfStream(stream, from, direction, limit)].flatMap(({ value }) => eventAt(value) ?? []),
  };
}
