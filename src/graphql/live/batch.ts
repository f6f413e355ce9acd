import type { Encoded } from './encoded.js';
import { Stencil } from './stencil.js';

/** Messages that leave in one write, in order. Sockets that are sent the same share it, and its frames are joined once. */
export class Batch {
  readonly length: number;
  private joined: Stencil | undefined;
  /** What it became with the message that came next, for those to whom the same comes next. */
  private longer: Batch | undefined;

  constructor(
    readonly text: Encoded,
    readonly idLength: number,
    private readonly before?: Batch,
  ) {
    this.length = (before?.length ?? 0) + 1;
  }

  is(text: Encoded, idLength: number): boolean {
    return this.text === text && this.idLength === idLength;
  }

  and(text: Encoded, idLength: number): Batch {
    if (this.longer?.is(text, idLength)) return this.longer;
    this.longer = new Batch(text, idLength, this);
    return this.longer;
  }

  /** Those of a single message are the text's own. */
  get frames(): Stencil {
    if (!this.before) return this.text.frameFor(this.idLength);
    this.joined ??= Stencil.joined(this.all().map(({ text, idLength }) => text.frameFor(idLength)));
    return this.joined;
  }

  get texts(): readonly Encoded[] {
    return this.all().map(({ text }) => text);
  }

  private all(): readonly Batch[] {
    const all: Batch[] = [];
    for (let one: Batch | undefined = this; one; one = one.before) all.push(one);
    return all.reverse();
  }
}

/** The batches that are being gathered, by what they begin with. */
export class Batches {
  private readonly known = new Map<Encoded, Batch>();
  private last: Batch | undefined;

  beginningWith(text: Encoded, idLength: number): Batch {
    if (this.last?.is(text, idLength)) return this.last;
    const known = this.known.get(text);
    this.last = known?.is(text, idLength) ? known : new Batch(text, idLength);
    if (this.last !== known) this.known.set(text, this.last);
    return this.last;
  }

  /** What is waiting still has its batch; nothing is kept here for long. */
  clear(): void {
    if (!this.last) return;
    this.known.clear();
    this.last = undefined;
  }
}
