import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { feedQuery, isLive, rawSocket, typesOf, wsClient } from '../live/support/clients.js';
import type { Part, World } from '../live/support/world.js';
import { draft, openWorld } from '../live/support/world.js';
import { codesOf } from './support/answers.js';
import { junkOf } from './support/broken.js';
import { inRounds, roundsTimeout } from './support/rounds.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  const most = '1000000';
  world = await openWorld({ WUJI_RATE_QUERIES: most, WUJI_RATE_SUBSCRIPTIONS: most, WUJI_RATE_CONNECTIONS: most });
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

/** All that is answered to these bytes until the connection ends. */
const saidTo = (bytes: string) =>
  new Promise<string>((resolve) => {
    let said = '';
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(said));
    socket.end(bytes);
  });

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
const inFrames = (runs: number) => ({ target: 'frames', runs, parts: 4 }) as const;

describe('bytes by chance (issue 2 “Bad input”: the process lives, others are served)', () => {
  it(
    'in HTTP bodies: every no has a code, both texts and a next step, and none is a fault of ours',
    async () => {
      const before = await world.log();
      await inRounds(inFrames(250), (round) =>
        fc.assert(
          fc.asyncProperty(bytesNear(valid), fc.constantFrom('/graphql', '/graphql/stream'), async (body, path) => {
            const response = await fetch(`${world.url}${path}`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', authorization: `Bearer ${lead.token}` },
              body: Buffer.from(body),
            });
            const text = await response.text();
            expect(response.status, text).toBeLessThan(500);
            const codes = codesOf(JSON.parse(text).errors, text);
            if (response.status !== 200) expect(codes.length, text).toBeGreaterThan(0);
          }),
          round,
        ),
      );
      expect((await world.log()).slice(before.length)).toEqual([]);
    },
    roundsTimeout,
  );

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
    // HTTP/1.0 needs no host, and any host may be written.
    for (const host of ['', 'Host: a b\r\n', 'Host: [\r\n', 'Host: :0\r\n'])
      expect(await saidTo(`GET /graphql HTTP/1.0\r\n${host}\r\n`), host).toMatch(/^HTTP\/1\.1 4[\s\S]+"code":"/);
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

  it(
    'in WebSocket messages, of any bytes and in any order: an error with a code, or that one socket closes; others go on',
    async () => {
      const other = wsClient(world, lead.token).subscribe(feedQuery);
      await other.until(isLive);
      await inRounds(inFrames(150), (round) =>
        fc.assert(
          fc.asyncProperty(talk(), fc.boolean(), async (messages, init) => {
            const raw = await rawSocket(world, { token: lead.token, init });
            for (const { bytes, binary } of messages) raw.socket.send(Buffer.from(bytes), { binary });
            raw.socket.send('{"type":"ping"}');
            await Promise.race([raw.closed.first(() => true), raw.messages.first(({ type }) => type === 'pong')]);
            for (const { type, payload } of raw.messages.items)
              codesOf(type === 'error' ? payload : type === 'next' ? payload.errors : [], JSON.stringify(payload));
            for (const { code } of raw.closed.items) expect(code).not.toBe(4500);
            raw.socket.terminate();
          }),
          round,
        ),
      );
      await world.act(lead, 'draftSuggestion', null, draft);
      await other.until((items) => typesOf(items).length === 1);
    },
    roundsTimeout,
  );

  it(
    'in frames and on the bare wire, nearly right and by chance: only that connection ends',
    async () => {
      const port = Number(new URL(world.url).port);
      const other = wsClient(world, lead.token).subscribe(feedQuery);
      await other.until(isLive);
      await inRounds(inFrames(150), (round) =>
        fc.assert(
          fc.asyncProperty(wire(), async ({ upgraded, bytes }) => {
            const socket = connect(port, '127.0.0.1');
            const closed = new Promise((resolve) => socket.once('close', resolve));
            socket.on('error', () => undefined);
            if (upgraded) {
              socket.write(upgrade);
              await Promise.race([new Promise((resolve) => socket.once('data', resolve)), closed]);
            }
            let said = '';
            socket.on('data', (chunk) => {
              said += chunk;
            });
            socket.end(bytes);
            await closed;
            expect(said).not.toMatch(/^HTTP\/1\.1 5|"INTERNAL"/m);
          }),
          round,
        ),
      );
      await world.act(lead, 'draftSuggestion', null, { ...draft, title: '之后' });
      await other.until((items) => typesOf(items).length === 1);
      const socket = new WebSocket(world.socketUrl, 'graphql-transport-ws');
      await new Promise((resolve) => socket.once('open', resolve));
      socket.terminate();
    },
    roundsTimeout,
  );
});

