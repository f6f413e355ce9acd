import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Direction } from '../../domain/kernel/ports.js';
import { markClosed, markDoubted } from './closed-mark.js';
import type { Disk } from './disk.js';
import { IndexWrong } from './errors.js';
import { MemoryIndex } from './memory-index.js';
import type { SealedIndex } from './sealed-index.js';
import { segmentName } from './segment-file.js';
import { SegmentFiles } from './segment-files.js';
import type { SegmentWriter } from './segment-writer.js';
import { Stage } from './stage.js';

/** A segment is full when it has so many bytes; a write is never parted. */
export const SEGMENT_BYTES = 67_108_864;
/** Bounds the memory of a page, whatever the size of its events. */
const PAGE_BYTES = 4_194_304;
/** Events of a stream that stand so near to each other are read at once. */
const NEAR = 16_384;

export type LogParts = {
  readonly disk: Disk;
  readonly path: string;
  /** That of errors. */
  readonly folder: string;
  readonly epoch: string;
  /** The first sequences of all segments. */
  readonly firsts: number[];
  /** Of the active segment and those that LMDB does not know yet, in order. */
  readonly memories: MemoryIndex[];
  readonly sealed: SealedIndex;
  readonly writer: SegmentWriter;
  readonly segmentBytes: number;
  /** Told what is wrong and mends itself later. */
  readonly onProblem: (problem: Error) => void;
};

/** The events of one log on the disk. All but `commit` is done when it returns; what was not flushed is not there. */
export class SegmentLog {
  readonly epoch: string;
  readonly stage = new Stage();
  readonly #files: SegmentFiles;
  #sealing: Promise<void> = Promise.resolve();
  /** How far it went when the index was found wrong. */
  #doubting: Promise<void> | undefined;

  constructor(readonly parts: LogParts) {
    this.epoch = parts.epoch;
    this.#files = new SegmentFiles(parts.disk, parts.path, parts.folder);
    if (parts.memories.length > 1) this.#seal();
  }

