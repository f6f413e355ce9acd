import { setTimeout as delay } from 'node:timers/promises';
import type { Lease, LeaseStatus } from '../../projections/kernel/node-ports.js';
import { pause } from '../../projections/kernel/waiting.js';
import type { RedisConnection } from './connection.js';
import type { Fence } from './read-store.js';
import { run, script } from './script.js';

export type LeaseTimes = {
  /** How long a lease lasts that nobody renews, in ms: after a node died another takes over after at most this and `every`. */
  readonly ttl: number;
  /** How often it is renewed, or asked for. */
  readonly every: number;
};

/** Takes a free lease with a token that no holder has had, or says that it is not free. */
const take = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local token = redis.call('INCR', KEYS[2])
local now = redis.call('TIME')
-- An emptied Redis has forgotten the counter: the clock keeps a new token above the old ones.
local least = tonumber(now[1]) * 1000000 + tonumber(now[2])
if token < least then token = least; redis.call('SET', KEYS[2], string.format('%.0f', token)) end
redis.call('SET', KEYS[1], string.format('%.0f', token), 'PX', ARGV[1])
return string.format('%.0f', token)`);
const renew = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);
const release = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

/** A lease in Redis. `fence` goes to the read store, which refuses what an earlier holder still writes. */
export function createRedisLease(options: {
  readonly connection: RedisConnection;
  readonly name: string;
  readonly of: string;
  readonly times?: LeaseTimes;
}): Lease & { readonly fence: () => Fence | undefined } {
  const { connection, name, of, times = { ttl: 3_000, every: 800 } } = options;
  const key = `wuji:{${name}}:lease:${of}`;
  const counter = `wuji:{${name}}:lease-counter:${of}`;
  let status: LeaseStatus = { holder: false, token: undefined, since: new Date() };
  /** Kept after the lease is lost, until it is held again: what is still under way must be refused. */
  let fence: Fence | undefined;

  async function taken(): Promise<string | undefined> {
    const token = await connection.use('write', (redis) => run(redis, take, [key, counter], [String(times.ttl)]));
    return token === null ? undefined : String(token);
  }

  /** Until the lease is lost: another has it, or it may have run out while Redis did not answer. */
  async function keep(token: string, signal: AbortSignal): Promise<void> {
    let reliable = Date.now() + times.ttl - times.every;
    while (!signal.aborted) {
      await pause(times.every, signal);
      if (signal.aborted) return;
      const next = Date.now() + times.ttl - times.every;
      const renewing = connection
        .use('write', (redis) => run(redis, renew, [key], [token, String(times.ttl)]))
        .catch(() => undefined); // Redis is away, which the connection reports; the lease still stands for a while
      const answer = await Promise.race([renewing, delay(Math.max(0, reliable - Date.now()), 'late')]);
      if (answer === 1) reliable = next;
      else if (answer === 0 || Date.now() >= reliable) return;
    }
  }

  return {
    fence: () => fence,
    status: () => status,
    async hold(work, until) {
      while (!until.aborted) {
        const token = await taken().catch(() => undefined); // reported by the connection; asked again below
        if (token !== undefined) {
          fence = { key, token };
          status = { holder: true, token, since: new Date() };
          const lost = new AbortController();
          const done = new AbortController();
          const keeping = keep(token, AbortSignal.any([until, done.signal])).finally(() => lost.abort());
          try {
            await work(AbortSignal.any([until, lost.signal]));
          } finally {
            done.abort();
            await keeping;
            status = { holder: false, token: undefined, since: new Date() };
            // Not released when Redis is away: it runs out by itself.
            await connection.use('write', (redis) => run(redis, release, [key], [token])).catch(() => {});
          }
        }
        await pause(times.every, until);
      }
    },
  };
}
