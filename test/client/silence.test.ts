import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, it, onTestFinished, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type FeedState, type Message, openFeed } from '../../client/feed.js';
import { Inbox } from '../live/support/inbox.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Speaks graphql-transport-ws as far as it is told to, and then falls silent, as a network that is lost without a word. */
async function silentAfter(last: 'opening' | 'live') {
  const heard = new Inbox<string>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id?: string };
      heard.push(type);
      const send = (message: unknown) => socket.send(JSON.stringify(message));
      if (last === 'opening') return;
      if (type === 'connection_init') send({ type: 'connection_ack' });
      if (type === 'subscribe')
        send({ id, type: 'next', payload: { data: { dutyFeed: { cursor: 'a.1', caughtUp: true } } } });
    }),
  );
  await once(server, 'listening');
  const address = server.address();
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { heard, url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

function follow(url: string) {
  const states = new Inbox<FeedState>();
  const closed = new Inbox<number>();
  class Watched extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      this.on('close', closed.push);
    }
  }
  const feed = openFeed<Message>({
    url,
    query: 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp } }',
    webSocketImpl: Watched,
    onMessage: () => undefined,
    onState: states.push,
  });
  onTestFinished(() => feed.close());
  return { states, closed };
}

const connections = (items: readonly FeedState[]) => items.filter((state) => state === 'connecting').length;

it('a server that no longer answers a ping is left within half a minute, and the feed connects again (issue 2 part 10)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { heard, url } = await silentAfter('live');
  const { states } = follow(url);
  await states.first((state) => state === 'live');
  await vi.advanceTimersByTimeAsync(20_000);
  await heard.first((type) => type === 'ping');
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.advanceTimersByTimeAsync(17_000); // its wait between two attempts
  await states.until((items) => connections(items) === 2);
});

it('a server that takes the connection and says nothing is left too (issue 2 part 10)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { heard, url } = await silentAfter('opening');
  const { states, closed } = follow(url);
  await heard.first((type) => type === 'connection_init');
  await vi.advanceTimersByTimeAsync(10_000);
  await closed.first((code) => code === 4504);
  await turn(); // the client takes note of it, and sets its wait
  await vi.advanceTimersByTimeAsync(17_000);
  await states.until((items) => connections(items) === 2);
});
