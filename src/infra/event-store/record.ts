import type { EventMeta, ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import { crc32, crc32AndWord, crc32Joined } from './crc32.js';
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
/** The JSON of format 1 is the same. */
export type Stored = [revision: number, stream: string, recordedAt: string, body: Body];

/** The JSON of the part that the caller knows, in two pieces: Chinese data must not make wide characters of all the rest. */
export type EncodedEvent = {
  /** Of the body without its data: an array. */
  readonly head: string;
  readonly data: string;
};

/** Throws when the event is not JSON. */
export const encodeEvent = ({ id, type, version, effectiveAt, meta, data }: ProposedEvent): EncodedEvent => ({
  head: JSON.stringify([id, type, version, effectiveAt, meta]),
  // Undefined, which is what `stringify` makes of all that JSON has not, stands in a list as null.
  data: JSON.stringify(data) ?? 'null',
});

/** What stands before the body. `stream` and `recordedAt` are JSON already. */
export const frontOf = (revision: number, stream: string, recordedAt: string): string =>
  `[${revision},${stream},${recordedAt},`;

/** More than the record can be: a character of JavaScript is at most three bytes of UTF-8. */
export const mostBytesOf = (front: string, { head, data }: EncodedEvent): number =>
  HEAD + 3 * (front.length + head.length + data.length) + 2;

const [COMMA, QUOTE, BACKSLASH, CLOSE] = [0x2c, 0x22, 0x5c, 0x5d];

/**
 * Writes a record and returns where it ends. `within`: how many stand before it in the same write; `last`: of its append.
 * The pieces are written where they belong: one string of them all would be copied once more.
 */
export function putRecord(
  bytes: Buffer,
  at: number,
  { sequence, within, last }: { readonly sequence: number; readonly within: number; readonly last: boolean },
  front: string,
  { head, data }: EncodedEvent,
): number {
  let end = at + HEAD;
  end += bytes.write(front, end);
  end += bytes.write(head, end);
  bytes[end - 1] = COMMA;
  end += bytes.write(data, end);
  bytes[end++] = CLOSE;
  bytes[end++] = CLOSE;
  const length = end - at - HEAD;
  bytes.writeUInt32LE((last ? LAST | length : length) >>> 0, at + 4);
  bytes.writeUInt32LE(sequence >>> 0, at + 8);
  bytes.writeUInt32LE(Math.floor(sequence / 2 ** 32), at + 12);
  bytes.writeUInt32LE(within, at + 16);
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

/**
 * Whether so many records that stand one behind the other are all whole and right. One checksum over all bytes, compared
 * with what those of the records make of it: each alone would cost as much as a third of its decoding.
 */
export function areRecordsAt(bytes: Buffer, from: number, count: number): boolean {
  let [at, crc] = [from, 0];
  for (let n = 0; n < count; n++) {
    if (at + HEAD + LEAST_LENGTH > bytes.length) return false;
    const length = lengthAt(bytes, at);
    if (length < HEAD + LEAST_LENGTH || at + length > bytes.length) return false;
    const own = bytes.readUInt32LE(at);
    crc = crc32Joined(crc32AndWord(crc, own), own, length - 4);
    at += length;
  }
  return crc32(bytes.subarray(from, at)) === crc;
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
