import { afterAll, beforeAll, expect, it } from 'vitest';
import { wsClient } from './support/clients.js';
import { Inbox } from './support/inbox.js';
import type { World } from './support/world.js';
import { openWorld } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Told = { boardChanged: { board: { participation: { level: string; active: number }[] } } };

it('the board of a township follows its county’s congress: it counts the deputies of all five levels (domain.md §4)', async () => {
  const { token } = await world.cast.deputy('D-081', '150823101');
  const counts = new Inbox<number | undefined>();
  const query = `subscription { boardChanged(level: township, region: "150823101") { cursor
    board { ... on TownshipBoard { participation { level active } } } } }`;
  wsClient(world, token).client.subscribe<Told>(
    { query },
    {
      next: ({ data }) =>
        counts.push(data?.boardChanged.board.participation.find(({ level }) => level === 'county')?.active),
      error: () => counts.push(undefined),
      complete: () => counts.push(undefined),
    },
  );
  const before = (await counts.first(() => true)) ?? 0;
  const { mandates } = await world.api.ask<{ mandates: { nodes: { term: number }[] } }>(
    world.operator,
    '{ mandates(filter: { region: ["150823"] }, first: 1) { nodes { term } } }',
  );
  const region = '150823';
  const person = await world.act(world.operator, 'registerPerson', null, { code: 'N-1', name: '新代表', region });
  const seat = { person: person.caseId, region, term: mandates.nodes[0]?.term, confirmedOn: '2026-01-05' };
  await world.act(world.operator, 'registerMandate', null, seat);
  await counts.until((items) => items.length > 1);
  expect(counts.items.at(-1)).toBe(before + 1);
});
