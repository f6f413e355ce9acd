import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { defaultRules } from './domain/collaboration/time-limits.js';
import { createHandle } from './domain/kernel/handle.js';
import { createLoader } from './domain/kernel/load.js';
import type { Clock } from './domain/kernel/ports.js';
import type { Refusal } from './domain/kernel/refusal.js';
import { isRefusal } from './domain/kernel/refusal.js';
import { resolveActor } from './domain/organization/authority.js';
import type { OperatorIds } from './domain/organization/bootstrap.js';
import { bootstrap, operatorIds } from './domain/organization/bootstrap.js';
import { wuji } from './domain/wuji.js';
import { createExport } from './graphql/admin/export.js';
import type { ApiServices } from './graphql/api.js';
import { createApi } from './graphql/api.js';
import { serveClient } from './graphql/client-files.js';
import { anybody, viewerOf } from './graphql/context.js';
import { errorFormatter } from './graphql/errors.js';
import { documentGate } from './graphql/limits.js';
import { openLive } from './graphql/live/open.js';
import { startHttp } from './graphql/server.js';
import type { Authenticate } from './graphql/session.js';
import { bearerOf } from './graphql/session.js';
import type { Auth } from './infra/auth.js';
import { authRefusals, openAuth } from './infra/auth.js';
import { chineseCalendar } from './infra/calendar.js';
import type { Closing } from './infra/closing.js';
import { closeAll } from './infra/closing.js';
import type { Settings } from './infra/config.js';
import { csvRefusals, readCsv } from './infra/csv.js';
import { openEmbeddedEventStore } from './infra/event-store/embedded.js';
import { nameId, randomId } from './infra/ids.js';
import { openEmbeddedReadStore } from './infra/read-store/embedded.js';
import { createTelemetry } from './infra/telemetry.js';
import { boardModels, boardOf } from './projections/boards/index.js';
import { caseModels } from './projections/cases/index.js';
import { feed } from './projections/feeds/feed.js';
import { createProjector } from './projections/kernel/projector.js';
import { createPolicies } from './projections/reactors/index.js';

