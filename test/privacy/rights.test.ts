import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { Refused } from '../../demo/api.js';
import { isLive, sseClient, toldOf } from '../live/support/clients.js';
import type { World } from './support/world.js';
import { openPrivateWorld, planted } from './support/world.js';

const recordQuery = `query ($id: ID!) { dataSubject(id: $id) { statusCode telephone telephoneShown consents { purpose } requests { id kind status reason } } }`;
const personQuery = 'query ($id: ID!) { person(id: $id) { name nameShown nameMn } }';
const historyQuery = 'query ($id: ID!) { caseHistory(caseId: $id, first: 100) { nodes { type data } } }';
const fileMutation = 'mutation ($subject: ID!) { makeAccessFile(subject: $subject) { content digest values } }';
type Row = {
  consents: unknown[] | null;
  requests: { id: string; kind: string; status: string; reason: string | null }[];
  [key: string]: unknown;
};

async function world() {
  const made = await openPrivateWorld();
  const record = (await made.act(made.self, 'openDataSubject', null, { subject: made.person })).caseId;
  await made.act(made.self, 'recordContact', record, { telephone: planted.telephone });
  const seen = async (who: string) =>
    (await made.ask<{ dataSubject: Row | null }>(who, recordQuery, { id: record })).dataSubject;
  return { ...made, record, seen };
}
const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.code : String(error)),
  );
const eventsOf = async ({ ask, record }: Pick<World, 'ask'> & { readonly record: string }, who: string) =>
  (await ask<{ caseHistory: { nodes: { type: string }[] } }>(who, historyQuery, { id: record })).caseHistory.nodes.map(
    ({ type }) => type,
  );
const accesses = async ({ ask, self }: Pick<World, 'ask' | 'self'>, id: string) =>
  (
    await ask<{ caseHistory: { nodes: { type: string; data: object }[] } }>(self, historyQuery, { id })
  ).caseHistory.nodes
    .filter(({ type }) => type === 'DataAccessed')
    .map(({ data }) => data);

