import { Batches } from './batch.js';
import type { Line } from './line.js';

/** Looks at the clock once in so many sockets. */
const linesPerLook = 32;

/**
 * Writes what waits for the sockets: at the end of the turn in which it came, each socket once. When that takes longer
 * than `budget` milliseconds the rest is written in the next turn, and what comes for it meanwhile goes with it. So a
 * single message leaves at once, and the more there is to do the more a write carries.
 */
export class Post {
  private waiting: Line[] = [];
  private next = 0;
  /** `writing`: has written in this turn; what comes now waits for the next. */
  private state: 'idle' | 'called' | 'writing' = 'idle';
  readonly batches = new Batches();
  /** Whether frames may be written past the library: `ws-parts.ts` says so. */
  direct = false;

  constructor(private readonly budget = 8) {}

  add(line: Line): void {
    this.waiting.push(line);
    if (this.state !== 'idle') return;
    this.state = 'called';
    // After all that this turn's promises still have to say.
    queueMicrotask(() => process.nextTick(() => this.write()));
  }

  private write(): void {
    this.state = 'writing';
    setImmediate(() => this.turn());
    this.batches.clear();
    const begun = performance.now();
    const end = this.waiting.length;
    while (this.next < end) {
      this.waiting[this.next++]?.flush();
      if (this.next % linesPerLook === 0 && performance.now() - begun > this.budget) return;
    }
    this.waiting = this.waiting.slice(end);
    this.next = 0;
  }

  private turn(): void {
    if (this.waiting.length > 0) this.write();
    else this.state = 'idle';
  }
}
