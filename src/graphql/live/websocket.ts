import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { getOperationAST } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Context } from '../context.js';
import { isStale } from '../fresh.js';
import { budgetOf } from '../guard/guard.js';
import { apiRefusals } from '../refusals.js';
import type { Session } from '../session.js';
import { codeOf } from '../watch.js';
import { liveRefusals } from './cursor.js';
import { farewell } from './farewell.js';
import { Line } from './line.js';
import type { Live } from './live.js';
import type { Asked } from './plan.js';
import { Post } from './post.js';
import { SocketSink } from './socket-sink.js';
import { holderOf } from './standing.js';
import { writesDirectly } from './ws-parts.js';

export type WebSocketOptions = {
  readonly path: string;
  /** Bytes of one message from a client. */
  readonly maxPayload: number;
  readonly operationsPerSocket: number;
  /** Whether a page of this `Origin` may connect; clients that are no browsers send none and are let in. */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean;
  /** `false`: every message through the library `ws`, one by one; for comparison. */
  readonly direct?: boolean;
};

type Client = {
  readonly socket: WebSocket;
  /** Everything that is sent goes this way, in order. */
  readonly line: Line;
  readonly address: string;
  session: Session;
  heard: boolean;
};
type Asking = Context & { readonly asking: { readonly id: string; readonly client: Client; readonly asked: Asked } };

/** Close codes after which a graphql-ws client comes back: with a fresh token; soon; later. */
const tokenEnded = 4403;
const restarting = 1012;
const tryLater = 1013;
const notText = 1003;
const normal = 1000;
/** How long a client may take to say goodbye when the server ends. */
const farewellMs = 2_000;
const sweepEvery = 25_000;

/**
 * GraphQL over WebSocket (graphql-transport-ws). graphql-ws speaks the protocol. Messages of subscriptions are written
 * by the hub, ready encoded: the library holds an iterator that stays silent until the operation ends.
 */
