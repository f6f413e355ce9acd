import { describe, expect, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { openRedisKeyVault } from '../../../src/infra/redis/key-vault.js';
import { keyVaultContract } from '../../contract/key-vault.contract.js';
import { startRedisServer } from '../../support/redis-server.js';

async function server() {
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const problems: unknown[] = [];
  const open = async (known?: string) => {
    const connection = connectRedis(redis.url, { onProblem: (problem) => problems.push(problem) });
    onTestFinished(() => connection.close());
    return openRedisKeyVault({ connection, name: 'wuji', newLife: 'life 1', known });
  };
  return { redis, open };
}

keyVaultContract('a vault in Redis', async () => {
  const { open } = await server();
  return { vault: await open(), again: () => open() };
});

describe('a vault in Redis that comes back empty (issue 5, part 3)', () => {
  it('is not filled with new keys: neither by a node that runs, nor by one that has seen it before', async () => {
    const { redis, open } = await server();
    const vault = await open();
    await vault.add('a', 'one');
    await redis.flush();
    await expect(vault.get('a')).rejects.toMatchObject({ code: 'lost' });
    await expect(vault.add('a', 'two')).rejects.toMatchObject({ code: 'lost' });
    await expect(vault.destroy('a', 'now')).rejects.toMatchObject({ code: 'lost' });
    await expect(open(vault.life)).rejects.toMatchObject({ code: 'lost' });
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });
});
