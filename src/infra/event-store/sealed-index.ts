import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import { crc32 } from './crc32.js';
import type { MemoryIndex } from './memory-index.js';

/** How many streams are written in one transaction, so that the process is not held for long. */
const SLICE = 500;
/** Every so many events the place of one is kept. */
export const STEP = 64;
const KEPT_SEGMENTS = 16;
const KEPT_STREAMS = 10_000;
/** The newest posting of a stream is kept when it has no more events: nearly all cases lie in one. */
const KEPT_EVENTS = 256;

export type SealedSegment = {
  readonly first: number;
  readonly count: number;
  readonly end: number;
  /** Where the event stands that begins a step: the first, the 65th, … */
  readonly steps: readonly number[];
};

/** What is written otherwise is made again. */
const VERSION = '2';

/** What is known of a stream: -1 when no sealed segment holds an event of it. */
type Newest = { readonly lastRevision: number; readonly posting?: Posting | undefined };

/** Some events of a stream, one after the other, that stand in one segment. */
export type Posting = { readonly segment: number; readonly firstRevision: number; readonly offsets: readonly number[] };

/**
 * Where the events of sealed segments stand. All of it can be made again from the segments.
 *
 *   meta      'format' | 'version' | 'epoch'  → string
 *             'acknowledged'                  → sequence, space, its checksum
 *   segments  first sequence                  → u32: count, end, sum, offset of every 64th event, checksum of all that
 *   postings  [stream, first revision]        → u32 high and low of the segment's first sequence, then offsets
 *
 * A segment's sum is that of the checksums of its postings: it tells that all are there, and are as they were put in.
 */
export class SealedIndex {
  readonly #segments: Database<Buffer, number>;
  readonly #postings: Database<Buffer, [string, number]>;
  readonly meta: Database<string, string>;
  readonly #known = new Map<number, SealedSegment>();
  readonly #newest = new Map<string, Newest>();

  constructor(readonly env: RootDatabase<string, string>) {
    this.meta = env.openDB<string, string>({ name: 'meta', encoding: 'string' });
    this.#segments = env.openDB<Buffer, number>({ name: 'segments', encoding: 'binary' });
    this.#postings = env.openDB<Buffer, [string, number]>({ name: 'postings', encoding: 'binary' });
  }

  static async at(path: string, options: { readonly readOnly?: boolean } = {}): Promise<SealedIndex> {
    // `overlappingSync: false` is what makes a commit wait for the disk.
    const env: RootDatabase<string, string> = open({
      ...{ path, noSubdir: false, overlappingSync: false, maxDbs: 5, encoding: 'string', ...options },
    });
    try {
      return new SealedIndex(env);
    } catch (error) {
      await env.close();
      throw error;
    }
  }

  get isOfThisVersion(): boolean {
    return this.meta.get('version') === VERSION;
  }

  /** How far the log must at least go. */
  get acknowledged(): number {
    const last = this.firstSequences().at(-1) ?? 0;
    return Math.max(this.#noted() ?? 0, last + (this.segment(last)?.count ?? 1) - 1);
  }

  /** `undefined`: what was noted cannot be read. */
  #noted(): number | undefined {
    const [sequence = '0', sum] = this.meta.get('acknowledged')?.split(' ') ?? [];
    return sum === undefined || sum === String(crc32(Buffer.from(sequence))) ? Number(sequence) : undefined;
  }

  /**
   * Whether each entry is as it was put in. All are read; LMDB may throw at one that makes no sense, or end the process.
   * What an `add` left that was broken off is taken away.
   */
  isWhole(): boolean {
    if (!this.isOfThisVersion) return true;
    const sums = new Map<number, number>();
    for (const { key, value } of this.#postings.getRange({})) {
      const segment = segmentOf(value);
      sums.set(segment, ((sums.get(segment) ?? 0) + checksumOf(key.join(' '), value)) >>> 0);
    }
    for (const { key: first, value } of this.#segments.getRange({})) {
      if (value.length < 16 || checksumOf(first, value.subarray(0, -4)) !== value.readUInt32LE(value.length - 4))
        return false;
      if (value.readUInt32LE(8) !== sums.get(first)) return false;
      sums.delete(first);
    }
    this.#remove(new Set(sums.keys()));
    return this.#noted() !== undefined;
  }

  #remove(segments: ReadonlySet<number>): void {
    if (segments.size === 0) return;
    this.env.transactionSync(() => {
      for (const { key, value } of this.#postings.getRange({}))
        if (segments.has(segmentOf(value))) this.#postings.removeSync(key);
    });
  }

