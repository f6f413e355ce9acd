import { expect, onTestFinished, test, vi } from 'vitest';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { createRedisLease } from '../../../src/infra/redis/lease.js';
import { startRedisServer } from '../../support/redis-server.js';

const times = { ttl: 600, every: 150 };
const until = (condition: () => void) => vi.waitFor(condition, { timeout: 15_000, interval: 20 });

async function rig() {
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const node = () => {
    const connection = connectRedis(redis.url, { onProblem: () => {}, patienceMs: 200, answerMs: 500 });
    onTestFinished(() => connection.close());
    const lease = createRedisLease({ connection, name: 'test', of: 'leader', times });
    const end = new AbortController();
    const terms: { token: string | undefined; held: AbortSignal }[] = [];
    const holding = lease.hold(async (held) => {
      terms.push({ token: lease.status().token, held });
      await new Promise((resolve) => held.addEventListener('abort', resolve, { once: true }));
    }, end.signal);
    onTestFinished(async () => {
      end.abort();
      await holding;
    });
    return { lease, end, terms, holding, connection };
  };
  return { redis, node };
}

test('of several nodes one holds it; when it ends another does, with a greater token', async () => {
  const { node } = await rig();
  const nodes = [node(), node(), node()];
  await until(() => expect(nodes.filter(({ lease }) => lease.status().holder)).toHaveLength(1));
  const first = nodes.find(({ lease }) => lease.status().holder);
  first?.end.abort();
  await first?.holding;
  await until(() => expect(nodes.filter(({ lease }) => lease.status().holder)).toHaveLength(1));
  const tokens = nodes.flatMap(({ terms }) => terms.map(({ token }) => Number(token))).sort((a, b) => a - b);
  expect(tokens).toHaveLength(2);
  expect(tokens[1]).toBeGreaterThan(tokens[0] ?? Number.POSITIVE_INFINITY);
});

test('who cannot reach Redis stops before another may begin', async () => {
  const { redis, node } = await rig();
  const one = node();
  await until(() => expect(one.lease.status().holder).toBe(true));
  await redis.ask('CLIENT', 'PAUSE', 3_000);
  await until(() => expect(one.terms[0]?.held.aborted).toBe(true));
  expect(one.lease.status().holder).toBe(false);
  await until(() => expect(one.terms.length).toBeGreaterThan(1));
});

test('an emptied Redis: the lease is lost at the next renewal, and tokens still grow', async () => {
  const { redis, node } = await rig();
  const one = node();
  await until(() => expect(one.terms).toHaveLength(1));
  await redis.flush();
  await until(() => expect(one.terms.length).toBeGreaterThan(1));
  expect(one.terms[0]?.held.aborted).toBe(true);
  expect(Number(one.terms[1]?.token)).toBeGreaterThan(Number(one.terms[0]?.token));
});

test('the fence names the token that stands in Redis, and not the one of an earlier term', async () => {
  const { redis, node } = await rig();
  const one = node();
  await until(() => expect(one.lease.fence()).toBeDefined());
  const fence = one.lease.fence();
  expect(await redis.ask('GET', fence?.key ?? '')).toBe(fence?.token);
  await redis.ask('SET', fence?.key ?? '', 'another', 'PX', 400);
  await until(() => expect(one.terms[0]?.held.aborted).toBe(true));
  expect(one.lease.fence()).toEqual(fence); // what is still under way is refused by it
});
