/** How many messages one socket may send; whoever sends more is not listened to any longer. */
export class Intake {
  private begun = 0;
  private taken = 0;

  constructor(
    private readonly perSecond: number,
    /** Milliseconds, of a clock that never goes back. */
    private readonly now: () => number,
  ) {}

  /** Counts one message, or a control frame: each costs the server an answer or a look. */
  admits(): boolean {
    const now = this.now();
    if (now - this.begun >= 1_000) {
      this.begun = now;
      this.taken = 0;
    }
    return ++this.taken <= this.perSecond;
  }
}
