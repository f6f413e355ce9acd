import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawSocket } from '../live/support/clients.js';
import type { Part, World } from '../live/support/world.js';
import { draft, openWorld } from '../live/support/world.js';
import { refusedWhole } from './support/refused.js';

let world: World;
let lead: Part;
let organ: Part;
let office: Part;
let replied: string;
const rating = { attitude: 'SATISFIED', result: 'SATISFIED' };

beforeAll(async () => {
  world = await openWorld();
  const { cast, act } = world;
  lead = await cast.deputy('D-041', '150802');
  organ = await cast.official('O-16');
  office = await cast.official('O-14');
  const { caseId: id } = await act(lead, 'draftSuggestion', null, draft);
  await act(lead, 'submitSuggestion', id);
  await act(office, 'registerSuggestion', id, { field: '基础设施' });
  const organs = [{ organ: cast.organ('NMJ-150802'), role: 'LEAD' }];
  await act(await cast.official('O-15'), 'assignSuggestion', id, { mode: 'LEAD_AND_CO', organs });
  await act(organ, 'receiveAssignment', id);
  await act(organ, 'contactDeputy', id, {
    mandate: lead.id,
    way: 'VISIT',
    on: '2026-02-03',
    summary: '当面听取意见。',
  });
  await act(organ, 'issueReply', id, { category: 'A', text: '已修复。' });
  replied = id;
});
afterAll(() => world.close());
const newDraft = async () => (await world.act(lead, 'draftSuggestion', null, draft)).caseId;

