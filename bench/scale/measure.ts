import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { playCases } from './cases.js';
import { openReads, runPolicies } from './fold.js';
import type { AppendFigures } from './measure-append.js';
import { measureAppend } from './measure-append.js';
import type { FanOutFigures } from './measure-fanout.js';
import { measureFanOut } from './measure-fanout.js';
import type { LogFigures } from './measure-log.js';
import { caseLogOf, measureLog, readLog } from './measure-log.js';
import type { Throughput } from './measure-partitions.js';
import { measurePartitions } from './measure-partitions.js';
import type { ReadFigures, RedisFigures } from './measure-reads.js';
import { measureEmbedded, measureRedis } from './measure-reads.js';
import type { RedisServer } from './redis.js';
import { startRedis } from './redis.js';
import type { TownSize } from './town.js';
import { openTown } from './town.js';

/** How much is built and measured. */
export type Size = TownSize & {
  readonly cases: number;
  /** The city in which the policies work too, and which is folded by many projectors at once. */
  readonly small: TownSize & { readonly cases: number };
  readonly partitions: readonly number[];
  /** The newest events that are fanned out. */
  readonly fanOut: number;
  readonly commands: number;
  /** Of the simulated hour. */
  readonly seconds: number;
};
export const usual: Size = {
  ...{ deputies: 5_000, townships: 100, cases: 500, partitions: [1, 4, 16] },
  small: { deputies: 100, townships: 10, cases: 60 },
  ...{ fanOut: 3_000, commands: 4_000, seconds: 3_600 },
};
/** For tests: every quantity, none of them worth reading. */
export const tiny: Size = {
  ...{ deputies: 50, townships: 3, cases: 20, partitions: [1, 4, 16] },
  small: { deputies: 50, townships: 1, cases: 4 },
  ...{ fanOut: 50, commands: 50, seconds: 5 },
};

export type Figures = {
  readonly machine: string;
  readonly eventsPerCase: number;
  readonly policiesPerSecond: number;
  readonly log: LogFigures;
  readonly embedded: ReadFigures;
  readonly redis: RedisFigures | undefined;
  readonly redisVersion: string | undefined;
  readonly fanOut: FanOutFigures;
  readonly append: AppendFigures;
  readonly throughput: readonly Throughput[];
};

/** Builds a city of five levels in a temporary folder, and measures it; nothing is left behind. */
export async function measure(size: Size, onStage: (stage: string) => void): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-scale-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove); // also when the run is broken off
  const redis = await startRedis(folder);
  try {
    return await measureIn(folder, size, redis, onStage);
  } finally {
    await redis?.stop();
    remove();
    process.off('exit', remove);
  }
}

async function measureIn(
  folder: string,
  size: Size,
  redis: RedisServer | undefined,
  onStage: (stage: string) => void,
): Promise<Figures> {
  const folderOf = (name: string) => join(folder, name);
  onStage(`a small city: ${size.small.cases} cases, and what follows from them by itself`);
  const small = await openTown(folderOf('small'), size.small);
  const cases = await playCases(small, size.small.cases);
  const policiesPerSecond = await runPolicies(small, folderOf('small'));
  const log = await measureLog(small, folderOf('small'));
  const eventsPerCase = log.caseEvents / cases;
  onStage(`${size.partitions.join(', ')} projectors in one process`);
  const throughput = await measurePartitions(small, folderOf('small'), redis, size.partitions);
  await small.store.close();

  onStage(`a city: ${size.deputies} deputies, ${size.cases} cases`);
  const town = await openTown(folderOf('city'), size);
  await playCases(town, size.cases);
  const source = { town, caseLog: caseLogOf(await readLog(town.store)), eventsPerCase };
  onStage('the read models in the embedded store');
  const { steps, ...embedded } = await measureEmbedded(source, folderOf('embedded'));
  onStage(redis ? `the read models in Redis ${redis.version}` : 'no redis-server here: Redis is not measured');
  const inRedis = redis && (await measureRedis(source, redis));
  onStage('the live hub');
  const reads = openReads(folderOf('embedded'), town.store.epoch);
  const fanOut = await measureFanOut(town, reads, steps.slice(-size.fanOut));
  await reads.close();
  onStage('durable commands');
  const append = await measureAppend(town, size.commands);
  await town.store.close();
  const [cpu] = cpus();
  return {
    ...{ eventsPerCase, policiesPerSecond, log, embedded, redis: inRedis, redisVersion: redis?.version },
    ...{ fanOut, append, throughput },
    machine: `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), Node ${process.version}`,
  };
}
