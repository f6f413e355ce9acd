import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { loadPeer } from '../harness/peers.js';
import { messageOf, sampleOf, schemaText } from './sample.js';
import type { Publisher } from './serve.js';

/* The peers as their own pages show them, on one schema. What is used of each is said here, since its types may not be installed. */

type Field = { subscribe?: unknown; resolve?: unknown };
type Type = { getFields(): Record<string, Field> };
type Schema = { getSubscriptionType(): Type; getQueryType(): Type; getType(name: string): Type };
type Graphql = {
  buildSchema(text: string): Schema;
  parse(text: string): unknown;
  validate(schema: Schema, document: unknown): readonly unknown[];
};
type UseServer = { useServer(options: object, acceptor: object): unknown };
type Ws = { default: { WebSocketServer: new (options: object) => object } };

/** Who sees an event, and as what, for a filter per subscriber. */
export type Seen = {
  readonly audienceOf: (n: number) => Readonly<Record<string, string>>;
  readonly holderOf: (client: number) => string;
};
const rank: Readonly<Record<string, number>> = { public: 0, follower: 1, participant: 2, office: 3 };

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1', 4096);
  while (!server.listening) await pause(1);
  return (server.address() as AddressInfo).port;
}

const common = async () => {
  const graphql = await loadPeer<Graphql>('graphql');
  const { useServer } = await loadPeer<UseServer>('graphql-ws/use/ws');
  const { WebSocketServer } = (await loadPeer<Ws>('ws')).default;
  const schema = graphql.buildSchema(schemaText);
  const feed = schema.getSubscriptionType().getFields().dutyFeed ?? {};
  return { graphql, useServer, WebSocketServer, schema, feed };
};

type PubSub = { publish(topic: string, payload: object): unknown; asyncIterableIterator(topic: string): object };
type Subscriptions = {
  PubSub: new (options?: object) => PubSub;
  withFilter(iterate: () => object, filter: (payload: never, args: unknown, context: never) => boolean): unknown;
};
type HttpAnswer = { status?: number; body: { kind: string; string: string } };
type ApolloServer = { start(): Promise<void>; executeHTTPGraphQLRequest(request: object): Promise<HttpAnswer> };
type Apollo = {
  ApolloServer: new (options: object) => ApolloServer;
  HeaderMap: new (entries: Iterable<readonly [string, string]>) => object;
};

/** `seen`: each subscriber has a filter and sees fields by class. */
export async function openApollo(seen?: Seen): Promise<Publisher> {
  const { useServer, WebSocketServer, schema, feed } = await common();
  const { ApolloServer, HeaderMap } = await loadPeer<Apollo>('@apollo/server');
  const { PubSub, withFilter } = await loadPeer<Subscriptions>('graphql-subscriptions');
  const { EventEmitter } = await import('node:events');
  const pubsub = new PubSub({ eventEmitter: new EventEmitter().setMaxListeners(0) });
  type Context = { readonly holder: string };
  type Payload = { readonly dutyFeed: { readonly event: { readonly audience: Readonly<Record<string, string>> } } };
  const iterate = () => pubsub.asyncIterableIterator('FEED');
  feed.subscribe = seen
    ? withFilter(iterate, ({ dutyFeed }: Payload, _args, { holder }: Context) => holder in dutyFeed.event.audience)
    : iterate;
  if (seen)
    for (const [name, least] of [
      ['advice', 2],
      ['note', 3],
    ] as const) {
      const field = schema.getType('Event').getFields()[name] ?? {};
      field.resolve = (
        event: Record<string, string> & Payload['dutyFeed']['event'],
        _: unknown,
        { holder }: Context,
      ) => ((rank[event.audience[holder] ?? 'public'] ?? 0) >= least ? event[name] : null);
    }
  const events = schema.getQueryType().getFields().events ?? {};
  let reads = 0;
  events.resolve = (_: unknown, { after, first }: { after: number; first: number }) => {
    reads++;
    return Array.from({ length: first }, (_each, i) => sampleOf(after + 1 + i));
  };
  const apollo = new ApolloServer({ schema, csrfPrevention: false, stopOnTerminationSignals: false });
  await apollo.start();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = new HeaderMap([['content-type', 'application/json']]);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body };
    const answered = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({}) });
    response.writeHead(answered.status ?? 200, { 'content-type': 'application/json' });
    response.end(answered.body.string);
  };
  const server = createServer((request, response) => void answer(request, response));
  const acceptor = new WebSocketServer({ server, path: '/graphql' });
  const holderOf = ({ connectionParams }: { connectionParams: { authorization: string } }) =>
    seen?.holderOf(Number(connectionParams.authorization.slice('Bearer '.length)));
  useServer({ schema, context: (context: never) => ({ holder: holderOf(context) }) }, acceptor);
  return {
    port: await listen(server),
    publish(numbers) {
      for (const n of numbers) {
        const message = messageOf(n);
        const event = seen ? { ...message.event, audience: seen.audienceOf(n) } : message.event;
        void pubsub.publish('FEED', { dutyFeed: { ...message, event } });
      }
    },
    reads: () => reads,
  };
}

