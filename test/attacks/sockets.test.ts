import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { feedQuery, rawSocket, stream } from '../live/support/clients.js';
import { honestClient } from './support/honest.js';
import type { House } from './support/house.js';
import { openHouse } from './support/house.js';
import { attackersAddress, rawConnection } from './support/wire.js';

const [perHolder, perAddress, perSocket, perSecond, payload] = [6, 12, 5, 60, 4_096];
let house: House;
let attacker: string;
let other: string;
beforeAll(async () => {
  house = await openHouse({
    WUJI_SOCKETS_PER_HOLDER: String(perHolder),
    WUJI_SOCKETS_PER_ADDRESS: String(perAddress),
    WUJI_SOCKET_OPERATIONS: String(perSocket),
    WUJI_SOCKET_MESSAGES: String(perSecond),
    WUJI_SOCKET_PAYLOAD_BYTES: String(payload),
  });
  attacker = (await house.cast.deputy('D-043', '150802')).token;
  other = (await house.cast.deputy('D-042', '150802')).token;
});
afterAll(() => house.close());

/** The status with which an upgrade is refused, and its answer; 101 when it is not. */
const upgrade = (options: { origin?: string; localAddress?: string; path?: string }) =>
  new Promise<{ status: number | undefined; text: string; socket: WebSocket }>((resolve) => {
    const { path = '/graphql', ...rest } = options;
    const socket = new WebSocket(house.socketUrl.replace('/graphql', path), 'graphql-transport-ws', rest);
    socket.on('unexpected-response', async (_request, response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, text, socket });
    });
    socket.on('open', () => resolve({ status: 101, text: '', socket }));
    socket.on('error', () => undefined);
  });

