import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { answerRaw } from '../guard/raw-answer.js';
import { guardRefusals } from '../guard/refusals.js';
import { apiRefusals } from '../refusals.js';
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
    if (request.url?.split('?', 1)[0] !== path) return answerRaw(socket, 404, apiRefusals.NO_SUCH_PAGE());
    if (origin !== undefined && !allowsOrigin(origin, host))
      return answerRaw(socket, 403, guardRefusals.FOREIGN_ORIGIN());
    const anybody = await live.authenticate(undefined);
    if (isRefusal(anybody)) return answerRaw(socket, 401, anybody);
    const place = live.guard.places.take('address', live.guard.addressOf(request));
    if (isRefusal(place)) return answerRaw(socket, 429, place);
    socket.once('close', place);
    if (socket.destroyed) return place();
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      socket.off('error', gone);
      welcome(accepted, request, anybody);
    });
  };
  acceptor.on('wsClientError', (_error, socket) => void answerRaw(socket, 400, guardRefusals.NO_WEBSOCKET()));
  let ending = false;
  server.on('upgrade', (request, socket, head) => {
    if (ending) socket.destroy();
    else void upgrade(request, socket, head);
  });
  return () => {
    ending = true;
  };
}
