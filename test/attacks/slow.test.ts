import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedQuery, rawSocket } from '../live/support/clients.js';
import { draft } from '../live/support/world.js';
import { honestClient } from './support/honest.js';
import type { House } from './support/house.js';
import { codeIn, openHouse } from './support/house.js';
import { rawConnection } from './support/wire.js';

const body = '{"query":"{ viewer { kind } }"}';
const head = (more: string) => `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}`;

let house: House;
beforeAll(async () => {
  house = await openHouse({
    WUJI_REQUEST_SECONDS: '1',
    WUJI_IDLE_SECONDS: '3',
    WUJI_SOCKET_MESSAGES: '100000',
    WUJI_SOCKET_OPERATIONS: '10000',
  });
});
afterAll(() => house.close());

/** Many of them at once, all held while the honest one is served, until the server has ended each. */
async function held(count: number, begin: string, drip: string): Promise<readonly string[]> {
  const honest = await honestClient(house);
  const all = await Promise.all(Array.from({ length: count }, () => rawConnection(house)));
  for (const { write } of all) write(begin);
  // Each answer of the server to somebody else is the time for another crumb.
  const dripping = honest.during(async () => {
    for (const { write, socket } of all) if (socket.writable) write(drip);
    await fetch(`${house.url}/health/live`);
  });
  await dripping;
  const answers = await Promise.all(all.map(({ ended }) => ended));
  await honest.isServed();
  return answers;
}

describe('clients that take their time (slow-loris; issue 5 part 6)', () => {
  it('headers that never end: 408, and others are served while hundreds of them wait', async () => {
    const answers = await held(200, head('X-A: 1\r\n'), 'X-B: 2\r\n');
    expect(new Set(answers.map((text) => [text.split('\r\n', 1)[0], codeIn(text)].join(' ')))).toEqual(
      new Set(['HTTP/1.1 408 Request Timeout TOO_SLOW']),
    );
  });

  it('a body that comes byte by byte: 408 likewise', async () => {
    const answers = await held(200, head('Content-Length: 100000\r\n\r\n'), ' ');
    expect(new Set(answers.map((text) => [text.split('\r\n', 1)[0], codeIn(text)].join(' ')))).toEqual(
      new Set(['HTTP/1.1 408 Request Timeout TOO_SLOW']),
    );
  });

  it('a connection that says nothing, at the beginning or after an answer, is ended', async () => {
    const honest = await honestClient(house);
    const mute = await Promise.all(Array.from({ length: 100 }, () => rawConnection(house)));
    const kept = await Promise.all(Array.from({ length: 100 }, () => rawConnection(house)));
    for (const { write } of kept) write(`${head(`Content-Length: ${body.length}\r\n\r\n`)}${body}`);
    for (const { got } of kept) expect(await got('"kind"')).toContain('200 OK');
    await honest.isServed();
    await Promise.all([...mute, ...kept].map(({ ended }) => ended));
    await honest.isServed();
  });

  it('a reader who takes nothing of a large answer is left alone with it: its connection is ended', async () => {
    const honest = await honestClient(house);
    const request = `GET /export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${house.operator}\r\n\r\n`;
    const readers = await Promise.all(Array.from({ length: 20 }, () => rawConnection(house)));
    for (const { socket, write } of readers) {
      socket.pause();
      write(request.repeat(100)); // more than the buffers of both sides hold
    }
    while ((await connections()) < readers.length);
    while ((await connections()) >= readers.length) await honest.isServed();
  });

  it('a stream that has nothing to say, and an answer that takes its time, live on', async () => {
    const { token } = await house.cast.deputy('D-042', '150802');
    const quiet = await rawConnection(house);
    const query = JSON.stringify({ query: feedQuery });
    quiet.write(
      `POST /graphql/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`,
    );
    await quiet.got('caughtUp');
    const idle = await rawConnection(house);
    idle.write(`${head(`Content-Length: ${body.length}\r\n\r\n`)}${body}`);
    expect(await idle.ended).toContain('200 OK'); // so long has the stream stood still
    const { caseId } = await house.api.act(token, 'draftSuggestion', null, draft);
    expect(await quiet.got(caseId)).toContain('SuggestionDrafted');
  });

  it('who asks over WebSocket and does not read is not read from either; nothing is lost when it reads again', async () => {
    const honest = await honestClient(house);
    const { token } = await house.cast.deputy('D-043', '150802');
    const { socket, messages, subscribe } = await rawSocket(house, { token });
    const asked = 3_000;
    const before = await queries();
    socket.pause();
    const large = '{ refusals { code message { en zh } next { en zh } } }';
    for (let n = 0; n < asked; n++) subscribe(String(n), large);
    await honest.isServed();
    await honest.isServed();
    expect((await queries()) - before).toBeLessThan(asked / 2);
    socket.resume();
    await messages.until((items) => items.filter(({ type }) => type === 'complete').length === asked);
    await honest.isServed();
  });
});

/** That the server has open. */
const connections = () => house.gauge('nodejs_active_resources\\{type="TCPSocketWrap"\\}');
/** Answered until now. */
async function queries(): Promise<number> {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  return Number(/^wuji_operations_total\{operation="query",code="ok"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
