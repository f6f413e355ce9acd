import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { freePort } from '../../support/server-process.js';

/**
 * A small server with a node's doors: /health/ready, /graphql (WebSocket, echoes under its name), /graphql/stream
 * (one event at once, more on demand), and its name for any other path.
 */
export type TinyNode = {
  readonly address: string;
  ready: boolean;
  readonly streams: Set<ServerResponse>;
  readonly sockets: ReadonlySet<WebSocket>;
  /** How often a proxy has looked since the last change of `ready`. */
  looks: number;
  close(): Promise<void>;
};

export async function startTinyNode(name: string): Promise<TinyNode> {
  const port = await freePort();
  const acceptor = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(node.ready ? 200 : 503).end();
      node.looks += 1;
    } else if (request.url === '/graphql/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(`data: first of ${name}\n\n`);
      node.streams.add(response);
      response.once('close', () => node.streams.delete(response));
    } else response.end(name);
  });
  server.on('upgrade', (request, socket, head) => {
    acceptor.handleUpgrade(request, socket, head, (client) => {
      acceptor.emit('connection', client, request);
      client.on('message', (data) => client.send(`${name}: ${data}`));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const node: TinyNode = {
    address: `127.0.0.1:${port}`,
    ready: true,
    looks: 0,
    streams: new Set(),
    sockets: acceptor.clients,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const client of acceptor.clients) client.terminate();
      await closed;
    },
  };
  onTestFinished(() => node.close());
  return node;
}
