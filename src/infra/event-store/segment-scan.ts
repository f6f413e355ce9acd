import { type Disk, readUpTo } from './disk.js';
import { HEAD, isLastAt, isRecordAt, lengthAt, placeIn, sequenceAt, withinAt } from './record.js';
import { SEGMENT_HEAD } from './segment-file.js';

const WINDOW = 1_048_576;

/** A part of a file in memory that moves along with who reads it. */
export class FileWindow {
  bytes = Buffer.alloc(0);
  #from = 0;

  constructor(
    readonly disk: Disk,
    readonly file: number,
    readonly end: number,
  ) {}

  /** Where in `bytes` that place of the file is, with `length` bytes from there on, or as many as the file has. */
  at(offset: number, length: number): number {
    const wanted = Math.min(length, this.end - offset);
    if (offset < this.#from || offset + wanted > this.#from + this.bytes.length) {
      const size = Math.min(Math.max(wanted, WINDOW), this.end - offset);
      const into = Buffer.allocUnsafeSlow(size);
      this.bytes = into.subarray(0, readUpTo(this.disk, this.file, into, size, offset));
      this.#from = offset;
    }
    return offset - this.#from;
  }
}

/** A record that stands whole and right in a segment. */
export type Found = {
  readonly sequence: number;
  readonly offset: number;
  readonly stream: string;
  readonly revision: number;
};

export type ScanEnd = {
  /** Behind the last event whose append is whole. */
  readonly end: number;
  readonly next: number;
  /** The first place that is no record, when there is one before the end of the file or the zeros that were laid out. */
  readonly bad: { readonly offset: number; readonly sequence: number } | undefined;
  /** Something that is not zero stands behind `end`. */
  readonly leftover: boolean;
};

/** Reads a segment from its first record on, or from a later one, checks each, and stops at the first that is not right. */
export function scanSegment(
  disk: Disk,
  file: number,
  first: number,
  onFound: (found: Found) => void,
  from = SEGMENT_HEAD,
): ScanEnd {
  const size = disk.size(file);
  const window = new FileWindow(disk, file, size);
  let [offset, sequence] = [from, first];
  let [end, next] = [offset, sequence];
  let open: Found[] = [];
  for (;;) {
    let at = window.at(offset, HEAD);
    if (at + HEAD > window.bytes.length) break;
    const length = lengthAt(window.bytes, at);
    at = window.at(offset, length);
    if (!isRecordAt(window.bytes, at, window.bytes.length) || sequenceAt(window.bytes, at) !== sequence) break;
    open.push({ sequence, offset, ...placeIn(window.bytes, at) });
    sequence += 1;
    offset += length;
    if (!isLastAt(window.bytes, at)) continue;
    for (const each of open) onFound(each);
    open = [];
    [end, next] = [offset, sequence];
  }
  const isBad = !isZero(window, offset, size);
  return { end, next, bad: isBad ? { offset, sequence } : undefined, leftover: isBad || end < offset };
}

function isZero(window: FileWindow, from: number, to: number): boolean {
  for (let offset = from; offset < to; ) {
    const at = window.at(offset, 1);
    if (at >= window.bytes.length) return true;
    if (window.bytes.subarray(at).some((byte) => byte !== 0)) return false;
    offset += window.bytes.length - at;
  }
  return true;
}

/**
 * Whether the record that should stand here had been flushed. A write begins only after the one before it was flushed,
 * and each record says how far from the first of its write it stands: so a right record of a later write is the proof.
 * Records of the same write prove nothing, for a power cut may keep any part of what was not flushed.
 */
export function wasFlushed(
  disk: Disk,
  file: number,
  bad: { readonly offset: number; readonly sequence: number },
): boolean {
  const size = disk.size(file);
  const window = new FileWindow(disk, file, size);
  for (let offset = bad.offset + 1; offset + HEAD <= size; offset++) {
    let at = window.at(offset, HEAD);
    const sequence = sequenceAt(window.bytes, at);
    // A segment cannot hold more events than bytes.
    if (sequence <= bad.sequence || sequence > bad.sequence + size) continue;
    if (sequence - withinAt(window.bytes, at) <= bad.sequence) continue;
    const length = lengthAt(window.bytes, at);
    if (offset + length > size) continue;
    at = window.at(offset, length);
    if (isRecordAt(window.bytes, at, window.bytes.length)) return true;
  }
  return false;
}
