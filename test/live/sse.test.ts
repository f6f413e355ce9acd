import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { caseQuery, codeIn, feedQuery, stream, wideEvent } from './support/clients.js';
import type { Part, World } from './support/world.js';
import { draft, longDraft, openWorld } from './support/world.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  // The server's keep-alive is made to come when the test says so.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});
const tick = () => vi.advanceTimersByTime(15_000);
const draftIt = () => world.act(lead, 'draftSuggestion', null, draft);

describe('GraphQL over server-sent events (issue 2 part 10)', () => {
  it.each(['GET', 'POST'] as const)(
    '%s: an event stream that no proxy keeps or buffers, each message with its cursor as id',
    async (method) => {
      const { response, inbox } = await stream(world, { token: lead.token, query: feedQuery, method });
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      await draftIt();
      await inbox.until((items) => items.length === 2);
      for (const { id, event, data } of inbox.items) {
        expect(event).toBe('next');
        expect(id).toBe(data.data.dutyFeed.cursor);
      }
    },
  );

  it('a comment keeps a quiet stream open', async () => {
    const { inbox } = await stream(world, { token: lead.token, query: feedQuery });
    await inbox.until((items) => items.length === 1);
    tick();
    expect(await inbox.first(({ event }) => event === ':')).toBeDefined();
  });

  const bad = [
    { what: 'a token that is not accepted', token: 'nobody', status: 401, code: 'UNAUTHENTICATED', query: feedQuery },
    { what: 'a document that cannot be read', status: 400, code: 'GRAPHQL_PARSE_FAILED', query: 'subscription {' },
    { what: 'an unknown field', status: 400, code: 'GRAPHQL_VALIDATION_FAILED', query: 'subscription { nothing }' },
    { what: 'a query', status: 400, code: 'BAD_REQUEST', query: '{ viewer { kind } }' },
    {
      what: 'a wrong variable',
      status: 400,
      code: 'BAD_USER_INPUT',
      query: caseQuery,
      variables: { caseId: { a: 1 } },
    },
  ];
  it.each(bad)(
    '$what is answered $status $code as JSON, in both languages',
    async ({ status, code, query, ...given }) => {
      const { token = lead.token, variables = {} } = given;
      for (const method of ['GET', 'POST'] as const) {
        const { response } = await stream(world, { token, query, variables, method });
        expect([response.status, response.headers.get('content-type')]).toEqual([
          status,
          'application/json; charset=utf-8',
        ]);
        expect(await response.json()).toMatchObject({
          errors: [
            { extensions: { code, en: expect.any(String), zh: expect.any(String), next: { zh: expect.any(String) } } },
          ],
        });
      }
    },
  );

  it('a malformed Last-Event-ID, body or variable is refused with a code; HEAD opens no stream', async () => {
    const { inbox, done } = await stream(world, { token: lead.token, query: feedQuery, lastEventId: 'nonsense' });
    await done;
    expect(inbox.items.map(({ event, data }) => [event, data?.errors[0].extensions.code])).toEqual([
      ['next', 'BAD_CURSOR'],
      ['complete', undefined],
    ]);
    const url = `${world.url}/graphql/stream`;
    const answers = await Promise.all([
      fetch(url),
      fetch(`${url}?query=a&query=b`),
      fetch(`${url}?query=${encodeURIComponent(feedQuery)}&variables={`),
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":5}' }),
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(400));
    const codes = await Promise.all(answers.map(async (answer) => codeIn(await answer.json())));
    expect(codes).toEqual(['BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST', 'BODY_NOT_JSON']);
    expect((await fetch(`${url}?query=${encodeURIComponent(feedQuery)}`, { method: 'HEAD' })).status).toBe(404);
  });

  it('a stream ends with TOKEN_EXPIRED when its token has run out, and nothing is written to it after', async () => {
    const token = await world.tokenOf(lead, 60);
    const { inbox, done } = await stream(world, { token, query: feedQuery });
    await inbox.until((items) => items.length === 1);
    world.pass(61);
    tick();
    await draftIt();
    await done;
    const last = inbox.items.slice(-2);
    expect(last.map(({ event, data }) => [event, data?.errors[0].extensions.code])).toEqual([
      ['next', 'TOKEN_EXPIRED'],
      ['complete', undefined],
    ]);
  });

  it('an ended stream whose reader does not read cannot hurt the process (bad input: the process lives)', async () => {
    const deputy = await world.cast.deputy('D-042', '150802');
    const socket = rawRequest(deputy.token);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    await fill(deputy);
    await world.act(world.operator, 'suspendMandate', deputy.id, { reason: 'SERVING_SENTENCE' });
    const { inbox } = await stream(world, { token: lead.token, query: feedQuery });
    await inbox.until((items) => items.length === 1);
    tick();
    tick();
    await inbox.until((items) => items.filter(({ event }) => event === ':').length === 2);
    expect(await world.gauge('wuji_subscriptions')).toBeGreaterThan(0); // it answers
    socket.destroy();
  });

  it('a client that is gone before its token has been looked at leaves nothing behind', async () => {
    await vi.waitFor(async () => expect(await world.gauge('wuji_subscriptions')).toBe(0)); // of the tests before
    for (let n = 0; n < 25; n++)
      await new Promise<void>((resolve) => {
        const socket = rawRequest(lead.token, () => {
          socket.destroy();
          resolve();
        });
      });
    const { inbox } = await stream(world, { token: lead.token, query: feedQuery });
    await inbox.until((items) => items.length === 1);
    await vi.waitFor(async () => expect(await world.gauge('wuji_subscriptions')).toBe(1));
  });
});

/** More than the kernel keeps for both ends of a connection. */
async function fill(deputy: Part): Promise<void> {
  const { caseId } = await world.act(deputy, 'draftSuggestion', null, draft);
  for (let n = 0; n < 120; n++) await world.act(deputy, 'editSuggestion', caseId, longDraft(n));
}

function rawRequest(token: string, written: () => void = () => undefined) {
  const query = feedQuery.replace('event { type revision caseId }', wideEvent);
  const body = JSON.stringify({ query });
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () =>
    socket.write(
      `POST /graphql/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      written,
    ),
  );
  socket.on('error', () => undefined);
  return socket;
}
