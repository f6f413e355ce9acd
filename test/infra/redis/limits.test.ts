import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Rates } from '../../../src/graphql/guard/ports.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { createRedisLimits } from '../../../src/infra/redis/limits.js';
import { letIn, limitsContract, ratesOf } from '../../contract/limits.contract.js';
import { type RedisServer, startRedisServer } from '../../support/redis-server.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

let made = 0;
/** A node with a connection of its own, which does not wait to be ready. */
function node(name: string, rates: Rates, seconds = 60) {
  const connection = connectRedis(server.url, { onProblem: () => {}, patienceMs: 200 });
  onTestFinished(() => connection.close());
  return { limits: createRedisLimits({ connection, name, rates, seconds }), connection };
}
const ready = ({ connection }: ReturnType<typeof node>) => connection.use('read', (redis) => redis.ping());
async function readyAgain(one: ReturnType<typeof node>): Promise<void> {
  while ((await ready(one).catch(() => 'away')) !== 'PONG');
}

limitsContract('redis', (rates, seconds) => node(`contract-${made++}`, rates, seconds).limits);

describe('limits in Redis', () => {
  afterEach(async () => {
    server.signal('SIGCONT');
    await server.kill();
    await server.restart();
  });

  it('count for all nodes together: a caller does not get a budget more by asking another node', async () => {
    const [one, other] = [node('two', ratesOf({ query: 10 })), node('two', ratesOf({ query: 10 }))];
    await Promise.all([ready(one), ready(other)]);
    const [here, there] = await Promise.all([
      letIn(one.limits, 'query', 'post:a', 15),
      letIn(other.limits, 'query', 'post:a', 15),
    ]);
    expect(here + there).toBe(10);
    expect(await letIn(other.limits, 'query', 'post:b', 15)).toBe(10);
  });

  it('systems of other names do not share them', async () => {
    const [one, other] = [node('a', ratesOf({ query: 3 })), node('b', ratesOf({ query: 3 }))];
    await Promise.all([ready(one), ready(other)]);
    expect(await letIn(one.limits, 'query', 'post:a', 5)).toBe(3);
    expect(await letIn(other.limits, 'query', 'post:a', 5)).toBe(3);
  });

  it('an outage neither opens the door nor closes it: meanwhile each node counts, and then all again', async () => {
    const [one, other] = [node('out', ratesOf({ query: 5 })), node('out', ratesOf({ query: 5 }))];
    await Promise.all([ready(one), ready(other)]);
    await server.kill();
    expect(await letIn(one.limits, 'query', 'post:a', 20)).toBe(5);
    expect(await letIn(other.limits, 'query', 'post:a', 20)).toBe(5);
    await server.restart();
    await Promise.all([readyAgain(one), readyAgain(other)]);
    const [here, there] = [
      await letIn(one.limits, 'query', 'post:b', 4),
      await letIn(other.limits, 'query', 'post:b', 4),
    ];
    expect([here, there]).toEqual([4, 1]);
  });

  it('a Redis that says nothing any more holds nobody up, and lets nobody in without a count', async () => {
    const one = node('hung', ratesOf({ query: 5 }));
    await ready(one);
    server.signal('SIGSTOP');
    expect(await letIn(one.limits, 'query', 'post:a', 20)).toBe(5);
  });

  it('leave nothing behind that does not expire', async () => {
    const one = node('ttl', ratesOf({ query: 5 }), 60);
    await ready(one);
    await letIn(one.limits, 'query', 'post:a', 20);
    const [key = ''] = (await server.ask('KEYS', 'wuji:{ttl}:*')) as string[];
    expect(key).toContain('post:a');
    expect(Number(await server.ask('TTL', key))).toBeGreaterThan(0);
  });
});
