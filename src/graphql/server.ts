import { isUtf8 } from 'node:buffer';
import type { Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Fastify from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import type { KnownDocuments } from './documents.js';
import { knownDocuments } from './documents.js';
import type { ErrorFormatter } from './errors.js';
import { refused } from './errors.js';
import { isStale } from './fresh.js';
import type { Guard } from './guard/guard.js';
import type { HttpContext } from './guard/http.js';
import { countOperations, turnedAway } from './guard/http.js';
import { refusalOfVariables } from './guard/variables.js';
import type { Patience, Peers } from './guard/wire.js';
import { endStalled, limitPeers, usualPatience, wireOptions } from './guard/wire.js';
import type { Limits } from './limits.js';
import { apolloStoreOf, limitRules } from './limits.js';
import { apiRefusals } from './refusals.js';
import { addSafeHeaders } from './safe-headers.js';
import type { Authenticate } from './session.js';
import { nameDocuments, refusalOfDocument } from './trusted.js';
import type { ApiWatch } from './watch.js';
import { codeOf } from './watch.js';

/** For anybody who asks: states, numbers and names. What an error says is for the operator (log, `projections`). */
export type Health = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

export type HttpOptions = {
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  /** Counts operations. Absent: nobody does. */
  readonly guard: Guard;
  readonly limits: Limits;
  /** Absent: the usual one. */
  readonly patience?: Patience;
  /** Absent: any number of connections from anywhere. */
  readonly peers?: Peers;
  readonly errors: ErrorFormatter;
  /** Shared with the other doors. Absent: of this door alone. */
  readonly documents?: KnownDocuments;
  readonly handlers: {
    readonly live: () => Promise<Health>;
    readonly ready: () => Promise<Health>;
    readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  };
  readonly watch?: ApiWatch;
  /** More routes, before the server listens: server-sent events, a first page. */
  readonly routes?: (app: FastifyInstance) => void;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
};

export type HttpServer = {
  /** For transports that take over the connection: WebSocket upgrades. */
  readonly server: Server;
  readonly url: string;
  close(): Promise<void>;
};

/** GraphQL over HTTP at `/graphql`, health and metrics. Every answer that says no has a code and both texts. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { limits, errors, host, port, documents = knownDocuments(), patience = usualPatience } = options;
  const answer: Answer = (error, reply) => {
    const { status, refusal } = httpRefusal(error, limits.bodyBytes);
    void reply.code(status).send({ errors: [errors.format(refusal ? refused(refusal) : error)] });
  };
  let addHeaders: ((reply: FastifyReply) => void) | undefined;
  const apollo = apolloOf(options, documents);
  await apollo.start();
  // What is wrong before there is a route, like an address that cannot be read, does not come to the error handler.
  const app = Fastify({
    bodyLimit: limits.bodyBytes,
    ...wireOptions(patience),
    frameworkErrors(error, _request, reply) {
      addHeaders?.(reply); // no hook has seen it
      answer(error, reply);
    },
  });
  endStalled(app.server);
  if (options.peers) limitPeers(app.server, options.peers);
  app.addHook('onClose', () => apollo.stop());
  nameDocuments(app, documents, ['/graphql', '/graphql/stream']);
  try {
    addHeaders = await addSafeHeaders(app);
    await addRoutes(app, apollo, answer, options);
    const url = await app.listen({ host, port });
    return { server: app.server, url, close: () => closeSoon(app) };
  } catch (error) {
    await app.close(); // nobody else knows of it
    throw error;
  }
}

type Answer = (error: unknown, reply: FastifyReply) => void;

async function addRoutes(
  app: FastifyInstance,
  apollo: ApolloServer<HttpContext>,
  answer: Answer,
  options: HttpOptions,
) {
  const { errors, handlers } = options;
  readJsonStrictly(app);
  app.setErrorHandler((error, _request, reply) => answer(error, reply));
  app.setNotFoundHandler((_request, reply) => {
    void reply.code(404).send({ errors: [errors.format(refused(apiRefusals.NO_SUCH_PAGE()))] });
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // A probe of HTTP/1.0 may ask for the health without a host; Apollo's adapter takes the address apart.
    onRequest: (request, _reply, done) => (isReadable(request) ? done() : done(new AddressUnreadable())),
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => contextOf(options, request),
    }),
  });
  for (const [path, check] of [
    ['/health/live', handlers.live],
    ['/health/ready', handlers.ready],
  ] as const)
    app.get(path, async (_request, reply) => {
      const health = await check();
      return reply.code(health.ok ? 200 : 503).send(health);
    });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await handlers.metrics();
    return reply.type(contentType).send(body);
  });
  options.routes?.(app);
}

async function closeSoon(app: FastifyInstance): Promise<void> {
  const closing = app.close();
  app.server.closeIdleConnections();
  // A reader that has stopped reading would hold the server open for ever.
  const impatient = setTimeout(() => app.server.closeAllConnections(), farewellMs);
  await closing;
  clearTimeout(impatient);
}

const apolloOf = ({ schema, limits, errors, watch }: HttpOptions, documents: KnownDocuments) =>
  new ApolloServer<HttpContext>({
    schema,
    introspection: limits.introspection,
    validationRules: limitRules(limits),
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: 20 },
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: apolloStoreOf(documents),
    stopOnTerminationSignals: false,
    logger: silent,
    formatError: (_formatted, error) => errors.format(error),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It asks each field how long it may be kept; here nothing may.
      ApolloServerPluginCacheControlDisabled(),
      countOperations,
      {
        async requestDidStart() {
          const begun = performance.now();
          return {
            // What could come in unseen by the door itself is not carried out either.
            async didResolveOperation({ queryHash, request: { variables } }) {
              const tooMany = refusalOfVariables(variables);
              if (tooMany) throw turnedAway(tooMany, 400);
              if (documents.trusted?.has(queryHash) === false) throw refused(apiRefusals.UNTRUSTED_DOCUMENT());
            },
            async willSendResponse({ response: { body, http }, contextValue, operation }) {
              http.headers.set('cache-control', 'no-store');
              if (body.kind !== 'single') return;
              if (isStale(contextValue))
                body.singleResult.extensions = { ...body.singleResult.extensions, stale: true };
              const code = codeOf(body.singleResult.errors);
              watch?.operation(operation?.operation ?? 'unknown', code, (performance.now() - begun) / 1000);
            },
          };
        },
      },
    ],
  });

/** How long answers under way may take when the server ends. */
const farewellMs = 5_000;

/** What goes wrong is told to the error formatter, which logs it; Apollo itself would write to the console. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function contextOf({ authenticate, guard }: HttpOptions, request: FastifyRequest): Promise<HttpContext> {
  const address = guard.addressOf(request.raw);
  const session = await authenticate(request.headers.authorization);
  if (isRefusal(session)) {
    const spent = await guard.take('connect', undefined, address);
    throw spent ? turnedAway(spent, 429) : turnedAway(session, 401);
  }
  const viewer = await session.viewer();
  if (isRefusal(viewer)) {
    const spent = await guard.take('query', session, address);
    throw spent ? turnedAway(spent, 429) : turnedAway(viewer, 403);
  }
  const unlisted = refusalOfDocument(request);
  if (unlisted) {
    const spent = await guard.take('query', session, address);
    throw spent ? turnedAway(spent, 429) : turnedAway(unlisted, 403);
  }
  return { viewer, count: (budget) => guard.take(budget, session, address) };
}

/** Broken UTF-8 would otherwise come in as U+FFFD, and broken JSON be answered without a code. */
function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (!isUtf8(bytes)) return done(new BodyNotJson());
    parse(request, bytes.toString('utf8'), (error, value) => (error ? done(new BodyNotJson()) : done(null, value)));
  });
}

