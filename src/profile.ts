import { hostname } from 'node:os';
import { join } from 'node:path';
import type { BallotBox } from './domain/ballots/ports.js';
import type { Clock, EventStore } from './domain/kernel/ports.js';
import type { Registry } from './domain/kernel/registry.js';
import type { RateLimits, Rates, Revocations } from './graphql/guard/ports.js';
import { openEmbeddedBallotBox } from './infra/ballot-box/embedded.js';
import type { Closing } from './infra/closing.js';
import type { Settings } from './infra/config.js';
import { chained } from './infra/event-store/chained.js';
import { openEmbeddedEventStore } from './infra/event-store/embedded.js';
import type { EventStoreDB } from './infra/event-store/eventstoredb/index.js';
import type { LogProgress } from './infra/event-store/open-segments.js';
import { headFile } from './infra/head-file.js';
import { createLimits } from './infra/in-process/limits.js';
import { openRevocations } from './infra/in-process/revocations.js';
import { openEmbeddedReadStore } from './infra/read-store/embedded.js';
import type { RedisConnection } from './infra/redis/connection.js';
import { sha256 } from './infra/sha256.js';
import type { CaseModel } from './projections/kernel/case-model.js';
import { createFollower } from './projections/kernel/follower.js';
import type { Work } from './projections/kernel/leader.js';
import { lead } from './projections/kernel/leader.js';
import type { LeaseStatus } from './projections/kernel/node-ports.js';
import type { ReadStore } from './projections/kernel/ports.js';
import type { ReadModels } from './projections/kernel/projector-types.js';
import type { ReadModel } from './projections/kernel/read-model.js';
import { shareTail } from './projections/kernel/shared-tail.js';
import type { Audit } from './projections/ledger/audit.js';
import { createAudit } from './projections/ledger/audit.js';
import { createHeads } from './projections/ledger/heads.js';
import { createLedger } from './projections/ledger/ledger.js';
import type { AuditKey, HeadBook } from './projections/ledger/ports.js';
import type { LedgerWork } from './projections/ledger/work.js';
import { createLedgerWork } from './projections/ledger/work.js';

/** What runs the read models on this node: alone, or with other nodes of which one leads. */
export type Running = {
  readonly readModels: ReadModels;
  /** Whether this node folds and carries out the policies; the only node always does. */
  readonly lease: () => LeaseStatus | undefined;
  /** Who leads, as it says of itself. */
  readonly leader: () => string | undefined;
};

/** Where the log and the read models are, and how the nodes share the work. The rest of the program does not know which. */
export type Profile = {
  readonly store: EventStore;
  readonly reads: ReadStore;
  readonly ledger: ProfileLedger;
  /** How the servers are, when there are any. */
  readonly eventStoreDB: EventStoreDB | undefined;
  /** Why a log in a folder takes no writes now. */
  readonly logFault: (() => string | undefined) | undefined;
  readonly redis: RedisConnection | undefined;
  /** Where ballots lie until they are counted. */
  readonly box: BallotBox;
  /** Who may come in how often, and whose token no longer holds. */
  guarding(): Promise<Guarding>;
  /** `begin` makes the work of a leader; it is called again for each term. */
  run(begin: () => Work, models: readonly ReadModel[], caseModels: readonly CaseModel[]): Promise<Running>;
};

export type Guarding = { readonly limits: RateLimits; readonly revocations: Revocations };

/** The tree over the log, what is signed of it, and what is proved with it. */
export type ProfileLedger = {
  readonly audit: Audit;
  /** What the node does that leads. */
  readonly work: () => LedgerWork;
};

type Deps = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly auditKey: AuditKey;
  readonly onProblem: (problem: unknown) => void;
  readonly onDropped: (reason: string) => void;
  /** What takes time before the log can be read. */
  readonly onLogProgress: (progress: LogProgress) => void;
  readonly closing: Closing;
};

/** Opens what the settings name. The client libraries of servers are loaded only when they are needed. */
export async function openProfile(settings: Settings, deps: Deps): Promise<Profile> {
  const { closing } = deps;
  const eventStoreDB = await openEventStoreDBOf(settings);
  const embedded = eventStoreDB ? undefined : await openLogOf(settings, deps);
  const log = eventStoreDB ?? embedded;
  if (!log) throw new Error('there is no log');
  closing.push(() => log.close());
  const links = chained(log, sha256);
  // The projector, the ledger and the policies follow the same end of the log: each event is read and parsed once.
  const store = { ...links, subscribe: shareTail(links).subscribe };
  const servers = { eventStoreDB, store, logFault: embedded && (() => embedded.fault()) };
  return settings.redisUrl === undefined
    ? alone(settings, servers, deps)
    : oneOfSeveral(settings, settings.redisUrl, servers, deps);
}

const openLogOf = ({ dataDir }: Settings, { clock, onLogProgress, onProblem }: Deps) =>
  openEmbeddedEventStore({
    folder: join(dataDir, 'log'),
    clock: () => clock.now(),
    onProgress: onLogProgress,
    onProblem,
  });

async function openEventStoreDBOf({ eventStoreUrl }: Settings): Promise<EventStoreDB | undefined> {
  if (eventStoreUrl === undefined) return undefined;
  const { openEventStoreDB } = await import('./infra/event-store/eventstoredb/index.js');
  return openEventStoreDB({ url: eventStoreUrl });
}

