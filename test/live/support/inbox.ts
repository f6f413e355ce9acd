/** What has arrived, in order; whoever waits for something is woken by each arrival, so nothing sleeps. */
export class Inbox<T> {
  readonly items: T[] = [];
  private waiting: (() => void)[] = [];

  readonly push = (item: T): void => {
    this.items.push(item);
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  };

  /** The first item that fits, present or to come. */
  async first(fits: (item: T) => boolean): Promise<T> {
    for (;;) {
      const found = this.items.find(fits);
      if (found !== undefined) return found;
      await this.arrival();
    }
  }

  async until(holds: (items: readonly T[]) => boolean): Promise<readonly T[]> {
    while (!holds(this.items)) await this.arrival();
    return this.items;
  }

  private arrival(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
