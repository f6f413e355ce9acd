import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deputyWho } from '../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../src/domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { opening } from '../../src/domain/kernel/event.js';
import { oneOf, region, text } from '../../src/domain/kernel/fields.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../src/domain/kernel/registry.js';
import type { ViewerClass } from '../../src/domain/kernel/visibility.js';
import { facts } from '../../src/domain/kernel/visibility.js';
import { anybody } from '../../src/graphql/context.js';
import { documentGate } from '../../src/graphql/limits.js';
import type { CaseRow } from '../../src/projections/kernel/case-model.js';
import { caseModel } from '../../src/projections/kernel/case-model.js';
import { deputy } from '../support/spec.js';
import type { Api } from './support/api.js';
import { openApi, regions } from './support/api.js';

/** A small house of its own: notes that only the deputies of a region are told of; two tags show them to some. */
const place = region(['Where.', '区划']);
const note = defineAggregate({
  category: 'note',
  term: ['note', '便笺'],
  state: facts({
    public: { status: oneOf(['KEPT'], ['Kept.', '状态']), region: place },
    participant: { words: z.string().describe('Words. 文字'), category: oneOf(['A', 'B'], ['Kind.', '类别']) },
  }),
  events: {
    NoteKept: opening(['Note kept', '便笺已存'], {
      public: { region: place },
      participant: { words: z.string(), category: oneOf(['A', 'B'], ['Kind.', '类别']) },
    }),
  },
  evolve: { NoteKept: (_, e) => ({ status: 'KEPT', ...e }) },
  audience: (s) => ({
    [`deputies:${s.region}`]: 'public',
    [`deputies:${regions.city}`]: s.words === 'secret' ? 'participant' : 'public',
  }),
  refusals: { table: {} },
});
const noteActions = {
  keepNote: note.create({
    describe: ['Keep a note.', '存便笺。'],
    by: [deputyWho(['a deputy', '代表'])],
    input: z.object({
      words: text(50, ['Words.', '文字']),
      category: oneOf(['A', 'B'], ['Kind.', '类别']),
      region: place,
    }),
    decide: ({ input }) => {
      if (input.words === 'boom') throw new Error('a secret of the house: /etc/passwd');
      return [{ type: 'NoteKept', data: input }];
    },
  }),
};

let api: Api;
beforeAll(async () => {
  const registry = defineRegistry([note], noteActions, kernelRefusals);
  const model = caseModel(note, { version: 1, filters: ['region', 'category'] });
  api = await openApi({
    registry,
    models: [model],
    limits: { depth: 6, aliases: 3, directives: 2, cost: 500, tokens: 120, bodyBytes: 4_000 },
  });
});
afterAll(async () => api.close());

const author = deputy('author', regions.linhe);
const elsewhere = deputy('elsewhere', regions.wuyuan);
const keep = (words: string, category = 'A') =>
  api.ask(
    `mutation($input: KeepNoteInput!) { keepNote(input: $input) { caseId case { noteCategory words viewerClass } events { ... on NoteKept { noteCategory words } } } }`,
    { input: { words, category, region: regions.linhe } },
    author,
  );
const codeOf = async (query: string) => (await api.ask(query, {}, author)).errors?.[0]?.extensions.code;

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

describe('limits (libraries.md §4)', () => {
  const deep = '{ region(code: "150802100") { parent { parent { parent { parent { parent { name } } } } } } }';
  const cases: readonly (readonly [string, string])[] = [
    ['QUERY_TOO_DEEP', deep],
    ['TOO_MANY_ALIASES', '{ a: viewer { kind } b: viewer { kind } c: viewer { kind } d: viewer { kind } }'],
    ['TOO_MANY_DIRECTIVES', '{ viewer { kind @include(if: true) @skip(if: false) @include(if: true) } }'],
    ['QUERY_TOO_COSTLY', '{ notes(first: 100) { nodes { id revision position openedAt changedAt } } }'],
    [
      'QUERY_TOO_COSTLY',
      'query($n: Int = 1) { notes(first: $n) { nodes { id revision position openedAt changedAt } } }',
    ],
    ['QUERY_TOO_LONG', `{ ${'viewer { kind } '.repeat(60)} }`],
    ['GRAPHQL_VALIDATION_FAILED', '{ __schema { types { name } } }'],
  ];
  test.each(cases)('%s over HTTP, and by the gate that the other doors use', async (code, query) => {
    expect(await codeOf(query)).toBe(code);
    const gated = documentGate(api.schema, api.limits, api.errors)(query);
    expect(Array.isArray(gated) && gated.map((error) => error.extensions.code)).toContain(code);
  });

  test('a fragment that names itself is refused and does not hang', async () => {
    expect(await codeOf('{ viewer { ...a } } fragment a on Viewer { kind ...a }')).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('bodies: too large, no JSON, broken UTF-8, not JSON at all, several at once', async () => {
    const huge = await api.post(JSON.stringify({ query: '{ viewer { kind } }', pad: 'x'.repeat(5_000) }));
    expect([huge.status, huge.body.errors?.[0]?.extensions.code]).toEqual([413, 'BODY_TOO_LARGE']);
    const halved = await api.post('{"query": "{ viewer');
    expect([halved.status, halved.body.errors?.[0]?.extensions.code]).toEqual([400, 'BODY_NOT_JSON']);
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('{"query":"{ viewer { kind } }","x":"'),
      0xff,
      0x22,
      0x7d,
    ]);
    const broken = await api.post(bytes);
    expect([broken.status, broken.body.errors?.[0]?.extensions.code]).toEqual([400, 'BODY_NOT_JSON']);
    const plain = await api.post('{"query":"{ viewer { kind } }"}', { 'content-type': 'text/plain' });
    expect([plain.status, plain.body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']); // CSRF
    const form = await api.post('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, form.body.errors?.[0]?.extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const batch = await api.post('[{"query":"{ viewer { kind } }"},{"query":"{ viewer { kind } }"}]');
    expect([batch.status, batch.body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('a subscription over plain HTTP is told where to go', async () => {
    expect(await codeOf('subscription { dutyFeed { cursor } }')).toBe('SUBSCRIBE_BY_STREAM');
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
