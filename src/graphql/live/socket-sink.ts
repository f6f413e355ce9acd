import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Encoded } from './encoded.js';
import { idOf } from './encoded.js';
import type { Line } from './line.js';
import type { Sink } from './subscription.js';

/** One operation on one WebSocket. The envelope is the protocol's, the payload was encoded once for all. */
export class SocketSink implements Sink {
  private readonly id: string;

  constructor(
    private readonly line: Line,
    operationId: string,
    readonly fail: (refusal: Refusal) => void,
  ) {
    this.id = idOf(operationId);
  }

  next(_json: string, _cursor: string, shared: Encoded): boolean {
    return this.line.next(this.id, shared);
  }

  drained(): Promise<void> {
    return this.line.drained();
  }
}
