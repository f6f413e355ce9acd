import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertKept, assertRefusal, openFaultyHouse, operatorOf, until } from './support/house.js';

/** Debian's libfaketime, wherever this machine's kind has it. */
const library = execFileSync('dpkg', ['-L', 'libfaketime'], { encoding: 'utf8' })
  .split('\n')
  .find((path) => path.endsWith('/libfaketime.so.1'));
const hours = (count: number) => count * 3_600_000;

it('a clock that jumps ahead and back: tokens are judged by it, commands, feeds and policies go on, the log keeps its order (issue 5 part 8)', async () => {
  const folder = await temporaryFolder();
  const offset = join(folder, 'offset');
  const jump = (by: number) => writeFileSync(offset, `${by < 0 ? '-' : '+'}${Math.abs(by)}h`);
  jump(0);
  const data = join(folder, 'data');
  const house = await openFaultyHouse(data, {
    LD_PRELOAD: library ?? '',
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  expect(await house.register('now')).toBeUndefined();

  jump(48);
  assertRefusal(await house.register('with an old token'), 'TOKEN_EXPIRED');
  house.signInAs(await operatorOf(data, new Date(Date.now() + hours(48))));
  expect(await house.register('ahead')).toBeUndefined();

  jump(-48);
  house.signInAs(await operatorOf(data, new Date(Date.now() - hours(48))));
  for (let n = 0; n < 3; n++) expect(await house.register(`back ${n}`)).toBeUndefined();
  const ready = await until(
    () => house.health('ready'),
    ({ ok }) => ok,
  );
  expect(ready).toMatchObject({ projector: { state: 'live' }, reactors: { retrying: [] } });

  jump(0);
  house.signInAs(await operatorOf(data));
  expect(await house.register('right again')).toBeUndefined();
  await assertKept(house);
  const log = await house.log();
  const order = [...house.acknowledged.values()];
  expect(log.filter((place) => order.includes(place))).toEqual(order);
  expect(await house.restart()).toBe(0);
  expect(await house.log()).toEqual(log);
  expect(await house.register('after a start')).toBeUndefined();
});
