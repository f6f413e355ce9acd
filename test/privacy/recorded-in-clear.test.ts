import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProposedEvent } from '../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { isLive, sseClient, toldOf } from '../live/support/clients.js';
import type { World } from './support/world.js';
import { filesUnder, foundIn, openPrivateWorld } from './support/world.js';

/** Names as the first version recorded them. */
const old = { first: '旧档姓名巴特尔', second: '旧档更名孟和' } as const;
const person = nameId('in clear', 'person');

/** Events of version 1, which had names in clear: put into the log of a server that is down. */
async function withOldPerson(): Promise<World> {
  const world = await openPrivateWorld();
  const recorded = (type: string, action: string, data: object): ProposedEvent => ({
    id: nameId('in clear', action),
    ...{ type, version: 1, data, effectiveAt: '2025-01-02T02:00:00.000Z' },
    meta: {
      ...{ commandId: action, action, actor: { policy: 'import' }, audience: { public: 'public' } },
      ...{ $correlationId: person, $causationId: action },
    },
  });
  await world.restart(async () => {
    const store = await openEmbeddedEventStore({ folder: join(world.folder, 'log') });
    const registered = { region: '150802', code: 'P-OLD', name: old.first, nameMn: null };
    await store.append(
      `person-${person}`,
      [
        recorded('PersonRegistered', 'registerPerson', registered),
        recorded('PersonRenamed', 'renamePerson', { name: old.second, nameMn: null }),
      ],
      'no_stream',
    );
    await store.close();
  });
  await world.settle();
  return world;
}

const personQuery = `query ($id: ID!) { person(id: $id) { name nameShown } }`;
const historyQuery = `query ($id: ID!) { caseHistory(caseId: $id, first: 100) {
  nodes { type data ... on PersonRegistered { name } ... on PersonRenamed { name } } } }`;
const differenceQuery = `query ($id: ID!) { caseDifference(caseId: $id, from: { revision: 0 }, to: { revision: 1 }) {
  changes { path before after } } }`;
const pastQuery = 'query ($id: ID!) { person(id: $id, at: { revision: 0 }) { name } }';
const authorityQuery = 'query ($id: ID!, $at: LogAt!) { authorityAt(personId: $id, at: $at) { nodes { name } } }';
const proofQuery = 'query ($id: ID!) { auditProof(caseId: $id) { events { event } } }';
const feed = `subscription ($caseId: ID!, $after: String) { caseChanged(caseId: $caseId, after: $after) {
  cursor caughtUp event { type data } case { id ... on Person { name } } } }`;
const fileMutation = 'mutation ($subject: ID!) { makeAccessFile(subject: $subject) { content } }';

/** Every way on which the names come out, by its name: what they say. */
async function doorsOf(world: World, { auditor, at }: { readonly auditor: string; readonly at: string }) {
  const id = person;
  const asked = async (who: string, query: string, more: object = {}) =>
    JSON.stringify(await world.ask(who, query, { id, ...more }));
  // Behind the first event, so that the second one is told from the past.
  const { nodes } = (
    await world.ask<{ caseHistory: { nodes: { cursor: string }[] } }>(
      world.office,
      'query ($id: ID!) { caseHistory(caseId: $id, first: 1) { nodes { cursor } } }',
      { id },
    )
  ).caseHistory;
  const live = sseClient(world, world.office)(feed, { caseId: person, after: nodes[0]?.cursor });
  await live.until((items) => isLive(items));
  const told = toldOf(live.items);
  return {
    query: await asked(world.office, personQuery),
    list: await asked(world.office, '{ people(first: 50) { nodes { name } } }'),
    history: await asked(world.office, historyQuery),
    difference: await asked(world.office, differenceQuery),
    past: await asked(world.office, pastQuery),
    authority: await asked(world.office, authorityQuery, { at: { position: at } }),
    'live, the events': JSON.stringify(told.map(({ event }) => event)),
    'live, the case': JSON.stringify(told.map((one) => one.case)),
    proof: await asked(auditor, proofQuery),
    'export of the operator': await world.get('/export'),
    'export of the auditor': await world.get('/export', auditor),
    'export as a table': await world.get('/export?format=csv'),
  };
}
const saying = (doors: Readonly<Record<string, string>>) =>
  Object.keys(doors).filter((door) => foundIn(Buffer.from(doors[door] ?? ''), old).length > 0);

describe('names that were recorded in clear, before they were sealed (docs/privacy.md; domain.md §6)', () => {
  it('are shown at every door until they are erased, and then at none; the log keeps them', async () => {
    const world = await withOldPerson();
    const { act, operator } = world;
    const seat = { person, region: '150802', term: 5, confirmedOn: '2026-01-12' };
    const mandate = (await act(operator, 'registerMandate', null, seat)).caseId;
    const organ = (
      await act(operator, 'registerOrgan', null, { code: 'AUD', region: '150802', kind: 'AUD', name: '审计' })
    ).caseId;
    const holder = { code: 'P-3', region: '150802', name: '审计员' };
    const clerk = (await act(operator, 'registerPerson', null, holder)).caseId;
    const post = (await act(operator, 'assignPost', null, { person: clerk, organ, role: 'clerk' })).caseId;
    const auditor = await world.tokenOf(clerk, { post });
    const self = await world.tokenOf(person, { mandate });
    const record = (await act(self, 'openDataSubject', null, { subject: person })).caseId;
    const { position: at } = await act(self, 'requestAccess', record);
    await world.settle();
    const doors = await doorsOf(world, { auditor, at });
    expect(saying(doors)).toEqual(Object.keys(doors));

    await act(operator, 'restrictProcessing', record, { ground: 'DISPUTED', reason: '核实' });
    await world.settle();
    expect(saying(await doorsOf(world, { auditor, at })), 'restricted').toEqual([]);
    await act(operator, 'liftRestriction', record, { reason: '核实完毕' });
    await act(operator, 'endMandate', mandate, { reason: 'RESIGNED', on: '2026-03-02' });
    await world.settle();
    await act(operator, 'orderErasure', record, { categories: ['IDENTITY'], basis: '本人申请' });
    await world.settle();
    expect(saying(await doorsOf(world, { auditor, at })), 'erased').toEqual([]);
    const file = await world.ask<{ makeAccessFile: { content: string } }>(operator, fileMutation, { subject: person });
    expect(saying({ file: file.makeAccessFile.content })).toEqual([]);
    await world.restart();
    expect(saying(await doorsOf(world, { auditor, at })), 'after a restart').toEqual([]);

    const files = await filesUnder(join(world.folder, 'log'));
    expect(
      files.some(({ bytes }) => foundIn(bytes, old).length > 0),
      'in the log',
    ).toBe(true);
  }, 60_000);
});
