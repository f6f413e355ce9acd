export type WrittenAt = { readonly stream: string; readonly revision: number };

/**
 * Where the newest events stand, by id. What the open group wrote is known to the rest of the group at once, but is
 * kept only when the group is committed. An id that was written twice stands for its newest event.
 */
export class RecentIds {
  readonly #kept = new Map<string, WrittenAt>();
  #open = new Map<string, WrittenAt>();

  constructor(readonly capacity: number) {}

  revisionOf(id: string, stream: string): number | undefined {
    const at = this.#open.get(id) ?? this.#kept.get(id);
    return at?.stream === stream ? at.revision : undefined;
  }

  add(id: string, at: WrittenAt): void {
    this.#open.set(id, at);
  }

  commit(): void {
    for (const [id, at] of this.#open) {
      this.#kept.delete(id);
      this.#kept.set(id, at);
    }
    this.#open = new Map();
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.capacity) break;
      this.#kept.delete(id);
    }
  }

  rollback(): void {
    this.#open = new Map();
  }
}
