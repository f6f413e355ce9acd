import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openRevocations } from '../../../src/infra/in-process/revocations.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { openRedisRevocations } from '../../../src/infra/redis/revocations.js';
import { RedisUnavailable } from '../../../src/infra/redis/unavailable.js';
import { at, knows, nextYear, revocationsContract, tokenOf } from '../../contract/revocations.contract.js';
import { type RedisServer, startRedisServer } from '../../support/redis-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

const noon = at('2026-03-02T04:00:00.000Z');
/** A node as main.ts opens it, with a folder of its own. `kill`: as kill -9, nothing is said to Redis. */
async function node(name: string, options: { folder?: string; now?: () => number } = {}) {
  const { folder = await temporaryFolder(), now = () => noon } = options;
  const problems: unknown[] = [];
  const connect = () => connectRedis(server.url, { onProblem: () => {}, patienceMs: 200 });
  const [connection, listening] = [connect(), connect()];
  const own = await openRevocations(join(folder, 'revoked.json'), now);
  const onProblem = (problem: unknown) => problems.push(problem);
  const revocations = await openRedisRevocations({ connection, listening, name, own, now, onProblem });
  const kill = async () => {
    await revocations.close();
    await Promise.all([connection.close(), listening.close()]);
    expect(problems).toEqual([]);
  };
  onTestFinished(kill);
  return { ...revocations, connection, folder, kill };
}

let made = 0;
revocationsContract('redis', async (now) => {
  const name = `contract-${made++}`;
  let open: Awaited<ReturnType<typeof node>>[] = [];
  return {
    // Each time on another machine: what it knows it has from Redis.
    async open() {
      const opened = await node(name, { now });
      open.push(opened);
      return opened;
    },
    async end() {
      for (const one of open) await one.kill();
      open = [];
    },
  };
});

describe('revocations of several nodes', () => {
  const token = tokenOf('mandate:m', { id: 'j-1', issuedAt: noon });
  const other = tokenOf('mandate:m', { id: 'j-2', issuedAt: noon });
  let name: string;
  beforeEach(() => {
    name = `nodes-${made++}`;
  });

  it('every node hears at once of what was revoked at one', async () => {
    const [one, two] = [await node(name), await node(name)];
    const heard = knows(two, token);
    await one.revoke({ token: 'j-1', until: nextYear });
    await heard;
    expect([one.isRevoked(token), two.isRevoked(token), two.isRevoked(other)]).toEqual([true, true, false]);
  });

  it('while Redis is away a revocation is in force where it was given and says that it was not shared; the others hear when Redis is back', async () => {
    const [one, two] = [await node(name), await node(name)];
    await server.kill();
    await expect(one.revoke({ token: 'j-1', until: nextYear })).rejects.toThrow(RedisUnavailable);
    expect([one.isRevoked(token), two.isRevoked(token)]).toEqual([true, false]);
    const heard = knows(two, token);
    await server.restart();
    await heard;
  });

  it('a node whose ear was cut off asks when it hears again', async () => {
    const [one, two] = [await node(name), await node(name)];
    const heard = knows(two, token);
    await server.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await one.revoke({ token: 'j-1', until: nextYear });
    await heard;
  });

  it('a node that hears again before it can ask tells what it knows as soon as it can', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }); // no asking in between
    onTestFinished(() => void vi.useRealTimers());
    const [one, two] = [await node(name), await node(name)];
    one.connection.client.disconnect();
    await expect(one.revoke({ token: 'j-1', until: nextYear })).rejects.toThrow(RedisUnavailable);
    const heard = knows(two, token);
    await one.connection.client.connect();
    await heard;
  });

  it('an emptied Redis is filled again by the nodes: a new node knows all', async () => {
    const one = await node(name);
    await one.revoke({ token: 'j-1', until: nextYear });
    await server.flush();
    await one.revoke({ token: 'j-2', until: nextYear });
    const fresh = await node(name);
    expect([fresh.isRevoked(token), fresh.isRevoked(other)]).toEqual([true, true]);
  });

  it('a node that starts while Redis is away knows what it had heard before', async () => {
    const [one, two] = [await node(name), await node(name)];
    const heard = knows(two, token);
    await one.revoke({ token: 'j-1', until: nextYear });
    await heard;
    await two.kill();
    await server.kill();
    const again = await node(name, { folder: two.folder });
    expect(again.isRevoked(token)).toBe(true);
    await server.restart();
  });

  it('what is over is dropped from Redis, and the rest expires with the last of it', async () => {
    let now = noon;
    const one = await node(name, { now: () => now });
    await one.revoke({ token: 'j-1', until: noon + 1_000 });
    now = noon + 1_000;
    await one.revoke({ token: 'j-2', until: noon + 61_000 });
    expect(await server.ask('ZCARD', `wuji:{${name}}:revocations`)).toBe(1);
    const left = Number(await server.ask('PTTL', `wuji:{${name}}:revocations`));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });
});
