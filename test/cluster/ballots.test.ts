import { expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../demo/api.js';
import { type Counted, castAt, counted, isReceipt, openHall } from '../ballots/support/hall.js';
import { openCluster } from '../support/cluster.js';

it('one ballot per voter in concurrent tries on two nodes; the batch is of what was acknowledged (invariant 11)', async () => {
  const { first, second, operator, issue, redis, close } = await openCluster();
  onTestFinished(close);
  const hall = await openHall(first.url, operator, issue);
  const id = await hall.call();
  const tries = hall.voters.flatMap(({ token }, index) =>
    Array.from({ length: 6 }, (_, n) => castAt(n % 2 ? first.url : second.url, token, id, [index % 3])),
  );
  const results = await Promise.all(tries);
  const receipts = results.filter(isReceipt);
  expect(receipts).toHaveLength(hall.voters.length);
  expect(new Set(results.filter((one) => !isReceipt(one)))).toEqual(new Set(['ALREADY_VOTED']));

  await hall.close(id);
  await hall.until(id, 'COUNTED');
  const { ballot } = await createApi(second.url).ask<Counted>(hall.office, counted, { id });
  expect(ballot.receipts).toEqual([...receipts].sort());
  expect(ballot.tally?.map(({ votes }) => votes)).toEqual([2, 2, 2]);
  expect(await redis.ask('KEYS', `*ballot:${id}*`)).toEqual([]);
}, 120_000);
