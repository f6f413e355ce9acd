import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Part, World } from '../live/support/world.js';
import { draft, openWorld } from '../live/support/world.js';
import { ask, assertFit, codesOf } from './support/answers.js';
import { junkOf } from './support/broken.js';
import { inRounds, roundsTimeout } from './support/rounds.js';

let world: World;
let viewers: readonly Part[];
let caseId: string;
beforeAll(async () => {
  const most = '1000000';
  world = await openWorld({ WUJI_RATE_QUERIES: most, WUJI_RATE_SUBSCRIPTIONS: most, WUJI_RATE_CONNECTIONS: most });
  const { cast, act } = world;
  const lead = await cast.deputy('D-041', '150802');
  viewers = [lead, await cast.deputy('D-061', '150821'), await cast.official('O-14')];
  for (let n = 0; n < 5; n++) ({ caseId } = await act(lead, 'draftSuggestion', null, { ...draft, title: `第${n}件` }));
  await act(lead, 'submitSuggestion', caseId);
  await world.settle();
});
afterAll(() => world.close());

/** `id`: by what the rows are told apart. */
type List = { readonly name: string; readonly args: string; readonly id: string };

/** Every query of the schema that takes a cursor. */
async function listsOf(): Promise<readonly List[]> {
  const query = '{ __schema { queryType { fields { name args { name } } } } }';
  const { data } = await ask(world.url, world.operator, { query });
  const fields: readonly { name: string; args: readonly { name: string }[] }[] = data.__schema.queryType.fields;
  const takes = ({ args }: (typeof fields)[number], wanted: string) => args.some(({ name }) => name === wanted);
  const lists = fields.filter((field) => takes(field, 'after'));
  expect(lists.length).toBeGreaterThan(10);
  const found: List[] = [];
  for (const field of lists) {
    const about = takes(field, 'caseId') ? `caseId: "${caseId}", ` : '';
    const args = takes(field, 'at') ? 'at: { position: "0000000000000014" }, ' : about;
    const list = { name: field.name, args, id: 'id' };
    const { codes } = await ask(world.url, world.operator, { query: pageOf(list) });
    found.push(codes.includes('GRAPHQL_VALIDATION_FAILED') ? { ...list, id: 'id: __typename' } : list);
  }
  return found;
}

const pageOf = ({ name, args, id }: List) =>
  `query ($after: String, $first: Int! = 3) { ${name}(${args}first: $first, after: $after) { nodes { ${id} } pageInfo { hasNextPage endCursor } } }`;
type Page = {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** All that a viewer sees of a list, and the cursors on the way; nothing when the list is not the viewer's. */
async function walk(list: List, { token }: Part): Promise<{ ids: Set<string>; cursors: string[] }> {
  const [ids, cursors]: [Set<string>, string[]] = [new Set(), []];
  for (let after: string | null = null; ; ) {
    const { data, codes } = await ask(world.url, token, { query: pageOf(list), variables: { after, first: 20 } });
    if (codes.length > 0) return { ids, cursors };
    const page: Page = data[list.name];
    for (const { id } of page.nodes) ids.add(id);
    if (page.pageInfo.endCursor !== null) cursors.push(page.pageInfo.endCursor);
    if (!page.pageInfo.hasNextPage) return { ids, cursors };
    after = page.pageInfo.endCursor;
  }
}

/** Cursors as they were given out, with a few characters or the bytes behind them changed, and anything else. */
function cursorsNear(given: readonly string[]): fc.Arbitrary<unknown> {
  const good = fc.constantFrom(...given);
  const change = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 3 });
  const inText = fc.tuple(good, change).map(([cursor, changes]) => {
    const characters = [...cursor];
    for (const [at, code] of changes) characters[at % characters.length] = String.fromCharCode(code);
    return characters.join('');
  });
  const inBytes = fc.tuple(good, change).map(([cursor, changes]) => {
    const bytes = Buffer.from(cursor, 'base64url');
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes.toString('base64url');
  });
  const joined = fc.tuple(good, good).map(([a, b]) => `${a.split('.')[0]}.${b.split('.').at(-1)}`);
  const made = fc.tuple(junkOf(), junkOf()).map((place) => Buffer.from(JSON.stringify(place)).toString('base64url'));
  return fc.oneof({ weight: 3, arbitrary: good }, inText, inBytes, joined, made, junkOf());
}