  firstSequences(): number[] {
    return [...this.#segments.getKeys()];
  }

  segment(first: number): SealedSegment | undefined {
    const known = this.#known.get(first);
    if (known) return known;
    const bytes = this.#segments.get(first);
    if (!bytes) return undefined;
    const [count = 0, end = 0, _sum, ...steps] = numbersIn(bytes.subarray(0, -4));
    const segment = { first, count, end, steps };
    keep(this.#known, KEPT_SEGMENTS, first, segment);
    return segment;
  }

  /** -1: no sealed segment holds an event of it. */
  lastRevision(stream: string): number {
    return this.#newestOf(stream).lastRevision;
  }

  /** What holds the events from one revision to another, both inclusive, in order. */
  postings(stream: string, from: number, to: number): readonly Posting[] {
    const { posting } = this.#newestOf(stream);
    if (posting && posting.firstRevision <= from) return [posting];
    const found: Posting[] = [];
    for (const each of this.#backwards(stream, to)) {
      found.push(each);
      if (each.firstRevision <= from) break;
    }
    return found.reverse();
  }

  #newestOf(stream: string): Newest {
    const known = this.#newest.get(stream);
    if (known) return known;
    const [posting] = this.#backwards(stream, Number.POSITIVE_INFINITY, 1);
    const count = posting?.offsets.length ?? 0;
    const lastRevision = (posting?.firstRevision ?? 0) + count - 1;
    const newest = count > KEPT_EVENTS ? { lastRevision } : { lastRevision, posting };
    keep(this.#newest, KEPT_STREAMS, stream, newest);
    return newest;
  }

  *#backwards(stream: string, to: number, limit?: number): Generator<Posting> {
    const range = { start: [stream, to] as [string, number], end: [stream, -1] as [string, number], reverse: true };
    for (const { key, value } of this.#postings.getRange(limit === undefined ? range : { ...range, limit }))
      yield { segment: segmentOf(value), firstRevision: key[1], offsets: numbersIn(value.subarray(8)) };
  }

  /** In slices, others get a turn between them. The segment counts as known only when all of it is written. */
  async add(memory: MemoryIndex): Promise<void> {
    const postings = postingsOf(memory);
    for (let from = 0; from < postings.length; from += SLICE) {
      this.env.transactionSync(() => {
        for (const { key, value } of postings.slice(from, from + SLICE)) this.#postings.putSync(key, value);
      });
      await nextTurn();
    }
    this.env.transactionSync(() => this.#segments.putSync(memory.first, recordOf(memory, postings)));
    this.#newest.clear();
  }

  /** How many postings there are. */
  get size(): number {
    const { entryCount } = this.#postings.getStats() as { readonly entryCount: number };
    return entryCount;
  }

  /** Whether a segment is known, and all of it as it was read from its file. */
  holds(memory: MemoryIndex): 'equal' | 'other' | 'unknown' {
    const known = this.#segments.get(memory.first);
    if (!known) return 'unknown';
    const postings = postingsOf(memory);
    const isSame =
      known.equals(recordOf(memory, postings)) &&
      postings.every(({ key, value }) => this.#postings.get(key)?.equals(value));
    return isSame ? 'equal' : 'other';
  }

  clear(): void {
    this.env.transactionSync(() => {
      this.#segments.clearSync();
      this.#postings.clearSync();
      for (const key of [...this.meta.getKeys()]) this.meta.removeSync(key);
    });
    this.#known.clear();
    this.#newest.clear();
  }

  /** Whose segments it is of. */
  begin(format: number, epoch: string): void {
    this.#note({ format: String(format), version: VERSION, epoch });
  }

  noteAcknowledged(sequence: number): void {
    this.#note({ acknowledged: `${sequence} ${crc32(Buffer.from(String(sequence)))}` });
  }

  #note(values: Readonly<Record<string, string>>): void {
    this.env.transactionSync(() => {
      for (const [key, value] of Object.entries(values)) this.meta.putSync(key, value);
    });
  }

  close(): Promise<void> {
    return this.env.close();
  }
}

type Entry = { readonly key: [string, number]; readonly value: Buffer };

function postingsOf(memory: MemoryIndex): Entry[] {
  const place = [Math.floor(memory.first / 2 ** 32), memory.first >>> 0];
  return [...memory.streams].map(([stream, { first, sequences }]) => ({
    key: [stream, first],
    value: bytesOf([...place, ...sequences.map((sequence) => memory.offsetOf(sequence))]),
  }));
}

function recordOf({ first, offsets, end }: MemoryIndex, postings: readonly Entry[]): Buffer {
  const sum = postings.reduce((all, { key, value }) => (all + checksumOf(key.join(' '), value)) >>> 0, 0);
  const steps = offsets.filter((_, index) => index % STEP === 0);
  const known = bytesOf([offsets.length, end, sum, ...steps]);
  return Buffer.concat([known, bytesOf([checksumOf(first, known)])]);
}

/** Of a posting: where its segment begins. */
const segmentOf = (posting: Buffer): number => posting.readUInt32LE(0) * 2 ** 32 + posting.readUInt32LE(4);

/** Of an entry under its key. */
const checksumOf = (key: string | number, bytes: Buffer): number =>
  crc32(Buffer.concat([Buffer.from(`${key} `), bytes]));

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
