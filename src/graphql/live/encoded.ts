import { Stencil } from './stencil.js';

const [before, behind] = ['{"id":', ',"type":"next","payload":'] as const;
const opText = 0x81; // the last (and only) fragment of a text message: RFC 6455 §5.2
const [short, long, longest] = [126, 127, 0x10000] as const;

/** The text of one message, worked out once, and as a WebSocket frame of graphql-transport-ws. */
export class Encoded {
  private frame: Stencil | undefined;
  private idLength = -1;
  /** In bytes. */
  readonly size: number;

  constructor(readonly json: string) {
    this.size = Buffer.byteLength(json);
  }

  /** Everything but the id. Those with ids of the same length share it. */
  frameFor(idLength: number): Stencil {
    if (this.frame && this.idLength === idLength) return this.frame;
    this.idLength = idLength;
    this.frame = this.frameOf(idLength);
    return this.frame;
  }

  private frameOf(idLength: number): Stencil {
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
    return new Stencil(bytes, [idAt]);
  }
}

/** An operation id as JSON in ASCII, so that its length in bytes is its length. */
export const idOf = (id: string): string =>
  JSON.stringify(id).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same as text, for a connection that is written to by its library. */
export const textFor = (id: string, { json }: Encoded): string => `${before}${id}${behind}${json}}`;
