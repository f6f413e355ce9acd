import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions } from 'fastify';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { createPlaces } from './places.js';
import { answerRaw } from './raw-answer.js';
import { guardRefusals } from './refusals.js';

/** How long somebody may hold a connection without using it. */
export type Patience = {
  /** For a request to arrive, headers and body. */
  readonly requestSeconds: number;
  /** For the next request to begin, and for an answer that nobody reads. */
  readonly idleSeconds: number;
};
export const usualPatience: Patience = { requestSeconds: 30, idleSeconds: 60 };

/** What Node's server is told of it. Nothing here limits how long an answer may be worked on, or read by who reads. */
export const wireOptions = ({ requestSeconds, idleSeconds }: Patience) =>
  ({
    requestTimeout: requestSeconds * 1_000,
    keepAliveTimeout: idleSeconds * 1_000,
    connectionTimeout: idleSeconds * 1_000,
    http: {
      // Node takes the longer of the two for the whole request: both are the same.
      headersTimeout: requestSeconds * 1_000,
      connectionsCheckingInterval: Math.min(1_000, requestSeconds * 500),
    },
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || socket.destroyed) return;
      const [status, refusal] =
        error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? ([408, guardRefusals.TOO_SLOW()] as const)
          : error.code === 'HPE_HEADER_OVERFLOW'
            ? ([431, guardRefusals.HEADERS_TOO_LARGE()] as const)
            : ([400, guardRefusals.NOT_HTTP()] as const);
      void answerRaw(socket, status, refusal);
    },
  }) satisfies FastifyHttpOptions<Server>;

/** Of one peer, before it has said a word: beyond them a connection is closed without one. */
export type Peers = { readonly most: number; readonly of: (socket: Socket) => string | undefined };

export function limitPeers(server: Server, { most, of }: Peers): void {
  const places = createPlaces({ perHolder: 0, perAddress: most });
  server.on('connection', (socket: Socket) => {
    const peer = of(socket);
    if (peer === undefined) return;
    const place = places.take('address', peer);
    if (isRefusal(place)) socket.destroy();
    else socket.once('close', place);
  });
}

/**
 * A connection that stands still is ended when it is the client that stands still: it asks nothing, or takes nothing of
 * its answer. While the server works, or waits for what there is to tell, it lives on.
 */
export function endStalled(server: Server): void {
  const answering = new WeakMap<Socket, number>();
  const count = (socket: Socket, more: number) => answering.set(socket, (answering.get(socket) ?? 0) + more);
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  server.on('timeout', (socket: Socket) => {
    const works = (answering.get(socket) ?? 0) > 0 && socket.writableLength === 0;
    if (works) socket.setTimeout(server.timeout);
    else socket.destroy();
  });
}
