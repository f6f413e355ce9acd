import type { WebSocket } from 'ws';
import type { Batch } from './batch.js';
import type { Encoded } from './encoded.js';
import { textFor } from './encoded.js';
import type { Post } from './post.js';
import { partsOf } from './ws-parts.js';

/** Bytes that may wait in a socket before its reader counts as slow. */
const highWater = 256 * 1024;

/**
 * The way out to one WebSocket. Messages of the hub wait here for the end of the turn, and leave in one write. What the
 * protocol says itself goes through the library, after what waits.
 */
export class Line {
  private batch: Batch | undefined;
  private id = '';
  /** When they are not all the same: that of each message of the batch. */
  private ids: string[] | undefined;
  private bytes = 0;
  /** The socket did not take at once all that it was given last. As long as it does, a message need not look at it. */
  private owes = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly post: Post,
  ) {}

  /** `id`: as from `idOf`. `false`: taken, and the socket is full. */
  next(id: string, text: Encoded): boolean {
    const { batch } = this;
    if (batch) {
      this.batch = batch.and(text, id.length);
      if (this.ids) this.ids.push(id);
      else if (id !== this.id) this.ids = [...Array<string>(batch.length).fill(this.id), id];
    } else {
      this.batch = this.post.batches.beginningWith(text, id.length);
      this.id = id;
      this.post.add(this);
    }
    this.bytes += text.size;
    return !(this.owes || this.bytes >= highWater) || !this.isFull;
  }

  /** Writes what waits. */
  flush(): void {
    const { socket, batch } = this;
    if (!batch) return;
    const open = socket.readyState === socket.OPEN;
    const parts = open && this.post.direct ? partsOf(socket) : undefined;
    if (parts && !parts._sender._firstFragment) {
      this.post.add(this); // within a message of somebody else: later
      return;
    }
    const ids = this.ids ?? this.id;
    this.batch = undefined;
    this.ids = undefined;
    this.bytes = 0;
    if (!open) return;
    if (parts?._sender._state === 0) this.owes = !batch.frames.writeTo(parts._socket, ids);
    else {
      batch.texts.forEach((text, i) => {
        socket.send(textFor(typeof ids === 'string' ? ids : (ids[i] ?? ''), text));
      });
      this.owes = true;
    }
  }

  /** More waits in it than a reader should be owed. */
  get isFull(): boolean {
    const { socket } = this;
    return socket.readyState === socket.OPEN && socket.bufferedAmount + this.bytes >= highWater;
  }

  /** A message of the protocol. */
  send(data: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    this.flush();
    socket.send(data);
    this.owes = true;
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
