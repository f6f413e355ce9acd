import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deputy, official } from '../support/spec.js';
import type { Api } from './support/api.js';
import { openApi, regions, registrar } from './support/api.js';
import { newMandate, newPerson } from './support/people.js';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(async () => api.close());

const registerPerson = `mutation Register($input: RegisterPersonInput!, $commandId: ID) {
  registerPerson(input: $input, commandId: $commandId) {
    caseId revision position repeated stale
    events { __typename revision label { en zh } ... on PersonRegistered { name region { code name } } }
    case { id name revision status statusCode region { code } viewerClass }
  }
}`;
const rename = `mutation Rename($id: ID!, $input: RenamePersonInput!, $commandId: ID, $expectedRevision: Int) {
  renamePerson(id: $id, input: $input, commandId: $commandId, expectedRevision: $expectedRevision) {
    caseId revision position repeated events { __typename } case { name }
  }
}`;

describe('mutations', () => {
  test('a receipt carries the events and the case as read after them (issue part 10)', async () => {
    const input = { code: 'P-1', name: '巴图', nameMn: 'ᠪᠠᠲᠤ', region: regions.linhe };
    const { registerPerson: receipt } = await api.data(registerPerson, { input }, registrar);
    expect(receipt).toMatchObject({ revision: 0, repeated: false, stale: false });
    expect(receipt.events).toEqual([
      {
        __typename: 'PersonRegistered',
        revision: 0,
        label: { en: 'Person registered', zh: '人员已登记' },
        name: '巴图',
        region: { code: regions.linhe, name: '临河区' },
      },
    ]);
    expect(receipt.case).toMatchObject({
      id: receipt.caseId,
      name: '巴图',
      status: 'REGISTERED',
      statusCode: 'REGISTERED',
    });
    const read = await api.data(`query($id: ID!, $p: Position) { person(id: $id, waitFor: $p) { name position } }`, {
      id: receipt.caseId,
      p: receipt.position,
    });
    expect(read.person).toEqual({ name: '巴图', position: receipt.position });
  });

  test('the same commandId has one effect (domain.md invariant 8: a retry)', async () => {
    const id = await newPerson(api, '甲');
    const commandId = randomUUID();
    const command = { id, input: { name: '乙' }, commandId };
    const first = (await api.data(rename, command, registrar)).renamePerson;
    const again = (await api.data(rename, command, registrar)).renamePerson;
    expect(again).toEqual({ ...first, repeated: true });
    const mandate = await newMandate(api, id);
    const answer = await api.ask(
      `mutation($id: ID!, $c: ID) {
        suspendMandate(id: $id, input: { reason: SERVING_SENTENCE }, commandId: $c) { revision }
        resumeMandate(id: $id, commandId: $c) { revision }
      }`,
      { id: mandate, c: commandId },
      registrar,
    );
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['COMMAND_REUSED']);
  });

  test('a stale expectedRevision is refused, and told what changed (lessons.md U9, T23)', async () => {
    const id = await newPerson(api, '旧名');
    await api.data(rename, { id, input: { name: '新名' } }, registrar);
    const answer = await api.ask(rename, { id, input: { name: '又名' }, expectedRevision: 0 }, registrar);
    const { extensions } = answer.errors?.[0] ?? { extensions: {} };
    expect(extensions).toMatchObject({ code: 'REVISION_CONFLICT', params: { expected: 0, actual: 1 } });
    expect(extensions.zh).toContain('第1版');
    expect(extensions.next.en).toContain('decide again');
    expect(extensions.changes).toMatchObject([
      { type: 'PersonRenamed', revision: 1, data: { name: '新名', nameMn: null } },
    ]);
  });

  test('refusals have a code, both texts and a next step; without a token nothing can be done', async () => {
    const input = { code: 'P-2', name: '丁', region: regions.city };
    expect((await api.ask(registerPerson, { input })).errors?.[0]?.extensions.code).toBe('SIGN_IN_REQUIRED');
    const someDeputy = deputy('deputy', regions.linhe);
    expect((await api.ask(registerPerson, { input }, someDeputy)).errors?.[0]?.extensions).toMatchObject({
      code: 'NOT_ALLOWED',
      en: expect.stringContaining('Only'),
      zh: expect.stringContaining('仅限'),
      next: { en: expect.any(String), zh: expect.any(String) },
    });
    const blank = await api.ask(registerPerson, { input: { ...input, name: '   ' } }, registrar);
    expect(blank.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    const broken = await api.ask(registerPerson, { input: { ...input, name: 'a\uFFFDb' } }, registrar);
    expect(broken.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    const noDay = await api.ask(rename, { id: 'not-an-id', input: { name: '戊' } }, registrar);
    expect(noDay.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('what only the system does is no mutation', async () => {
    const names = Object.keys(api.schema.getMutationType()?.getFields() ?? {});
    expect(names).toContain('registerMandate');
    expect(names).not.toContain('takeNumber');
    expect(names).not.toContain('takeUpMandate');
  });
});

describe('what each viewer sees', () => {
  test('a field narrower than the viewer’s class is null, in the case and in its events (domain.md visibility)', async () => {
    const person = await newPerson(api, '己');
    const id = await newMandate(api, person);
    await api.data(
      `mutation($id: ID!) { suspendMandate(id: $id, input: { reason: SERVING_SENTENCE }) { revision } }`,
      { id },
      registrar,
    );
    const query = `query($id: ID!) {
      mandate(id: $id) { viewerClass status reason personId person { name } }
      caseHistory(caseId: $id) { nodes { type data ... on MandateSuspended { reason } } }
    }`;
    const [seenByPublic, seenByOffice] = [
      await api.data(query, { id }),
      await api.data(query, { id }, official('DWC', regions.linhe)),
    ];
    expect(seenByPublic.mandate).toEqual({
      viewerClass: 'public',
      status: 'SUSPENDED',
      reason: null,
      personId: person,
      person: { name: '己' },
    });
    expect(seenByPublic.caseHistory.nodes.at(-1)).toEqual({ type: 'MandateSuspended', data: {}, reason: null });
    expect(seenByOffice.mandate).toMatchObject({ viewerClass: 'office', reason: 'SERVING_SENTENCE' });
    expect(seenByOffice.caseHistory.nodes.at(-1)).toEqual({
      type: 'MandateSuspended',
      data: { reason: 'SERVING_SENTENCE' },
      reason: 'SERVING_SENTENCE',
    });
  });

  test('an unknown id, and an id that is none, are null or NOT_FOUND', async () => {
    const id = randomUUID();
    expect((await api.data(`query($id: ID!) { person(id: $id) { name } }`, { id })).person).toBeNull();
    expect((await api.data(`{ person(id: "person@1 x") { name } }`)).person).toBeNull();
    for (const query of ['caseHistory(caseId: $id) { nodes { id } }', 'availableActions(caseId: $id) { action }']) {
      const answer = await api.ask(`query($id: ID!) { ${query} }`, { id }, registrar);
      expect(answer.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
  });

  test('past states are shown, by revision or by time, not by both (architecture.md §9)', async () => {
    const id = await newPerson(api, '先');
    await api.data(rename, { id, input: { name: '后' } }, registrar);
    const query = `query($id: ID!, $at: CaseAt) { person(id: $id, at: $at) { name revision openedAt changedAt } }`;
    const at = async (point: unknown) => api.ask(query, { id, at: point });
    expect((await at({ revision: 0 })).data?.person).toMatchObject({ name: '先', revision: 0 });
    expect((await at({ time: '2026-03-02T02:00:00.000Z' })).data?.person).toMatchObject({ name: '后', revision: 1 });
    expect((await at({ time: '2026-03-01T00:00:00Z' })).data?.person).toBeNull();
    expect((await at({ time: '2026-03-01T00:00:00Z', revision: 1 })).errors?.[0]?.extensions.code).toBe('AT_ONE_POINT');
  });

  test.each(['2026-03-02T02:00:00Z', '2026-03-02T02:00Z', '2026-03-02T02:00:00.000000001Z'])(
    'the instant %s is the same however it is written: what was recorded at it is there (architecture.md §9)',
    async (time) => {
      const id = await newPerson(api, '同');
      const { person } = await api.data('query($id: ID!, $at: CaseAt) { person(id: $id, at: $at) { name } }', {
        id,
        at: { time },
      });
      expect(person).toEqual({ name: '同' });
    },
  );

  test.each(['2026-13-01T00:00:00Z', '2026-03-02T25:61:00Z'])('%s is no instant', async (time) => {
    const id = await newPerson(api, '非');
    const answer = await api.ask('query($id: ID!, $at: CaseAt) { person(id: $id, at: $at) { name } }', {
      id,
      at: { time },
    });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('available actions tell why one is off (lessons.md U7)', async () => {
    const id = await newMandate(api, await newPerson(api, '庚'));
    const query = `query($id: ID!) { mandate(id: $id) { availableActions { action open refusal { code message { zh } } } } }`;
    const { mandate } = await api.data(query, { id }, registrar);
    const of = (name: string) => mandate.availableActions.find((one: { action: string }) => one.action === name);
    expect(of('suspendMandate')).toEqual({ action: 'suspendMandate', open: true, refusal: null });
    expect(of('resumeMandate')).toMatchObject({ open: false, refusal: { code: 'WRONG_STATE' } });
    const asDeputy = await api.data(query, { id }, deputy('some', regions.linhe));
    expect(asDeputy.mandate.availableActions.every((one: { open: boolean }) => !one.open)).toBe(true);
    const begin = await api.data(`{ availableActions { action open } }`, {}, registrar);
    expect(begin.availableActions).toContainEqual({ action: 'registerPerson', open: true });
  });

  test('viewer, regions and refusals', async () => {
    const seen = await api.data(
      `{ viewer { kind region { name level } tags } region(code: "150802100") { name parent { code } } regions(within: "150802", level: county) { code } refusals { code next { zh } } }`,
      {},
      deputy('v', regions.langshan),
    );
    expect(seen.viewer).toMatchObject({ kind: 'deputy', region: { name: '狼山镇', level: 'township' } });
    expect(seen.region).toEqual({ name: '狼山镇', parent: { code: '150802' } });
    expect(seen.regions).toEqual([{ code: '150802' }]);
    const codes = seen.refusals.map((one: { code: string }) => one.code);
    expect(codes).toEqual([...codes].sort());
    expect(codes).toEqual(expect.arrayContaining(['NOT_FOUND', 'UNKNOWN_REGION', 'BAD_CURSOR', 'INTERNAL']));
  });
});