export function attachWebSocket(server: Server, schema: GraphQLSchema, live: Live, options: WebSocketOptions) {
  const { maxPayload } = options;
  const acceptor = new WebSocketServer({ noServer: true, handleProtocols, maxPayload, perMessageDeflate: false });
  const clients = new Set<Client>();
  const post = new Post();
  const tried = writesDirectly(acceptor).then((works) => {
    post.direct = works && options.direct !== false;
    if (!works) live.mask(new Error('ws is not as ws-parts.ts knows it: live messages are sent the slower way'));
  });

  const protocol = makeServer<Record<string, unknown>, Client>({
    onConnect: ({ extra, connectionParams }) => signIn(extra, connectionParams?.authorization),
    // A fresh token comes in a ping, so a long connection outlives the first token.
    async onPing({ extra }, payload) {
      if (payload?.authorization !== undefined) await signIn(extra, payload.authorization);
    },
    async onSubscribe({ extra, subscriptions }, id, payload) {
      // The library has entered this operation already, so no burst of them slips past while another is looked at.
      const limit = options.operationsPerSocket;
      if (Object.keys(subscriptions).length > limit)
        return [live.errorOf(liveRefusals.TOO_MANY_SUBSCRIPTIONS({ limit }))];
      try {
        return await argumentsOf(extra, id, payload);
      } catch (error) {
        return [live.mask(error)];
      }
    },
    subscribe: (args) => silent(args.contextValue as Asking),
    onError(_connection, _id, _payload, errors) {
      const told = errors.map((error) => live.mask(error).toJSON());
      live.answered('unknown', codeOf(told));
      return told;
    },
    onNext(_connection, _id, _payload, { contextValue, document, operationName }, { errors, data = null }) {
      const stale = isStale(contextValue as Context) && { extensions: { stale: true } };
      const told = errors?.map((error) => live.mask(error).toJSON());
      live.answered(getOperationAST(document, operationName)?.operation ?? 'unknown', codeOf(told));
      return { data, ...stale, ...(told && { errors: told }) };
    },
  });

  /** Closes the connection when its token no longer holds. */
  function hasEnded({ session, line }: Client): boolean {
    const expired = session.expiresAt !== null && session.expiresAt <= live.now();
    if (!expired && !live.guard.isRevoked(session)) return false;
    line.close(tokenEnded, expired ? 'TOKEN_EXPIRED' : 'TOKEN_REVOKED');
    return true;
  }
  const forget = live.guard.onRevoked(() => {
    for (const client of clients) hasEnded(client);
  });

  /** `false` closes the connection: with 4403, or for the time being when this was tried too often. */
  async function signIn(client: Client, authorization: unknown): Promise<boolean> {
    const session = await live.authenticate(typeof authorization === 'string' ? authorization : undefined);
    const spent = await live.guard.take('connect', isRefusal(session) ? undefined : session, client.address);
    if (spent) client.line.close(tryLater, spent.refused);
    if (spent) return false;
    const refused = isRefusal(session) ? session.refused : await differs(client.session, session);
    if (isRefusal(session) || refused) client.line.close(tokenEnded, refused ?? '');
    else client.session = session;
    return !refused && !hasEnded(client); // it may have been revoked while it was looked at
  }

  /** A connection belongs to one capacity: what was subscribed under it must not live on by the token of another. */
  async function differs(present: Session, next: Session): Promise<string | undefined> {
    const [was, is] = await Promise.all([present.viewer(), next.viewer()]);
    if (isRefusal(was) || !was.actor) return undefined;
    return isRefusal(is) || holderOf(is) !== holderOf(was) ? 'NOT_ALLOWED' : undefined;
  }

  async function argumentsOf(
    client: Client,
    id: string,
    payload: {
      query: string;
      operationName?: string | null | undefined;
      variables?: Record<string, unknown> | null | undefined;
    },
  ) {
    // The sweep comes later: until then nothing is done by a token that has run out.
    if (hasEnded(client)) return [live.errorOf(apiRefusals.SIGN_IN_REQUIRED())];
    const document = live.prepare(payload.query);
    const operationName = payload.operationName ?? undefined;
    const operation = 'kind' in document ? getOperationAST(document, operationName)?.operation : undefined;
    const spent = await live.guard.take(budgetOf(operation), client.session, client.address);
    if (spent) return [live.errorOf(spent)];
    if (!('kind' in document)) return document;
    const viewer = await client.session.viewer();
    if (isRefusal(viewer)) return [live.errorOf(viewer)];
    const variableValues = payload.variables ?? {};
    const common = { schema, document, operationName, variableValues };
    if (operation !== 'subscription') return { ...common, contextValue: { viewer } satisfies Context };
    const asked = live.plans.ask(document, operationName, variableValues);
    return { ...common, contextValue: { viewer, asking: { id, client, asked } } satisfies Asking };
  }

  /** Made by hand: `return` must work at any time, which an async generator that awaits cannot do. */
  function silent({ asking, viewer }: Asking): AsyncIterableIterator<never> {
    const { id, client, asked } = asking;
    let resolve: (result: IteratorResult<never>) => void;
    let reject: (error: GraphQLError) => void;
    const ended = new Promise<IteratorResult<never>>((res, rej) => {
      resolve = res;
      reject = rej;
    });
    ended.catch(() => undefined); // graphql-ws reads it through `next`, if it still asks
    const sink = new SocketSink(client.line, id, (refusal) => reject(live.errorOf(refusal)));
    const end = live.subscribe(asked, { viewer, viewerNow: () => client.session.viewer() }, sink);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () => ended,
      async return() {
        end();
        resolve({ done: true, value: undefined });
        return { done: true, value: undefined };
      },
    };
  }

  acceptor.on('connection', (socket: WebSocket, request: IncomingMessage, session: Session) => {
    const line = new Line(socket, post);
    const client: Client = { socket, line, address: live.guard.addressOf(request), session, heard: true };
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
      closed(code, String(reason)).catch(live.mask);
    });
  });

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // HTTP has let go of the socket: until ws takes it, a client that resets it would end the process.
    const gone = () => socket.destroy();
    socket.on('error', gone);
    const path = request.url?.split('?', 1)[0];
    const { origin, host } = request.headers;
    if (path !== options.path) return refuse(socket, 404);
    if (origin !== undefined && !options.allowsOrigin(origin, host)) return refuse(socket, 403);
    const anybody = await live.authenticate(undefined);
    if (isRefusal(anybody)) return refuse(socket, 401);
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      socket.off('error', gone);
      acceptor.emit('connection', accepted, request, anybody);
    });
  };
  let ending = false;
  server.on('upgrade', (request, socket, head) => {
    if (ending) socket.destroy();
    else void upgrade(request, socket, head);
  });

  // One sweep for all: who has not answered the last ping is gone; whose token has run out must bring another.
  const sweep = setInterval(() => {
    for (const client of clients) {
      if (hasEnded(client)) continue;
      if (!client.heard) client.socket.terminate();
      else {
        client.heard = false;
        client.socket.ping();
      }
    }
  }, sweepEvery);

  return {
    /** Resolves when it is known how messages are written. Until then they go the slower way. */
    tried,
    get connections() {
      return clients.size;
    },
    /** Takes nobody more, and sends everybody away with a code after which clients come back, not all at once. */
    async close() {
      ending = true;
      clearInterval(sweep);
      forget();
      await farewell(clients, ({ line }) => line.close(restarting, 'RESTARTING'));
      const stubborn = [...clients];
      setTimeout(() => {
        for (const { socket } of stubborn) socket.terminate();
      }, farewellMs).unref();
      acceptor.close();
    },
  };
}

function refuse(socket: Duplex, status: 401 | 403 | 404): void {
  socket.end(
    `HTTP/1.1 ${status} ${{ 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[status]}\r\nConnection: close\r\n\r\n`,
  );
}
