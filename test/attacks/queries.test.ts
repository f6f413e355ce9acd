import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawSocket } from '../live/support/clients.js';
import { honestClient } from './support/honest.js';
import type { House } from './support/house.js';
import { openHouse } from './support/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const ring = '{ viewer { ...A } } fragment A on Viewer { kind ...B } fragment B on Viewer { kind ...A }';
/** Each names the next one twice: 2^90 fields, in a thousand words. */
const doubling = (last = 60) =>
  `{ viewer { ...F0 } } ${Array.from({ length: last }, (_, n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F${last} on Viewer { kind }`;
const attacker = async () => (await house.cast.deputy('D-043', '150802')).token;
const bombs: readonly (readonly [what: string, code: string, query: string])[] = [
  ['aliases', 'TOO_MANY_ALIASES', `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: viewer { kind }`).join(' ')} }`],
  ['fragments in a ring', 'GRAPHQL_VALIDATION_FAILED', ring],
  ['depth', 'QUERY_TOO_DEEP', `{ region(code: "150802100") { ${'parent { '.repeat(20)} name ${'} '.repeat(21)} }`],
  ['lists in lists', 'QUERY_TOO_COSTLY', '{ regions { children { children { children { code name } } } } }'],
  ['words', 'QUERY_TOO_LONG', `{ ${'viewer { kind } '.repeat(60_000)} }`],
  ['directives', 'TOO_MANY_DIRECTIVES', `{ viewer { kind ${'@include(if: true) '.repeat(30)} } }`],
  ['fragments that double at each step', 'QUERY_TOO_DEEP', doubling()],
  ['braces', 'QUERY_TOO_LONG', '{a'.repeat(100_000)],
  ['lists of literals', 'QUERY_TOO_LONG', `{ suggestion(id: ${'['.repeat(50_000)}) { id } }`],
];

describe('queries that would take all of the server (issue 5 part 6)', () => {
  it.each(bombs)(
    '%s: refused with %s before they are run, over HTTP, and others are served',
    async (_what, code, query) => {
      const honest = await honestClient(house);
      const answers = await honest.during(() => house.post({ query }));
      expect(new Set(answers.map((answer) => answer.code))).toEqual(new Set([code]));
    },
  );

  it.each(bombs)('%s: the same over WebSocket and as a stream', async (_what, code, query) => {
    const honest = await honestClient(house);
    const socket = await rawSocket(house, { token: await attacker() });
    let n = 0;
    const answers = await honest.during(async () => {
      const id = String(n++);
      socket.subscribe(id, query.slice(0, 60_000));
      const answer = await socket.messages.first((message) => message.id === id);
      const stream = await house.post({ query }, { path: '/graphql/stream' });
      return [answer.payload[0].extensions.code, stream.code];
    });
    for (const both of answers) expect(both).toEqual([code, code]);
    expect(socket.closed.items).toEqual([]);
  });

  it('several at once in one request are refused, over every door', async () => {
    const honest = await honestClient(house);
    const batch = Array.from({ length: 500 }, () => ({ query: '{ viewer { kind } }' }));
    const answers = await honest.during(async () => {
      const socket = await rawSocket(house, { token: await attacker() });
      socket.send(batch.map(({ query }, id) => ({ id: String(id), type: 'subscribe', payload: { query } })));
      const [http, stream] = [await house.post(batch), await house.post(batch, { path: '/graphql/stream' })];
      return [http.status, http.code, stream.status, stream.code, (await socket.closed.first(() => true)).code];
    });
    for (const answer of answers) expect(answer).toEqual([400, 'BAD_REQUEST', 400, 'BAD_REQUEST', 4400]);
  });
});

describe('variables that would take all of the server (60,000 of them held it for half a minute)', () => {
  const feed = 'subscription ($after: String) { dutyFeed(after: $after) { cursor } }';
  const act = 'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId } }';
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, n]));
  const cases: readonly (readonly [what: string, variables: Record<string, unknown>])[] = [
    ['60,000 that nobody declared', many(60_000)],
    ['60,000 fields that the input does not have', { input: many(60_000) }],
    ['a list of 60,000', { input: { title: Array.from({ length: 60_000 }, (_, n) => n) } }],
    ['a list of 60,000 texts', { input: Array.from({ length: 60_000 }, () => 'x') }],
    ['small lists in one large one', { input: Array.from({ length: 6_000 }, () => [1, 2]) }],
  ];

  it.each(cases)('%s are refused before anything is made of them, and others are served', async (_what, variables) => {
    const honest = await honestClient(house);
    const token = await attacker();
    const codes = await honest.during(async () => {
      const http = await house.post({ query: act, variables }, { token });
      const stream = await house.post({ query: feed, variables }, { token, path: '/graphql/stream' });
      return [http.status, http.code, stream.status, stream.code];
    });
    for (const found of codes) expect(found).toEqual([400, 'TOO_MANY_VALUES', 400, 'TOO_MANY_VALUES']);
  });

  it('100,000 lists within each other are refused without a step into them', async () => {
    const honest = await honestClient(house);
    const body = JSON.stringify({ query: act, variables: { input: 0 } }).replace(
      '"input":0',
      `"input":${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    );
    const token = await attacker();
    const answers = await honest.during(() => house.post(body, { token }));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['TOO_MANY_VALUES']));
  });

  it('as many as one message over WebSocket holds are refused likewise, and the socket stays', async () => {
    const honest = await honestClient(house);
    const socket = await rawSocket(house, { token: await attacker() });
    let n = 0;
    const codes = await honest.during(async () => {
      const id = String(n++);
      const variables = { input: Array.from({ length: 12_000 }, () => 1) };
      socket.send({ id, type: 'subscribe', payload: { query: n % 2 ? act : feed, variables } });
      return (await socket.messages.first((message) => message.id === id)).payload[0].extensions.code;
    });
    expect(new Set(codes)).toEqual(new Set(['TOO_MANY_VALUES']));
    expect(socket.closed.items).toEqual([]);
  });

  it('of some thousands that do not fit only the first are told', async () => {
    const honest = await honestClient(house);
    const answers = await honest.during(async () => {
      const variables = { input: many(9_000) };
      const socket = await rawSocket(house, { token: await attacker() });
      const filtered =
        'subscription ($level: Level!, $region: RegionCode!) { boardChanged(region: $region, level: $level) { cursor } }';
      socket.subscribe('a', filtered, { level: many(900), region: many(900) });
      const live = await socket.messages.first(({ id }) => id === 'a');
      const http = await house.post({ query: act, variables }, { token: await attacker() });
      return [http.code, http.text.length < 100_000, live.payload[0].extensions.code];
    });
    for (const answer of answers) expect(answer).toEqual(['BAD_USER_INPUT', true, 'BAD_USER_INPUT']);
  });
});
