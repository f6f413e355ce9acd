import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { createCasting } from './domain/ballots/casting.js';
import { defaultRules } from './domain/collaboration/time-limits.js';
import { createHandle } from './domain/kernel/handle.js';
import { createLoader } from './domain/kernel/load.js';
import type { Clock } from './domain/kernel/ports.js';
import type { Refusal } from './domain/kernel/refusal.js';
import { isRefusal } from './domain/kernel/refusal.js';
import type { OperatorIds } from './domain/organization/bootstrap.js';
import { bootstrap, operatorIds } from './domain/organization/bootstrap.js';
import { wuji } from './domain/wuji.js';
import { createExport } from './graphql/admin/export.js';
import type { ApiServices } from './graphql/api.js';
import { createApi } from './graphql/api.js';
import { serveClient } from './graphql/client-files.js';
import { errorFormatter } from './graphql/errors.js';
import { doorOf } from './graphql/guard/door.js';
import { createGuard } from './graphql/guard/guard.js';
import { documentGate, limitsOf } from './graphql/limits.js';
import { openLive } from './graphql/live/open.js';
import { createPersonal } from './graphql/personal.js';
import { createAccessNotes } from './graphql/privacy/access-notes.js';
import { purgeWith } from './graphql/privacy/purge.js';
import { startHttp } from './graphql/server.js';
import { authenticateWith } from './graphql/session.js';
import { trustedDocuments } from './graphql/trusted.js';
import { auditKeyRefusals, openAuditKey } from './infra/audit-keys.js';
import type { Auth } from './infra/auth.js';
import { authRefusals, openAuth } from './infra/auth.js';
import { randomBelow } from './infra/ballot-box/random.js';
import { chineseCalendar } from './infra/calendar.js';
import type { Closing } from './infra/closing.js';
import { closeAll } from './infra/closing.js';
import type { Settings } from './infra/config.js';
import { csvRefusals, readCsv } from './infra/csv.js';
import { nameId, randomId } from './infra/ids.js';
import { scratchStores } from './infra/read-store/scratch.js';
import { openKeys } from './infra/seals/open.js';
import { createTelemetry, createWatch } from './infra/telemetry.js';
import { readTrustedDocuments, trustedRefusals } from './infra/trusted-documents.js';
import type { LedgerWork } from './profile.js';
import { openProfile } from './profile.js';
import { boardModels, boardOf, boardTables } from './projections/boards/index.js';
import { caseModels } from './projections/cases/index.js';
import { feed } from './projections/feeds/feed.js';
import type { Work } from './projections/kernel/leader.js';
import { createProjector } from './projections/kernel/projector.js';
import { personalRecords } from './projections/privacy/personal-records.js';
import { createStandings } from './projections/privacy/standings.js';
import type { RunningPolicies } from './projections/reactors/index.js';
import { createPolicies } from './projections/reactors/index.js';
import { createRedactions } from './projections/redaction/redactions.js';
import { createMoments } from './projections/replay/moments.js';
import { createPast } from './projections/replay/past.js';

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

