import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLive, sseClient, toldOf } from '../live/support/clients.js';
import type { World } from './support/world.js';
import { filesUnder, foundIn, openPrivateWorld, planted } from './support/world.js';

const personQuery = `query ($id: ID!) { person(id: $id) { name nameShown nameMn nameMnShown revision } }`;
const contactQuery = '{ dataSubjects(first: 5) { nodes { subjectId telephone telephoneShown email emailShown } } }';
const feed = `subscription ($caseId: ID!, $after: String) { caseChanged(caseId: $caseId, after: $after) {
  cursor caughtUp event { type data } case { id ... on Person { name nameShown } } } }`;
const historyQuery = 'query ($id: ID!) { caseHistory(caseId: $id, first: 100) { nodes { type data } } }';

type Shown = Record<string, string | null>;
const personOf = async (world: World, who: string): Promise<Shown> =>
  (await world.ask<{ person: Shown }>(who, personQuery, { id: world.person })).person;
const contactOf = async (world: World, who: string): Promise<Shown | undefined> =>
  (await world.ask<{ dataSubjects: { nodes: Shown[] } }>(who, contactQuery)).dataSubjects.nodes[0];

/** What of the planted strings stands anywhere outside the answers to those who may see them. */
async function leaks(world: World): Promise<string[]> {
  const files = (await filesUnder(world.folder)).map(
    ({ path, bytes }) => [path.slice(world.folder.length), bytes] as const,
  );
  const texts = {
    'the log lines': world.logged.join(''),
    metrics: await world.get('/metrics'),
    health: await world.get('/health/ready'),
    export: await world.get('/export'),
  };
  const all = [...files, ...Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const)];
  return all.flatMap(([name, bytes]) => foundIn(bytes).map((what) => `${name}: ${what}`));
}

/** Everything that a person can leave behind, through the API. */
async function leaveTraces(world: World) {
  const { self, person } = world;
  const record = (await world.act(self, 'openDataSubject', null, { subject: person })).caseId;
  const { telephone, email, wish } = planted;
  await world.act(self, 'recordContact', record, { telephone, email });
  await world.act(self, 'giveConsent', record, { purpose: 'PUBLICITY' });
  await world.act(self, 'requestCorrection', record, { field: 'NAME', wish });
  await world.settle();
  return record;
}

/** Messages of the person's case, from the cursor, until it has caught up. */
function follow(world: World, after?: string) {
  const variables = { caseId: world.person, ...(after !== undefined && { after }) };
  const inbox = sseClient(world, world.office)(feed, variables);
  return {
    inbox,
    caughtUp: async () => {
      await inbox.until((items) => isLive(items));
      return toldOf(inbox.items);
    },
  };
}
const messages = async (world: World, after?: string) => JSON.stringify(await follow(world, after).caughtUp());

const endTerm = async (world: World) => {
  await world.act(world.operator, 'endMandate', world.mandate, { reason: 'RESIGNED', on: '2026-03-02' });
  await world.settle();
};
const erase = async (world: World, record: string, categories: readonly string[]) => {
  await world.act(world.operator, 'orderErasure', record, { categories, basis: '个人信息保护法第四十七条' });
  await world.settle();
};

describe('planted personal strings (issue 5, part 3; domain.md invariant 10)', () => {
  it('the scanner finds what is there', () => {
    for (const text of [
      `xx${planted.name}yy`,
      JSON.stringify({ a: planted.name }),
      Buffer.from(`ab${planted.name}cd`).toString('base64'),
      Buffer.from(`abc${planted.name}cd`).toString('base64'),
      Buffer.from(planted.name).toString('hex'),
    ])
      expect(foundIn(Buffer.from(text)), text).toContain('name');
    expect(foundIn(Buffer.from('nothing'))).toEqual([]);
  });

  it('are shown to those who may see them, and stand nowhere else: not in log, read store, vault, log lines, metrics, exports', async () => {
    const world = await openPrivateWorld();
    await leaveTraces(world);
    expect(await personOf(world, world.office)).toMatchObject({
      ...{ name: planted.name, nameShown: 'SHOWN', nameMn: planted.nameMn },
    });
    expect(await contactOf(world, world.office)).toMatchObject({ telephone: planted.telephone, email: planted.email });
    expect(await messages(world)).toContain(planted.name);
    expect(await leaks(world)).toEqual([]);
  });

  it('erased: null everywhere, also past, live and after a rebuild; the log is byte for byte what it was, the counts the same', async () => {
    const world = await openPrivateWorld();
    const record = await leaveTraces(world);
    const before = await world.get('/export');
    // What is shown live is written out, and kept for those who come back.
    const watching = follow(world);
    const [marker] = await watching.caughtUp();
    const cursor = marker?.cursor ?? '';
    const { name } = planted;
    await world.act(world.operator, 'renamePerson', world.person, { name, nameMn: `${planted.nameMn} x` });
    await watching.inbox.until((items) => toldOf(items).some(({ event }) => event?.type === 'PersonRenamed'));
    expect(await messages(world, cursor)).toContain(planted.name);
    await endTerm(world);
    const people = async () =>
      (await world.ask<{ people: { nodes: object[] } }>(world.office, '{ people(first: 50) { nodes { id } } }')).people
        .nodes.length;
    const count = await people();
    await erase(world, record, ['IDENTITY', 'CONTACT', 'STATEMENT']);

    const erased = { name: null, nameShown: 'ERASED', nameMn: null, nameMnShown: 'ERASED' };
    expect(await personOf(world, world.office)).toMatchObject(erased);
    expect(await contactOf(world, world.operator)).toMatchObject({ telephone: null, telephoneShown: 'ERASED' });
    expect(await people()).toBe(count);
    expect((await world.get('/export')).startsWith(before)).toBe(true);
    const answers = [
      await messages(world, cursor),
      await messages(world),
      JSON.stringify(await world.ask(world.operator, historyQuery, { id: world.person })),
      JSON.stringify(await world.ask(world.operator, historyQuery, { id: record })),
      JSON.stringify(
        await world.ask(world.operator, `{ person(id: "${world.person}", at: { revision: 0 }) { name } }`),
      ),
    ];
    expect(answers.flatMap((text) => foundIn(Buffer.from(text)))).toEqual([]);

    await world.restart(() => rm(join(world.folder, 'read'), { recursive: true }));
    await world.settle();
    expect(await personOf(world, world.office)).toMatchObject(erased);
    expect(await people()).toBe(count);
    expect(await leaks(world)).toEqual([]);
  });
});