it(
  'a cursor of any kind in any list: rows that the viewer sees anyway, or a code (issue 5 part 7; P3)',
  async () => {
    const lists = await listsOf();
    const seen = new Map<string, ReadonlySet<string>>();
    const given: string[] = [];
    for (const list of lists)
      for (const viewer of viewers) {
        const { ids, cursors } = await walk(list, viewer);
        seen.set(`${list.name} ${viewer.id}`, ids);
        given.push(...cursors);
      }
    expect(given.length).toBeGreaterThan(20);
    let answered = 0;
    await inRounds({ target: 'cursors', runs: 400, parts: 2 }, (round) =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...lists),
          fc.constantFrom(...viewers),
          cursorsNear(given),
          fc.oneof({ weight: 4, arbitrary: fc.constant(3) }, { weight: 1, arbitrary: junkOf() }),
          async (list, viewer, after, first) => {
            const body = { query: pageOf(list), variables: { after, first } };
            const { codes, data } = await ask(world.url, viewer.token, body, JSON.stringify(body).slice(0, 500));
            for (const code of codes)
              expect(code).toMatch(
                /^(BAD_CURSOR|CURSOR_EXPIRED|BAD_USER_INPUT|TOO_MANY_VALUES|PAGE_TOO_LARGE|BODY_NOT_JSON|NOT_FOUND|NOT_ALLOWED)$/,
              );
            if (codes.length > 0) return;
            answered++;
            for (const { id } of (data[list.name] as Page).nodes)
              expect([...(seen.get(`${list.name} ${viewer.id}`) ?? [])]).toContain(id);
          },
        ),
        round,
      ),
    );
    expect(answered).toBeGreaterThan(40);
    await assertFit(world.url);
  },
  roundsTimeout,
);

const feeds = [
  'subscription ($after: String) { dutyFeed(after: $after) { cursor } }',
  'subscription ($after: String, $id: ID!) { caseChanged(caseId: $id, after: $after) { cursor } }',
];

it(
  'a cursor of any kind in a subscription, or as Last-Event-ID: a first message, or a code (issue 5 part 7)',
  async () => {
    const given = (
      await Promise.all(viewers.map((viewer) => walk({ name: 'dutyFeed', args: '', id: 'id' }, viewer)))
    ).flatMap(({ cursors }) => cursors);
    await inRounds({ target: 'cursors', runs: 120, parts: 2 }, (round) =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...feeds),
          fc.constantFrom(...viewers),
          cursorsNear(given),
          fc.boolean(),
          async (query, { token }, cursor, asHeader) => {
            const header = (typeof cursor === 'string' ? cursor : JSON.stringify(cursor))
              .replaceAll(/[^\x21-\x7e]/g, '.')
              .slice(0, 2_000);
            const variables = { id: caseId, ...(!asHeader && { after: cursor }) };
            const first = await firstOf(token, { query, variables }, asHeader ? header : undefined);
            for (const code of codesOf(first.errors, `${header}: ${JSON.stringify(first)}`))
              expect(code).toMatch(
                /^(BAD_CURSOR|CURSOR_EXPIRED|BAD_USER_INPUT|TOO_MANY_VALUES|BODY_NOT_JSON|NOT_FOUND)$/,
              );
          },
        ),
        round,
      ),
    );
    await assertFit(world.url);
  },
  roundsTimeout,
);

/** What comes first: a message, or errors. */
// biome-ignore lint/suspicious/noExplicitAny: an answer from the wire
async function firstOf(token: string, body: unknown, lastEventId: string | undefined): Promise<any> {
  const response = await fetch(`${world.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(500);
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.json();
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const [, data] = /^data: ?(\{.*\})$/m.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data); // what is left of the body is given up
  }
  throw new Error(`the stream ended without a message: ${text}`);
}
