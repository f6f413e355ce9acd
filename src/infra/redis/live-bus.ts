import type { Redis } from 'ioredis';
import type { Announcement, LiveBus, Told } from '../../projections/kernel/node-ports.js';
import { pause } from '../../projections/kernel/waiting.js';
import type { RedisConnection } from './connection.js';

/** Beyond this a commit is told without its steps, in bytes of JSON: nodes read the log instead. */
const MOST_BYTES = 1_000_000;
/** And beyond so many events: it is a catching up, which nobody watches live. */
const MOST_STEPS = 500;
/** How many messages Redis holds for nodes that were away for a moment. */
const MOST_MESSAGES = 2_000;
/** How long one read waits for the next message, in ms: so long may an end have to wait for it. */
const BLOCK_MS = 500;
const ANNOUNCED_MS = 4_000;

/**
 * A bounded Redis Stream. Reading blocks a connection, so it has one of its own: `reading`. Closing leaves both open.
 */
export function createRedisLiveBus(options: {
  readonly connection: RedisConnection;
  readonly reading: RedisConnection;
  readonly name: string;
}): LiveBus {
  const { connection, reading, name } = options;
  const stream = `wuji:{${name}}:live`;
  const leader = `wuji:{${name}}:leader`;
  const asked = `wuji:{${name}}:rebuilds`;

  return {
    async tell(committed) {
      const message = encode(committed);
      await connection.use('write', (redis) => redis.xadd(stream, 'MAXLEN', '~', MOST_MESSAGES, '*', 'told', message));
    },
    async *follow(signal) {
      let after: string | undefined;
      while (!signal.aborted) {
        let found: readonly (readonly [id: string, fields: readonly string[]])[] = [];
        try {
          after ??= await reading.use('read', (redis) => newestId(redis, stream));
          const from = after;
          const reply = await reading.use('read', (redis) =>
            redis.xread('COUNT', 100, 'BLOCK', BLOCK_MS, 'STREAMS', stream, from),
          );
          found = reply?.[0]?.[1] ?? [];
        } catch {
          await pause(250, signal); // reported by the connection
        }
        for (const [id, fields] of found) {
          after = id;
          if (signal.aborted) return;
          yield JSON.parse(fields[1] ?? '') as Told;
        }
      }
    },
    async announce(announcement) {
      await connection.use('write', (redis) => redis.set(leader, JSON.stringify(announcement), 'PX', ANNOUNCED_MS));
    },
    async announced() {
      const said = await connection.use('read', (redis) => redis.get(leader));
      return said === null ? undefined : (JSON.parse(said) as Announcement);
    },
    async askRebuild(model) {
      await connection.use('write', (redis) => redis.sadd(asked, model));
    },
    async rebuildsAsked() {
      return (await connection.use('write', (redis) => redis.spop(asked, 100))) ?? [];
    },
  };
}

function encode({ steps, from, position }: Told): string {
  const rest: Omit<Told, 'steps'> = { from, position };
  if (!steps || steps.length > MOST_STEPS) return JSON.stringify(rest);
  const whole = JSON.stringify({ ...rest, steps });
  return Buffer.byteLength(whole) > MOST_BYTES ? JSON.stringify(rest) : whole;
}

/** An emptied Redis begins anew; its ids are of its clock, so they still grow. */
const newestId = async (redis: Redis, stream: string): Promise<string> =>
  (await redis.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
