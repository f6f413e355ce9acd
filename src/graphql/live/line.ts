import type { WebSocket } from 'ws';
import type { Encoded } from './encoded.js';
import { framesFor, textFor } from './encoded.js';
import type { Post } from './post.js';
import { partsOf } from './ws-parts.js';

/** Bytes that may wait in a socket before its reader counts as slow. */
const highWater = 256 * 1024;

/**
 * The way out to one WebSocket. Messages of the hub wait here for the end of the turn, and leave in one write. What the
 * protocol says itself goes through the library, after what waits.
 */
export class Line {
  // One is the rule: it costs no list.
  private id = '';
  private text: Encoded | undefined;
  private more: { readonly ids: string[]; readonly texts: Encoded[] } | undefined;
  private bytes = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly post: Post,
  ) {}

  /** `id`: as from `idOf`. `false`: taken, and the socket is full. */
  next(id: string, text: Encoded): boolean {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return true;
    if (!this.text) {
      this.id = id;
      this.text = text;
      this.post.add(this);
    } else {
      this.more ??= { ids: [this.id], texts: [this.text] };
      this.more.ids.push(id);
      this.more.texts.push(text);
    }
    this.bytes += text.size;
    return !this.isFull;
  }

  /** Writes what waits. */
  flush(): void {
    const { socket, id, text, more } = this;
    if (!text) return;
    const parts = this.post.direct && socket.readyState === socket.OPEN ? partsOf(socket) : undefined;
    if (parts && !parts._sender._firstFragment) {
      this.post.add(this); // within a message of somebody else: later
      return;
    }
    this.text = undefined;
    this.more = undefined;
    this.bytes = 0;
    if (socket.readyState !== socket.OPEN) return;
    if (parts && !parts._socket.destroyed && parts._sender._state === 0)
      parts._socket.write(more ? framesFor(more.ids, more.texts) : text.bytesFor(id));
    else if (more) more.texts.forEach((one, i) => void socket.send(textFor(more.ids[i] ?? '', one)));
    else socket.send(textFor(id, text));
  }

  /** More waits in it than a reader should be owed. */
  get isFull(): boolean {
    return this.socket.bufferedAmount + this.bytes >= highWater;
  }

  /** A message of the protocol. */
  send(data: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    this.flush();
    socket.send(data);
  }

  close(code: number, reason: string): void {
    this.flush();
    this.socket.close(code, reason);
  }

  /** Resolves when the socket has sent what waits in it, or is gone. */
  drained(): Promise<void> {
    this.flush();
    const { socket } = this;
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount < highWater) return Promise.resolve();
    // ws has no drain event: a ping is answered to its callback once all before it has been handed to the kernel.
    return new Promise((resolve) => socket.ping(undefined, undefined, () => resolve()));
  }
}
