import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { Publisher } from './serve.js';

/**
 * The least that any could do: a frame that is ready but for the operation id, which is put in before it is written. Of
 * many events at once, all frames in one write. It is copied only when a socket does not take it at once.
 */
export async function openLimit(options: {
  readonly bodyOf: (n: number, client: number) => string;
  /** Who receives it; all when absent. */
  readonly receiversOf?: (n: number) => readonly number[];
}): Promise<Publisher> {
  const { bodyOf, receiversOf } = options;
  const server = createServer();
  const acceptor = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
  type Client = { readonly socket: Socket; readonly id: string };
  const clients: Client[] = [];
  acceptor.on('connection', (socket, request) => {
    let n = 0;
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_init') {
        n = Number(message.payload.authorization.slice('Bearer '.length));
        socket.send('{"type":"connection_ack"}');
      } else if (message.type === 'subscribe') clients[n] = { socket: request.socket, id: message.id };
    });
  });
  server.listen(0, '127.0.0.1', 4096);
  while (!server.listening) await pause(1);

  const frames = new Map<string, Buffer>();
  const frameOf = (body: string, { length }: string): Buffer => {
    const known = frames.get(body);
    if (known) return known;
    const text = Buffer.from(`{"id":"${'-'.repeat(length)}","type":"next","payload":${body}}`);
    const head = text.length < 126 ? [0x81, text.length] : [0x81, 126, text.length >> 8, text.length & 255];
    const frame = Buffer.concat([Buffer.from(head), text]);
    frames.set(body, frame);
    return frame;
  };
  const write = (socket: Socket, bytes: Buffer): Buffer => {
    socket.write(bytes);
    return socket.writableLength === 0 ? bytes : Buffer.from(bytes);
  };
  const patch = (target: Buffer, at: number, id: string) => {
    for (let i = 0; i < id.length; i++) target[at + i] = id.charCodeAt(i);
  };
  return {
    port: (server.address() as AddressInfo).port,
    publish(numbers) {
      frames.clear();
      if (receiversOf) {
        for (const n of numbers)
          for (const client of receiversOf(n)) {
            const to = clients[client];
            if (!to) continue;
            const body = bodyOf(n, client);
            const frame = frameOf(body, to.id);
            patch(frame, 4 + '{"id":"'.length, to.id);
            const next = write(to.socket, frame);
            if (next !== frame) frames.set(body, next);
          }
        return;
      }
      const id = clients[0]?.id ?? '';
      const all = numbers.map((n) => frameOf(bodyOf(n, 0), id));
      let whole: Buffer = Buffer.concat(all);
      for (const { socket, id } of clients) {
        let at = 0;
        for (const frame of all) {
          patch(whole, at + 4 + '{"id":"'.length, id);
          at += frame.length;
        }
        whole = write(socket, whole);
      }
    },
  };
}
