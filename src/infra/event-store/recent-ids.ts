export type WrittenAt = { readonly id: string; readonly stream: string; readonly revision: number };

/**
 * Where the newest events stand, by id: of at least `capacity` events, of at most some times as many. An id that was
 * written twice stands for its newest event.
 */
export class RecentIds {
  /** Not yet in the maps: a writer that names its revision never asks, and to know an id costs as much as to write it. */
  #written: WrittenAt[] = [];
  #newer = new Map<string, WrittenAt>();
  #older = new Map<string, WrittenAt>();

  constructor(readonly capacity: number) {}

  /** In the order in which they were written. */
  add(events: readonly WrittenAt[]): void {
    for (const event of events) this.#written.push(event);
    if (this.#written.length > 2 * this.capacity) this.#written = this.#written.slice(-this.capacity);
  }

  revisionOf(id: string, stream: string): number | undefined {
    for (const event of this.#written) this.#know(event);
    this.#written = [];
    const at = this.#newer.get(id) ?? this.#older.get(id);
    return at?.stream === stream ? at.revision : undefined;
  }

  /** The older half is forgotten at once: to forget one id for each that comes costs more than to know it. */
  #know(event: WrittenAt): void {
    if (this.#newer.size >= this.capacity) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(event.id, event);
  }
}