describe('actions with bad input: the code, and nothing written (issue 2 “Bad input”)', () => {
  it.each([
    ['unknown', randomUUID()],
    ['no id at all', 'nonsense'],
    ['empty', ''],
    ['of another kind', 'kind'],
    ['huge', 'a'.repeat(10_000)],
  ])('an id that is %s is NOT_FOUND', async (_, id) => {
    const given = id === 'kind' ? lead.id : id;
    for (const [action, input] of [['submitSuggestion'], ['editSuggestion', draft]] as const)
      await refusedWhole(world, 'NOT_FOUND', () => world.refusal(lead, action, given, input));
  });

  it('a case that is another’s is NOT_FOUND, and so is one that is stale: no longer the actor’s', async () => {
    const helper = await world.cast.deputy('D-081', '150823101');
    const id = await newDraft();
    const help = { kind: 'SURVEY', text: '调查。' };
    await refusedWhole(world, 'NOT_FOUND', () => world.refusal(helper, 'giveCollaboration', id, help));
    await world.act(lead, 'addCollaborator', id, { mandate: helper.id });
    await world.act(lead, 'removeCollaborator', id, { mandate: helper.id });
    await refusedWhole(world, 'NOT_FOUND', () => world.refusal(helper, 'giveCollaboration', id, help));
    await refusedWhole(world, 'WRONG_STATE', () => world.refusal(lead, 'submitSuggestion', replied));
  });

  it('wrong level or region (P1): co-signer, mandate, handling organ, board', async () => {
    const { cast, refusal } = world;
    const id = await newDraft();
    const township = await cast.deputy('D-081', '150823101');
    await refusedWhole(world, 'COSIGNER_OF_OTHER_CONGRESS', () =>
      refusal(lead, 'inviteCosigner', id, { mandate: township.id }),
    );
    await refusedWhole(world, 'COLLABORATOR_OF_OWN_CONGRESS', async () =>
      refusal(lead, 'addCollaborator', id, { mandate: (await cast.deputy('D-043', '150802')).id }),
    );
    const seat = { person: randomUUID(), region: '150802', term: 5 };
    await refusedWhole(world, 'NOT_YOUR_REGION', () =>
      refusal(office, 'registerMandate', null, { ...seat, region: '150823' }),
    );
    await refusedWhole(world, 'UNKNOWN_PERSON', () => refusal(office, 'registerMandate', null, seat));
    await refusedWhole(world, 'NOT_ALLOWED', () => refusal(lead, 'registerMandate', null, seat));
    const board = (region: string, level: string) =>
      codeOf(lead, `{ board(region: "${region}", level: ${level}) { level } }`);
    await refusedWhole(world, 'WRONG_LEVEL', () => board('150802', 'city'));
    await refusedWhole(world, 'NOT_ALLOWED', () => board('150823', 'county'));
    await refusedWhole(world, 'UNKNOWN_REGION', () => board('991234', 'county'));
    await refusedWhole(world, 'BAD_USER_INPUT', () =>
      codeOf(lead, 'query ($r: RegionCode!) { board(region: $r, level: county) { level } }', { r: 'x' }),
    );
  });

  it('a suspended mandate can do nothing, and again when it is lifted (P6)', async () => {
    const deputy = await world.cast.deputy('D-044', '150802');
    const { caseId } = await world.act(deputy, 'draftSuggestion', null, draft);
    await world.act(world.operator, 'suspendMandate', deputy.id, { reason: 'SERVING_SENTENCE' });
    await refusedWhole(world, 'MANDATE_SUSPENDED', () => world.refusal(deputy, 'submitSuggestion', caseId));
    await refusedWhole(world, 'MANDATE_SUSPENDED', () => world.refusal(deputy, 'draftSuggestion', null, draft));
    await world.act(world.operator, 'resumeMandate', deputy.id);
    await world.act(deputy, 'submitSuggestion', caseId);
  });

  it('不满意 without a comment, a second feedback, a second reply (domain.md §3a)', async () => {
    const give = (input: Record<string, unknown>) => () => world.refusal(lead, 'giveFeedback', replied, input);
    await refusedWhole(world, 'COMMENT_REQUIRED', give({ ...rating, result: 'DISSATISFIED' }));
    await refusedWhole(world, 'INVALID_INPUT', give({ ...rating, result: 'DISSATISFIED', comment: '  ' }));
    await refusedWhole(world, 'WRONG_STATE', () =>
      world.refusal(organ, 'issueReply', replied, { category: 'A', text: '再答。' }),
    );
    await world.act(lead, 'giveFeedback', replied, rating);
    await refusedWhole(world, 'FEEDBACK_GIVEN_ALREADY', give({ ...rating, result: 'BASICALLY_SATISFIED' }));
  });

  it.each([
    ['1954 is the first year', '1953-12-31'],
    ['2199 the last', '2200-01-01'],
    ['no such day', '2026-02-30'],
    ['no such month', '2026-13-01'],
  ])('dates out of range: %s', async (_, on) => {
    const input = { reason: 'RESIGNED', on };
    await refusedWhole(world, 'INVALID_INPUT', () =>
      world.refusal({ ...lead, token: world.operator }, 'endMandate', lead.id, input),
    );
  });
  it('a date that is none at all is turned away by its type', async () => {
    for (const on of ['gestern', '2026-2-3', 20260203, null, '2026-02-03T00:00:00Z'])
      await refusedWhole(world, 'BAD_USER_INPUT', () =>
        world.refusal({ ...lead, token: world.operator }, 'endMandate', lead.id, { reason: 'RESIGNED', on }),
      );
  });
});