const ratesOf = (settings: Settings): Rates => ({
  query: settings.rateQueries,
  mutation: settings.rateMutations,
  subscribe: settings.rateSubscriptions,
  connect: settings.rateConnections,
});
const ownRevocations = ({ dataDir }: Settings, clock: Clock) =>
  openRevocations(join(dataDir, 'revoked.json'), () => clock.now().getTime());

type Servers = Pick<Profile, 'store' | 'eventStoreDB' | 'logFault'>;

function ledgerOf(
  settings: Settings,
  store: EventStore,
  readStore: ReadStore,
  book: HeadBook,
  deps: Deps,
): ProfileLedger {
  const { registry, clock, onProblem, auditKey: key } = deps;
  const reading = { events: store, readStore, sha256, clock, key, onProblem };
  const heads = createHeads({ ...reading, book });
  return {
    audit: createAudit({ ...reading, registry, heads, waitMs: ledgerWaitMs }),
    work: () =>
      createLedgerWork({
        ...{ ledger: createLedger(reading), heads, events: store },
        everyMs: settings.auditHeadMinutes * 60_000,
        waitMs: 6 * ledgerWaitMs,
      }),
  };
}

/** Where this node keeps signed heads. */
const headsPath = ({ dataDir }: Settings): string => join(dataDir, 'audit', 'heads.jsonl');

/** How long a proof waits for the ledger. */
const ledgerWaitMs = 5_000;

/** The read models in a folder; this node does all the work. */
function alone(settings: Settings, servers: Servers, deps: Deps): Profile {
  const { clock, closing, onDropped, onProblem } = deps;
  const reads = openEmbeddedReadStore({
    folder: join(settings.dataDir, 'read'),
    epoch: servers.store.epoch,
    onDropped,
    holds: { onProblem },
  });
  closing.push(() => reads.close());
  return {
    ...{
      ...servers,
      reads,
      redis: undefined,
      ledger: ledgerOf(settings, servers.store, reads, headFile(headsPath(settings)), deps),
    },
    box: openEmbeddedBallotBox({ folder: join(settings.dataDir, 'ballots'), key: settings.ballotKey }),
    guarding: async () => ({
      limits: createLimits(ratesOf(settings)),
      revocations: await ownRevocations(settings, clock),
    }),
    async run(begin) {
      const { projector, start, stop } = begin();
      closing.push(() => projector.stop());
      closing.push(stop);
      projector.start();
      start();
      return { readModels: projector, lease: () => undefined, leader: () => undefined };
    },
  };
}

/** The read models in Redis, which carries each commit to all nodes and says who leads. */
async function oneOfSeveral(settings: Settings, url: string, servers: Servers, deps: Deps): Promise<Profile> {
  const { registry, clock, closing, onProblem, onDropped } = deps;
  const { name } = settings;
  const { store } = servers;
  const [
    { connectRedis },
    { openRedisReadStore },
    { createRedisLease },
    { createRedisLiveBus },
    { createRedisBallotBox },
    { createRedisHeadBook },
  ] = await Promise.all([
    import('./infra/redis/connection.js'),
    import('./infra/redis/read-store.js'),
    import('./infra/redis/lease.js'),
    import('./infra/redis/live-bus.js'),
    import('./infra/redis/ballot-box.js'),
    import('./infra/redis/head-book.js'),
  ]);
  const connect = () => {
    const connection = connectRedis(url, { onProblem });
    closing.push(() => connection.close());
    return connection;
  };
  const connection = connect();
  const lease = createRedisLease({ connection, name, of: 'leader' });
  const reads = openRedisReadStore({ connection, name, epoch: store.epoch, onDropped, fence: lease.fence });
  closing.push(() => reads.close());
  const bus = createRedisLiveBus({ connection, reading: connect(), name });
  const book = createRedisHeadBook({ connection, name, path: headsPath(settings) });
  return {
    ...{ ...servers, reads, redis: connection, ledger: ledgerOf(settings, store, reads, book, deps) },
    box: createRedisBallotBox({ connection, name, key: settings.ballotKey }),
    async guarding() {
      const [{ createRedisLimits }, { openRedisRevocations }] = await Promise.all([
        import('./infra/redis/limits.js'),
        import('./infra/redis/revocations.js'),
      ]);
      const own = await ownRevocations(settings, clock);
      const now = () => clock.now().getTime();
      const revocations = await openRedisRevocations({ connection, listening: connect(), name, own, now, onProblem });
      closing.push(() => revocations.close());
      return { limits: createRedisLimits({ connection, name, rates: ratesOf(settings) }), revocations };
    },
    async run(begin, models, caseModels) {
      const node = `${hostname()}:${process.pid}`;
      const follower = createFollower({
        ...{ bus, registry, models, caseModels, clock, onProblem },
        readStore: reads,
        events: store,
      });
      const end = new AbortController();
      const leading = lead({ node, lease, bus, begin, onProblem }, end.signal);
      leading.catch(onProblem);
      closing.push(() => follower.stop());
      closing.push(() => {
        end.abort();
        return leading;
      });
      follower.start();
      return { readModels: follower, lease: lease.status, leader: follower.leader };
    },
  };
}
