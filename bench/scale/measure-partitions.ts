import { join } from 'node:path';
import { openRedisReadStore } from '../../src/infra/redis/read-store.js';
import { cpuSince, failed, fold, openReads } from './fold.js';
import type { RedisServer } from './redis.js';
import type { Town } from './town.js';
import { inParallel } from './town.js';

export type Throughput = { readonly partitions: number; readonly embedded: number; readonly redis: number | undefined };

/**
 * Events that 1, 4, 16 projectors fold in a second of one core's time, all in one process, each into a read store of its
 * own: as if each partition had this small city's log. What Redis works is not counted.
 */
export async function measurePartitions(
  town: Town,
  folder: string,
  redis: RedisServer | undefined,
  widths: readonly number[],
): Promise<readonly Throughput[]> {
  const { store, clock } = town;
  const { epoch } = store;
  const found: Throughput[] = [];
  for (const partitions of widths) {
    const names = Array.from({ length: partitions }, (_, i) => `${partitions}-${i}`);
    const rate = async (open: (name: string) => ReturnType<typeof openReads>) => {
      let events = 0;
      const begun = process.cpuUsage();
      await inParallel(names, async (name) => {
        const reads = open(name);
        const folded = await fold(store, reads, { clock, batchSize: 200 });
        events += folded.events;
        await reads.close();
      });
      return (events * 1_000) / cpuSince(begun);
    };
    const embedded = await rate((name) => openReads(join(folder, `partition-${name}`), epoch));
    const connection = redis?.connection;
    const inRedis =
      connection &&
      (await rate((name) => openRedisReadStore({ connection, name: `p${name}`, epoch, onDropped: failed })));
    found.push({ partitions, embedded, redis: inRedis });
  }
  return found;
}