/** Messages of the protocol in any order, with ids that come again and parts that are missing or something else. */
function talk() {
  const id = fc.oneof(fc.constantFrom('a', 'a', 'b', ''), junkOf());
  const payload = fc.oneof(
    fc.record(
      { query: fc.constantFrom(feedQuery, '{ viewer { kind } }', '{', '{ __typename }'), variables: junkOf() },
      { requiredKeys: ['query'] },
    ),
    fc.constant({ authorization: `Bearer ${lead.token}` }),
    junkOf(),
  );
  const type = fc.constantFrom(
    'subscribe',
    'subscribe',
    'complete',
    'ping',
    'pong',
    'connection_init',
    'next',
    'error',
    'x',
  );
  const message = fc
    .record({ id, type, payload }, { requiredKeys: ['type'] })
    .map((each) => Buffer.from(JSON.stringify(each)));
  const one = fc.record({
    bytes: fc.oneof({ weight: 3, arbitrary: message }, { weight: 1, arbitrary: bytesNear(subscribe) }),
    binary: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  return fc.array(one, { minLength: 1, maxLength: 6 });
}

const upgrade =
  'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

/** One frame (RFC 6455 §5.2) of which any part may be wrong: reserved bits, kind, mask, a length that is not so. */
function frame() {
  return fc
    .record({
      head: fc.oneof(fc.constantFrom(0x81, 0x01, 0x80, 0x82, 0x88, 0x89, 0x8a, 0xc1), fc.nat(255)),
      masked: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
      said: fc.constantFrom(undefined, undefined, 0, 125, 65_535, 2 ** 31, 2 ** 53),
      payload: fc.oneof(fc.constant(Buffer.from('{"type":"ping"}')), fc.uint8Array({ maxLength: 140 })),
    })
    .map(({ head, masked, said, payload }) => {
      const length = said ?? payload.length;
      const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
      size[0] = (masked ? 0x80 : 0) | Math.min(length, length < 65_536 ? 126 : 127);
      if (length < 126) size[0] = (masked ? 0x80 : 0) | length;
      else if (length < 65_536) size.writeUInt16BE(length, 1);
      else size.writeBigUInt64BE(BigInt(length), 1);
      return Buffer.concat([Buffer.from([head]), size, Buffer.alloc(masked ? 4 : 0), payload]);
    });
}

/** A request (RFC 9112) of which any part may be wrong: version, target, lengths that contradict, chunks that are none. */
function request() {
  const header = fc.constantFrom(
    ...[
      'Host: x',
      'Host: x',
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Length: 99999999999',
      'Transfer-Encoding: chunked',
    ],
    ...[
      'Content-Type: application/json',
      'Content-Type: x\u00ff',
      'Connection: close',
      'Expect: 100-continue',
      'Upgrade: h2c',
      ': x',
      'A'.repeat(20_000),
    ],
  );
  const body = fc.oneof(
    fc.constantFrom('', '{}', '5\r\nhello\r\n0\r\n\r\n', 'ffffffffffffffff\r\n', '-1\r\n', 'GET / HTTP/1.1\r\n\r\n'),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  return fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'OPTIONS', 'TRACE', 'PRI', 'x y', ''),
      fc.constantFrom('/graphql', '/graphql/stream', '/export', '*', 'http://x/', '/%00', '//'),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', ''),
      fc.array(header, { maxLength: 5 }),
      body,
    )
    .map(([method, target, version, headers, rest]) =>
      Buffer.from(
        `${method} ${target} ${version}\r\n${headers.map((each) => `${each}\r\n`).join('')}\r\n${rest}`,
        'latin1',
      ),
    );
}

function wire() {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const several = (one: fc.Arbitrary<Buffer>) =>
    fc
      .array(fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: noise }), { minLength: 1, maxLength: 4 })
      .map((all) => Buffer.concat(all));
  return fc.oneof(
    several(frame()).map((bytes) => ({ upgraded: true, bytes })),
    several(request()).map((bytes) => ({ upgraded: false, bytes })),
  );
}
