import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { addressReader } from '../../src/graphql/guard/address.js';
import type { RateLimits, Rates } from '../../src/graphql/guard/ports.js';
import { createLimits } from '../../src/infra/in-process/limits.js';
import { ratesOf } from '../contract/limits.contract.js';
import { caseQuery, feedQuery, isLive, rawSocket, stream, wsClient } from '../live/support/clients.js';
import type { Node, Nodes } from '../live/support/nodes.js';
import { openNodes } from '../live/support/nodes.js';
import type { Part } from '../live/support/world.js';

let limits: RateLimits;
let house: Nodes;
let direct: Node;
let proxied: Node;
let busy: Part;
let other: Part;
const begin = (rates: Partial<Rates>) => {
  limits = createLimits(ratesOf({ query: 1_000, mutation: 1_000, subscribe: 1_000, connect: 1_000, ...rates }));
};
beforeAll(async () => {
  begin({});
  const own = {
    limits: { take: (...asked: Parameters<RateLimits['take']>) => limits.take(...asked) },
    revocations: { revoke: async () => {}, isRevoked: () => false, onRevoked: () => () => {} },
  };
  house = await openNodes([own, { ...own, proxies: ['127.0.0.0/8', '::1'] }]);
  const [one, two] = house.nodes;
  if (!one || !two) throw new Error('two nodes are needed');
  [direct, proxied] = [one, two];
  busy = await house.cast.deputy('D-041', '150802');
  other = await house.cast.deputy('D-043', '150802');
});
afterAll(() => house.close());
beforeEach(() => begin({}));

