import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { boardQuery, feedQuery, isLive, rawSocket, typesOf, wsClient } from './support/clients.js';
import type { Part, World } from './support/world.js';
import { draft, openWorld } from './support/world.js';

const cap = 5;
const payload = 4_096;
let world: World;
let lead: Part;
beforeAll(async () => {
  // The server's sweep is made to come when the test says so.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world = await openWorld({ WUJI_SOCKET_OPERATIONS: String(cap), WUJI_SOCKET_PAYLOAD_BYTES: String(payload) });
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});
const sweep = () => vi.advanceTimersByTime(25_000);
const draftIt = () => world.act(lead, 'draftSuggestion', null, draft);
const code = (message: { payload: readonly { extensions: { code: string } }[] }) => message.payload[0]?.extensions.code;

describe('queries and mutations over WebSocket (issue 2 part 10)', () => {
  it('are answered as over HTTP, refusals with their code', async () => {
    const { once } = wsClient(world, lead.token);
    const query =
      'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId revision case { statusCode } } }';
    expect(await once(query, { input: draft })).toMatchObject({
      data: { draftSuggestion: { revision: 0, case: { statusCode: 'DRAFT' } } },
    });
    const refused = await once(query, { input: { ...draft, title: ' ' } });
    expect(refused).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'INVALID_INPUT', zh: expect.any(String) } }],
    });
  });

  it('an answer that did not wait long enough for the read models says that it is stale', async () => {
    const { once } = wsClient(world, lead.token);
    const answer = await once('{ viewer { kind } dutyFeed(first: 1, waitFor: "zzzzzzzz") { nodes { id } } }');
    expect(answer).toMatchObject({ data: { viewer: { kind: 'deputy' } }, extensions: { stale: true } });
  });
});

describe('tokens of a long connection (libraries.md §3 rule 8)', () => {
  it('a fresh token comes in a ping and the connection outlives the first; without one it is closed with 4403', async () => {
    const token = await world.tokenOf(lead, 60);
    const [kept, left] = [wsClient(world, token), wsClient(world, token)];
    const [feed, other] = [kept.subscribe(feedQuery), left.subscribe(feedQuery)];
    await Promise.all([feed.until(isLive), other.until(isLive)]);
    await kept.ping({ authorization: `Bearer ${await world.tokenOf(lead, 3600)}` });
    sweep();
    await Promise.all([kept.ping(), left.ping()]);
    expect(left.closed.items).toEqual([]); // not yet
    world.pass(61);
    sweep();
    expect(await left.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_EXPIRED' });
    await draftIt();
    await feed.until((items) => typesOf(items).length === 1);
    expect(kept.closed.items).toEqual([]);
  });

  it('nothing is done by a token that has run out, also before the sweep comes: 4403 at the next operation', async () => {
    const raw = await rawSocket(world, { token: await world.tokenOf(lead, 60) });
    await raw.ping();
    const before = await world.log();
    world.pass(61);
    raw.subscribe('late', 'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId } }', {
      input: draft,
    });
    expect(await raw.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_EXPIRED' });
    expect(await world.log()).toHaveLength(before.length);
  });

  it('a token that is not accepted closes with 4403 and its code, at the start as in a ping', async () => {
    const bad = wsClient(world, 'nobody');
    bad.subscribe(feedQuery);
    expect(await bad.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'UNAUTHENTICATED' });
    const good = await rawSocket(world, { token: lead.token });
    good.send({ type: 'ping', payload: { authorization: 'Bearer nobody' } });
    expect(await good.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'UNAUTHENTICATED' });
  });

  it('a token of somebody else does not take over what was subscribed by the first (P3)', async () => {
    const raw = await rawSocket(world, { token: lead.token });
    raw.subscribe('a', feedQuery);
    await raw.messages.first(({ type }) => type === 'next');
    const other = await world.cast.deputy('D-043', '150802');
    raw.send({ type: 'ping', payload: { authorization: `Bearer ${other.token}` } });
    expect(await raw.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'NOT_ALLOWED' });
  });
});

describe('who may connect, and for how long in silence (libraries.md §4)', () => {
  const upgrade = (origin: string, path = '/graphql') =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(world.socketUrl.replace('/graphql', path), 'graphql-transport-ws', { origin });
      socket.on('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode);
      });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('error', () => undefined);
    });

  it('a page of another host is refused at the upgrade, a page of this host is let in', async () => {
    expect(await Promise.all(['https://evil.example', 'null', world.url].map((origin) => upgrade(origin)))).toEqual([
      403, 403, 101,
    ]);
    expect(await upgrade(world.url, '/elsewhere')).toBe(404);
  });

  it('a refused upgrade that is reset by its client does not end the process', async () => {
    const request = (headers: string) =>
      `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`;
    for (let n = 0; n < 30; n++)
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => {
          socket.write(request(n % 2 ? 'Origin: https://evil.example\r\n' : 'Sec-WebSocket-Version: 99\r\n'), () => {
            socket.resetAndDestroy();
            resolve();
          });
        });
        socket.on('error', () => undefined);
      });
    expect(await upgrade(world.url)).toBe(101);
  });

  it('a client that says nothing is closed with 4408; one that asks before it has signed in with 4401; twice in, 4429', async () => {
    const mute = await rawSocket(world, { init: false });
    const hasty = await rawSocket(world, { init: false });
    hasty.subscribe('a', feedQuery);
    const twice = await rawSocket(world, { token: lead.token });
    twice.send({ type: 'connection_init' });
    const codes = await Promise.all([mute, hasty, twice].map(({ closed }) => closed.first(() => true)));
    expect(codes.map((closed) => closed.code)).toEqual([4408, 4401, 4429]);
  });

  it('a client that has not answered a ping by the next sweep is gone', async () => {
    const [dead, alive] = [
      await rawSocket(world, { token: lead.token }),
      await rawSocket(world, { token: lead.token }),
    ];
    sweep();
    await new Promise((resolve) => alive.socket.once('ping', resolve));
    await alive.ping();
    dead.socket.pause();
    sweep(); // both had answered
    await alive.ping();
    sweep();
    const before = await world.gauge('wuji_sockets');
    dead.socket.resume();
    expect(await dead.closed.first(() => true)).toMatchObject({ code: 1006 });
    await alive.ping();
    expect(before).toBeGreaterThan(0);
    expect(alive.closed.items).toEqual([]);
  });
});

