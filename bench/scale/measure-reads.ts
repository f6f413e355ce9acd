import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { createRedisLiveBus } from '../../src/infra/redis/live-bus.js';
import { openRedisReadStore } from '../../src/infra/redis/read-store.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import type { Step } from '../../src/projections/kernel/projector.js';
import { failed, fold, openReads } from './fold.js';
import { sizeOf } from './measure-log.js';
import type { RedisServer } from './redis.js';
import type { Town } from './town.js';

/** What one commit costs: `perCommit + n × perEvent` milliseconds of a core for n events. */
export type CommitCost = { readonly perCommit: number; readonly perEvent: number };

export type ReadFigures = {
  /** Of the cases alone, the register not counted: what one event adds. */
  readonly rows: number;
  readonly entries: number;
  readonly counters: number;
  readonly bytesPerEvent: number;
  readonly bytesPerCase: number;
  /** The whole log, in large commits. */
  readonly rebuildPerSecond: number;
  /** Of the projector's process. */
  readonly cost: CommitCost;
};
export type RedisFigures = ReadFigures & {
  /** And what the server works. */
  readonly serverCost: CommitCost;
  /** The share of the memory that the index of all events by receiver takes. */
  readonly feedShare: number;
  /** On the live bus, in bytes of JSON. */
  readonly busBytesPerEvent: number;
};

export type Source = {
  readonly town: Town;
  readonly caseLog: readonly RecordedEvent[];
  readonly eventsPerCase: number;
};
/** Sizes of the commits that are timed. */
const SMALL = 1;
const LARGE = 500;

async function totals(reads: ReadStore) {
  const sum = { rows: 0, entries: 0, counters: 0 };
  for (const { table } of await reads.tables()) {
    const stats = await reads.stats(table);
    sum.rows += stats.rows;
    sum.entries += stats.entries;
    sum.counters += stats.counters;
  }
  return sum;
}

type Meters = {
  /** What the store takes now. */
  readonly bytes: () => Promise<number>;
  /** Milliseconds that the store's own server has worked. */
  readonly server: () => Promise<number>;
};

/** Up to there the store's growth is measured; the rest is folded in small and in large commits, which are timed. */
const SHARE_GROWN = 0.7;
const SHARE_SMALL = 0.04;

async function measureReads({ town, caseLog, eventsPerCase }: Source, reads: ReadStore, meters: Meters) {
  const { store, clock } = town;
  const at = (share: number) => caseLog[Math.floor((caseLog.length - 1) * share)]?.position;
  const batchSize = Math.min(LARGE, Math.ceil(caseLog.length / 50)); // must not run beyond the next stretch
  const beforeCases = (await lastBefore(store, at(0))) ?? failed('the log has no register');
  const serverBefore = await meters.server();
  const register = await fold(store, reads, { clock, until: beforeCases, batchSize });
  const [before, bytesBefore] = [await totals(reads), await meters.bytes()];
  const steps: Step[] = [];
  const grown = await fold(store, reads, {
    ...{ clock, until: at(SHARE_GROWN), batchSize },
    onStep: (step) => steps.push(step),
  });
  const after = await totals(reads);
  // The last commit of the register holds some case events already: what is added is of those that came after it.
  const per = (key: keyof typeof after) => (after[key] - before[key]) / grown.events;
  const bytesPerEvent = ((await meters.bytes()) - bytesBefore) / grown.events;
  const rebuildMs = register.cpuMs + grown.cpuMs + (await meters.server()) - serverBefore;
  const { own, server } = await commitCost(town, reads, [at(SHARE_GROWN + SHARE_SMALL), at(1)], meters.server);
  const figures: ReadFigures = {
    ...{ rows: per('rows'), entries: per('entries'), counters: per('counters'), bytesPerEvent, cost: own },
    bytesPerCase: bytesPerEvent * eventsPerCase,
    rebuildPerSecond: ((register.events + grown.events) * 1_000) / rebuildMs,
  };
  return { figures, serverCost: server, steps };
}

async function lastBefore(store: EventStore, position: Position | undefined): Promise<Position | undefined> {
  for await (const event of store.readAll({ ...(position && { after: position }), direction: 'backwards', limit: 1 }))
    return event.position;
  return undefined;
}

/** Times commits of one event up to the first position, and of many up to the second. */
async function commitCost(
  { store, clock }: Town,
  reads: ReadStore,
  [few, many]: readonly [Position | undefined, Position | undefined],
  meter: () => Promise<number>,
): Promise<{ readonly own: CommitCost; readonly server: CommitCost }> {
  const timed = async (batchSize: number, until: Position | undefined) => {
    const before = await meter();
    const folded = await fold(store, reads, { clock, batchSize, until });
    const ms = folded.cpuMs / folded.commits;
    return { ms, metered: ((await meter()) - before) / folded.commits, events: folded.events / folded.commits };
  };
  const small = await timed(SMALL, few);
  const large = await timed(LARGE, many);
  const cost = (one: number, all: number): CommitCost => {
    const perEvent = Math.max(0, (all - one) / Math.max(1, large.events - small.events));
    return { perEvent, perCommit: Math.max(0, one - perEvent) };
  };
  return { own: cost(small.ms, large.ms), server: cost(small.metered, large.metered) };
}

export async function measureEmbedded(
  source: Source,
  folder: string,
): Promise<ReadFigures & { readonly steps: Step[] }> {
  const reads = openReads(folder, source.town.store.epoch);
  const { figures, steps } = await measureReads(source, reads, {
    bytes: async () => sizeOf(folder),
    server: async () => 0,
  });
  await reads.close();
  return { ...figures, steps };
}

export async function measureRedis(source: Source, redis: RedisServer): Promise<RedisFigures> {
  const { connection } = redis;
  const { epoch } = source.town.store;
  const reads = openRedisReadStore({ connection, name: 'city', epoch, onDropped: failed });
  const { figures, steps, serverCost } = await measureReads(source, reads, {
    bytes: redis.usedBytes,
    server: async () => (await redis.scriptMicroseconds()) / 1_000,
  });
  const feedShare = (await redis.bytesOf('wuji:{city}:read:*:feed@*')) / (await redis.bytesOf('wuji:{city}:*'));
  const busBytesPerEvent = await busBytes(redis, steps.slice(-200));
  return { ...figures, serverCost, feedShare, busBytesPerEvent };
}

/** What the real live bus writes for commits of ten events. */
async function busBytes({ connection }: RedisServer, steps: readonly Step[]): Promise<number> {
  const bus = createRedisLiveBus({ connection, reading: connection, name: 'bus' });
  for (let from = 0; from < steps.length; from += 10) {
    const ten = steps.slice(from, from + 10);
    await bus.tell({ steps: ten, from: undefined, position: ten.at(-1)?.event.position ?? '' });
    await nextTurn();
  }
  const found = await connection.use('read', (client) => client.xrange('wuji:{bus}:live', '-', '+'));
  const bytes = found.flatMap(([, fields]) => fields.slice(1)).map((field) => Buffer.byteLength(field));
  return bytes.reduce((sum, each) => sum + each, 0) / Math.max(1, steps.length);
}
