import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { anybody, viewerOf } from '../../src/graphql/context.js';
import { hashOf, knownDocuments } from '../../src/graphql/documents.js';
import { documentGate } from '../../src/graphql/limits.js';
import type { HttpServer } from '../../src/graphql/server.js';
import { trustedDocuments } from '../../src/graphql/trusted.js';
import { unguarded } from '../support/unguarded.js';
import type { Answer, Api } from './support/api.js';
import { openDoor } from './support/door.js';
import { author, openNotes } from './support/notes.js';

const who = 'query Who { viewer { kind } }';
const place = 'query Place($code: RegionCode!) { region(code: $code) { name } }';
const keep = 'mutation Keep($input: KeepNoteInput!) { keepNote(input: $input) { repeated } }';
const listOf = (...texts: string[]) => Object.fromEntries(texts.map((text) => [hashOf(text), text]));

let api: Api;
let http: HttpServer;
const counted: string[] = [];
const known = () => {
  const documents = trustedDocuments(listOf(who, place, keep), api.schema, api.limits, api.errors);
  if (isRefusal(documents)) throw new Error(documents.message[0]);
  return documents;
};
beforeAll(async () => {
  api = await openNotes();
  http = await openDoor(api, {
    documents: known(),
    authenticate: async (header) => ({ viewer: async () => (header ? viewerOf(author) : anybody), expiresAt: null }),
    guard: {
      ...unguarded,
      async take(budget) {
        counted.push(budget);
        return undefined;
      },
    },
  });
});
afterAll(async () => {
  await http.close();
  await api.close();
});

async function ask(body: unknown, headers: Record<string, string> = {}) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  const response = await fetch(`${http.url}/graphql`, { ...init, body: JSON.stringify(body) });
  return { status: response.status, ...((await response.json()) as Answer) };
}
const named = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

describe('trusted documents over HTTP (issue 4 part 5)', () => {
  test.each([
    ['its text', { query: who }],
    ['its hash as Apollo’s clients give it', named(hashOf(who))],
    ['its hash in capitals', named(hashOf(who).toUpperCase())],
    ['its hash as `documentId`', { documentId: hashOf(who) }],
    ['its hash as `documentId` with the name of the algorithm', { documentId: `sha256:${hashOf(who)}` }],
    ['its text and its hash', { query: who, ...named(hashOf(who)) }],
  ])('a listed document is run, by %s', async (_, body) => {
    expect(await ask(body)).toEqual({ status: 200, data: { viewer: { kind: 'anybody' } } });
  });

  test('with variables, as a mutation, and each time for the viewer who asks', async () => {
    expect((await ask({ documentId: hashOf(place), variables: { code: '150800' } })).data?.region.name).toBe(
      '巴彦淖尔市',
    );
    const input = { words: 'x', category: 'A', region: '150800' };
    const signedIn = { authorization: 'Bearer x' };
    expect((await ask({ documentId: hashOf(keep), variables: { input } }, signedIn)).data?.keepNote.repeated).toBe(
      false,
    );
    const refused = await ask({ documentId: hashOf(keep), variables: { input } });
    expect(refused.errors?.[0]?.extensions.code).toBe('SIGN_IN_REQUIRED');
    expect((await ask({ query: who }, signedIn)).data?.viewer.kind).toBe('deputy');
    expect((await ask({ query: who })).data?.viewer.kind).toBe('anybody');
  });

  test.each([
    ['a text with one more space', { query: `${who} ` }],
    ['a text that is no document', { query: '{{{' }],
    ['a field that there is not', { query: '{ nothing }' }],
    ['the hash of another', { documentId: hashOf('{ viewer { kind } }') }],
    ['no hash at all', named('')],
    ['a name that every object has', { documentId: 'constructor' }],
    ['nothing', {}],
    [
      'a text that is not listed, with the hash of one that is',
      { query: '{ regions { code } }', ...named(hashOf(who)) },
    ],
  ])('what is not listed is refused with a next step, and counted: %s', async (_, body) => {
    counted.length = 0;
    const { status, errors, data } = await ask(body);
    expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
      status: 403,
      data: undefined,
      code: 'UNTRUSTED_DOCUMENT',
    });
    expect(errors?.[0]?.extensions).toMatchObject({ zh: expect.any(String), next: { en: expect.any(String) } });
    expect(counted).toEqual(['query']);
  });

  test('several at once are no way around it', async () => {
    expect((await ask([{ query: '{ regions { code } }' }])).data).toBeUndefined();
  });

  test('a query can be had by GET: by hash, by text, and nothing else', async () => {
    const get = async (search: Record<string, string>) => {
      const headers = { 'apollo-require-preflight': 'yes' };
      const response = await fetch(`${http.url}/graphql?${new URLSearchParams(search)}`, { headers });
      return { status: response.status, ...((await response.json()) as Answer) };
    };
    const variables = JSON.stringify({ code: '150800' });
    const answer = { status: 200, data: { region: { name: '巴彦淖尔市' } } };
    expect(await get({ documentId: hashOf(place), variables })).toEqual(answer);
    expect(await get({ query: place, variables })).toEqual(answer);
    const extensions = JSON.stringify(named(hashOf(place)).extensions);
    expect(await get({ extensions, variables })).toEqual(answer);
    expect((await get({ query: '{ regions { code } }' })).errors?.[0]?.extensions.code).toBe('UNTRUSTED_DOCUMENT');
  });
});

describe('trusted documents at the other doors', () => {
  test('the gate gives the one document that was read at the start, by text or by hash', () => {
    const documents = known();
    const prepare = documentGate(api.schema, api.limits, api.errors, documents);
    const document = documents.get(hashOf(who));
    expect(document).toBeDefined();
    expect(prepare(who)).toBe(document);
    expect(prepare('', { documentId: hashOf(who) })).toBe(document);
    expect(prepare('', named(hashOf(who)))).toBe(document);
    expect(prepare('', { extensions: { persistedQuery: hashOf(who) } })).toBe(document);
  });

  test('the gate refuses what is not listed, and does not look at it', () => {
    const prepare = documentGate(api.schema, api.limits, api.errors, known());
    for (const text of ['{ regions { code } }', '{{{', ''])
      expect(prepare(text)).toMatchObject([{ extensions: { code: 'UNTRUSTED_DOCUMENT' } }]);
  });

  test('without a list a hash names nothing', () => {
    expect(knownDocuments().find({ documentId: hashOf(who) })).toMatchObject({ text: '' });
  });
});

describe('a list that is wrong', () => {
  const refusalOf = (list: Record<string, string>) => trustedDocuments(list, api.schema, api.limits, api.errors);
  const deep =
    'query Deep { region(code: "150802100") { parent { parent { parent { parent { parent { name } } } } } } }';
  test.each([
    ['another text than its hash says', { [hashOf(who)]: `${who} ` }, 'Who', 'its SHA-256 is'],
    ['a field that the schema does not have', listOf(who, 'query Old { gone }'), 'Old', 'gone'],
    ['more than a query may ask for', listOf(deep), 'Deep', 'levels'],
    ['no document', listOf('{{{'), hashOf('{{{'), 'cannot be read'],
  ])('is refused at the start, and the document named: %s', (_, list, name, problem) => {
    const refusal = refusalOf(list);
    expect(refusal).toMatchObject({ refused: 'TRUSTED_DOCUMENT_WRONG' });
    if (!isRefusal(refusal)) throw new Error('it was taken');
    expect(String(refusal.params.name)).toContain(name);
    expect(String(refusal.params.problem)).toContain(problem);
  });
});