type Options = {
  readonly log: Logger;
  readonly clock?: Clock;
  /** What the program's own clients send: run beside those of an allow-list. */
  readonly ownDocuments?: (schema: GraphQLSchema) => readonly string[];
};

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
  { log, clock = { now: () => new Date() }, ownDocuments = () => [] }: Options,
  closing: Closing,
): Promise<Omit<Wuji, 'close'> | Refusal> {
  const onProblem = (problem: unknown) => log.error({ err: problem }, 'problem');
  const auth = await openAuth(settings, clock);
  if (isRefusal(auth)) return auth;
  const { trustedDocuments: trustedFile } = settings;
  const listed = trustedFile === undefined ? undefined : await readTrustedDocuments(trustedFile);
  if (isRefusal(listed)) return listed;

  const auditKey = await openAuditKey(settings, clock);
  if (isRefusal(auditKey)) return auditKey;
  if (!auditKey) log.warn('there is no audit key: nothing of the log is signed (wuji audit key)');
  const keys = await openKeys(settings, {
    ...{ closing, onProblem },
    onDevelopmentKey: (path) => log.info({ path }, 'personal data is sealed under a master key made for development'),
  });
  if (isRefusal(keys)) return keys;
  const { seals } = keys;

  const profile = await openProfile(settings, {
    ...{ registry: wuji, clock, onProblem, closing, auditKey },
    onDropped: (reason) => log.warn({ reason }, 'the read models are built anew from the log'),
    onLogProgress: seldom((progress) => log.info(progress, 'the log is made ready')),
  });

  // What writes to the log
  const watch = createWatch(wuji, clock);
  const { reads, ledger } = profile;
  const store = watch.store(profile.store);
  const rules = defaultRules(chineseCalendar());
  const loader = createLoader(store, wuji);
  const handle = watch.handle(
    createHandle({ store, registry: wuji, loader, clock, nameId, rules, seals, part: watch.part }),
  );
  const operator = operatorIds(nameId);
  const noOperator = await bootstrap(handle, operator);
  if (noOperator) return noOperator;

  const guarding = await profile.guarding();

  // Read models and policies
  const policies = createPolicies(rules, seals);
  const folding = { events: store, registry: wuji, readStore: reads, onProblem };
  const models = [...caseModels, ...boardModels, feed, personalRecords, ...policies.models];
  /** While this node does the work. */
  let running: RunningPolicies | undefined;
  let keeping: LedgerWork | undefined;
  /** What the calendar asks for can wait until the first answer; resolved also when the start is given up. */
  let listens = () => {};
  const listening = new Promise<void>((resolve) => {
    listens = resolve;
  });
  const work = (): Work => {
    const projector = createProjector({ ...folding, models, clock, watch: watch.batch });
    const tree = ledger.work();
    const stop = new AbortController();
    let ticking: Promise<void> | undefined;
    return {
      projector,
      start() {
        running = policies.start({ ...folding, projector, handle, clock, ballots: { box: profile.box, randomBelow } });
        const { scheduler } = running;
        ticking = listening.then(() => scheduler.run(tickMs, stop.signal));
        tree.start();
        keeping = tree;
      },
      async stop() {
        stop.abort();
        listens();
        await Promise.all([ticking, running?.stop(), tree.stop()]);
        running = undefined;
        keeping = undefined;
      },
    };
  };
  const { readModels, lease, leader } = await profile.run(work, models, caseModels);

  // The past
  const moments = createMoments(store);
  const past = createPast({
    ...{ events: store, registry: wuji },
    models: [...caseModels, ...boardModels].filter(({ name }) => boardTables.has(name)),
    openScratch: scratchStores(join(settings.dataDir, 'past'), store.epoch),
  });
  closing.push(() => past.close());

  // The API
  const standings = createStandings(reads);
  const noteAccess = createAccessNotes({ handle, clock, nameId });
  const personal = createPersonal({ registry: wuji, seals, standings, noteAccess, onProblem });
  let forgetTexts = () => {};
  const redactions = createRedactions({
    ...{ reads, loader, registry: wuji, onProblem },
    onChanged: () => forgetTexts(),
  });
  const services: ApiServices = {
    casting: createCasting({ registry: wuji, loader, box: profile.box, clock, nameId, rules }),
    ...{ handle, loader, store, reads, clock, nameId, rules, personal, redactions, waitMs, onProblem, moments, past },
    projector: readModels,
    revocations: guarding.revocations,
    audit: ledger.audit,
    newId: randomId,
    get reactors() {
      return running?.reactors ?? [];
    },
    readTable: (bytes) => readCsv(bytes),
  };
  const tables = [auditKeyRefusals.table, authRefusals.table, csvRefusals.table, trustedRefusals.table];
  const definitions = { registry: wuji, models: caseModels, refusals: tables };
  const schema = createApi(definitions, () => services);
  const limits = limitsOf(settings);
  const errors = errorFormatter({
    hideSuggestions: !limits.introspection,
    tokens: limits.tokens,
    newId: randomId,
    log: (error, id) => log.error({ err: error, id }, 'unexpected error'),
  });
  const documents = trustedDocuments(listed, schema, limits, errors, ownDocuments);
  if (isRefusal(documents)) return documents;
  const door = doorOf(settings);
  const guard = createGuard({ ...guarding, ...door });
  const authenticate = guard.admitting(authenticateWith(auth.verify, loader));
  if ((await readModels.caughtUp(startMs)) === 'timeout')
    log.warn('the read models have not caught up yet: answers are old until /health/ready says otherwise');
  // Before the hub hears of a commit: it must show no more than what then stands.
  readModels.onCommitted(redactions.apply);
  await redactions.load();
  await purgeWith(readModels, { standings, seals, texts: () => forgetTexts() });
  const live = openLive({
    schema,
    registry: wuji,
    services,
    models: caseModels,
    board: boardOf({ reads, redactions }),
    authenticate,
    guard,
    prepare: documentGate(schema, limits, errors, documents),
    errors,
    projector: readModels,
    onProblem,
    watch: watch.api,
  });
  forgetTexts = live.forget;
  const telemetry = createTelemetry({
    metrics: watch.metrics,
    log: { store, status: profile.eventStoreDB?.status.bind(profile.eventStoreDB), fault: profile.logFault },
    redis: profile.redis?.status,
    leader: profile.redis && { lease, leader },
    projector: readModels,
    reactors: () => running?.reactors.map((reactor) => reactor.status()) ?? [],
    scheduler: () => running?.scheduler.status() ?? { tickedAt: undefined, error: undefined },
    live,
    documents,
    clock,
  });
  let ending = false;
  /** A node that is about to end is taken out by the proxy before its clients are sent away. */
  const ready = async () => (ending ? { ok: false, state: 'ending' } : telemetry.ready());
  const exportLog = createExport({
    ...{ store, reads, moments, clock, authenticate, redactions, onProblem },
    registry: wuji,
  });
  const http = await startHttp({
    ...{ schema, authenticate, guard, limits, errors, documents, patience: settings, peers: door.peers },
    handlers: { ...telemetry, ready },
    watch: watch.api,
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
  listens();
  closing.push(() => http.close());
  live.attach(http.server, door.sockets);
  closing.push(() => {
    ending = true;
    return live.close(); // sockets keep the HTTP server open
  });
  return {
    ...{ url: http.url, auth, operator },
    async settle() {
      if (!running) throw new Error('another node does the work');
      await running.settle();
      await keeping?.caughtUp();
    },
  };
}

/** The compiled client stands beside this file's folder; run from the sources there is none, and no page is served. */
function clientFolders() {
  const compiled = join(import.meta.dirname, '../client');
  if (!existsSync(join(compiled, 'feed.js'))) return undefined;
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'client/examples/browser.html')) && root !== dirname(root)) root = dirname(root);
  const library = dirname(fileURLToPath(import.meta.resolve('graphql-ws')));
  return { compiled, examples: join(root, 'client/examples'), library };
}

/** At most once a second, and at the end. */
function seldom<T extends { readonly share: number }>(tell: (progress: T) => void): (progress: T) => void {
  let told = 0;
  return (progress) => {
    if (progress.share < 1 && performance.now() - told < 1_000) return;
    told = performance.now();
    tell(progress);
  };
}
