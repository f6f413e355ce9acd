import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import * as ws from 'ws';
import type { Batch } from './batch.js';
import { Batches } from './batch.js';
import { Encoded, idOf, textFor } from './encoded.js';

/**
 * What `ws` does not promise: its socket, and whether it stands between two messages. A frame that is written to the
 * socket saves a string, a copy and three quarters of the writes of each message; whether that still works is tried when
 * the server starts, and where it does not, every message goes through the library.
 */
export type Parts = {
  readonly _socket: Duplex;
  readonly _sender: { readonly _state: number; readonly _firstFragment: boolean };
};
export const partsOf = (socket: WebSocket): Parts => socket as unknown as Parts;

const samples = ['{"data":1}', `{"data":"${'字'.repeat(200)}"}`, `{"data":"${'x'.repeat(70_000)}"}`];

/** Sends by the library and past it over a socket in memory, and reads with the library's own reader what came out. */
export async function writesDirectly(acceptor: Acceptor): Promise<boolean> {
  try {
    const wire = new Wire();
    const socket = await accept(acceptor, wire);
    const { _socket, _sender } = partsOf(socket);
    if (_socket !== wire || _sender._state !== 0 || _sender._firstFragment !== true) return false;
    const texts = samples.map((json) => new Encoded(json));
    const [a, b, c] = [idOf('a'), idOf('字'), idOf('c')];
    const expected: string[] = [];
    const batches = new Batches();
    let all: Batch | undefined;
    for (const text of texts) {
      for (const id of [a, c]) text.frameFor(id.length).writeTo(_socket, id);
      socket.send(textFor(b, text));
      expected.push(textFor(a, text), textFor(c, text), textFor(b, text));
      all = all ? all.and(text, b.length) : batches.beginningWith(text, a.length);
    }
    all?.frames.writeTo(_socket, [a, b, b]);
    texts.forEach((text, i) => void expected.push(textFor(i === 0 ? a : b, text)));
    const received = await read(wire, expected.length);
    socket.terminate();
    return received.length === expected.length && received.every((text, i) => text === expected[i]);
  } catch {
    return false; // it is not as it was known: that is the answer
  }
}

export type Acceptor = Pick<ws.WebSocketServer, 'handleUpgrade'>;

/** A socket that keeps what is written to it. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(Buffer.from(chunk)); // whoever wrote it may use it again when it is done
    done();
  }
}

const handshake = {
  method: 'GET',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', // RFC 6455 §1.3
    'sec-websocket-version': '13',
  },
};

const accept = (acceptor: Acceptor, wire: Wire): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    wire.once('close', () => reject(new Error('the handshake was refused')));
    acceptor.handleUpgrade(handshake as never, wire, Buffer.alloc(0), resolve);
  });

type Reader = NodeJS.WritableStream & { on(event: 'message', take: (data: Buffer) => void): void };

function read({ written }: Wire, count: number): Promise<readonly string[]> {
  const { Receiver } = ws as unknown as { readonly Receiver: new (options: { isServer: boolean }) => Reader };
  const bytes = Buffer.concat(written);
  const received: string[] = [];
  return new Promise((resolve, reject) => {
    const reader = new Receiver({ isServer: false });
    reader.on('error', reject);
    reader.on('message', (data) => {
      if (received.push(String(data)) === count) resolve(received);
    });
    reader.end(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4), () => resolve(received));
  });
}
