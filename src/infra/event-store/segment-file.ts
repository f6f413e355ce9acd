import { join } from 'node:path';
import { crc32 } from './crc32.js';
import { type Disk, realDisk, writeAll } from './disk.js';

/** 1: all events in LMDB. 2: events in segments, LMDB holds an index of them. */
export const FORMAT = 2;

/**
 *   'WUJI-LOG' | u32 format | u32 checksum of all but itself | 36 bytes epoch | u64 first sequence | 4 bytes zero
 */
export const SEGMENT_HEAD = 64;
const MAGIC = 'WUJI-LOG';
const CHECKSUM = 12;
const EPOCH = 36;

const checksumOf = (head: Buffer): number =>
  crc32(Buffer.concat([head.subarray(0, CHECKSUM), head.subarray(CHECKSUM + 4)]));

export type SegmentHead = { readonly epoch: string; readonly first: number };

/** By its first sequence, so that a list of names is the order of the log. */
export const segmentName = (first: number): string => `${first.toString(16).padStart(16, '0')}.segment`;
const name = /^[0-9a-f]{16}\.segment$/;
const unfinished = 'next.tmp';

/** The first sequences of all segments, in order. What was left of a segment that did not come into being is removed. */
export function listSegments(folder: string, disk: Disk = realDisk): number[] {
  const names = disk.list(folder);
  if (names.includes(unfinished)) disk.remove(join(folder, unfinished));
  return names
    .filter((each) => name.test(each))
    .map((each) => Number.parseInt(each, 16))
    .sort((a, b) => a - b);
}

/** A new segment is there whole or not at all. Returns its file. */
export function createSegment(disk: Disk, folder: string, head: SegmentHead): number {
  const bytes = Buffer.alloc(SEGMENT_HEAD);
  bytes.write(MAGIC, 0);
  bytes.writeUInt32LE(FORMAT, 8);
  bytes.write(head.epoch.padEnd(EPOCH), 16);
  bytes.writeBigUInt64LE(BigInt(head.first), 16 + EPOCH);
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM);
  const path = join(folder, unfinished);
  const named = join(folder, segmentName(head.first));
  disk.remove(path);
  const file = disk.open(path, 'wx+');
  try {
    writeAll(disk, file, bytes, 0);
    disk.flush(file);
    disk.rename(path, named);
    disk.flushFolder(folder);
    return file;
  } catch (error) {
    disk.close(file);
    disk.remove(named);
    throw error;
  }
}

/** `undefined`: this is no head of a segment. */
export function readSegmentHead(disk: Disk, file: number): (SegmentHead & { readonly format: number }) | undefined {
  const bytes = Buffer.alloc(SEGMENT_HEAD);
  disk.read(file, bytes, SEGMENT_HEAD, 0);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || checksumOf(bytes) !== bytes.readUInt32LE(CHECKSUM))
    return undefined;
  return {
    format: bytes.readUInt32LE(8),
    epoch: bytes.toString('latin1', 16, 16 + EPOCH).trimEnd(),
    first: Number(bytes.readBigUInt64LE(16 + EPOCH)),
  };
}
