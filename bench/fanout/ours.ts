import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { parse } from 'graphql';
import type { Audience } from '../../src/domain/kernel/event.js';
import type { Viewer } from '../../src/graphql/context.js';
import { anybody, viewerOf } from '../../src/graphql/context.js';
import { refused } from '../../src/graphql/errors.js';
import { Hub } from '../../src/graphql/live/hub.js';
import { Plans } from '../../src/graphql/live/plan.js';
import type { LiveEvent } from '../../src/graphql/live/ring.js';
import type { History } from '../../src/graphql/live/subscription.js';
import { attachWebSocket } from '../../src/graphql/live/websocket.js';
import type { Session } from '../../src/graphql/session.js';
import { deputy } from '../../test/support/spec.js';
import { positionOf, sampleOf } from './sample.js';
import type { Publisher } from './serve.js';

export const region = '150802';
const known = new Map<number, Viewer>();
/** Remembered, as claims of a token are. */
export function viewers(n: number): Viewer {
  const viewer = known.get(n) ?? viewerOf(deputy(`deputy ${n}`, region));
  known.set(n, viewer);
  return viewer;
}
/** All of them, by one tag. */
export const everybody: Audience = { [`deputies:${region}`]: 'office' };

/** The hub and its WebSocket, as they are; the log is counted numbers, and whoever reads it is counted. */
export async function openOurs(options: {
  readonly schema: GraphQLSchema;
  /** `false`: the plain path, each message by the library. */
  readonly direct: boolean;
  readonly audienceOf: (n: number) => Audience;
}): Promise<Publisher> {
  const { schema, direct, audienceOf } = options;
  const fail = (error: unknown): GraphQLError => {
    console.error(error);
    return error as GraphQLError;
  };
  let [latest, reads] = [0, 0];
  const read = async (): Promise<never> => {
    reads++;
    throw new Error('the stores were read');
  };
  const history: History = {
    epoch: 'bench',
    head: read,
    ofFeed: read,
    ofCase: read,
    present: read,
    revoked: () => undefined,
  };
  const plans = new Plans(schema, fail);
  const hub = new Hub(plans, history, () => positionOf(0), fail);
  const documents = new Map<string, ReturnType<typeof parse>>();
  const live = {
    plans,
    subscribe: (asked: never, by: { viewer: Viewer }, sink: never) => {
      const { after } = (asked as { args: { after?: string } }).args;
      return hub.subscribe(asked, by.viewer, sink, typeof after === 'string' ? after : undefined);
    },
    answered() {},
    async authenticate(authorization: string | undefined): Promise<Session> {
      const viewer = authorization === undefined ? anybody : viewers(Number(authorization.slice('Bearer '.length)));
      return { expiresAt: null, viewer: async () => viewer };
    },
    guard: {
      addressOf: () => '127.0.0.1',
      take: async () => undefined,
      admitting: (authenticate: unknown) => authenticate,
      places: { take: () => () => {} },
      isRevoked: () => false,
      onRevoked: () => () => {},
    },
    prepare(query: string) {
      const document = documents.get(query) ?? parse(query, { noLocation: true });
      documents.set(query, document);
      return document;
    },
    errorOf: refused,
    now: () => Date.now(),
    mask: fail,
  };
  const server = createServer();
  const attached = attachWebSocket(server, schema, live as never, {
    ...{
      path: '/graphql',
      maxPayload: 65_536,
      operationsPerSocket: 10,
      messagesPerSecond: 1_000,
      allowsOrigin: () => true,
    },
    ...(!direct && { direct }),
  });
  await (attached as { tried?: Promise<void> }).tried;
  server.listen(0, '127.0.0.1', 4096);
  while (!server.listening) await pause(1);
  return {
    port: (server.address() as AddressInfo).port,
    publish(numbers) {
      const from = positionOf(latest);
      latest = numbers.at(-1) ?? latest;
      hub.publish({ from, events: numbers.map((n) => liveEventOf(n, audienceOf(n))) });
    },
    reads: () => reads,
  };
}

const liveEventOf = (n: number, audience: Audience): LiveEvent => {
  const sample = sampleOf(n);
  const event = {
    ...sample,
    ...{ stream: `suggestion-${sample.caseId}`, position: positionOf(n), version: 1, data: {} },
    ...{ effectiveAt: sample.at, recordedAt: sample.at },
    meta: { commandId: '', action: '', actor: { policy: 'bench' }, $correlationId: '', $causationId: '', audience },
  };
  return { event, case: undefined };
};
