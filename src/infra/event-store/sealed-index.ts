import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import type { MemoryIndex } from './memory-index.js';

/** How many streams are written in one transaction, so that the process is not held for long. */
const SLICE = 500;
/** Every so many events the place of one is kept. */
export const STEP = 64;
const KEPT_SEGMENTS = 16;
const KEPT_STREAMS = 10_000;

export type SealedSegment = {
  readonly first: number;
  readonly count: number;
  readonly end: number;
  /** Where the event stands that begins a step: the first, the 65th, … */
  readonly steps: readonly number[];
};

/** Some events of a stream, one after the other, that stand in one segment. */
export type Posting = { readonly segment: number; readonly firstRevision: number; readonly offsets: readonly number[] };

/**
 * Where the events of sealed segments stand. All of it can be made again from the segments.
 *
 *   meta      'format' | 'epoch' | 'acknowledged'  → string
 *   segments  first sequence                       → u32: count, end, offset of every 64th event
 *   postings  [stream, first revision]             → u32 high and low of the segment's first sequence, then offsets
 */
export class SealedIndex {
  readonly #segments: Database<Buffer, number>;
  readonly #postings: Database<Buffer, [string, number]>;
  readonly meta: Database<string, string>;
  readonly #known = new Map<number, SealedSegment>();
  readonly #lastRevisions = new Map<string, number>();

  constructor(readonly env: RootDatabase<string, string>) {
    this.meta = env.openDB<string, string>({ name: 'meta', encoding: 'string' });
    this.#segments = env.openDB<Buffer, number>({ name: 'segments', encoding: 'binary' });
    this.#postings = env.openDB<Buffer, [string, number]>({ name: 'postings', encoding: 'binary' });
  }

  static at(path: string): SealedIndex {
    // `overlappingSync: false` is what makes a commit wait for the disk.
    return new SealedIndex(open({ path, noSubdir: false, overlappingSync: false, maxDbs: 5, encoding: 'string' }));
  }

  firstSequences(): number[] {
    return [...this.#segments.getKeys()];
  }

  segment(first: number): SealedSegment | undefined {
    const known = this.#known.get(first);
    if (known) return known;
    const bytes = this.#segments.get(first);
    if (!bytes) return undefined;
    const [count = 0, end = 0, ...steps] = numbersIn(bytes);
    const segment = { first, count, end, steps };
    keep(this.#known, KEPT_SEGMENTS, first, segment);
    return segment;
  }

  /** -1: no sealed segment holds an event of it. */
  lastRevision(stream: string): number {
    const known = this.#lastRevisions.get(stream);
    if (known !== undefined) return known;
    const start: [string, number] = [stream, Number.POSITIVE_INFINITY];
    let last = -1;
    for (const { key, value } of this.#postings.getRange({ start, end: [stream, -1], reverse: true, limit: 1 }))
      last = key[1] + value.length / 4 - 3;
    keep(this.#lastRevisions, KEPT_STREAMS, stream, last);
    return last;
  }

  /** What holds the events from one revision to another, both inclusive, in order. */
  postings(stream: string, from: number, to: number): Posting[] {
    const found: Posting[] = [];
    const [before] = this.#postings.getKeys({ start: [stream, from], end: [stream, -1], reverse: true, limit: 1 });
    const start: [string, number] = before ?? [stream, from];
    for (const { key, value } of this.#postings.getRange({ start, end: [stream, to + 1] })) {
      const [high = 0, low = 0, ...offsets] = numbersIn(value);
      found.push({ segment: high * 2 ** 32 + low, firstRevision: key[1], offsets });
    }
    return found;
  }

  /** In slices, others get a turn between them. The segment counts as known only when all of it is written. */
  async add(memory: MemoryIndex): Promise<void> {
    const { first, offsets, end } = memory;
    const place = [Math.floor(first / 2 ** 32), first >>> 0];
    const streams = [...memory.streams];
    for (let from = 0; from < streams.length; from += SLICE) {
      this.env.transactionSync(() => {
        for (const [stream, { first: revision, sequences }] of streams.slice(from, from + SLICE)) {
          const at = sequences.map((sequence) => memory.offsetOf(sequence));
          this.#postings.putSync([stream, revision], bytesOf([...place, ...at]));
        }
      });
      await nextTurn();
    }
    const steps = offsets.filter((_, index) => index % STEP === 0);
    this.env.transactionSync(() => this.#segments.putSync(first, bytesOf([offsets.length, end, ...steps])));
    this.#lastRevisions.clear();
  }

  clear(): void {
    this.env.transactionSync(() => {
      this.#segments.clearSync();
      this.#postings.clearSync();
      for (const key of [...this.meta.getKeys()]) this.meta.removeSync(key);
    });
    this.#known.clear();
    this.#lastRevisions.clear();
  }

  note(values: Readonly<Record<string, string>>): void {
    this.env.transactionSync(() => {
      for (const [key, value] of Object.entries(values)) this.meta.putSync(key, value);
    });
  }

  close(): Promise<void> {
    return this.env.close();
  }
}

function bytesOf(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length * 4);
  for (const [index, each] of numbers.entries()) bytes.writeUInt32LE(each, index * 4);
  return bytes;
}

function numbersIn(bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) numbers.push(bytes.readUInt32LE(at));
  return numbers;
}

/** The one that was put in first goes. */
function keep<K, V>(map: Map<K, V>, most: number, key: K, value: V): void {
  map.set(key, value);
  forgetOldest(map, most);
}
