import type { Redis } from 'ioredis';
import type { RedisConnection } from './connection.js';
import { run } from './script.js';
import { RedisUnavailable } from './unavailable.js';
import { writeBegin } from './write-scripts.js';

/** Of what is in Redis; a store of another format is thrown away. */
const format = '1';

export type Identity = {
  /** What every script compares with what is in Redis. */
  readonly value: string;
  /** A script has found it so. */
  confirm(): void;
  /**
   * `found` is in Redis instead ('': nothing): makes the store ours and empty, unless another process already has. What
   * once was ours and now is another log's is left alone: two programs would empty it for each other for ever.
   */
  begin(found: string): Promise<void>;
};

export function createIdentity(options: {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly name: string;
  readonly epoch: string;
  readonly onDropped: (reason: string) => void;
}): Identity {
  const { connection, prefix, name, epoch, onDropped } = options;
  const value = `${format} ${epoch}`;
  let confirmed = false;
  let beginning: Promise<void> | undefined;

  async function takeOver(found: string) {
    if (confirmed && found !== '') throw new RedisUnavailable('other_log', connection.server);
    const removed = await connection.use('write', async (redis) => {
      const keys = await keysOf(redis, prefix);
      return (await run(redis, writeBegin, [prefix], [found, value, ...keys])) === 1 ? keys.length : 0;
    });
    if (removed > 0) onDropped(`read store ${name} in Redis at ${connection.server}: ${reasonOf(found)}`);
  }

  return {
    value,
    confirm() {
      confirmed = true;
    },
    async begin(found) {
      beginning ??= takeOver(found).finally(() => {
        beginning = undefined;
      });
      await beginning;
    },
  };
}

function reasonOf(found: string): string {
  if (found === '') return 'nobody knows of which log its tables are';
  const [foundFormat] = found.split(' ');
  return foundFormat === format ? 'it was folded from another log' : `its format is ${foundFormat}, not ${format}`;
}

/** The name has no characters that mean something in a pattern. */
async function keysOf(redis: Redis, prefix: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000);
    for (const key of keys) found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}
