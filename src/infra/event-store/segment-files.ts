import { join } from 'node:path';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { type Disk, readUpTo } from './disk.js';
import { LogDamaged } from './errors.js';
import { areRecordsAt, eventIn, HEAD, isRecordAt, lengthAt, sequenceAt } from './record.js';
import { type SealedIndex, STEP } from './sealed-index.js';
import { segmentName } from './segment-file.js';

const SCRATCH = 1_048_576;
const OPEN_FILES = 64;
/** A record is read with so much of what follows, in the hope that it is whole. */
const GUESS = 2_048;

export type Span = { readonly begin: number; readonly end: number; readonly sequence: number };

/** Reads records of segments, and checks each. What is not as it was written is named by `LogDamaged`. */
export class SegmentFiles {
  readonly #open = new Map<number, number>();
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH);

  constructor(
    readonly disk: Disk,
    readonly path: string,
    readonly folder: string,
  ) {}

  keep(segment: number, file: number): void {
    for (const [oldest, opened] of this.#open) {
      if (this.#open.size < OPEN_FILES) break;
      this.disk.close(opened);
      this.#open.delete(oldest);
    }
    this.#open.set(segment, file);
  }

  spanOf(sealed: SealedIndex, segment: number, from: number, to: number): Span {
    const known = sealed.segment(segment);
    if (!known) throw new Error(`the index does not know segment ${segmentName(segment)}`);
    const step = Math.floor((from - segment) / STEP);
    return {
      begin: known.steps[step] ?? known.end,
      end: known.steps[Math.floor((to - segment) / STEP) + 1] ?? known.end,
      sequence: segment + step * STEP,
    };
  }

  /** The events of a span whose sequences lie between two, both inclusive. */
  events(segment: number, span: Span, from: number, to: number, file = this.#fileOf(segment)): RecordedEvent[] {
    const bytes = this.#load(file, span.begin, span.end - span.begin);
    const found: RecordedEvent[] = [];
    let [at, areRight] = [0, false];
    for (let { sequence } = span; sequence <= to; sequence++) {
      if (sequence === from) areRight = areRecordsAt(bytes, at, to - from + 1);
      const isHere = at + HEAD <= bytes.length && sequenceAt(bytes, at) === sequence;
      if (!isHere || (sequence >= from && !areRight && !isRecordAt(bytes, at, bytes.length)))
        throw this.#damaged(segment, span.begin + at, sequence);
      if (sequence >= from) found.push(eventIn(bytes, at, sequence));
      at += lengthAt(bytes, at);
    }
    return found;
  }

  /** The events that begin at some places of a segment, which grow, are added to `found`. */
  eventsAt(
    segment: number,
    offsets: readonly number[],
    near: number,
    file = this.#fileOf(segment),
    found: RecordedEvent[],
  ): void {
    let bytes: Buffer = this.#scratch.subarray(0, 0);
    let from = 0;
    for (const [index, offset] of offsets.entries()) {
      if (
        offset < from ||
        offset + HEAD > from + bytes.length ||
        offset - from + lengthAt(bytes, offset - from) > bytes.length
      ) {
        let last = index;
        while ((offsets[last + 1] ?? Number.POSITIVE_INFINITY) - offset < near) last++;
        from = offset;
        bytes = this.#load(file, from, (offsets[last] ?? offset) - offset + GUESS);
        const length = bytes.length >= HEAD ? lengthAt(bytes, 0) : 0;
        if (length > bytes.length && offset + length <= this.disk.size(file)) bytes = this.#load(file, from, length);
      }
      const at = offset - from;
      if (!isRecordAt(bytes, at, bytes.length))
        throw this.#damaged(segment, offset, at + HEAD <= bytes.length ? sequenceAt(bytes, at) : 0);
      found.push(eventIn(bytes, at, sequenceAt(bytes, at)));
    }
  }

  close(): void {
    for (const file of this.#open.values()) this.disk.close(file);
    this.#open.clear();
  }

  #fileOf(segment: number): number {
    const known = this.#open.get(segment);
    if (known !== undefined) return known;
    try {
      const file = this.disk.open(join(this.path, segmentName(segment)), 'r');
      this.keep(segment, file);
      return file;
    } catch (error) {
      throw asStoreUnavailable(this.folder, error);
    }
  }

  /** Good until the next call. */
  #load(file: number, offset: number, length: number): Buffer {
    const into = length <= SCRATCH ? this.#scratch : Buffer.allocUnsafeSlow(length);
    return into.subarray(0, readUpTo(this.disk, file, into, length, offset));
  }

  #damaged(segment: number, offset: number, sequence: number): LogDamaged {
    return new LogDamaged(this.folder, { segment: segmentName(segment), offset, sequence });
  }
}
