import type { ExecutionResult } from 'graphql';
import { execute, graphql, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { wuji } from '../../../src/domain/wuji.js';
import { boardsAndInboxes } from '../../../src/graphql/boards/boards.js';
import { createSchema } from '../../../src/graphql/schema.js';
import type { Services } from '../../../src/graphql/services.js';
import { boardOf } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import type { Town } from '../town.js';
import { assigned, city, newTown, registered, run, seenBy } from '../town.js';

async function api(at: Town) {
  const { projector, settle } = run(at.store, at.reads, at.handle, at.now);
  await settle();
  const services: Services = { ...at, projector, clock: { now: at.now }, waitMs: 1000 };
  return createSchema({ registry: wuji, models: caseModels }, () => services, [boardsAndInboxes]);
}

describe('boards and inboxes over GraphQL (issue 2, part 10)', () => {
  it('a board is asked for by level and region, an inbox by organ; refusals come with their code', async () => {
    const at = await newTown();
    await at.congress(city);
    const [dwc, water] = [await at.official('DWC', city), await at.official('ORG', city, 'water')];
    const bat = await at.deputy('Bat', city);
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water);
    const schema = await api(at);
    const ask = (source: string, viewer = seenBy(dwc)): Promise<ExecutionResult> =>
      graphql({ schema, source, contextValue: { viewer } });

    const board = await ask(`{ board(level: city, region: "${city}") { level region { code name }
      ... on CityBoard { funnel { level status count } owners { owner running } regions { region { name } suggestions } } } }`);
    expect(board.errors).toBeUndefined();
    expect(board.data?.board).toMatchObject({
      level: 'city',
      region: { code: city, name: '巴彦淖尔市' },
      funnel: [{ level: 'city', status: 'HANDLING', count: 1 }],
      owners: [{ owner: `organ:${water.organ}`, running: 1 }],
    });
    const inbox = await ask(
      `{ inbox(organ: "${water.organ}") { counts { duty count } items { title duty dueOn role overdue } more } }`,
      seenBy(water),
    );
    expect(inbox.errors).toBeUndefined();
    expect(inbox.data?.inbox).toEqual({
      counts: [{ duty: 'REPLY', count: 1 }],
      items: [{ title: 'Canals', duty: 'REPLY', dueOn: '2026-06-02', role: 'LEAD', overdue: false }],
      more: false,
    });
    for (const first of [0, -1, 101]) {
      const page = await ask(`{ inbox(organ: "${water.organ}", first: ${first}) { more } }`, seenBy(water));
      expect(page.errors?.[0]?.extensions.code).toBe('PAGE_TOO_LARGE');
    }
    const refused = await ask(`{ board(level: county, region: "${city}") { level } }`);
    expect(refused.errors?.[0]?.extensions.code).toBe('WRONG_LEVEL');
  });

  it('a live board is the same board with the cursor of the log', async () => {
    const at = await newTown();
    const dwc = await at.official('DWC', city);
    const schema = await api(at);
    const board = await boardOf(at)(city, 'city', seenBy(dwc));
    const document = parse(
      `subscription { boardChanged(level: city, region: "${city}") { cursor board { level region { code } } } }`,
    );
    const told = await execute({
      schema,
      document,
      rootValue: { boardChanged: { cursor: 'c', board } },
      contextValue: { viewer: { actor: null, tags: ['public'] } },
    });
    expect(told).toEqual({
      data: { boardChanged: { cursor: 'c', board: { level: 'city', region: { code: city } } } },
    });
  });
});
