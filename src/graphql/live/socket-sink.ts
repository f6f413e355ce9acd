import type { WebSocket } from 'ws';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Sink } from './subscription.js';

/** Bytes that may wait in a socket before its reader counts as slow. */
const highWater = 256 * 1024;

/** One operation on one WebSocket. The envelope is the protocol's, the payload was encoded once for all. */
export class SocketSink implements Sink {
  private readonly prefix: string;

  constructor(
    private readonly socket: WebSocket,
    operationId: string,
    readonly fail: (refusal: Refusal) => void,
  ) {
    this.prefix = `{"id":${JSON.stringify(operationId)},"type":"next","payload":`;
  }

  next(json: string): boolean {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(`${this.prefix}${json}}`);
    return this.socket.bufferedAmount < highWater;
  }

  /** Resolves when the socket has sent what waits in it, or is gone. */
  drained(): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount < highWater) return Promise.resolve();
    // ws has no drain event: a ping is answered to its callback once all before it has been handed to the kernel.
    return new Promise((resolve) => socket.ping(undefined, undefined, () => resolve()));
  }
}
