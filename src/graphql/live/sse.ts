import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { retryAfterOf } from '../guard/guard.js';
import { guardRefusals } from '../guard/refusals.js';
import { refusalOfVariables } from '../guard/variables.js';
import type { Session } from '../session.js';
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
): Promise<void> {
  try {
    await openStream(live, request, response, asking);
  } catch (error) {
    const masked = live.mask(error);
    if (!response.headersSent) refuse(response, 500, [masked]);
    else response.destroy();
  }
}

const refuse = (response: ServerResponse, status: number, errors: readonly GraphQLError[], retryAfter?: string) => {
  const later = retryAfter !== undefined && { 'retry-after': retryAfter };
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...later });
  response.end(JSON.stringify({ errors }));
};

/** As over HTTP without a stream: the document may be a good one, but is not run here. */
const isUntrusted = ({ extensions }: GraphQLError): boolean => extensions.code === 'UNTRUSTED_DOCUMENT';

async function openStream(live: Live, request: IncomingMessage, response: ServerResponse, asking: StreamRequest) {
  const { authorization, 'last-event-id': lastEventId } = request.headers;
  const { guard } = live;
  const session = await live.authenticate(authorization);
  const [budget, whose] = isRefusal(session) ? (['connect', undefined] as const) : (['subscribe', session] as const);
  const spent = await guard.take(budget, whose, guard.addressOf(request));
  if (spent) return refuse(response, 429, [live.errorOf(spent)], retryAfterOf(spent));
  if (isRefusal(session)) return refuse(response, 401, [live.errorOf(session)]);
  const viewer = await session.viewer();
  if (isRefusal(viewer)) return refuse(response, 403, [live.errorOf(viewer)]);
  const tooMany = refusalOfVariables(asking.variables);
  if (tooMany) return refuse(response, 400, [live.errorOf(tooMany)]);
  const document = live.prepare(asking.query);
  if (!('kind' in document)) return refuse(response, document.some(isUntrusted) ? 403 : 400, document);
  let asked: Asked;
  try {
    asked = live.plans.ask(document, asking.operationName ?? undefined, asking.variables ?? {});
  } catch (error) {
    return refuse(response, 400, [live.mask(error)]);
  }
  if (response.destroyed) return; // gone meanwhile: it would never be told to end
  if (guard.isRevoked(session)) return refuse(response, 401, [live.errorOf(guardRefusals.TOKEN_REVOKED())]);
  const crowded = seat(guard, session, request, response);
  if (crowded) return refuse(response, 429, [live.errorOf(crowded)]);

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const open = () => !response.writableEnded && !response.destroyed;
  const finish = (error: GraphQLError) => {
    if (open()) response.end(`event: next\ndata: ${JSON.stringify({ errors: [error] })}\n\nevent: complete\ndata:\n\n`);
  };
  const sink: Sink = {
    next: (json, cursor) => !open() || response.write(`id: ${cursor}\nevent: next\ndata: ${json}\n\n`),
    drained: () => drained(response),
    fail: (refusal: Refusal) => finish(live.errorOf(refusal)),
  };
  const end = live.subscribe(
    asked,
    { viewer, viewerNow: session.viewer },
    sink,
    typeof lastEventId === 'string' ? lastEventId : undefined,
  );
  const tick = async () => {
    const expired = session.expiresAt !== null && session.expiresAt <= live.now();
    const refusal = expired ? await live.authenticate(authorization) : undefined;
    if (refusal && isRefusal(refusal)) {
      end();
      finish(live.errorOf(refusal));
    } else if (open()) response.write(':\n\n');
  };
  const forget = guard.onRevoked(() => {
    if (!guard.isRevoked(session)) return;
    end();
    finish(live.errorOf(guardRefusals.TOKEN_REVOKED()));
  });
  const keepAlive = setInterval(() => void tick().catch(live.mask), keepAliveEvery);
  response.once('close', () => {
    clearInterval(keepAlive);
    forget();
    end();
  });
}

/** Takes the places that a stream needs until it closes, or none of them. */
function seat(
  { places, addressOf }: Live['guard'],
  { token }: Session,
  request: IncomingMessage,
  response: ServerResponse,
): Refusal | undefined {
  const callers = [['address', addressOf(request)] as const, ...(token ? [['holder', token.holder] as const] : [])];
  for (const [of, caller] of callers) {
    const place = places.take(of, caller);
    if (isRefusal(place)) return place; // what was taken before is given back when the refusal has been sent
    response.once('close', place);
  }
  return undefined;
}

/** Resolves when the response has sent what waits in it, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
