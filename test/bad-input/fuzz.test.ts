import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { feedQuery, isLive, rawSocket, typesOf, wsClient } from '../live/support/clients.js';
import type { Part, World } from '../live/support/world.js';
import { draft, openWorld } from '../live/support/world.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(() => world.close());

const valid = Buffer.from(
  JSON.stringify({
    query: 'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId } }',
    variables: { input: { ...draft, title: ' ' } }, // refused, so a body that stays valid writes nothing
  }),
);
const subscribe = Buffer.from(
  JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: feedQuery, variables: { after: 'x.y' } } }),
);

/** Bytes by chance, good messages with a few bytes changed, and JSON of any shape. */
const bytesNear = (good: Buffer) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }).map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      return new Uint8Array(bytes);
    }),
    fc.nat(good.length).map((length) => new Uint8Array(good.subarray(0, length))),
    fc.json().map((text) => new Uint8Array(Buffer.from(text))),
    fc
      .record(
        {
          query: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('{ viewer { kind } }'), fc.jsonValue()),
          variables: fc.jsonValue(),
          operationName: fc.oneof(fc.constant(null), fc.jsonValue()),
          extensions: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((body) => new Uint8Array(Buffer.from(JSON.stringify(body)))),
  );
const settings = { numRuns: 250, seed: 1508 };

describe('bytes by chance (issue 2 “Bad input”: the process lives, others are served)', () => {
  it('in HTTP bodies: every no has a code, both texts and a next step, and none is a fault of ours', async () => {
    const before = await world.log();
    await fc.assert(
      fc.asyncProperty(bytesNear(valid), fc.constantFrom('/graphql', '/graphql/stream'), async (body, path) => {
        const response = await fetch(`${world.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${lead.token}` },
          body: Buffer.from(body),
        });
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        const { errors } = JSON.parse(text);
        for (const { extensions } of errors ?? []) {
          expect(extensions).toMatchObject({
            en: expect.any(String),
            zh: expect.any(String),
            next: { zh: expect.any(String) },
          });
          expect(extensions.code, text).not.toBe('INTERNAL');
        }
        if (response.status !== 200) expect(errors.length, text).toBeGreaterThan(0);
      }),
      settings,
    );
    expect((await world.log()).slice(before.length)).toEqual([]);
  });

  it('in paths and headers: every no has a code', async () => {
    const paths = [
      '/%ff',
      '/graphql?query=%',
      '/graphql?query={viewer{kind}}',
      '/graphql/stream?query=%ff',
      '/..%2f..%2fetc/passwd',
      '//',
      '/graphql/',
      `/${'x'.repeat(4_000)}`,
      '/export?until=%00',
    ];
    for (const path of paths) {
      const response = await fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${lead.token}` } });
      const text = await response.text();
      expect(response.status, path).toBeLessThan(500);
      if (response.status >= 400)
        expect(JSON.parse(text).errors?.[0]?.extensions?.code, `${path} ${text}`).toEqual(expect.any(String));
    }
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Basic eA==',
      `Bearer ${'x'.repeat(9_000)}`,
      'Bearer a.b.c',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ]) {
      const response = await fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: '{"query":"{ viewer { kind } }"}',
      });
      expect([authorization.slice(0, 20), response.status]).toEqual([authorization.slice(0, 20), 401]);
    }
  });

  it('in WebSocket messages: an error with a code, or that one socket closes; others go on', async () => {
    const other = wsClient(world, lead.token).subscribe(feedQuery);
    await other.until(isLive);
    await fc.assert(
      fc.asyncProperty(bytesNear(subscribe), fc.boolean(), fc.boolean(), async (bytes, binary, init) => {
        const raw = await rawSocket(world, { token: lead.token, init });
        raw.socket.send(Buffer.from(bytes), { binary });
        raw.socket.send('{"type":"ping"}');
        await Promise.race([raw.closed.first(() => true), raw.messages.first(({ type }) => type === 'pong')]);
        for (const { type, payload } of raw.messages.items)
          if (type === 'error') for (const { extensions } of payload) expect(extensions.code).not.toBe('INTERNAL');
        for (const { code } of raw.closed.items) expect(code).not.toBe(4500);
        raw.socket.terminate();
      }),
      { ...settings, numRuns: 150 },
    );
    await world.act(lead, 'draftSuggestion', null, draft);
    await other.until((items) => typesOf(items).length === 1);
  });

  it('in frames and on the bare wire: only that connection ends', async () => {
    const port = Number(new URL(world.url).port);
    const other = wsClient(world, lead.token).subscribe(feedQuery);
    await other.until(isLive);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom('frames', 'wire'),
        async (bytes, where) => {
          const socket = connect(port, '127.0.0.1');
          const closed = new Promise((resolve) => socket.once('close', resolve));
          socket.on('error', () => undefined);
          if (where === 'frames') {
            socket.write(
              'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
            );
            await new Promise((resolve) => socket.once('data', resolve));
          }
          socket.resume();
          socket.end(bytes);
          await closed;
        },
      ),
      { ...settings, numRuns: 120 },
    );
    await world.act(lead, 'draftSuggestion', null, { ...draft, title: '之后' });
    await other.until((items) => typesOf(items).length === 1);
    const socket = new WebSocket(world.socketUrl, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    socket.terminate();
  });
});