export type Wuji = {
  readonly url: string;
  readonly auth: Auth;
  /** As whom the platform's operator signs in. */
  readonly operator: OperatorIds;
  /** Does what the calendar asks for now, and waits until all that follows has been done and can be read. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

/** How long an answer waits for the read models before it says that it is stale. */
const waitMs = 5_000;
const tickMs = 60_000;
/** How long the start waits for the read models. */
const startMs = 30_000;

type Options = { readonly log: Logger; readonly clock?: Clock };

/** The composition root: the one place that knows every layer. Resolves to a refusal when it may not start. */
export async function startWuji(settings: Settings, options: Options): Promise<Wuji | Refusal> {
  const closing: Closing = [];
  const close = () => closeAll(closing);
  try {
    const started = await open(settings, options, closing);
    if (!isRefusal(started)) return { ...started, close };
    await close();
    return started;
  } catch (error) {
    // Why it did not start is what the operator has to be told.
    await close().catch((cause: unknown) => options.log.error({ err: cause }, 'problem'));
    throw error;
  }
}

async function open(
  settings: Settings,
  { log, clock = { now: () => new Date() } }: Options,
  closing: Closing,
): Promise<Omit<Wuji, 'close'> | Refusal> {
  const onProblem = (problem: unknown) => log.error({ err: problem }, 'problem');
  const auth = await openAuth(settings, clock);
  if (isRefusal(auth)) return auth;

  // The log, and what writes to it
  const store = await openEmbeddedEventStore({ folder: join(settings.dataDir, 'log'), clock: () => clock.now() });
  closing.push(() => store.close());
  const rules = defaultRules(chineseCalendar());
  const loader = createLoader(store, wuji);
  const handle = createHandle({ store, registry: wuji, loader, clock, nameId, rules });
  const operator = operatorIds(nameId);
  const noOperator = await bootstrap(handle, operator);
  if (noOperator) return noOperator;

  // Read models and policies
  const reads = openEmbeddedReadStore({
    folder: join(settings.dataDir, 'read'),
    epoch: store.epoch,
    onDropped: (reason) => log.warn({ reason }, 'the read models are built anew from the log'),
  });
  closing.push(() => reads.close());
  const policies = createPolicies(rules);
  const folding = { events: store, registry: wuji, readStore: reads, onProblem };
  const models = [...caseModels, ...boardModels, feed, ...policies.models];
  const projector = createProjector({ ...folding, models, clock });
  closing.push(() => projector.stop());
  const running = policies.start({ ...folding, projector, handle, clock });
  closing.push(() => running.stop());

  // The API
  const services: ApiServices = {
    ...{ handle, loader, store, reads, projector, clock, nameId, rules, waitMs, onProblem },
    newId: randomId,
    reactors: running.reactors,
    readTable: (bytes) => readCsv(bytes),
  };
  const definitions = { registry: wuji, models: caseModels, refusals: [authRefusals.table, csvRefusals.table] };
  const schema = createApi(definitions, () => services);
  const production = settings.mode === 'production';
  const limits = {
    depth: settings.queryDepth,
    cost: settings.queryCost,
    aliases: settings.queryAliases,
    directives: 20,
    tokens: settings.queryTokens,
    introspection: !production,
    bodyBytes: settings.bodyBytes,
  };
  const errors = errorFormatter({
    hideSuggestions: production,
    tokens: settings.queryTokens,
    newId: randomId,
    log: (error, id) => log.error({ err: error, id }, 'unexpected error'),
  });
  const authenticate = authenticateWith(auth, loader);
  projector.start();
  if ((await projector.caughtUp(startMs)) === 'timeout')
    log.warn('the read models have not caught up yet: answers are old until /health/ready says otherwise');
  const live = openLive({
    schema,
    registry: wuji,
    services,
    models: caseModels,
    board: boardOf({ reads }),
    authenticate,
    prepare: documentGate(schema, limits, errors),
    errors,
    projector,
    onProblem,
  });
  const telemetry = createTelemetry({
    projector,
    reactors: () => running.reactors.map((reactor) => reactor.status()),
    scheduler: running.scheduler.status,
    live,
    clock,
  });
  const exportLog = createExport({ store, authenticate, onProblem });
  const http = await startHttp({
    ...{ schema, authenticate, limits, errors },
    handlers: telemetry,
    routes(app) {
      live.routes(app);
      const client = clientFolders();
      if (client) serveClient(app, client);
      app.get('/export', (request, reply) => {
        reply.hijack();
        void exportLog(request.raw, reply.raw);
      });
    },
    host: settings.host,
    port: settings.port,
  });
  closing.push(() => http.close());
  const sockets = { maxPayload: settings.socketPayloadBytes, operationsPerSocket: settings.socketOperations };
  live.attach(http.server, sockets);
  const stop = new AbortController();
  const ticking = running.scheduler.run(tickMs, stop.signal);
  closing.push(() => {
    stop.abort();
    return ticking;
  });
  closing.push(() => live.close()); // sockets keep the HTTP server open
  return { url: http.url, auth, operator, settle: running.settle };
}

/** The token says who and in which capacity; the log says what that capacity is worth now. */
const authenticateWith =
  (auth: Auth, loader: ReturnType<typeof createLoader>): Authenticate =>
  async (authorization) => {
    if (authorization === undefined) return { expiresAt: null, viewer: async () => anybody };
    const claims = await auth.verify(bearerOf(authorization) ?? '');
    if (isRefusal(claims)) return claims;
    return {
      expiresAt: claims.exp * 1000,
      async viewer() {
        const actor = await resolveActor(loader, claims.actor);
        return isRefusal(actor) ? actor : viewerOf(actor);
      },
    };
  };

/** The compiled client stands beside this file's folder; run from the sources there is none, and no page is served. */
function clientFolders() {
  const compiled = join(import.meta.dirname, '../client');
  if (!existsSync(join(compiled, 'feed.js'))) return undefined;
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'client/examples/browser.html')) && root !== dirname(root)) root = dirname(root);
  const library = dirname(fileURLToPath(import.meta.resolve('graphql-ws')));
  return { compiled, examples: join(root, 'client/examples'), library };
}
