import type { EventMeta, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import { crc32 } from './crc32.js';
import { toPosition } from './position.js';

/**
 * This is the storage format: a change needs a new number in `segment-file.ts` and a way to read the old one.
 *
 *   u32 checksum of all that follows | u32 length of the JSON, highest bit: the last event of its append |
 *   u64 sequence, from 1 | u32 how many events of the same write stand before it | JSON
 *
 * JSON: [revision, stream, recordedAt, [id, type, version, effectiveAt, meta, data]]. Numbers are little endian.
 */
export const HEAD = 20;
const LAST = 0x8000_0000;
/** `[0,"s","",[…]]` is longer. */
const LEAST_LENGTH = 12;

type Body = [id: string, type: string, version: number, effectiveAt: string, meta: EventMeta, data: unknown];
type Stored = [revision: number, stream: string, recordedAt: string, body: Body];

/** The JSON of the part that the caller knows. Throws when the event is not JSON. */
export const encodeBody = (event: ProposedEvent): string => {
  const body: Body = [event.id, event.type, event.version, event.effectiveAt, event.meta, event.data];
  return JSON.stringify(body);
};

/** The JSON of the whole. `stream` and `recordedAt` are JSON already. */
export const textOf = (revision: number, stream: string, recordedAt: string, body: string): string =>
  `[${revision},${stream},${recordedAt},${body}]`;

/** More than the record can be: a character of JavaScript is at most three bytes of UTF-8. */
export const mostBytesOf = (text: string): number => HEAD + 3 * text.length;

/** Writes a record and returns where it ends. `within`: how many stand before it in the same write; `last`: of its append. */
export function putRecord(
  bytes: Buffer,
  at: number,
  sequence: number,
  within: number,
  last: boolean,
  text: string,
): number {
  const length = bytes.write(text, at + HEAD);
  bytes.writeUInt32LE((last ? LAST | length : length) >>> 0, at + 4);
  bytes.writeUInt32LE(sequence >>> 0, at + 8);
  bytes.writeUInt32LE(Math.floor(sequence / 2 ** 32), at + 12);
  bytes.writeUInt32LE(within, at + 16);
  const end = at + HEAD + length;
  bytes.writeUInt32LE(crc32(bytes.subarray(at + 4, end)), at);
  return end;
}

export const lengthAt = (bytes: Buffer, at: number): number => HEAD + (bytes.readUInt32LE(at + 4) & ~LAST);
export const sequenceAt = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at + 8) + bytes.readUInt32LE(at + 12) * 2 ** 32;
export const withinAt = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at + 16);
export const isLastAt = (bytes: Buffer, at: number): boolean => (bytes.readUInt32LE(at + 4) & LAST) !== 0;

/** Whether a whole record with a right checksum stands here. `end`: how far the bytes go. */
export function isRecordAt(bytes: Buffer, at: number, end: number): boolean {
  if (at + HEAD + LEAST_LENGTH > end) return false;
  const length = lengthAt(bytes, at);
  return (
    length >= HEAD + LEAST_LENGTH &&
    at + length <= end &&
    crc32(bytes.subarray(at + 4, at + length)) === bytes.readUInt32LE(at)
  );
}

/** The event of a record that was found right. */
export function eventIn(bytes: Buffer, at: number, sequence: number): RecordedEvent {
  const stored: Stored = JSON.parse(bytes.toString('utf8', at + HEAD, at + lengthAt(bytes, at)));
  const body = stored[3];
  return {
    id: body[0],
    type: body[1],
    version: body[2],
    data: body[5],
    effectiveAt: body[3],
    meta: body[4],
    stream: stored[1],
    revision: stored[0],
    position: toPosition(sequence),
    recordedAt: stored[2],
  };
}

const [COMMA, QUOTE, BACKSLASH] = [0x2c, 0x22, 0x5c];

/** Where the event stands in its stream, without reading the rest of the JSON. */
export function placeIn(bytes: Buffer, at: number): { readonly stream: string; readonly revision: number } {
  const comma = bytes.indexOf(COMMA, at + HEAD);
  let end = comma + 2;
  while (bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return {
    revision: Number.parseInt(bytes.toString('latin1', at + HEAD + 1, comma), 10),
    stream: JSON.parse(bytes.toString('utf8', comma + 1, end + 1)),
  };
}
