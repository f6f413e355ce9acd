/** What all that wait for the same flush share: everybody who came in one turn of the event loop. */
export class Grouped<Item, Result> {
  #queue: { item: Item; resolve: (result: Result) => void; reject: (reason: unknown) => void }[] = [];
  #busy = false;

  /** `commit`: writes and flushes all; one result an item, in order. */
  constructor(readonly commit: (items: readonly Item[]) => readonly Result[] | Promise<readonly Result[]>) {}

  readonly append = (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => this.#run());
    });

  #run(): void {
    const group = this.#queue;
    this.#queue = [];
    const done = (results: readonly Result[]) => {
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      this.#busy = this.#queue.length > 0;
      if (this.#busy) setImmediate(() => this.#run());
    };
    const failed = (error: unknown) => {
      for (const { reject } of group) reject(error);
      this.#busy = false;
    };
    try {
      const results = this.commit(group.map(({ item }) => item));
      if (results instanceof Promise) results.then(done, failed);
      else done(results);
    } catch (error) {
      failed(error);
    }
  }
}
