import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';

/** An event with its case exactly as the event left it. */
export type LiveEvent = {
  readonly event: RecordedEvent;
  /** Its row: `undefined` for a kind of case that has no read model. */
  readonly case: CaseRow | undefined;
};

/** The newest events, in log order. A reader whose cursor lies within it needs no store. */
export class Ring {
  private items: LiveEvent[] = [];
  private start = 0;
  private readonly newest = new Map<string, LiveEvent>();
  private readonly cases = new Map<string, LiveEvent>();
  /** Everything after this position, up to `latest`, is here. `undefined`: it has not begun. */
  private floor: Position | undefined;
  latest: Position | undefined;

  constructor(private readonly capacity: number) {}

  /** Empty: it holds what comes after this position. */
  begin(position: Position): void {
    this.items = [];
    this.start = 0;
    this.newest.clear();
    this.cases.clear();
    this.floor = position;
    this.latest = position;
  }

  push(item: LiveEvent): void {
    this.items.push(item);
    this.latest = item.event.position;
    this.newest.set(item.event.stream, item);
    if (item.case) this.cases.set(refOfStream(item.event.stream).id, item);
    if (this.items.length - this.start <= this.capacity) return;
    const oldest = this.items[this.start++];
    if (oldest) {
      this.floor = oldest.event.position;
      if (this.newest.get(oldest.event.stream) === oldest) {
        this.newest.delete(oldest.event.stream);
        this.cases.delete(refOfStream(oldest.event.stream).id);
      }
    }
    if (this.start > this.capacity) {
      this.items.splice(0, this.start);
      this.start = 0;
    }
  }

  /** The newest event of a stream, when the ring has one. */
  newestOf(stream: string): LiveEvent | undefined {
    return this.newest.get(stream);
  }

  covers(after: Position): boolean {
    return this.floor !== undefined && after >= this.floor;
  }

  /** The newest event of a case whose row is known, when the ring has one. */
  newestOfCase(id: string): LiveEvent | undefined {
    return this.cases.get(id);
  }

  /** Where what came after `after` begins, for `at`; a binary search, since positions are in order. Holds until the next `push`. */
  indexAfter(after: Position): number {
    let low = this.start;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.items[middle];
      if (item && item.event.position <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  at(index: number): LiveEvent | undefined {
    return this.items[index];
  }
}
