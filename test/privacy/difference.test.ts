import { expect, it } from 'vitest';
import type { World } from './support/world.js';
import { openPrivateWorld, planted } from './support/world.js';

const differenceQuery = `query ($id: ID!, $from: CaseAt!) { caseDifference(caseId: $id, from: $from) {
  changes { path kind before after events { type revision } } } }`;
const historyQuery = 'query ($id: ID!) { caseHistory(caseId: $id, first: 100) { nodes { type data } } }';
type Change = { path: string; kind: string; before: unknown; after: unknown; events: { type: string }[] };

const changesOf = async ({ ask }: World, who: string, id: string, revision = 0): Promise<readonly Change[]> =>
  (await ask<{ caseDifference: { changes: Change[] } }>(who, differenceQuery, { id, from: { revision } }))
    .caseDifference.changes;
const namesIn = (changes: readonly Change[]) =>
  changes.filter(({ path }) => path.startsWith('/name')).map(({ path, before, after }) => [path, before, after]);
const erase = async (world: World, record: string, categories: readonly string[]) => {
  await world.act(world.operator, 'orderErasure', record, { categories, basis: '个人信息保护法第四十七条' });
  await world.settle();
};

it('a difference shows names in clear as the history does, and no name that was only sealed anew (domain.md §6)', async () => {
  const world = await openPrivateWorld();
  const { name, nameMn, wish } = planted;
  const rename = (input: object) => world.act(world.operator, 'renamePerson', world.person, { ...input });
  await rename({ name, nameMn: `${nameMn} x` });
  await world.settle();
  expect(namesIn(await changesOf(world, world.office, world.person))).toEqual([['/nameMn', nameMn, `${nameMn} x`]]);
  await rename({ name: wish, nameMn: null });
  await world.settle();
  const changes = await changesOf(world, world.office, world.person);
  expect(namesIn(changes)).toEqual([
    ['/name', name, wish],
    ['/nameMn', nameMn, null],
  ]);
  expect(JSON.stringify(changes)).not.toContain('sealed');
  const [first] = changes.filter(({ path }) => path === '/name');
  expect(first?.events.map(({ type }) => type)).toContain('PersonRenamed');
});

it('of what is erased or restricted a difference tells that it changed, and not from what to what', async () => {
  const world = await openPrivateWorld();
  const { act, operator, person } = world;
  await act(operator, 'renamePerson', person, { name: planted.wish, nameMn: planted.nameMn });
  const record = (await act(world.self, 'openDataSubject', null, { subject: person })).caseId;
  await act(operator, 'restrictProcessing', record, { ground: 'LEGAL_HOLD', reason: '法院保全' });
  await world.settle();
  const hidden = [
    ['/name', null, null],
    ['/nameMn', null, null],
  ];
  expect(namesIn(await changesOf(world, world.office, person))).toEqual(hidden);
  await act(operator, 'liftRestriction', record, { reason: '解除' });
  await act(operator, 'endMandate', world.mandate, { reason: 'RESIGNED', on: '2026-03-02' });
  await world.settle();
  expect(namesIn(await changesOf(world, world.office, person))).toEqual([['/name', planted.name, planted.wish]]);
  await erase(world, record, ['IDENTITY']);
  expect(namesIn(await changesOf(world, world.office, person))).toEqual(hidden);
});

it('whoever reads contact data in a difference is recorded; of what has not changed nothing is read', async () => {
  const world = await openPrivateWorld();
  const { act, self, office } = world;
  const record = (await act(self, 'openDataSubject', null, { subject: world.person })).caseId;
  await act(self, 'recordContact', record, { telephone: planted.telephone });
  await act(self, 'giveConsent', record, { purpose: 'PUBLICITY' });
  await world.settle();
  const readers = async () =>
    (
      await world.ask<{ caseHistory: { nodes: { type: string }[] } }>(self, historyQuery, { id: record })
    ).caseHistory.nodes.filter(({ type }) => type === 'DataAccessed').length;
  await changesOf(world, office, record, 1);
  expect(await readers()).toBe(0);
  const changes = await changesOf(world, office, record);
  expect(changes.find(({ path }) => path === '/telephone')).toMatchObject({ before: null, after: planted.telephone });
  expect(await readers()).toBe(1);
});
