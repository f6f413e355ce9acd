/** Long work shares the event loop: who has worked too long in this turn of it goes on in the next one. */
export interface Turns {
  /** Whether this turn has been long enough. `steps`: how much has been done since it was asked last. */
  over(steps?: number): boolean;
  /** Resolves in a later turn, in the order of asking. */
  next(): Promise<void>;
}

/** Looks at the clock once in so many steps: a look costs as much as a step. */
const stepsPerLook = 32;

/** `budget`: milliseconds of one turn of the event loop. */
export class LoopTurns implements Turns {
  private readonly waiting: (() => void)[] = [];
  private begun: number | undefined;
  private steps = 0;
  private spent = false;

  constructor(private readonly budget = 6) {}

  over(steps = 1): boolean {
    if (this.begun === undefined) this.begin();
    this.steps += steps;
    if (this.steps >= stepsPerLook) {
      this.steps = 0;
      this.spent ||= performance.now() - (this.begun ?? 0) > this.budget;
    }
    return this.spent;
  }

  next(): Promise<void> {
    if (this.begun === undefined) this.begin();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private begin(): void {
    this.begun = performance.now();
    this.spent = false;
    setImmediate(() => void this.turn());
  }

  /** Lets those who wait go on one by one, as long as the new turn is not over either. */
  private async turn(): Promise<void> {
    this.begun = undefined;
    this.spent = false;
    if (this.waiting.length === 0) return;
    this.begin();
    const waiting = this.waiting.splice(0);
    let next = 0;
    for (; next < waiting.length && !this.spent; next++) {
      waiting[next]?.();
      await undefined; // what waited works in the meantime
    }
    this.waiting.unshift(...waiting.slice(next));
  }
}
