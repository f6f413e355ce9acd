import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Live } from './live.js';
import type { Asked } from './plan.js';
import type { Sink } from './subscription.js';

export type StreamRequest = {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
};

/** Comments keep proxies from closing a quiet stream. */
const keepAliveEvery = 15_000;

/**
 * GraphQL over server-sent events, "distinct connections" mode: one request is one subscription. Each message has its
 * cursor as `id:`, so a client that comes back with `Last-Event-ID` goes on where it was; so does `EventSource`, curl
 * with a header, and anything behind a proxy that knows no WebSocket.
 */
export async function serveStream(
  live: Live,
  request: IncomingMessage,
  response: ServerResponse,
  asking: StreamRequest,
) {
  const { authorization, 'last-event-id': lastEventId } = request.headers;
  const refuse = (status: number, errors: readonly GraphQLError[]) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ errors }));
  };
  const session = await live.authenticate(authorization);
  if (isRefusal(session)) return refuse(401, [live.errorOf(session)]);
  const viewer = await session.viewer();
  if (isRefusal(viewer)) return refuse(403, [live.errorOf(viewer)]);
  const document = live.prepare(asking.query);
  if (!('kind' in document)) return refuse(400, document);
  let asked: Asked;
  try {
    asked = live.plans.ask(document, asking.operationName ?? undefined, asking.variables ?? {});
  } catch (error) {
    return refuse(400, [live.mask(error)]);
  }

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const finish = (error?: GraphQLError) => {
    if (error) response.write(`event: next\ndata: ${JSON.stringify({ errors: [error] })}\n\n`);
    response.end('event: complete\ndata:\n\n');
  };
  const sink: Sink = {
    next: (json, cursor) => response.write(`id: ${cursor}\nevent: next\ndata: ${json}\n\n`),
    async drained() {
      if (response.writableNeedDrain) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    },
    fail: (refusal: Refusal) => finish(live.errorOf(refusal)),
  };
  const end = live.subscribe(
    asked,
    { viewer, viewerNow: session.viewer },
    sink,
    typeof lastEventId === 'string' ? lastEventId : undefined,
  );
  const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveEvery);
  const untilExpiry =
    session.expiresAt === null
      ? undefined
      : setTimeout(() => finish(), Math.min(session.expiresAt - Date.now(), 2 ** 31 - 1));
  response.once('close', () => {
    clearInterval(keepAlive);
    clearTimeout(untilExpiry);
    end();
  });
}
