import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedisBallotBox } from '../../../src/infra/redis/ballot-box.js';
import { connectRedis, type RedisConnection } from '../../../src/infra/redis/connection.js';
import { ballotBoxContract } from '../../contract/ballot-box.contract.js';
import { idOf } from '../../support/spec.js';
import { refuse, sharedServer } from './shared-server.js';

const shared = sharedServer();
const key = 'ab'.repeat(32);
let second: RedisConnection;
beforeAll(() => {
  second = connectRedis(shared.server.url, { onProblem: refuse });
});
afterAll(() => second.close());

const prefix = 'wuji:{boxes}:ballot:';
const list = async (command: string, ...args: (string | number)[]): Promise<string[]> => {
  const found = await shared.server.ask(command, ...args);
  return Array.isArray(found) ? found.map(String) : [];
};

ballotBoxContract('redis', async () => {
  const box = (connection: RedisConnection) => createRedisBallotBox({ connection, name: 'boxes', key });
  return {
    nodes: [box(shared.connection), box(second)],
    raw: async (id) => ({
      marks: await list('ZRANGE', `${prefix}${id}:marks`, 0, -1),
      ballots: await list('ZRANGE', `${prefix}${id}:ballots`, 0, -1),
    }),
    async all() {
      const keys = await list('KEYS', '*');
      const dumps = await Promise.all(keys.map(async (one) => one + String(await shared.server.ask('DUMP', one))));
      return dumps.join();
    },
  };
});

it('an emptied Redis is a lost box: nobody votes into a new one as if nothing had been', async () => {
  const box = createRedisBallotBox({ connection: shared.connection, name: 'boxes', key });
  const ballot = idOf('lost ballot');
  const id = await box.make(ballot);
  await box.cast({ ballot, box: id, voter: 'v', content: '[0]' });
  await shared.server.flush();
  await box.make(ballot);
  expect(await box.cast({ ballot, box: id, voter: 'v', content: '[0]' })).toBe('lost');
  expect(await box.shut(ballot, id)).toBeUndefined();
});

it('neither set keeps a score: no time and no order of coming lies in Redis', async () => {
  const box = createRedisBallotBox({ connection: shared.connection, name: 'boxes', key });
  const ballot = idOf('scored ballot');
  const id = await box.make(ballot);
  for (const voter of ['a', 'b', 'c']) await box.cast({ ballot, box: id, voter, content: '[0]' });
  for (const half of ['marks', 'ballots']) {
    expect(await shared.server.ask('ZCOUNT', `${prefix}${ballot}:${half}`, 0, 0)).toBe(3);
  }
});
