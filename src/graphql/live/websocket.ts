import type { IncomingMessage, Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Session } from '../session.js';
import { farewell } from './farewell.js';
import { Line } from './line.js';
import type { Live } from './live.js';
import { Post } from './post.js';
import type { Client } from './ws-client.js';
import { normal, notText, restarting, tryLater } from './ws-client.js';
import { intakeOf } from './ws-intake.js';
import { serveOperations } from './ws-operations.js';
import { writesDirectly } from './ws-parts.js';
import { keepSessions } from './ws-session.js';
import type { UpgradeOptions } from './ws-upgrade.js';
import { takeUpgrades } from './ws-upgrade.js';

export type WebSocketOptions = UpgradeOptions & {
  /** Bytes of one message from a client. */
  readonly maxPayload: number;
  readonly operationsPerSocket: number;
  /** That one client may send. */
  readonly messagesPerSecond: number;
  /** `false`: every message through the library `ws`, one by one; for comparison. */
  readonly direct?: boolean;
};

/** A message in crumbs costs more than it weighs: most fragments of one, and most pieces in which one may arrive. */
const crumbs = { maxFragments: 128, maxBufferedChunks: 4_096 };
/** How long a client may take to say goodbye when the server ends. */
const farewellMs = 2_000;

/**
 * GraphQL over WebSocket (graphql-transport-ws): a socket from its upgrade to its farewell. Who speaks through it is in
 * `ws-session.ts`, what is asked in `ws-operations.ts`.
 */
export function attachWebSocket(server: Server, schema: GraphQLSchema, live: Live, options: WebSocketOptions) {
  const { maxPayload } = options;
  const acceptor = new WebSocketServer({
    ...{ noServer: true, handleProtocols, maxPayload, perMessageDeflate: false },
    ...crumbs,
  });
  const post = new Post();
  const tried = writesDirectly(acceptor).then((works) => {
    post.direct = works && options.direct !== false;
    if (!works) live.mask(new Error('ws is not as ws-parts.ts knows it: live messages are sent the slower way'));
  });
  const sessions = keepSessions(live);
  const { clients } = sessions;
  const protocol = serveOperations(schema, live, sessions, options.operationsPerSocket);

  function welcome(socket: WebSocket, request: IncomingMessage, session: Session): void {
    const line = new Line(socket, post);
    const admits = intakeOf(socket, line, options.messagesPerSecond);
    const client: Client = {
      socket,
      line,
      address: live.guard.addressOf(request),
      session,
      heard: true,
      place: undefined,
    };
    clients.add(client);
    socket.on('pong', () => {
      client.heard = true;
    });
    socket.on('error', () => socket.terminate()); // a frame against the protocol, or too large: this client's own fault
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => line.send(data),
        close: (code = normal, reason = '') => line.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data, isBinary) => {
            client.heard = true;
            if (!admits()) return;
            if (isBinary) return line.close(notText, 'TEXT_ONLY'); // the protocol is JSON in text frames
            take(String(data)).catch((error: unknown) => {
              // 1011 would be the end for clients: what fails here, the log being away for one, passes.
              line.close(tryLater, String(live.mask(error).extensions.code));
            });
          }),
      },
      client,
    );
    socket.once('close', (code, reason) => {
      clients.delete(client);
      client.place?.giveBack();
      closed(code, String(reason)).catch(live.mask);
    });
  }
  const letNobodyIn = takeUpgrades(server, acceptor, live, options, welcome);

  return {
    /** Resolves when it is known how messages are written. Until then they go the slower way. */
    tried,
    get connections() {
      return clients.size;
    },
    /** Takes nobody more, and sends everybody away with a code after which clients come back, not all at once. */
    async close() {
      letNobodyIn();
      sessions.close();
      await farewell(clients, ({ line }) => line.close(restarting, 'RESTARTING'));
      const stubborn = [...clients];
      setTimeout(() => {
        for (const { socket } of stubborn) socket.terminate();
      }, farewellMs).unref();
      acceptor.close();
    },
  };
}