describe('a revision conflict tells what changed, as far as it is the actor’s to see (issue 2 “Bad input”; P3)', () => {
  const edit = `mutation ($id: ID!, $input: EditSuggestionInput!, $at: Int) { editSuggestion(id: $id, input: $input, expectedRevision: $at) { revision } }`;
  it('over HTTP and WebSocket, by the class of the actor', async () => {
    const id = await newDraft();
    await world.act(lead, 'editSuggestion', id, { ...draft, advice: '新的意见' });
    await world.act(lead, 'linkEvidence', id, { kind: 'OTHER', note: '依据' });
    const variables = { id, input: draft, at: 0 };
    const expected = [{ type: 'SuggestionEdited', data: { advice: '新的意见' } }, { type: 'EvidenceLinked' }];
    await refusedWhole(world, 'REVISION_CONFLICT', async () => {
      const { errors } = await post(lead, edit, variables);
      expect(errors[0].extensions).toMatchObject({ params: { expected: 0, actual: 2 }, changes: expected });
      const raw = await rawSocket(world, { token: lead.token });
      raw.subscribe('m', edit, variables);
      const { payload } = await raw.messages.first(({ id: of }) => of === 'm');
      expect(payload.errors[0].extensions.changes).toEqual(errors[0].extensions.changes);
      return errors[0].extensions.code;
    });
    for (const at of [-1, 99, 2_147_483_647])
      await refusedWhole(world, 'REVISION_CONFLICT', () => codeOf(lead, edit, { ...variables, at }));
    await refusedWhole(world, 'BAD_USER_INPUT', () => codeOf(lead, edit, { ...variables, at: 2 ** 40 }));
  });

  it('what lies beyond the actor’s class is not among the changes', async () => {
    const { caseId: id } = await world.act(lead, 'draftSuggestion', null, { ...draft, title: '关于修路的建议' });
    await world.act(lead, 'submitSuggestion', id);
    await world.act(office, 'registerSuggestion', id, { field: '基础设施', similar: [replied] });
    const query = `mutation ($id: ID!) { withdrawSuggestion(id: $id, input: { reason: "已解决。" }, expectedRevision: 0) { revision } }`;
    const { errors } = await post(lead, query, { id });
    expect(errors[0].extensions.code).toBe('REVISION_CONFLICT');
    const registered = errors[0].extensions.changes.find(
      ({ type }: { type: string }) => type === 'SuggestionRegistered',
    );
    expect(registered.data).toMatchObject({ field: '基础设施' });
    expect(JSON.stringify(errors[0].extensions.changes)).not.toContain(replied);
    const stranger = await world.cast.deputy('D-061', '150821');
    const hidden = await post(stranger, query, { id });
    expect(hidden.errors[0].extensions).toMatchObject({ code: 'NOT_FOUND' });
    expect(hidden.errors[0].extensions.changes).toBeUndefined();
  });
});

describe('malformed cursors (issue 2 “Bad input”)', () => {
  const lists = ['suggestions', 'issues', 'inspections', 'jointMeetings', 'people', 'mandates', 'organs', 'posts'];
  const cursors: string[] = [
    '',
    'x',
    '😀',
    '\ud800',
    'null',
    'W10',
    Buffer.from('["2026","x"]').toString('base64url'),
    'a.b',
    '.',
    'a'.repeat(500),
  ];
  it.each(cursors)('the cursor %j is BAD_CURSOR or CURSOR_EXPIRED wherever one is taken', async (after) => {
    for (const list of lists)
      expect([
        list,
        await codeOf(lead, `query ($after: String) { ${list}(after: $after) { nodes { id } } }`, { after }),
      ]).toEqual([list, 'BAD_CURSOR']);
    const events = ['dutyFeed', `timeline(caseId: "${replied}"`, `caseHistory(caseId: "${replied}"`].map(
      (field) => `${field}${field.includes('(') ? ', ' : '('}after: $after)`,
    );
    for (const field of events)
      expect([field, await codeOf(lead, `query ($after: String) { ${field} { nodes { id } } }`, { after })]).toEqual([
        field,
        expect.stringMatching(/^(BAD_CURSOR|CURSOR_EXPIRED)$/),
      ]);
  });
  it('a position or page size that is none is refused', async () => {
    for (const waitFor of ['', '!', 'a'.repeat(65)])
      expect(
        await codeOf(lead, 'query ($p: Position) { dutyFeed(waitFor: $p) { nodes { id } } }', { p: waitFor }),
      ).toBe('BAD_USER_INPUT');
    for (const first of [0, -1, 101, 2_147_483_647])
      expect(await codeOf(lead, 'query ($n: Int!) { dutyFeed(first: $n) { nodes { id } } }', { n: first })).toBe(
        'PAGE_TOO_LARGE',
      );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: an answer from the wire
async function post(who: Part, query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${who.token}` },
    body: JSON.stringify({ query, variables }),
  });
  expect(response.status).toBeLessThan(500);
  return response.json();
}
async function codeOf(who: Part, query: string, variables: Record<string, unknown> = {}): Promise<string> {
  return (await post(who, query, variables)).errors?.[0]?.extensions.code;
}
