import { z } from 'zod';
import type { Revocation, Revocations } from '../../graphql/guard/ports.js';
import type { KeptRevocations } from '../in-process/revocations.js';
import { revocationShape } from '../in-process/revocations.js';
import type { RedisConnection } from './connection.js';
import { run, script } from './script.js';
import { RedisUnavailable } from './unavailable.js';

/** A node that has missed a message without knowing hears of the revocation after so many ms. */
const EVERY_MS = 5_000;

/** Adds what is new, drops what is over, tells all nodes, and answers with all there is. */
const share = script(`
local now = tonumber(ARGV[1])
for i = 2, #ARGV, 2 do
  if redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) == 1 then redis.call('PUBLISH', KEYS[2], ARGV[i + 1]) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIRE', KEYS[1], string.format('%.0f', tonumber(last[2]) - now)) end
return redis.call('ZRANGE', KEYS[1], 0, -1)`);

/**
 * Kept in one sorted set by the time at which each is over, and published: every node hears of it at once. Each node
 * keeps what it has heard in its own memory and file, and goes on by that while Redis is away. When Redis is back,
 * nodes exchange with it what either knows, so that neither a message missed nor an emptied Redis nor a start without
 * Redis lets a revoked token in again. Closing leaves the connections open.
 */
export async function openRedisRevocations(options: {
  readonly connection: RedisConnection;
  /** A connection of its own: who listens can ask nothing else. */
  readonly listening: RedisConnection;
  readonly name: string;
  readonly own: KeptRevocations;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onProblem: (problem: unknown) => void;
}): Promise<Revocations & { close(): Promise<void> }> {
  const { connection, listening, name, own, now, onProblem } = options;
  const [kept, channel] = [`wuji:{${name}}:revocations`, `wuji:{${name}}:revoked`];
  let closed = false;
  let keeping: Promise<void> = Promise.resolve();
  const keep = (revocations: readonly Revocation[]) => {
    if (!closed) keeping = own.keep(revocations).catch(onProblem);
  };

  async function exchange(): Promise<void> {
    const known = own.all().flatMap((revocation) => [String(revocation.until), JSON.stringify(revocation)]);
    const args = [String(now()), ...known];
    const found = await connection.use('write', (redis) => run(redis, share, [kept, channel], args));
    keep(z.array(z.string()).parse(found).map(read));
  }
  /** First the ear, then the question: so nothing falls between. */
  async function attend(): Promise<void> {
    await listening.use('read', (redis) => redis.subscribe(channel));
    await exchange();
  }
  async function quietly(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) onProblem(error); // that Redis is away the connection reports
    }
  }

  const hear = (_channel: string, message: string) => void quietly(() => keep([read(message)]));
  // The two connections come back each in its own time, and whichever is the last has what the other could not ask.
  const [again, ask] = [() => void quietly(attend), () => void quietly(exchange)];
  listening.client.on('message', hear).on('ready', again);
  connection.client.on('ready', ask);
  const every = setInterval(() => void quietly(exchange), EVERY_MS);
  await quietly(attend);

  return {
    isRevoked: own.isRevoked,
    onRevoked: own.onRevoked,
    async revoke(revocation) {
      keep([revocation]);
      await exchange();
    },
    close() {
      closed = true;
      clearInterval(every);
      listening.client.off('message', hear).off('ready', again);
      connection.client.off('ready', ask);
      return keeping;
    },
  };
}

const read = (text: string): Revocation => revocationShape.parse(JSON.parse(text));
