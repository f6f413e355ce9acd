import { type EncodedEvent, mostBytesOf, putRecord } from './record.js';

const USUAL = 1_048_576;

export type Staged = {
  readonly stream: string;
  readonly revision: number;
  /** In the segment. */
  readonly offset: number;
  readonly id: string;
};

/** What is about to be written in one piece. Nobody but those who are in it sees it. */
export class Stage {
  events: Staged[] = [];
  /** The last event that was put for a stream, by its index. */
  readonly #last = new Map<string, number>();
  /** Made when somebody asks. */
  #byId: Map<string, Staged> | undefined;
  #bytes = Buffer.allocUnsafeSlow(USUAL);
  #length = 0;
  #first = 0;
  #offset = 0;

  /** `offset`: in the segment, where the first record will stand. */
  begin(first: number, offset: number): void {
    this.events = [];
    this.#last.clear();
    this.#byId = undefined;
    if (this.#bytes.length > 16 * USUAL) this.#bytes = Buffer.allocUnsafeSlow(USUAL);
    this.#length = 0;
    this.#first = first;
    this.#offset = offset;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The sequence that the next event gets. */
  get next(): number {
    return this.#first + this.events.length;
  }

  lastRevision(stream: string): number | undefined {
    const last = this.#last.get(stream);
    return last === undefined ? undefined : this.events[last]?.revision;
  }

  at(stream: string, revision: number): { readonly sequence: number; readonly id: string } | undefined {
    if (!this.#last.has(stream)) return undefined;
    const index = this.events.findIndex((each) => each.revision === revision && each.stream === stream);
    const event = this.events[index];
    return event && { sequence: this.#first + index, id: event.id };
  }

  /** The newest event with this id. */
  newestOf(id: string): Staged | undefined {
    this.#byId ??= new Map(this.events.map((each) => [each.id, each]));
    return this.#byId.get(id);
  }

  /** `last`: of its append; `front`: the JSON before what the caller knows. */
  put(stream: string, revision: number, id: string, front: string, encoded: EncodedEvent, last: boolean): void {
    const most = this.#length + mostBytesOf(front, encoded);
    if (most > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * most);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    const within = this.events.length;
    const event = { stream, revision, offset: this.#offset + this.#length, id };
    this.#length = putRecord(this.#bytes, this.#length, { sequence: this.next, within, last }, front, encoded);
    this.#last.set(stream, within);
    this.#byId?.set(id, event);
    this.events.push(event);
  }
}
