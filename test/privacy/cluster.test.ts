import { expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../demo/api.js';
import { until } from '../e2e/support/crowd.js';
import { openCluster } from '../support/cluster.js';
import { foundIn, planted } from './support/world.js';

const nameQuery = 'query ($id: ID!) { person(id: $id) { name nameShown } }';
const reading: Readonly<Record<string, readonly (string | number)[]>> = {
  string: ['GET'],
  hash: ['HGETALL'],
  zset: ['ZRANGE', 0, -1],
  set: ['SMEMBERS'],
  list: ['LRANGE', 0, -1],
  stream: ['XRANGE', '-', '+'],
};

it('two nodes over Redis: shown on both, erased on both, and Redis never held it in clear (issue 5, part 3)', async () => {
  const cluster = await openCluster();
  onTestFinished(cluster.close);
  const { first, second, operator, redis } = cluster;
  const [one, other] = [createApi(first.url), createApi(second.url)];
  const { name, nameMn } = planted;
  const input = { code: 'P-1', region: '150800', name, nameMn };
  const { caseId: person } = await one.act(operator, 'registerPerson', null, input);
  const shown = async (api: typeof one) =>
    (await api.ask<{ person: { name: string | null; nameShown: string } | null }>(operator, nameQuery, { id: person }))
      .person;
  const contents = async () => {
    const keys = (await redis.ask('KEYS', '*')) as string[];
    const values = await Promise.all(
      keys.map(async (key) => {
        const [command = '', ...args] = reading[String(await redis.ask('TYPE', key))] ?? [];
        return [key, await redis.ask(String(command), key, ...args)];
      }),
    );
    return Buffer.from(JSON.stringify(values));
  };
  await until('both nodes show it', async () => {
    const found = await Promise.all([one, other].map(shown));
    return found.every((each) => each?.name === name);
  });
  expect((await contents()).includes(person), 'the rows are there').toBe(true);
  expect(foundIn(await contents())).toEqual([]);

  const { caseId: record } = await other.act(operator, 'openDataSubject', null, { subject: person });
  const order = { categories: ['IDENTITY'], basis: '个人信息保护法第四十七条' };
  await one.act(operator, 'orderErasure', record, order);
  await until('both nodes have erased it', async () => {
    const found = await Promise.all([one, other].map(shown));
    return found.every((each) => each?.name === null && each.nameShown === 'ERASED');
  });
  expect(foundIn(await contents())).toEqual([]);
}, 120_000);