describe('what one socket may ask (libraries.md §4)', () => {
  it('more operations than the cap are refused with a code, also in a burst, and room made is room again', async () => {
    const raw = await rawSocket(world, { token: lead.token });
    for (let n = 0; n < cap + 4; n++) raw.subscribe(`s${n}`, feedQuery);
    await raw.messages.until((items) => items.length === 1 + cap + 4);
    const refused = raw.messages.items.filter(({ type }) => type === 'error');
    expect(refused.map(code)).toEqual(Array(4).fill('TOO_MANY_SUBSCRIPTIONS'));
    const served = raw.messages.items.filter(({ type }) => type === 'next').map(({ id }) => id);
    expect(served).toHaveLength(cap);
    raw.send({ type: 'complete', id: served[0] });
    await raw.ping();
    raw.subscribe('again', feedQuery);
    expect((await raw.messages.first(({ id }) => id === 'again')).type).toBe('next');
  });

  it('a message that is too large, is no text or is broken UTF-8 closes that socket and no other', async () => {
    const other = await rawSocket(world, { token: lead.token });
    const [large, binary, broken, json] = await Promise.all(
      Array.from({ length: 4 }, () => rawSocket(world, { token: lead.token })),
    );
    large?.subscribe('a', `{ viewer { kind } } # ${'x'.repeat(payload)}`);
    binary?.socket.send(Buffer.from('{"type":"ping"}'));
    broken?.socket.send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), { binary: false });
    json?.socket.send('{"type":"subscr');
    const codes = await Promise.all([large, binary, broken, json].map((raw) => raw?.closed.first(() => true)));
    expect(codes.map((closed) => closed?.code)).toEqual([1009, 1003, 1007, 4400]);
    await other.ping();
    expect(other.closed.items).toEqual([]);
  });

  it('a second operation under an id that is in use closes the socket (protocol of graphql-transport-ws)', async () => {
    const raw = await rawSocket(world, { token: lead.token });
    raw.subscribe('a', feedQuery);
    raw.subscribe('a', feedQuery);
    expect(await raw.closed.first(() => true)).toMatchObject({ code: 4409 });
  });

  it('an operation that is not valid is an error with its code; the socket and its other operations stay', async () => {
    const raw = await rawSocket(world, { token: lead.token });
    raw.subscribe('feed', feedQuery);
    await raw.messages.first(({ id }) => id === 'feed');
    const cases: readonly (readonly [string, string, Record<string, unknown>?])[] = [
      ['GRAPHQL_PARSE_FAILED', 'subscription {'],
      ['GRAPHQL_VALIDATION_FAILED', 'subscription { nothing { cursor } }'],
      ['GRAPHQL_VALIDATION_FAILED', 'subscription { a: dutyFeed { cursor } b: dutyFeed { cursor } }'],
      ['BAD_USER_INPUT', 'subscription ($c: ID!) { caseChanged(caseId: $c) { cursor } }', { c: { a: 1 } }],
      ['BAD_REQUEST', 'subscription { ...F } fragment F on Subscription { dutyFeed { cursor } }'],
      ['BAD_CURSOR', feedQuery, { after: 'nonsense' }],
      ['CURSOR_EXPIRED', feedQuery, { after: 'other.0001' }],
      ['WRONG_LEVEL', boardQuery, { region: '150802', level: 'city' }],
      ['QUERY_TOO_DEEP', `{ region(code: "150802100") { ${'parent { '.repeat(14)} name ${'} '.repeat(14)} } }`],
    ];
    for (const [index, [expected, query, variables]] of cases.entries()) {
      raw.subscribe(`q${index}`, query, variables);
      const answer = await raw.messages.first(({ id, type }) => id === `q${index}` && type !== 'complete');
      expect([query, answer.type, code(answer)]).toEqual([query, 'error', expected]);
      expect(answer.payload[0].extensions).toMatchObject({ zh: expect.any(String), next: { zh: expect.any(String) } });
    }
    const { caseId } = await draftIt();
    await raw.messages.first(({ id, payload: told }) => id === 'feed' && told.data.dutyFeed.event?.caseId === caseId);
  });
});

it('the hub forgets a client that is gone', async () => {
  await vi.waitFor(async () => expect(await world.gauge('wuji_subscriptions')).toBe(0)); // of the tests before
  const raw = await rawSocket(world, { token: lead.token });
  raw.subscribe('a', feedQuery);
  await raw.messages.first(({ id }) => id === 'a');
  expect(await world.gauge('wuji_subscriptions')).toBe(1);
  raw.socket.terminate();
  await vi.waitFor(async () => expect(await world.gauge('wuji_subscriptions')).toBe(0));
});