  get #active(): MemoryIndex {
    const active = this.parts.memories.at(-1);
    if (!active) throw new Error('a log has an active segment');
    return active;
  }

  /** The sequence of the newest event; 0: there is none. */
  head(): number {
    return this.#active.next - 1;
  }

  /** -1: there is no such stream. */
  lastRevision(stream: string): number {
    const { memories, sealed, firsts } = this.parts;
    for (let index = memories.length - 1; index >= 0; index--) {
      const last = memories[index]?.lastRevision(stream);
      if (last !== undefined) return last;
    }
    return memories.length === firsts.length ? -1 : sealed.lastRevision(stream);
  }

  eventOf(stream: string, revision: number): RecordedEvent | undefined {
    return revision < 0 ? undefined : this.pageOfStream(stream, revision, 'forwards', 1)[0];
  }

  /** Begins a write: what is put on `stage` is committed in one piece. */
  begin(): Stage {
    const { writer, memories, firsts, segmentBytes } = this.parts;
    const next = this.#active.next;
    if (writer.end >= segmentBytes && this.#active.offsets.length > 0) {
      this.#files.keep(this.#active.first, writer.startSegment(next));
      memories.push(new MemoryIndex(next));
      firsts.push(next);
      this.#seal();
    }
    this.stage.begin(next, writer.end);
    return this.stage;
  }

  /** All of it is on the disk when it returns, or when the promise that it returns resolves. Then `publish` it. */
  commit(): Promise<void> | undefined {
    return this.parts.writer.write(this.stage.bytes);
  }

  /** After a refusal that may pass, while nothing is written: whether it has. */
  takesMore(): boolean {
    return this.parts.writer.takesMore();
  }

  /** From now on it is there for all. */
  publish(): void {
    const active = this.#active;
    for (const { stream, revision, offset } of this.stage.events) active.add(stream, revision, offset);
    active.end = this.parts.writer.end;
  }

  /** Some events from a sequence on, in the direction: at least one when there is one, at most `limit`. */
  pageOfAll(from: number, direction: Direction, limit: number): RecordedEvent[] {
    const head = this.head();
    if (direction === 'forwards') {
      if (from > head || limit < 1) return [];
      const segment = this.#segmentOf(from);
      let to = Math.min(from + limit - 1, head, segment.last);
      while (to > from && this.#bytesOf(segment.first, from, to) > PAGE_BYTES) to = from + Math.floor((to - from) / 2);
      return this.#read(segment.first, from, to);
    }
    const to = Math.min(from, head);
    if (to < 1 || limit < 1) return [];
    const segment = this.#segmentOf(to);
    let start = Math.max(segment.first, to - limit + 1);
    while (start < to && this.#bytesOf(segment.first, start, to) > PAGE_BYTES)
      start = to - Math.floor((to - start) / 2);
    return this.#read(segment.first, start, to).reverse();
  }

  /** Up to `limit` events from a revision on, in the direction. */
  pageOfStream(stream: string, from: number | undefined, direction: Direction, limit: number): RecordedEvent[] {
    const last = this.lastRevision(stream);
    const forwards = direction === 'forwards';
    const start = forwards ? (from ?? 0) : Math.min(from ?? last, last);
    const low = forwards ? start : Math.max(0, start - limit + 1);
    const high = Math.min(last, forwards ? start + limit - 1 : start);
    if (low > high) return [];
    const events = this.#readStream(stream, low, high);
    return forwards ? events : events.reverse();
  }

  /** What is written already stays. Resolves when all files are closed. */
  async close(): Promise<void> {
    await this.#sealing;
    const { writer, sealed, path, onProblem } = this.parts;
    const head = this.head();
    // After a failed write nobody knows; the segments tell at the next start.
    if (!writer.stopped && head > sealed.acknowledged) sealed.noteAcknowledged(head);
    writer.close();
    this.#files.close();
    await sealed.close();
    await this.#doubting;
    if (writer.stopped || this.#doubting) return;
    // Without it the next start reads the whole index.
    await markClosed(path, head).catch((cause) => onProblem(new Error('no mark of the close', { cause })));
  }

  /** The next start makes the index again. */
  #doubt(wrong: IndexWrong): void {
    const { path, onProblem } = this.parts;
    onProblem(wrong);
    this.#doubting ??= markDoubted(path, this.head()).catch((cause) =>
      onProblem(new Error('no mark that the index is wrong', { cause })),
    );
  }

  /**
   * Puts what is sealed into LMDB. When the disk does not take it, it stays in memory and is tried again with the next
   * segment, or made from the segment at the next start: nothing is lost by it but memory.
   */
  #seal(): void {
    const { memories, sealed, onProblem } = this.parts;
    this.#sealing = this.#sealing
      .then(async () => {
        for (let [oldest] = memories; oldest && memories.length > 1; [oldest] = memories) {
          await sealed.add(oldest);
          memories.shift();
        }
      })
      .catch((cause) => onProblem(new Error('the index of a full segment could not be written', { cause })));
  }

  #memory(first: number): MemoryIndex | undefined {
    return this.parts.memories.find((memory) => memory.first === first);
  }

  /** The segment that holds a sequence which the log has. */
  #segmentOf(sequence: number): { readonly first: number; readonly last: number } {
    const { firsts } = this.parts;
    let [low, high] = [0, firsts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((firsts[middle] ?? 0) <= sequence) low = middle;
      else high = middle - 1;
    }
    return { first: firsts[low] ?? 1, last: (firsts[low + 1] ?? Number.POSITIVE_INFINITY) - 1 };
  }

  /** About: sealed segments know where every 64th event stands. */
  #bytesOf(segment: number, from: number, to: number): number {
    return this.#span(segment, from, to).end - this.#span(segment, from, from).begin;
  }

  /** A part of the file that begins with the record of `sequence`, at or before `from`, and holds all up to `to`. */
  #span(segment: number, from: number, to: number) {
    const memory = this.#memory(segment);
    if (memory) return { begin: memory.offsetOf(from), end: memory.offsetOf(to + 1), sequence: from };
    return this.#files.spanOf(this.parts.sealed, segment, from, to);
  }

  #read(segment: number, from: number, to: number): RecordedEvent[] {
    return this.#files.events(segment, this.#span(segment, from, to), from, to, this.#fileOf(segment));
  }

  /** The writer has the active one open. */
  #fileOf(segment: number): number | undefined {
    return segment === this.#active.first ? this.parts.writer.file : undefined;
  }

  #readStream(stream: string, low: number, high: number): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    const { memories, sealed } = this.parts;
    const inMemory = memories.find((memory) => memory.streams.has(stream));
    const firstInMemory = inMemory?.streams.get(stream)?.first ?? Number.POSITIVE_INFINITY;
    if (low < firstInMemory)
      for (const { segment, firstRevision, offsets } of sealed.postings(
        stream,
        low,
        Math.min(high, firstInMemory - 1),
      )) {
        const wanted = offsets.slice(Math.max(0, low - firstRevision), high - firstRevision + 1);
        const from = found.length;
        this.#files.eventsAt(segment, wanted, NEAR, this.#fileOf(segment), found);
        this.#confirm(stream, low, { segment, offsets: wanted }, found, from);
      }
    for (const memory of memories) {
      const known = memory.streams.get(stream);
      if (!known || known.first > high) continue;
      const wanted = known.sequences.slice(Math.max(0, low - known.first), high - known.first + 1);
      const offsets = wanted.map((sequence) => memory.offsetOf(sequence));
      this.#files.eventsAt(memory.first, offsets, NEAR, this.#fileOf(memory.first), found);
    }
    return found;
  }

  /** The records say themselves which they are: the index is believed as far as they agree. */
  #confirm(
    stream: string,
    low: number,
    { segment, offsets }: { readonly segment: number; readonly offsets: readonly number[] },
    found: readonly RecordedEvent[],
    from: number,
  ): void {
    let at = from;
    while (at < found.length && found[at]?.stream === stream && found[at]?.revision === low + at) at++;
    if (at === found.length) return;
    const place = { segment: segmentName(segment), offset: offsets[at - from] ?? 0 };
    const wrong = new IndexWrong(this.parts.folder, place);
    this.#doubt(wrong);
    throw wrong;
  }
}
