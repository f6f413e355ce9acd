export type WrittenAt = { readonly id: string; readonly stream: string; readonly revision: number };

/**
 * Where the newest events stand, by id: of at least `capacity` events, of at most twice as many. An id that was written
 * twice stands for its newest event. Read from the log when somebody first asks: a writer that names its revision, as all
 * of this program do, never does, and to know an id costs as much as to write it.
 */
export class RecentIds {
  #newer: Map<string, WrittenAt> | undefined;
  #older = new Map<string, WrittenAt>();

  /** `newest`: so many of the events that can be read, the newest ones, in the order in which they were written. */
  constructor(
    readonly capacity: number,
    readonly newest: (count: number) => readonly WrittenAt[],
  ) {}

  /** In the order in which they were written. Not yet to be read from the log. */
  add(events: readonly WrittenAt[]): void {
    if (this.#newer) for (const event of events) this.#know(this.#newer, event);
  }

  revisionOf(id: string, stream: string): number | undefined {
    if (!this.#newer) {
      const newest = this.newest(this.capacity);
      this.#newer = new Map();
      for (const event of newest) this.#know(this.#newer, event);
    }
    const at = this.#newer.get(id) ?? this.#older.get(id);
    return at?.stream === stream ? at.revision : undefined;
  }

  /** The older half is forgotten at once: to forget one id for each that comes costs more than to know it. */
  #know(newer: Map<string, WrittenAt>, event: WrittenAt): void {
    if (newer.size < this.capacity) {
      newer.set(event.id, event);
      return;
    }
    this.#older = newer;
    this.#newer = new Map([[event.id, event]]);
  }
}
