import type { Writable } from 'node:stream';

/**
 * Bytes with gaps for operation ids. Each receiver's ids are put into the same bytes just before they are written: a
 * socket that takes them at once has them copied by the kernel, so that nothing is copied here. Those that a socket
 * holds on to are its own from then on.
 */
export class Stencil {
  constructor(
    private bytes: Buffer,
    private readonly gaps: readonly number[],
  ) {}

  /** One behind the other. */
  static joined(parts: readonly Stencil[]): Stencil {
    const gaps: number[] = [];
    let at = 0;
    for (const part of parts) {
      for (const gap of part.gaps) gaps.push(at + gap);
      at += part.bytes.length;
    }
    return new Stencil(Buffer.concat(parts.map(({ bytes }) => bytes)), gaps);
  }

  /** `ids`: one for each gap, as long as the gap; a single one is the id of all. `false`: the socket has yet to take it. */
  writeTo(socket: Writable, ids: string | readonly string[]): boolean {
    const { bytes, gaps } = this;
    for (let i = 0; i < gaps.length; i++) put(bytes, gaps[i] ?? 0, typeof ids === 'string' ? ids : (ids[i] ?? ''));
    socket.write(bytes);
    if (socket.writableLength === 0) return true;
    this.bytes = Buffer.allocUnsafeSlow(bytes.length); // kept with the socket, or for long: not a piece of something larger
    this.bytes.set(bytes);
    return false;
  }
}

function put(bytes: Buffer, at: number, id: string): void {
  for (let i = 0; i < id.length; i++) bytes[at + i] = id.charCodeAt(i);
}
