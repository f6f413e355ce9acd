import { once } from 'node:events';
import { connect } from 'node:net';

export type Connection = {
  /** One request at a time. Resolves to the body of an answer with status 200 or 201. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<string>;
  close(): void;
};

/** HTTP/1.1 over one kept connection, with as little work as can be: the load must not take the server's processor. */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return fail(new Error(`an answer without a length: ${head}`));
    if (received.length < end + 4 + length) return;
    const body = received.toString('utf8', end + 4, end + 4 + length);
    received = received.subarray(end + 4 + length);
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (/^HTTP\/1\.1 20[01] /.test(head)) resolve?.(body);
    else reject?.(new Error(`${head.split('\r\n', 1)[0]}: ${body}`));
  });
  return {
    post(path, headers, body) {
      if (socket.destroyed) return Promise.reject(new Error('the server has closed the connection'));
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
      );
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close: () => void socket.destroy(),
  };
}
