import { randomUUID } from 'node:crypto';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { ViewerClass } from '../../src/domain/kernel/visibility.js';
import { anybody } from '../../src/graphql/context.js';
import { bearerOf } from '../../src/graphql/session.js';
import type { CaseRow } from '../../src/projections/kernel/case-model.js';
import { official } from '../support/spec.js';
import type { Api } from './support/api.js';
import { openApi, regions } from './support/api.js';
import { openDoor } from './support/door.js';
import { author, elsewhere, openNotes } from './support/notes.js';

let api: Api;
beforeAll(async () => {
  api = await openNotes();
});
afterAll(async () => api.close());

const keep = (words: string, category = 'A') =>
  api.ask(
    `mutation($input: KeepNoteInput!) { keepNote(input: $input) { caseId case { noteCategory words viewerClass } events { ... on NoteKept { noteCategory words } } } }`,
    { input: { words, category, region: regions.linhe } },
    author,
  );

describe('rights', () => {
  test('who is not addressed sees a case nowhere, exactly as if there were none (default deny)', async () => {
    const id = (await keep('hidden')).data?.keepNote.caseId;
    const query = `query($id: ID!) { note(id: $id) { id } notes { nodes { id } } }`;
    expect((await api.data(query, { id }, author)).note).toEqual({ id });
    expect(await api.data(query, { id })).toEqual({ note: null, notes: { nodes: [] } });
    const past = await api.data(`query($id: ID!) { note(id: $id, at: { revision: 0 }) { id } }`, { id });
    expect(past.note).toBeNull();
    const history = await api.ask(`query($id: ID!) { caseHistory(caseId: $id) { nodes { id } } }`, { id });
    const unknown = await api.ask(`query($id: ID!) { caseHistory(caseId: $id) { nodes { id } } }`, {
      id: author.mandate,
    });
    expect(history).toEqual(unknown);
  });

  test('a case that several tags show is listed once, over all pages, in the widest class', async () => {
    for (const words of ['secret', 'one', 'two', 'three', 'four']) await keep(words);
    const seen: { id: string; words: string | null }[] = [];
    let after: string | null = null;
    do {
      const { notes } = await api.data(
        `query($after: String) { notes(first: 2, after: $after) { nodes { id words viewerClass } pageInfo { hasNextPage endCursor } } }`,
        { after },
        author,
      );
      seen.push(...notes.nodes);
      after = notes.pageInfo.hasNextPage ? notes.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen.filter(({ words }) => words !== null).map(({ words }) => words)).toEqual(['secret']);
  });

  test('a receipt shows each event by no more than the right of then, also to the same person in another capacity', async () => {
    const commandId = randomUUID();
    const keepIt = `mutation($c: ID, $input: KeepNoteInput!) { keepNote(commandId: $c, input: $input) {
      caseId repeated case { viewerClass } events { type } } }`;
    const input = { words: 'first', category: 'A', region: regions.linhe };
    const kept = (await api.data(keepIt, { c: commandId, input }, author)).keepNote;
    expect(kept).toMatchObject({ repeated: false, events: [{ type: 'NoteKept' }] });
    await api.data('mutation($id: ID!) { openNote(id: $id) { revision } }', { id: kept.caseId }, author);
    const asOfficial = { ...official('DWC', regions.city), person: author.person };
    expect((await api.data(keepIt, { c: commandId, input }, asOfficial)).keepNote).toEqual({
      caseId: kept.caseId,
      repeated: true,
      case: { viewerClass: 'office' },
      events: [],
    });
  });

  test('a field that the viewer may not see is nothing to search by', async () => {
    await keep('one more', 'B');
    const query = `{ notes(filter: { noteCategory: [B] }) { nodes { id } } }`;
    expect((await api.data(query, {}, author)).notes.nodes).toEqual([]);
    expect((await api.data(query, {}, elsewhere)).notes.nodes).toEqual([]);
    await keep('secret', 'B');
    expect((await api.data(query, {}, author)).notes.nodes).toHaveLength(1);
  });
});

