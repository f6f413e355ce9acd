/** Bytes with a gap of the length of an operation id. */
export type Frame = { readonly bytes: Buffer; readonly idAt: number; readonly idLength: number };

const [before, behind] = ['{"id":', ',"type":"next","payload":'] as const;
const opText = 0x81; // the last (and only) fragment of a text message: RFC 6455 §5.2
const [short, long, longest] = [126, 127, 0x10000] as const;

/** The text of one message, worked out once, as the bytes of a WebSocket frame of graphql-transport-ws. */
export class Encoded {
  private frame: Frame | undefined;
  private lastId = '';
  private last: Buffer | undefined;
  /** In bytes. */
  readonly size: number;

  constructor(readonly json: string) {
    this.size = Buffer.byteLength(json);
  }

  /** Everything but the id. Those with ids of the same length share it. */
  frameFor(idLength: number): Frame {
    if (this.frame?.idLength !== idLength) {
      this.frame = this.frameOf(idLength);
      this.last = undefined;
    }
    return this.frame;
  }

  /** The frame for an operation. Those with the same id share it, from the second on: most ids are not asked for again. */
  bytesFor(id: string): Buffer {
    const { bytes, idAt } = this.frameFor(id.length);
    const again = this.lastId === id;
    if (again && this.last) return this.last;
    const patched = again ? Buffer.allocUnsafeSlow(bytes.length) : room(bytes.length);
    patched.set(bytes);
    putId(patched, idAt, id);
    this.last = again ? patched : undefined;
    this.lastId = id;
    return patched;
  }

  private frameOf(idLength: number): Frame {
    const length = before.length + idLength + behind.length + this.size + 1;
    const head = length < short ? 2 : length < longest ? 4 : 10;
    const bytes = Buffer.allocUnsafeSlow(head + length); // kept for long: not a piece of something larger
    bytes[0] = opText;
    if (head === 2) bytes[1] = length;
    else if (head === 4) {
      bytes[1] = short;
      bytes.writeUInt16BE(length, 2);
    } else {
      bytes[1] = long;
      bytes.writeUInt16BE(0, 2);
      bytes.writeUIntBE(length, 4, 6);
    }
    bytes.write(before, head, 'latin1');
    const idAt = head + before.length;
    bytes.write(behind, idAt + idLength, 'latin1');
    bytes.write(this.json, idAt + idLength + behind.length, 'utf8');
    bytes[bytes.length - 1] = 0x7d; // }
    return { bytes, idAt, idLength };
  }
}

/** An operation id as JSON in ASCII, so that its length in bytes is its length. */
export const idOf = (id: string): string =>
  JSON.stringify(id).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `id`: as from `idOf`. */
export function putId(bytes: Buffer, at: number, id: string): void {
  for (let i = 0; i < id.length; i++) bytes[at + i] = id.charCodeAt(i);
}

/** The same as text, for a connection that is written to by its library. */
export const textFor = (id: string, { json }: Encoded): string => `${before}${id}${behind}${json}}`;

const slabSize = 64 * 1024;
let slab = Buffer.allocUnsafeSlow(slabSize);
let used = 0;

/** Room for what is written soon. Node's own pool is of 8 KiB: a dozen messages. */
function room(length: number): Buffer {
  if (length > slabSize / 8) return Buffer.allocUnsafe(length);
  if (used + length > slabSize) {
    slab = Buffer.allocUnsafeSlow(slabSize);
    used = 0;
  }
  const bytes = slab.subarray(used, used + length);
  used += length;
  return bytes;
}

/** What several messages to one socket look like: bytes, and where the ids belong. */
type Pattern = { readonly texts: readonly Encoded[]; readonly lengths: readonly number[]; readonly bytes: Buffer };
let lastPattern: Pattern | undefined;

/** The frames one behind the other. Sockets that are sent the same under ids of the same lengths share the work. */
export function framesFor(ids: readonly string[], texts: readonly Encoded[]): Buffer {
  if (!lastPattern || !fits(lastPattern, ids, texts)) {
    const frames = texts.map((text, i) => text.frameFor((ids[i] ?? '').length).bytes);
    lastPattern = { texts, lengths: ids.map((id) => id.length), bytes: Buffer.concat(frames) };
  }
  const bytes = room(lastPattern.bytes.length);
  bytes.set(lastPattern.bytes);
  let at = 0;
  texts.forEach((text, i) => {
    const id = ids[i] ?? '';
    const frame = text.frameFor(id.length);
    putId(bytes, at + frame.idAt, id);
    at += frame.bytes.length;
  });
  return bytes;
}

const fits = (pattern: Pattern, ids: readonly string[], texts: readonly Encoded[]): boolean =>
  pattern.texts.length === texts.length &&
  texts.every((text, i) => text === pattern.texts[i] && ids[i]?.length === pattern.lengths[i]);
