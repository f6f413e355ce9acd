import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Session } from '../session.js';
import type { Live } from './live.js';

export type UpgradeOptions = {
  readonly path: string;
  /** Whether a page of this `Origin` may connect; clients that are no browsers send none and are let in. */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean;
};

/** Takes over HTTP connections that ask for a WebSocket. What is returned lets nobody in any more. */
export function takeUpgrades(
  server: Server,
  acceptor: WebSocketServer,
  live: Live,
  { path, allowsOrigin }: UpgradeOptions,
  welcome: (socket: WebSocket, request: IncomingMessage, session: Session) => void,
): () => void {
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // HTTP has let go of the socket: until ws takes it, a client that resets it would end the process.
    const gone = () => socket.destroy();
    socket.on('error', gone);
    const { origin, host } = request.headers;
    if (request.url?.split('?', 1)[0] !== path) return refuse(socket, 404);
    if (origin !== undefined && !allowsOrigin(origin, host)) return refuse(socket, 403);
    const anybody = await live.authenticate(undefined);
    if (isRefusal(anybody)) return refuse(socket, 401);
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      socket.off('error', gone);
      welcome(accepted, request, anybody);
    });
  };
  let ending = false;
  server.on('upgrade', (request, socket, head) => {
    if (ending) socket.destroy();
    else void upgrade(request, socket, head);
  });
  return () => {
    ending = true;
  };
}

function refuse(socket: Duplex, status: 401 | 403 | 404): void {
  socket.end(
    `HTTP/1.1 ${status} ${{ 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[status]}\r\nConnection: close\r\n\r\n`,
  );
}