describe('WebSockets beyond measure (issue 5 part 6)', () => {
  it('pages of other sites do not get in, whatever they call themselves; the own page does', async () => {
    const honest = await honestClient(house);
    const foreign = ['https://evil.example', 'null', `${house.url}.evil.example`, 'http://127.0.0.1', 'x'];
    await honest.during(async () => {
      for (const origin of foreign) {
        const { status, text } = await upgrade({ origin, localAddress: attackersAddress });
        expect([origin, status, text]).toEqual([origin, 403, expect.stringContaining('FOREIGN_ORIGIN')]);
      }
      const { status, socket } = await upgrade({ origin: house.url, localAddress: attackersAddress });
      socket.terminate();
      expect(status).toBe(101);
    });
  });

  it('one holder has so many connections at once, sockets and streams together; another holder has others', async () => {
    const honest = await honestClient(house);
    const sockets = [];
    for (let n = 0; n < perHolder - 1; n++) sockets.push(await rawSocket(house, { token: attacker }));
    const streamed = await stream(house, { token: attacker, query: feedQuery });
    expect(streamed.response.status).toBe(200);
    await honest.during(async () => {
      const late = await rawSocket(house, { init: false });
      late.send({ type: 'connection_init', payload: { authorization: `Bearer ${attacker}` } });
      expect(await late.closed.first(() => true)).toEqual({ code: 1013, reason: 'TOO_MANY_CONNECTIONS' });
      const { response } = await stream(house, { token: attacker, query: feedQuery });
      expect([response.status, await response.text()]).toEqual([429, expect.stringContaining('TOO_MANY_CONNECTIONS')]);
      const free = await rawSocket(house, { token: other });
      free.socket.close();
      await free.closed.first(() => true);
    });
    // Signing in again by a ping takes no second place; one that closes gives its own back.
    for (let n = 0; n < 3; n++) sockets[0]?.send({ type: 'ping', payload: { authorization: `Bearer ${attacker}` } });
    await sockets[0]?.ping();
    sockets[1]?.socket.close();
    await sockets[1]?.closed.first(() => true);
    const again = await rawSocket(house, { token: attacker });
    expect(again.closed.items).toEqual([]);
    for (const { socket } of [...sockets, again]) socket.terminate();
    streamed.end();
  });

  it('one address has so many, signed in or not; the upgrade is refused with 429, and others come in', async () => {
    const honest = await honestClient(house);
    const held = await Promise.all(
      Array.from({ length: perAddress + 8 }, () => upgrade({ localAddress: '127.0.0.77' })),
    );
    const refused = held.filter(({ status }) => status !== 101);
    expect(refused.map(({ status, text }) => [status, /[A-Z_]{9,}/.exec(text)?.[0]])).toEqual(
      Array(8).fill([429, 'TOO_MANY_CONNECTIONS']),
    );
    await honest.isServed();
    // They sign in never: each is sent away, and gives its place back.
    const codes = held
      .filter(({ status }) => status === 101)
      .map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)));
    expect(await Promise.all(codes)).toEqual(Array(perAddress).fill(4408)); // connection_init did not come
    await honest.isServed();
    const free = await upgrade({ localAddress: '127.0.0.77' });
    free.socket.terminate();
    expect(free.status).toBe(101);
  });

  it('one peer has twice as many connections of any kind, also such that say nothing; others come in', async () => {
    const honest = await honestClient(house);
    const from = '127.0.0.88';
    const all = await Promise.all(Array.from({ length: 2 * perAddress + 30 }, () => rawConnection(house, from)));
    let closed = 0;
    await new Promise<void>((resolve) => {
      for (const { ended } of all) void ended.then(() => ++closed === 30 && resolve());
    });
    await honest.isServed();
    const alive = all.filter(({ socket }) => !socket.closed);
    expect(alive).toHaveLength(2 * perAddress);
    for (const { write } of alive) write('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    for (const { ended } of alive) expect(await ended).toContain('200 OK');
    const again = await rawConnection(house, from);
    again.write('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await again.ended).toContain('200 OK');
  });

  it('one socket carries so many operations; a burst of hundreds is refused one by one', async () => {
    const honest = await honestClient(house);
    const socket = await rawSocket(house, { token: attacker });
    await honest.during(async () => {
      const before = socket.messages.items.length;
      for (let n = 0; n < perSocket + 10; n++) socket.subscribe(`o${before}-${n}`, feedQuery);
      await socket.messages.until((items) => items.length >= before + perSocket + 10);
      const refused = socket.messages.items.slice(before).filter(({ type }) => type === 'error');
      expect(refused.length).toBeGreaterThanOrEqual(10);
      for (const { payload: told } of refused) expect(told[0].extensions.code).toBe('TOO_MANY_SUBSCRIPTIONS');
      const all = socket.messages.items.slice(before).filter(({ type }) => type === 'next');
      for (const { id } of all) socket.send({ id, type: 'complete' });
      socket.socket.close();
      await socket.closed.first(() => true);
      Object.assign(socket, await rawSocket(house, { token: attacker }));
    });
  });

  it.each([
    ['messages of the protocol', (socket: WebSocket) => socket.send('{"type":"ping"}')],
    ['operations', (socket: WebSocket) => socket.send('{"type":"complete","id":"a"}')],
    ['pings below the protocol', (socket: WebSocket) => socket.ping()],
    ['pongs that nobody asked for', (socket: WebSocket) => socket.pong()],
  ])('a flood of %s ends that socket with 1013, and no other', async (_what, send) => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      const { socket, closed } = await rawSocket(house, { token: attacker });
      for (let n = 0; n < perSecond * 20; n++) send(socket);
      expect(await closed.first(() => true)).toEqual({ code: 1013, reason: 'TOO_MANY_MESSAGES' });
    });
  });

  it('a message in crumbs ends its socket: hundreds of fragments of a byte, or of none', async () => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      for (const crumb of ['x', '']) {
        const { socket, closed } = await rawSocket(house, { token: attacker });
        for (let n = 0; n < 3_000; n++) socket.send(crumb, { fin: false });
        const { code } = await closed.first(() => true);
        expect([1008, 1006]).toContain(code); // the farewell may be lost in the flood
      }
    });
  });

  it('a frame that is too large is not waited for: 1009 as soon as its length is known', async () => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      const { socket, closed } = await rawSocket(house, { token: attacker });
      socket.send('x'.repeat(payload + 1));
      expect(await closed.first(() => true)).toMatchObject({ code: 1009 });
    });
  });
});
