import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on this machine, and can cut the connection just before an answer arrives. */
export type ForgetfulProxy = {
  readonly url: string;
  loseNextAnswer(): void;
  /** How many answers were lost. */
  lost(): number;
  close(): void;
};

export async function forgetfulProxy(port: number): Promise<ForgetfulProxy> {
  const sockets = new Set<Socket>();
  let losing = false;
  let lost = 0;
  const proxy = createServer((client) => {
    const server = createConnection(port, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => other.destroy());
    }
    client.pipe(server);
    server.on('data', (answer) => {
      if (!losing) return void client.write(answer);
      losing = false;
      lost += 1;
      client.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    loseNextAnswer() {
      losing = true;
    },
    lost: () => lost,
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