describe('live messages (architecture.md §7)', () => {
  test('one execution serves a whole class: its fields show by that class, and nothing depends on the viewer', async () => {
    const id = (await keep('secret')).data?.keepNote.caseId;
    const row = (await api.reads.row('note', id)) as CaseRow;
    let event: RecordedEvent | undefined;
    for await (const one of api.store.readStream(`note-${id}`)) event = one;
    const document = parse(`subscription($id: ID!) { caseChanged(caseId: $id) {
      cursor caughtUp
      event { __typename ... on NoteKept { words } data }
      case { id category statusCode availableActions { action } ... on Note { words } }
    } }`);
    const message = { cursor: 'c', caughtUp: false, event, case: row };
    const run = (sharedClass: ViewerClass) =>
      execute({
        schema: api.schema,
        document,
        variableValues: { id },
        rootValue: { caseChanged: message },
        contextValue: { viewer: anybody, sharedClass },
      });
    const asPublic = (await run('public')).data?.caseChanged;
    const asParticipant = (await run('participant')).data?.caseChanged;
    expect(asPublic).toMatchObject({
      event: { __typename: 'NoteKept', words: null, data: { region: regions.linhe } },
      case: { id, category: 'note', statusCode: 'KEPT', words: null, availableActions: null },
    });
    expect(asParticipant).toMatchObject({
      event: { words: 'secret' },
      case: { words: 'secret', availableActions: null },
    });
  });
});

describe('errors', () => {
  test('what nobody expected is masked; the operator finds it by its id', async () => {
    const answer = await keep('boom');
    expect(JSON.stringify(answer)).not.toContain('passwd');
    const { code, params, zh } = answer.errors?.[0]?.extensions ?? {};
    expect(code).toBe('INTERNAL');
    expect(zh).toContain(params.id);
    expect(String(api.logged.find(({ id }) => id === params.id)?.error)).toContain('passwd');
  });

  test('problems of the query have codes and both texts, and give no hints of the schema', async () => {
    const answers = await Promise.all(
      ['{', '{ nots { id } }', '{ note { id } }', '{ note(id: [1]) { id } }', ''].map((query) => api.ask(query)),
    );
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_REQUEST',
    ]);
    expect(JSON.stringify(answers)).not.toContain('Did you mean');
    for (const { errors } of answers)
      expect(errors?.[0]?.extensions).toMatchObject({
        zh: expect.stringMatching(/\p{Script=Han}/u),
        next: { en: expect.any(String) },
      });
    const variable = await api.ask(`query($id: ID!) { note(id: $id) { id } }`, { id: { a: 1 } });
    expect(variable.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('a token that is not accepted is 401 with its code', async () => {
    const { status, body } = await api.post('{"query":"{ viewer { kind } }"}', { authorization: 'Bearer nobody' });
    expect(status).toBe(401);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_ALLOWED', en: 'Only somebody known may do this.' });
  });
});

test('read your own writes: a position that does not come makes the answer stale, not an error', async () => {
  const impatient = await openApi({ waitMs: 1 });
  try {
    const answer = await impatient.ask('{ person(id: "x", waitFor: "zzzzzzzz") { name } }');
    expect(answer).toEqual({ data: { person: null }, extensions: { stale: true } });
    const none = await impatient.ask('{ person(id: "x", waitFor: "no position!") { name } }');
    expect(none.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  } finally {
    await impatient.close();
  }
});

test('health and metrics are served, with the headers that browsers want', async () => {
  const [live, ready, metrics, nowhere] = await Promise.all(
    ['/health/live', '/health/ready', '/metrics', '/nowhere'].map((path) => fetch(api.url + path)),
  );
  expect([live?.status, ready?.status, metrics?.status, nowhere?.status]).toEqual([200, 503, 200, 404]);
  expect(await metrics?.text()).toBe('wuji_up 1\n');
  expect(live?.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a server that cannot listen is closed again: its port is taken, and nothing of it stays open', async () => {
  const taken = new URL(api.url);
  let closed = 0;
  const second = openDoor(api, {
    routes: (app) =>
      app.addHook('onClose', async () => {
        closed++;
      }),
    host: taken.hostname,
    port: Number(taken.port),
  });
  await expect(second).rejects.toThrow('EADDRINUSE');
  expect(closed).toBe(1);
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER   a.b-c', 'a.b-c'],
  ['Basic abc', undefined],
  ['Bearerabc', undefined],
  ['Bearer ', undefined],
])('the token of the header %j is %j (RFC 9110 §11.1: schemes are case-insensitive)', (header, token) => {
  expect(bearerOf(header)).toBe(token);
});
