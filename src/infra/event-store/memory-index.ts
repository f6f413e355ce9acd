import { SEGMENT_HEAD } from './segment-file.js';

/** Where the events of one segment stand, for as long as LMDB does not know it. */
export class MemoryIndex {
  readonly offsets: number[] = [];
  readonly streams = new Map<string, { readonly first: number; readonly sequences: number[] }>();
  /** Behind the newest event. */
  end = SEGMENT_HEAD;

  constructor(readonly first: number) {}

  get next(): number {
    return this.first + this.offsets.length;
  }

  /** The next event of the log. */
  add(stream: string, revision: number, offset: number): void {
    const known = this.streams.get(stream);
    if (known) known.sequences.push(this.next);
    else this.streams.set(stream, { first: revision, sequences: [this.next] });
    this.offsets.push(offset);
  }

  /** `undefined`: it has no event in this segment. */
  lastRevision(stream: string): number | undefined {
    const known = this.streams.get(stream);
    return known && known.first + known.sequences.length - 1;
  }

  /** Where a sequence begins; the one behind the last is the end. */
  offsetOf(sequence: number): number {
    return this.offsets[sequence - this.first] ?? this.end;
  }
}
