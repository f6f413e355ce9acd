import type { Server, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseModel, CaseRow } from '../../projections/kernel/case-model.js';
import type { Projector } from '../../projections/kernel/projector.js';
import type { ErrorFormatter } from '../errors.js';
import { refused } from '../errors.js';
import type { Guard } from '../guard/guard.js';
import type { Services } from '../services.js';
import type { Authenticate } from '../session.js';
import type { ApiWatch } from '../watch.js';
import type { BoardSource } from './boards.js';
import { Boards } from './boards.js';
import { cursorOf } from './cursor.js';
import { farewell } from './farewell.js';
import { createHistory } from './history.js';
import { Hub } from './hub.js';
import type { Live } from './live.js';
import { subscribeWith } from './live.js';
import { Plans } from './plan.js';
import { serveStream } from './sse.js';
import type { WebSocketOptions } from './websocket.js';
import { attachWebSocket } from './websocket.js';

const path = '/graphql';
const streamPath = '/graphql/stream';
const streamBody = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

export type LiveDeps = {
  readonly schema: GraphQLSchema;
  readonly registry: Registry;
  readonly services: Pick<Services, 'store' | 'reads' | 'clock'>;
  readonly models: readonly CaseModel[];
  readonly board: BoardSource['board'];
  readonly authenticate: Authenticate;
  /** Counts operations, and ends what revoked tokens began. Absent: nobody does. */
  readonly guard: Guard;
  readonly prepare: Live['prepare'];
  readonly errors: ErrorFormatter;
  readonly projector: Pick<Projector, 'position' | 'onCommitted'>;
  readonly onProblem: (problem: unknown) => void;
  readonly watch?: ApiWatch;
};

/** Joins the hub and the boards to the read models, and gives them their doors: WebSocket and server-sent events. */
export function openLive(deps: LiveDeps) {
  const { schema, services, models, projector, errors, onProblem, watch } = deps;
  const { store, reads } = services;
  const plans = new Plans(schema, errors.toClient);
  const history = createHistory({ store, reads, models, registry: deps.registry });
  const hub = new Hub(plans, history, projector.position, onProblem, undefined, watch?.delivery);
  const boards = new Boards(
    plans,
    { board: deps.board, cursor: () => cursorOf(store.epoch, hub.position ?? '') },
    onProblem,
  );
  const caseNames = new Set(models.map((model) => model.name));
  projector.onCommitted(({ steps, from }) => {
    const events = steps.map(({ event, changes }) => ({
      event,
      case: changes.find((change) => caseNames.has(change.model))?.after as CaseRow | undefined,
    }));
    hub.publish({ from: from ?? '', events });
    boards.publish(steps.flatMap(({ changes }) => changes.flatMap(({ before, after }) => [before, after])));
  });

  const subscribe = subscribeWith(hub, boards);
  const live: Live = {
    plans,
    subscribe(...asking) {
      watch?.operation('subscription', 'ok');
      return subscribe(...asking);
    },
    answered: (operation, code) => watch?.operation(operation, code),
    authenticate: deps.authenticate,
    guard: deps.guard,
    prepare: deps.prepare,
    errorOf: refused,
    now: () => services.clock.now().getTime(),
    mask: errors.toClient,
  };
  const streams = new Set<ServerResponse>();
  let sockets: ReturnType<typeof attachWebSocket> | undefined;

  return {
    hub,
    get subscriptions() {
      return hub.subscriptions + boards.watching;
    },
    get lagging() {
      return hub.lagging;
    },
    get counts() {
      return hub.counts;
    },
    get streams() {
      return streams.size;
    },
    get sockets() {
      return sockets?.connections ?? 0;
    },
    routes(app: FastifyInstance) {
      app.route({
        method: ['GET', 'POST'],
        url: streamPath,
        exposeHeadRoute: false, // it would be a stream without an end
        async handler(request, reply) {
          const asked = streamBody.safeParse(request.method === 'GET' ? fromQuery(request.query) : request.body);
          if (!asked.success) throw Object.assign(new Error(asked.error.issues[0]?.message), { statusCode: 400 });
          reply.hijack();
          streams.add(reply.raw);
          reply.raw.once('close', () => streams.delete(reply.raw));
          await serveStream(live, request.raw, reply.raw, asked.data);
        },
      });
    },
    attach(server: Server, options: Omit<WebSocketOptions, 'path' | 'allowsOrigin'>) {
      sockets = attachWebSocket(server, schema, live, { ...options, path, allowsOrigin: ownOrigin });
    },
    /** What may no longer be shown is gone from this node's memory; boards that show it are sent anew. */
    forget() {
      hub.forget();
      boards.refresh();
    },
    async close() {
      boards.close();
      await Promise.all([sockets?.close(), farewell(streams, (stream) => stream.end())]);
    },
  };
}

/** A page may connect to the host that it came from, and to no other: cookies are not used, but sockets know no CORS. */
const ownOrigin = (origin: string, host: string | undefined): boolean => {
  try {
    return new URL(origin).host === host;
  } catch {
    return false; // "null", or no URL at all
  }
};

function fromQuery(query: unknown): unknown {
  const { variables, ...rest } = query as Record<string, unknown>;
  try {
    return typeof variables === 'string' ? { ...rest, variables: JSON.parse(variables) } : rest;
  } catch {
    return { ...rest, variables };
  }
}