type Enveloped = Record<'schema' | 'execute' | 'subscribe', unknown> & {
  contextFactory(): unknown;
  parse(query: string): unknown;
  validate(schema: unknown, document: unknown): readonly unknown[];
};
type Yoga = {
  createYoga(options: object): {
    (request: IncomingMessage, response: ServerResponse): void;
    getEnveloped(context: object): Enveloped;
  };
  createPubSub(): { publish(topic: string, payload: object): void; subscribe(topic: string): object };
};
type Run = { readonly rootValue: Record<'execute' | 'subscribe', (args: unknown) => unknown> };

export async function openYoga(): Promise<Publisher> {
  const { useServer, WebSocketServer, schema, feed } = await common();
  const { createYoga, createPubSub } = await loadPeer<Yoga>('graphql-yoga');
  const pubsub = createPubSub();
  feed.subscribe = () => pubsub.subscribe('FEED');
  const yoga = createYoga({ schema, logging: false });
  const server = createServer(yoga);
  type Payload = { query: string; operationName?: string; variables?: object };
  useServer(
    {
      execute: (args: Run) => args.rootValue.execute(args),
      subscribe: (args: Run) => args.rootValue.subscribe(args),
      async onSubscribe(context: { extra: object }, _id: string, params: Payload) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
          ...context,
          params,
        });
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        const { operationName, variables: variableValues } = params;
        const contextValue = await contextFactory();
        return { schema, operationName, document, variableValues, contextValue, rootValue: { execute, subscribe } };
      },
    },
    new WebSocketServer({ server, path: '/graphql' }),
  );
  return {
    port: await listen(server),
    publish(numbers) {
      for (const n of numbers) pubsub.publish('FEED', { dutyFeed: messageOf(n) });
    },
  };
}

type Fastify = {
  default(options: object): {
    register(plugin: unknown, options: object): unknown;
    listen(options: object): Promise<string>;
    graphql: { pubsub: { publish(event: object): void } };
  };
};

export async function openMercurius(): Promise<Publisher> {
  const fastify = (await loadPeer<Fastify>('fastify')).default({});
  const { default: mercurius } = await loadPeer<{ default: unknown }>('mercurius');
  type Context = { pubsub: { subscribe(topic: string): unknown } };
  const subscribe = (_root: unknown, _args: unknown, { pubsub }: Context) => pubsub.subscribe('FEED');
  await fastify.register(mercurius, {
    schema: schemaText,
    resolvers: { Subscription: { dutyFeed: { subscribe } } },
    subscription: { context: () => ({}) },
  });
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
  return {
    port: Number(new URL(url).port),
    publish(numbers) {
      for (const n of numbers) fastify.graphql.pubsub.publish({ topic: 'FEED', payload: { dutyFeed: messageOf(n) } });
    },
  };
}
