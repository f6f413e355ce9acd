import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertKept, openFaultyHouse } from './support/house.js';

it('with little memory: a flood of the largest requests is refused or served, the process lives, and what was acknowledged is kept (issue 5 part 8)', async () => {
  const data = join(await temporaryFolder(), 'data');
  const house = await openFaultyHouse(data, { NODE_OPTIONS: '--max-old-space-size=96' });
  expect(await house.register('before')).toBeUndefined();
  const answers: number[] = [];
  const large = 'x'.repeat(1_040_000);
  const query = 'query ($x: String) { people(after: $x) { nodes { id } } }';
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let n = 0; n < 12; n++) {
        answers.push((await house.ask(query, { x: large })).status);
        await house.register(`${worker}/${n}`);
      }
    }),
  );
  expect(answers).toHaveLength(96);
  expect(answers.filter((status) => status >= 500)).toEqual([]);
  expect(house.acknowledged.size).toBe(97);
  expect(await house.health('ready')).toMatchObject({ ok: true });
  await assertKept(house);
});