it('contact data is shown to the person, the office and the officer; consents and requests not to the office; a stranger sees nothing', async () => {
  const at = await world();
  await at.act(at.self, 'giveConsent', at.record, { purpose: 'PUBLICITY' });
  expect(await at.seen(at.self)).toMatchObject({ telephone: planted.telephone, consents: [{ purpose: 'PUBLICITY' }] });
  expect(await at.seen(at.operator)).toMatchObject({
    telephone: planted.telephone,
    consents: [{ purpose: 'PUBLICITY' }],
  });
  expect(await at.seen(at.office)).toMatchObject({ telephone: planted.telephone, consents: null, requests: null });
  const answer = await fetch(`${at.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: recordQuery, variables: { id: at.record } }),
  });
  expect(await answer.json()).toEqual({ data: { dataSubject: null } });
});

it('who reads what is not public is recorded before it is shown: once a day, and not the person', async () => {
  const at = await world();
  await at.seen(at.self);
  expect(await accesses(at, at.record)).toEqual([]);
  await at.seen(at.office);
  await at.seen(at.office);
  expect(await accesses(at, at.record)).toMatchObject([{ category: 'CONTACT', on: '2026-03-02' }]);
  at.pass(1);
  await at.seen(at.office);
  expect(await accesses(at, at.record)).toMatchObject([{ on: '2026-03-02' }, { on: '2026-03-03' }]);
});

it('restricted, the data is shown to nobody, and the contact data not even by its name; lifted, again', async () => {
  const at = await world();
  await at.act(at.operator, 'restrictProcessing', at.record, { ground: 'LEGAL_HOLD', reason: '法院保全' });
  await at.settle();
  for (const who of [at.office, at.operator, at.self]) {
    expect(await at.seen(who)).toMatchObject({ telephone: null, telephoneShown: 'RESTRICTED' });
    expect(await at.ask(who, personQuery, { id: at.person })).toMatchObject({
      person: { name: null, nameShown: 'RESTRICTED' },
    });
  }
  const erasing = { categories: ['CONTACT'], basis: '本人申请' };
  expect(await refusalOf(at.act(at.operator, 'orderErasure', at.record, erasing))).toBe('LEGAL_HOLD');
  await at.act(at.operator, 'liftRestriction', at.record, { reason: '解除' });
  await at.settle();
  expect(await at.seen(at.office)).toMatchObject({ telephone: planted.telephone });
});

it('an access request is answered with a file of all that is kept, for the person or the officer; its digest is recorded', async () => {
  const at = await world();
  const make = (who: string) =>
    at.ask<{ makeAccessFile: { content: string; digest: string; values: number } }>(who, fileMutation, {
      subject: at.person,
    });
  expect(await refusalOf(make(at.self))).toBe('REQUEST_NOT_OPEN');
  await at.act(at.self, 'requestAccess', at.record);
  expect(await refusalOf(make(at.office))).toBe('NOT_THE_SUBJECT');
  const { content, digest, values } = (await make(at.self)).makeAccessFile;
  for (const text of [planted.name, planted.nameMn, planted.telephone]) expect(content).toContain(text);
  expect(values).toBe(3);
  expect(content).not.toContain('工作人员');
  expect(digest).toBe(createHash('sha256').update(content).digest('hex'));
  await at.settle();
  expect((await at.seen(at.self))?.requests).toMatchObject([{ kind: 'ACCESS', status: 'DONE' }]);
  expect(await refusalOf(make(at.self))).toBe('REQUEST_NOT_OPEN');
});

it('a correction reaches what is shown: the name in the register, the telephone in the record', async () => {
  const at = await world();
  await at.act(at.self, 'requestCorrection', at.record, { field: 'NAME', wish: planted.wish });
  const [asked] = (await at.seen(at.self))?.requests ?? [];
  await at.act(at.operator, 'applyCorrection', at.record, { request: asked?.id, wish: planted.wish });
  await at.settle();
  expect(await at.ask(at.office, personQuery, { id: at.person })).toMatchObject({
    person: { name: planted.wish, nameMn: planted.nameMn },
  });
});

it('a correction that is denied is told to whoever asked: live, in the history and in the record, with the reason', async () => {
  const at = await world();
  await at.act(at.self, 'requestCorrection', at.record, { field: 'NAME', wish: planted.wish });
  const [asked] = (await at.seen(at.self))?.requests ?? [];
  const feed = sseClient(at, at.self)('subscription { dutyFeed { cursor caughtUp event { type caseId } } }');
  await feed.until((items) => isLive(items));
  const reason = '与居民身份证所载不符';
  await at.act(at.operator, 'denyCorrection', at.record, { request: asked?.id, reason });
  await feed.until((items) => toldOf(items).some(({ event }) => event?.type === 'CorrectionDenied'));
  await at.settle();
  expect((await at.seen(at.self))?.requests).toMatchObject([{ kind: 'CORRECTION', status: 'DENIED', reason }]);
  const history = async (who: string) =>
    (
      await at.ask<{ caseHistory: { nodes: { type: string; data: { reason?: string } }[] } }>(who, historyQuery, {
        id: at.record,
      })
    ).caseHistory.nodes.find(({ type }) => type === 'CorrectionDenied')?.data.reason;
  expect(await history(at.self)).toBe(reason);
  // Why is between the person and the officer.
  expect(await history(at.office)).toBeUndefined();
  expect(await at.ask(at.office, personQuery, { id: at.person })).toMatchObject({ person: { name: planted.name } });
});

it('a request that nobody answers is overdue after 15 working days, for the officer (T25)', async () => {
  const at = await world();
  await at.act(at.self, 'requestErasure', at.record, { categories: ['CONTACT'] });
  at.pass(21); // 23 March is the fifteenth working day
  await at.settle();
  const overdue = async () => (await eventsOf(at, at.operator)).filter((type) => type === 'BecameOverdue').length;
  expect(await overdue()).toBe(0);
  at.pass(1);
  await at.settle();
  expect(await overdue()).toBe(1);
});

it('a hold ends by itself with its last day: what it hid is shown, and the erasure asked for meanwhile goes on', async () => {
  const at = await world();
  const until = '2026-03-04';
  await at.act(at.operator, 'restrictProcessing', at.record, { ground: 'LEGAL_HOLD', until, reason: '法院保全' });
  await at.act(at.self, 'requestErasure', at.record, { categories: ['CONTACT'] });
  const order = async () => {
    const [request] = (await at.seen(at.self))?.requests ?? [];
    const erasing = { categories: ['CONTACT'], basis: '本人申请', request: request?.id };
    return refusalOf(at.act(at.operator, 'orderErasure', at.record, erasing));
  };
  at.pass(2);
  await at.settle();
  expect(await at.seen(at.office)).toMatchObject({ statusCode: 'RESTRICTED', telephoneShown: 'RESTRICTED' });
  expect(await order()).toBe('LEGAL_HOLD');
  at.pass(1);
  await at.settle();
  expect(await eventsOf(at, at.self)).toContain('RestrictionExpired');
  expect((await eventsOf(at, at.self)).filter((type) => type === 'RestrictionExpired')).toHaveLength(1);
  expect(await at.seen(at.office)).toMatchObject({ statusCode: 'ACTIVE', telephone: planted.telephone });
  expect(await order()).toBe('done');
  await at.settle();
  expect(await at.seen(at.office)).toMatchObject({ telephoneShown: 'ERASED' });
});

it('the name of whoever holds a post is not erased while it is held, a clerk’s as the operator’s own (domain.md §6)', async () => {
  const at = await world();
  const record = (await at.act(at.operator, 'openDataSubject', null, { subject: at.clerk })).caseId;
  const order = () =>
    refusalOf(at.act(at.operator, 'orderErasure', record, { categories: ['IDENTITY'], basis: '本人申请' }));
  expect(await order()).toBe('KEPT_IN_POST');
  await at.act(at.operator, 'endPost', at.post);
  await at.settle();
  expect(await order()).toBe('done');
  await at.settle();
  expect(await at.ask(at.operator, personQuery, { id: at.clerk })).toMatchObject({ person: { nameShown: 'ERASED' } });
});

it('a deputy’s name is not erased during the term, the telephone is; no more of it is then taken', async () => {
  const at = await world();
  const order = (category: string) =>
    at.act(at.operator, 'orderErasure', at.record, { categories: [category], basis: '本人申请' });
  expect(await refusalOf(order('IDENTITY'))).toBe('KEPT_DURING_TERM');
  await order('CONTACT');
  await at.settle();
  expect(await at.seen(at.office)).toMatchObject({ telephone: null, telephoneShown: 'ERASED' });
  expect(await at.ask(at.office, personQuery, { id: at.person })).toMatchObject({ person: { nameShown: 'SHOWN' } });
  expect(await refusalOf(at.act(at.self, 'recordContact', at.record, { telephone: '1' }))).toBe('PERSONAL_DATA_ERASED');
});