type Asked = { readonly token?: string; readonly query?: string; readonly forwarded?: string };
async function ask(node: Node, { token, query = '{ viewer { kind } }', forwarded }: Asked) {
  const response = await fetch(`${node.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
    },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: Record<string, unknown> }[] };
  return { status: response.status, response, extensions: errors?.[0]?.extensions };
}
const times = <T>(count: number, one: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, one));
async function statuses(answers: Promise<{ status: number }[]>): Promise<Record<number, number>> {
  const found: Record<number, number> = {};
  for (const { status } of await answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}
/** Not valid, so it changes nothing; it has been let in all the same. */
const mutation = 'mutation { submitSuggestion(id: "x") { revision } }';

describe('rate limits of the running server (issue 3 part 3, issue 5 part 6)', () => {
  it('a flood from one token is refused and does not stop another, nor the other budgets of its own', async () => {
    begin({ mutation: 5 });
    const flood = statuses(times(100, () => ask(direct, { token: busy.token, query: mutation })));
    const meanwhile = await statuses(times(5, () => ask(direct, { token: other.token, query: mutation })));
    expect(await flood).toEqual({ 200: 5, 429: 95 });
    expect(meanwhile).toEqual({ 200: 5 });
    expect((await ask(direct, { token: busy.token })).status).toBe(200);
  });

  it('the refusal says in both languages what to do and when: 429, Retry-After, retryAfterMs', async () => {
    begin({ query: 1 });
    await ask(direct, { token: busy.token });
    const { status, response, extensions } = await ask(direct, { token: busy.token });
    expect(status).toBe(429);
    expect(extensions).toMatchObject({
      code: 'RATE_LIMITED',
      en: expect.any(String),
      zh: expect.stringMatching(/\p{Script=Han}/u),
      next: { en: expect.any(String), zh: expect.stringMatching(/\p{Script=Han}/u) },
      retryAfterMs: expect.any(Number),
    });
    const ms = Number(extensions?.retryAfterMs);
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(60_000);
    expect(response.headers.get('retry-after')).toBe(String(Math.ceil(ms / 1000)));
  });

  it('the budget is the holder’s: another token gives no other one', async () => {
    begin({ query: 3 });
    const token = await house.tokenOf(busy.id); // asks as the operator
    expect(await statuses(times(3, () => ask(direct, { token: busy.token })))).toEqual({ 200: 3 });
    expect((await ask(direct, { token })).status).toBe(429);
  });

  it('a document that is not valid counts as a query', async () => {
    begin({ query: 3 });
    const answers = statuses(times(5, () => ask(direct, { token: busy.token, query: '{ nothing }' })));
    expect(await answers).toEqual({ 400: 3, 429: 2 });
    expect((await ask(direct, { token: busy.token })).status).toBe(429);
  });

  it('over WebSocket the same budgets are spent; the refused operation fails, the connection and what is subscribed stay', async () => {
    begin({ query: 3, subscribe: 2 });
    const socket = wsClient(direct, busy.token);
    const feed = socket.subscribe(feedQuery);
    await feed.until(isLive);
    expect((await ask(direct, { token: busy.token })).status).toBe(200);
    const query = '{ viewer { kind } }';
    await socket.once(query);
    await socket.once(query);
    await expect(socket.once(query)).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } },
    ]);
    expect((await ask(direct, { token: busy.token })).status).toBe(429);
    await socket.subscribe(caseQuery, { caseId: busy.id }).until((items) => items.length > 0);
    expect(await socket.subscribe(feedQuery).first(() => true)).toEqual({ failed: 'RATE_LIMITED' });
    await socket.ping();
    expect(socket.closed.items).toEqual([]);
  });

  it('over server-sent events: 429 with Retry-After; another holder’s streams begin', async () => {
    begin({ subscribe: 2 });
    const open = async ({ token }: Part) => (await stream(direct, { token, query: feedQuery })).response;
    expect([await open(busy), await open(busy)].map(({ status }) => status)).toEqual([200, 200]);
    const refused = await open(busy);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await open(other)).status).toBe(200);
  });

  it('connections begun too often are closed with 1013, after which clients come back later; others begin', async () => {
    begin({ connect: 3 });
    for (let n = 0; n < 3; n++) await rawSocket(direct, { token: busy.token });
    const late = await rawSocket(direct, { init: false });
    late.send({ type: 'connection_init', payload: { authorization: `Bearer ${busy.token}` } });
    expect(await late.closed.first(() => true)).toMatchObject({ code: 1013, reason: 'RATE_LIMITED' });
    await rawSocket(direct, { token: other.token });
  });

  it('who tries tokens is refused by address, whatever the door; a good token from there is not', async () => {
    begin({ connect: 4 });
    expect(await statuses(times(3, () => ask(direct, { token: 'guess' })))).toEqual({ 401: 3 });
    const guess = await stream(direct, { token: 'guess', query: feedQuery });
    expect(guess.response.status).toBe(401);
    expect((await ask(direct, { token: 'guess' })).status).toBe(429);
    expect((await stream(direct, { token: 'guess', query: feedQuery })).response.status).toBe(429);
    const socket = await rawSocket(direct, { init: false });
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer guess' } });
    expect(await socket.closed.first(() => true)).toMatchObject({ code: 1013 });
    expect((await ask(direct, { token: busy.token })).status).toBe(200);
  });

  it('who has no token is counted by address: the forwarded one from a trusted proxy, and from nobody else', async () => {
    begin({ query: 2 });
    const through = (forwarded: string) => statuses(times(3, () => ask(proxied, { forwarded })));
    expect(await through('203.0.113.7')).toEqual({ 200: 2, 429: 1 });
    expect(await through('203.0.113.8')).toEqual({ 200: 2, 429: 1 });
    expect(await through('198.51.100.1, 203.0.113.7')).toEqual({ 429: 3 }); // what the caller wrote himself
    let n = 0;
    const pretending = statuses(times(3, () => ask(direct, { forwarded: `203.0.113.${100 + n++}` })));
    expect(await pretending).toEqual({ 200: 2, 429: 1 });
  });
});

describe('the address of a caller', () => {
  const request = (from: string, forwarded?: string | string[]) => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: from });
    const message = new IncomingMessage(socket);
    if (forwarded !== undefined) Object.assign(message.headers, { 'x-forwarded-for': forwarded });
    return message;
  };
  const cases: readonly (readonly [string, readonly string[], string, string | undefined, string])[] = [
    ['is the connection’s', [], '192.0.2.1', undefined, '192.0.2.1'],
    ['without trusted proxies a header is nothing', [], '192.0.2.1', '203.0.113.7', '192.0.2.1'],
    ['behind a proxy it is what the proxy saw', ['192.0.2.1'], '192.0.2.1', '203.0.113.7', '203.0.113.7'],
    ['behind two, what the farther one saw', ['192.0.2.0/24'], '192.0.2.1', '203.0.113.7, 192.0.2.9', '203.0.113.7'],
    ['never what stands left of it', ['192.0.2.1'], '192.0.2.1', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['a proxy that forwards nonsense is itself the caller', ['192.0.2.1'], '192.0.2.1', 'unknown', '192.0.2.1'],
    ['a proxy that forwards nothing is itself the caller', ['192.0.2.1'], '192.0.2.1', '', '192.0.2.1'],
    ['IPv4 within IPv6 is IPv4', ['192.0.2.1'], '::ffff:192.0.2.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['ports and brackets are not part of it', ['::1'], '::1', '203.0.113.7:4711', '203.0.113.7'],
    ['of IPv6 the network counts', [], '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['however it is written', ['fd00::/8'], 'fd00::9', '[2001:0DB8:1:2::6]:443', '2001:db8:1:2::/64'],
    ['also in short', [], '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['of one interface', [], 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
  ];
  test.each(cases)('%s', (_rule, trusted, from, forwarded, expected) => {
    expect(addressReader(trusted)(request(from, forwarded))).toBe(expected);
  });

  test('what is no network is refused at the start', () => {
    for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0.0/x', '']) expect(() => addressReader([wrong])).toThrow();
  });
});
