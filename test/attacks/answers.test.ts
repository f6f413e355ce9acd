import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedQuery, rawSocket } from '../live/support/clients.js';
import { draft } from '../live/support/world.js';
import { honestClient } from './support/honest.js';
import type { House } from './support/house.js';
import { codeIn, openHouse } from './support/house.js';
import { rawConnection } from './support/wire.js';

const most = 10_000;
let house: House;
beforeAll(async () => {
  house = await openHouse({ WUJI_BODY_BYTES: String(most) });
});
afterAll(() => house.close());

const ask = '{ viewer { kind } }';

/** One request by hand; head and body of the answer. */
async function raw(
  text: string,
): Promise<{ readonly status: string; readonly head: string; readonly code: string | undefined }> {
  const connection = await rawConnection(house);
  connection.write(text);
  const answer = await connection.ended;
  const [head = ''] = answer.split('\r\n\r\n', 1);
  return { status: head.split(' ')[1] ?? '', head: head.toLowerCase(), code: codeIn(answer) };
}
const once = (method: string, path: string, more = '', body = '') =>
  raw(
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`,
  );
const json = 'Content-Type: application/json\r\n';
const upgrade = (path: string, more = '') =>
  raw(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`,
  );
const body = JSON.stringify({ query: ask });

const answers: readonly (readonly [
  what: string,
  status: string,
  code: string | undefined,
  () => ReturnType<typeof raw>,
])[] = [
  ['an answer', '200', undefined, () => once('POST', '/graphql', json, body)],
  [
    'a query that does not fit',
    '400',
    'GRAPHQL_VALIDATION_FAILED',
    () => once('POST', '/graphql', json, '{"query":"{ x }"}'),
  ],
  ['a bad token', '401', 'UNAUTHENTICATED', () => once('POST', '/graphql', `${json}Authorization: Bearer x\r\n`, body)],
  [
    'a bad token at the stream',
    '401',
    'UNAUTHENTICATED',
    () => once('POST', '/graphql/stream', `${json}Authorization: Bearer x\r\n`, body),
  ],
  ['a bad token at the export', '401', 'UNAUTHENTICATED', () => once('GET', '/export', 'Authorization: Bearer x\r\n')],
  ['an address that is none', '404', 'NO_SUCH_PAGE', () => once('GET', '/.env')],
  ['a path out of the house', '404', 'NO_SUCH_PAGE', () => once('GET', '/client/../../../etc/passwd')],
  ['an address that cannot be read', '400', 'BAD_REQUEST', () => once('GET', '/%zz')],
  ['a method that is not served', '404', 'NO_SUCH_PAGE', () => once('DELETE', '/graphql')],
  ['a body that is too large', '413', 'BODY_TOO_LARGE', () => once('POST', '/graphql', json, 'x'.repeat(most + 1))],
  [
    'a body of another kind',
    '415',
    'UNSUPPORTED_MEDIA_TYPE',
    () => once('POST', '/graphql', 'Content-Type: a/b\r\n', body),
  ],
  ['health', '200', undefined, () => once('GET', '/health/ready')],
  ['metrics', '200', undefined, () => once('GET', '/metrics')],
  ['an upgrade elsewhere', '404', 'NO_SUCH_PAGE', () => upgrade('/elsewhere', 'Sec-WebSocket-Version: 13\r\n')],
  [
    'an upgrade from a foreign page',
    '403',
    'FOREIGN_ORIGIN',
    () => upgrade('/graphql', 'Origin: https://evil.example\r\n'),
  ],
  [
    'an upgrade of an unknown version',
    '400',
    'NO_WEBSOCKET',
    () => upgrade('/graphql', 'Sec-WebSocket-Version: 99\r\n'),
  ],
  ['what is no HTTP', '400', 'NOT_HTTP', () => raw('EHLO evil\r\n\r\n')],
  [
    'two lengths of one body',
    '400',
    'NOT_HTTP',
    () => raw(`POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ],
  ['headers that are too large', '431', 'HEADERS_TOO_LARGE', () => once('GET', '/', `X-A: ${'x'.repeat(40_000)}\r\n`)],
];

describe('what every answer says to a browser (issue 5 part 6)', () => {
  it.each(answers)('%s: %s', async (_what, status, code, request) => {
    const honest = await honestClient(house);
    for (const answer of await honest.during(request)) {
      expect([answer.status, answer.code]).toEqual([status, code]);
      expect(answer.head).toContain("content-security-policy: default-src 'self'");
      for (const header of [
        'x-content-type-options: nosniff',
        'x-frame-options: sameorigin',
        'referrer-policy: no-referrer',
        'strict-transport-security:',
      ])
        expect(answer.head).toContain(header);
      expect(answer.head).not.toMatch(/access-control-allow|server: |x-powered-by|set-cookie/);
    }
  });
});

describe('requests that another site’s page can make in a visitor’s browser (CSRF)', () => {
  const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''];
  it('forms and plain texts are refused, with the visitor’s token or without; no page is allowed by CORS', async () => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      for (const type of simple)
        for (const path of ['/graphql', '/graphql/stream']) {
          const { status, headers } = await house.post(body, {
            path,
            headers: { 'content-type': type, origin: 'https://evil.example' },
          });
          expect([type, path, Math.floor(status / 100)]).toEqual([type, path, 4]);
          expect(headers.get('access-control-allow-origin')).toBeNull();
        }
      const preflight = await fetch(`${house.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([404, null]);
    });
  });

  it('nothing is changed by a link: a mutation by GET is refused, and no query by GET without a header that links cannot send', async () => {
    const honest = await honestClient(house);
    const { token } = await house.cast.deputy('D-043', '150802');
    const mutation = `mutation { draftSuggestion(input: ${JSON.stringify(draft).replace(/"(\w+)":/g, '$1:')}) { caseId } }`;
    const by = (query: string, headers: Record<string, string>) =>
      fetch(`${house.url}/graphql?${new URLSearchParams({ query })}`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
    await honest.during(async () => {
      expect((await by(mutation, { 'apollo-require-preflight': '1' })).status).toBe(405);
      expect((await by(ask, {})).status).toBe(400);
      expect((await by(ask, { 'apollo-require-preflight': '1' })).status).toBe(200);
      const streamed = await fetch(`${house.url}/graphql/stream?${new URLSearchParams({ query: mutation })}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(streamed.status).toBe(400);
    });
  });
});

describe('what production does not tell (issue 5 part 6)', () => {
  const guesses = [
    '{ __schema { types { name } } }',
    '{ __type(name: "Query") { fields { name } } }',
    '{ viewr { kind } }',
    '{ viewer { kin } }',
    '{ suggestion(idd: 1) { id } }',
    'query ($f: SuggestionFilte) { viewer { kind } }',
    '{ viewer { ... on Suggestin { id } } }',
    '{ suggestions(filter: { statu: DRAFT }) { nodes { id } } }',
  ];
  it('the schema: no introspection and no “Did you mean”, at any door', async () => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      const socket = await rawSocket(house);
      for (const [n, query] of guesses.entries()) {
        const http = await house.post({ query });
        socket.subscribe(String(n), query);
        const live = await socket.messages.first(({ id }) => id === String(n));
        const stream = await house.post({ query }, { path: '/graphql/stream' });
        for (const text of [http.text, JSON.stringify(live), stream.text]) {
          expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
          expect(text).not.toMatch(/did you mean|"viewer"|"kind"|"status/i);
        }
      }
      socket.socket.terminate();
    });
  });

  it('that a case exists: one that is hidden and one that is not there give the same answer, byte for byte, at every door', async () => {
    const honest = await honestClient(house);
    const { caseId: hidden } = await house.api.act(honest.deputy.token, 'draftSuggestion', null, draft);
    const { token } = await house.cast.deputy('D-043', '150802');
    const queries = [
      'query ($id: ID!) { suggestion(id: $id) { id title } }',
      'query ($id: ID!) { suggestion(id: $id, at: { revision: 0 }) { id } }',
      'query ($id: ID!) { suggestion(id: $id, at: { time: "2020-01-01T00:00:00Z" }) { id } }',
      'query ($id: ID!) { inspection(id: $id) { id } person(id: $id) { id } }',
      'mutation ($id: ID!) { submitSuggestion(id: $id) { caseId } }',
      'mutation ($id: ID!) { submitSuggestion(id: $id, expectedRevision: 7) { caseId } }',
      'mutation ($id: ID!) { discardDraft(id: $id, commandId: "x") { caseId } }',
      'mutation ($id: ID!) { linkEvidence(id: $id, input: { kind: OTHER, note: "x" }) { caseId } }',
    ];
    const live = 'subscription ($id: ID!) { caseChanged(caseId: $id) { cursor case { id } } }';
    await honest.during(async () => {
      const missing = randomUUID();
      for (const query of queries) {
        const [a, b] = [
          await house.post({ query, variables: { id: hidden } }, { token }),
          await house.post({ query, variables: { id: missing } }, { token }),
        ];
        expect(b.text).toBe(a.text);
        expect(b.status).toBe(a.status);
        expect(a.text).not.toMatch(new RegExp(`${hidden}|GRAPHQL_VALIDATION|BAD_USER_INPUT|INVALID_INPUT`));
      }
      const told = [];
      for (const id of [hidden, missing]) {
        const streamed = await house.post({ query: live, variables: { id } }, { token, path: '/graphql/stream' });
        const socket = await rawSocket(house, { token });
        socket.subscribe('a', live, { id });
        told.push([
          streamed.status,
          streamed.text,
          JSON.stringify(await socket.messages.first(({ id: of }) => of === 'a')),
        ]);
        socket.socket.terminate();
      }
      expect(told[1]).toEqual(told[0]);
      expect(told[0]?.[2]).toContain('NOT_FOUND');
    });
  });

  it('how many there are: what others do behind closed doors changes no list, no page, no feed and no board of an outsider', async () => {
    const honest = await honestClient(house);
    const { token } = await house.cast.deputy('D-044', '150821').catch(() => house.cast.deputy('D-043', '150802'));
    const lists =
      '{ suggestions(first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } inspections(first: 2) { nodes { id } pageInfo { hasNextPage } } issues(first: 2) { nodes { id } pageInfo { hasNextPage } } availableActions { action open } }';
    const feed = '{ dutyFeed(first: 100) { nodes { id } pageInfo { hasNextPage } } }';
    const before = [await house.post({ query: lists }, { token }), await house.post({ query: feed }, { token })];
    await honest.during(async () => {
      const after = [await house.post({ query: lists }, { token }), await house.post({ query: feed }, { token })];
      expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    });
    expect(before.map(({ code }) => code)).toEqual([undefined, undefined]);
  });

  it('who lives in the same house: an open stream of an outsider hears nothing of what is not addressed to it', async () => {
    const honest = await honestClient(house);
    const { token } = await house.cast.deputy('D-043', '150802');
    const socket = await rawSocket(house, { token });
    socket.subscribe('a', feedQuery);
    await socket.messages.first(({ id }) => id === 'a');
    await honest.isServed();
    await socket.ping();
    expect(socket.messages.items.filter(({ id }) => id === 'a')).toHaveLength(1);
  });
});
