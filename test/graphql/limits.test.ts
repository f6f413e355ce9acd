import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentGate } from '../../src/graphql/limits.js';
import type { Api } from './support/api.js';
import { author, openNotes } from './support/notes.js';

let api: Api;
beforeAll(async () => {
  api = await openNotes();
});
afterAll(async () => api.close());

const codeOf = async (query: string) => (await api.ask(query, {}, author)).errors?.[0]?.extensions.code;

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
    // A list without `first` counts for ten rows, and one within it again.
    [
      'QUERY_TOO_COSTLY',
      '{ region(code: "150800") { children { code parent { children { name code kind level parent { code } } } } } }',
    ],
    [
      'QUERY_TOO_COSTLY',
      '{ regions { ...R } } fragment R on Region { children { name code kind level parent { code } } }',
    ],
    // A page that is refused anyway takes nothing off the others.
    [
      'QUERY_TOO_COSTLY',
      '{ a: notes(first: -900) { nodes { id } } notes(first: 100) { nodes { id revision position openedAt } } }',
    ],
    ['QUERY_TOO_LONG', `{ ${'viewer { kind } '.repeat(60)} }`],
    ['GRAPHQL_VALIDATION_FAILED', '{ __schema { types { name } } }'],
  ];
  test.each(cases)('%s over HTTP, and by the gate that the other doors use', async (code, query) => {
    expect(await codeOf(query)).toBe(code);
    const gated = documentGate(api.schema, api.limits, api.errors)(query);
    expect(Array.isArray(gated) && gated.map((error) => error.extensions.code)).toContain(code);
  });

  test('the rows of a page are counted once, not also for the lists that it consists of', async () => {
    expect(await codeOf('{ notes(first: 80) { nodes { id revision position } edges { cursor } } }')).toBeUndefined();
    expect(
      await codeOf('{ notes { nodes { id revision position openedAt changedAt correlationId } } }'),
    ).toBeUndefined();
    expect(await codeOf('{ region(code: "150800") { name children { name parent { name } } } }')).toBeUndefined();
  });

  test('the gate remembers documents, but none that is long, and of none its text', () => {
    const gate = documentGate(api.schema, { ...api.limits, tokens: 100_000, cost: 100_000 }, api.errors);
    const [short, long] = ['{ viewer { kind } }', `{ viewer { kind } } # ${'x'.repeat(10_000)}`];
    expect(gate(short)).toBe(gate(short));
    expect(gate(long)).toEqual(gate(long));
    expect(gate(long)).not.toBe(gate(long));
    expect(gate(short)).not.toHaveProperty('loc');
  });

  test('a list is filtered by at most 50 values of a field', async () => {
    const query = 'query($r: [RegionCode!]) { notes(filter: { region: $r }) { nodes { id } } }';
    const codes = (count: number) => Array.from({ length: count }, (_, n) => String(150_000 + n));
    expect((await api.ask(query, { r: codes(50) }, author)).errors).toBeUndefined();
    expect((await api.ask(query, { r: codes(51) }, author)).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      en: expect.stringContaining('at most 50'),
    });
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
