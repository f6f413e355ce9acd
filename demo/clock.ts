import type { Clock } from '../src/domain/kernel/ports.js';

/** The demo's year passes in a minute. It is moved by hand, and goes on by itself once the year has been played. */
export class DemoClock implements Clock {
  private at: number;
  private released: number | undefined;

  constructor(instant: string) {
    this.at = Date.parse(instant);
  }

  now(): Date {
    return new Date(this.released === undefined ? this.at : this.at + performance.now() - this.released);
  }

  /** Nine in the morning in Bayannur on this day; never back. */
  to(day: string): void {
    this.at = Math.max(this.at, Date.parse(`${day}T01:00:00.000Z`));
  }

  /** So that two things of one day do not happen at the same moment. */
  pass(seconds: number): void {
    this.at += seconds * 1000;
  }

  release(): void {
    this.released = performance.now();
  }
}
