import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anybody } from '../../src/graphql/context.js';
import { hashOf, type KnownDocuments, knownDocuments } from '../../src/graphql/documents.js';
import { leanDocument } from '../../src/graphql/lean-document.js';
import { documentGate } from '../../src/graphql/limits.js';
import type { HttpServer } from '../../src/graphql/server.js';
import type { Answer, Api } from './support/api.js';
import { openDoor } from './support/door.js';
import { openNotes } from './support/notes.js';

let api: Api;
let http: HttpServer;
const documents = knownDocuments();
beforeAll(async () => {
  api = await openNotes();
  http = await openDoor(api, { documents });
});
afterAll(async () => {
  await http.close();
  await api.close();
});

async function ask(query: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${http.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return (await response.json()) as Answer;
}
/** What the counts grow by. */
async function countsOf(work: () => unknown) {
  const before = { ...documents.counts };
  await work();
  return { hits: documents.counts.hits - before.hits, misses: documents.counts.misses - before.misses };
}

describe('one store of documents for every door (issue 4 part 4)', () => {
  test('what came in over HTTP is not parsed again at the other doors, nor over HTTP', async () => {
    const query = 'query Http { viewer { kind } }';
    const gate = documentGate(api.schema, api.limits, api.errors, documents);
    expect(await countsOf(() => ask(query))).toEqual({ hits: 0, misses: 1 });
    expect(await countsOf(() => ask(query))).toEqual({ hits: 1, misses: 0 });
    expect(await countsOf(() => expect(gate(query)).toBe(documents.get(hashOf(query))))).toEqual({
      hits: 2,
      misses: 0,
    });
  });

  test('what came in at another door is not parsed again over HTTP', async () => {
    const query = 'query Live { viewer { kind } }';
    const gate = documentGate(api.schema, api.limits, api.errors, documents);
    expect(await countsOf(() => gate(query))).toEqual({ hits: 0, misses: 1 });
    const answers: Answer[] = [];
    expect(await countsOf(async () => answers.push(await ask(query)))).toEqual({ hits: 1, misses: 0 });
    expect(answers).toEqual([{ data: { viewer: { kind: 'anybody' } } }]);
  });

  test('what is refused is not kept, and refused again', async () => {
    const size = documents.size;
    for (const query of ['{ nothing }', '{{{', `{ ${'viewer { kind } '.repeat(60)} }`])
      for (let n = 0; n < 2; n++) expect(await countsOf(() => ask(query))).toEqual({ hits: 0, misses: 1 });
    expect(documents.size).toBe(size);
  });
});

describe('what is kept', () => {
  const document = (text: string) => parse(text);
  const textOf = (n: number, length: number) => `{ viewer { kind } } # ${n} ${'x'.repeat(length)}`;
  const keep = (known: KnownDocuments, text: string) => known.keep(hashOf(text), document(text));
  const has = (known: KnownDocuments, text: string) => known.get(hashOf(text)) !== undefined;

  test('takes a bounded room: the texts that were used last stay, and all that are listed', () => {
    const texts = Array.from({ length: 300 }, (_, n) => textOf(n, 9_000));
    const [first = '', second = '', third = ''] = texts;
    const known = knownDocuments(new Map([[hashOf(first), first]]));
    keep(known, first);
    keep(known, second);
    for (const text of texts.slice(2)) {
      keep(known, text);
      expect(has(known, second)).toBe(true);
    }
    expect(has(known, first)).toBe(true);
    expect(has(known, third)).toBe(false);
    expect(has(known, texts.at(-1) ?? '')).toBe(true);
    expect(known.size).toBeGreaterThan(50);
    expect(known.size).toBeLessThan(60);
  });

  test('the same text again takes no more room', () => {
    const known = knownDocuments();
    const [other, same] = [textOf(0, 9_000), textOf(1, 9_000)];
    keep(known, other);
    for (let n = 0; n < 300; n++) keep(known, same);
    expect([known.size, has(known, other)]).toEqual([2, true]);
  });

  test('small texts are bounded too', () => {
    const known = knownDocuments();
    for (let n = 0; n < 10_000; n++) keep(known, `{ a${n} }`);
    expect(known.size).toBeLessThan(2_500);
  });

  test.each([[{}], [{ code: 7 }], [{ code: 'nowhere' }]])(
    'an answer says where an error lies, whether its document was kept or not: %j',
    async (variableValues) => {
      const full = parse('query Q($code: RegionCode!) {\n  region(code: $code) @include(if: true) { name }\n}');
      const lean = leanDocument(full);
      expect([full.loc === undefined, lean.loc]).toEqual([false, undefined]);
      const run = (document: typeof full) =>
        execute({ schema: api.schema, document, variableValues, contextValue: { viewer: anybody } });
      const [ofFull, ofLean] = [await run(full), await run(lean)];
      expect(ofFull.errors?.[0]?.locations).toMatchObject([{ line: expect.any(Number) }]);
      expect(ofLean.errors?.map((error) => error.toJSON())).toEqual(ofFull.errors?.map((error) => error.toJSON()));
    },
  );
});
