import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { all } from '../contract/event-store.contract.js';
import { openWorld } from './support/world.js';

it('what the calendar asks for is done once the node listens, and not by a start that is given up before', async () => {
  const world = await openWorld();
  const typesInLog = async () => {
    const store = await openEmbeddedEventStore({ folder: join(world.folder, 'log') });
    const types = (await all(store.readAll())).map(({ type }) => type);
    await store.close();
    return types;
  };
  await world.settle();
  await world.stop();
  const before = await typesInLog();
  expect(before).toContain('YearDutyOpened');
  world.pass(366 * 24 * 3600);

  const other = createServer();
  other.listen(Number(new URL(world.url).port), '127.0.0.1');
  await once(other, 'listening');
  await expect(world.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(await typesInLog()).toEqual(before);
  other.close();
  await once(other, 'close');

  await world.start();
  type Ready = { readonly scheduler: { readonly secondsSinceTick: number | null } };
  const ticked = async () => ((await (await fetch(`${world.url}/health/ready`)).json()) as Ready).scheduler;
  while ((await ticked()).secondsSinceTick === null);
  await world.stop();
  expect((await typesInLog()).slice(before.length)).toEqual(
    expect.arrayContaining(['YearDutyOpened', 'YearDutyClosed']),
  );
  await world.close();
});