let readableHost: string | undefined;
/** Whether address and host make a URL. Nearly all requests have the same ones. */
function isReadable({ url, hostname }: FastifyRequest): boolean {
  const isUsual = url === '/graphql';
  if (isUsual && hostname === readableHost) return true;
  if (!URL.canParse(url, `http://${hostname}/`)) return false;
  if (isUsual) readableHost = hostname;
  return true;
}

class AddressUnreadable extends Error {
  readonly statusCode = 400;
  override readonly message = 'the header Host names no host';
}

class BodyNotJson extends Error {
  readonly statusCode = 400;
}

/** Fastify's own refusals come with a status; all else is a fault of ours, and masked. */
function httpRefusal(error: unknown, most: number): { readonly status: number; readonly refusal: Refusal | undefined } {
  if (error instanceof BodyNotJson) return { status: 400, refusal: apiRefusals.BODY_NOT_JSON() };
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return { status: 413, refusal: apiRefusals.BODY_TOO_LARGE({ most }) };
  if (statusCode === 415) return { status: 415, refusal: apiRefusals.UNSUPPORTED_MEDIA_TYPE() };
  if (statusCode >= 400 && statusCode < 500)
    return { status: statusCode, refusal: apiRefusals.BAD_REQUEST({ problem: message }) };
  return { status: 500, refusal: undefined };
}
