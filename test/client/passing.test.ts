import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type FeedState, type Message, openFeed } from '../../client/feed.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import { guardRefusals } from '../../src/graphql/guard/refusals.js';
import { apiRefusals } from '../../src/graphql/refusals.js';
import { authRefusals } from '../../src/infra/auth.js';
import { Inbox } from '../live/support/inbox.js';

/** Refuses the first subscription with a code, and serves the next. */
async function refusingOnce(code: string) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
  let refused = false;
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id?: string };
      const send = (message: unknown) => socket.send(JSON.stringify(message));
      if (type === 'connection_init') send({ type: 'connection_ack' });
      if (type !== 'subscribe') return;
      if (refused) send({ id, type: 'next', payload: { data: { dutyFeed: { cursor: 'a.1', caughtUp: true } } } });
      else send({ id, type: 'error', payload: [{ message: code, extensions: { code } }] });
      refused = true;
    }),
  );
  await once(server, 'listening');
  const address = server.address();
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const states = new Inbox<FeedState>();
  const feed = openFeed<Message>({
    url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    query: 'subscription { dutyFeed { cursor caughtUp } }',
    webSocketImpl: WebSocket,
    onMessage() {},
    onState: (state) => states.push(state),
  });
  onTestFinished(() => feed.close());
  return states;
}

const codes = { ...apiRefusals.table, ...guardRefusals.table, ...kernelRefusals.table, ...authRefusals.table };

it.each([
  'BUSY',
  'RATE_LIMITED',
  'INTERNAL',
  'AUTH_KEYS_UNAVAILABLE',
  'NOT_RECORDED',
  'OUTCOME_UNKNOWN',
  'READS_UNAVAILABLE',
])('after %s, which passes, the feed comes back by itself', async (code) => {
  expect(Object.keys(codes)).toContain(code);
  const states = await refusingOnce(code);
  await states.first((state) => state === 'live');
});

it('after a refusal that stays it ends', async () => {
  const states = await refusingOnce('NOT_ALLOWED');
  await states.first((state) => state === 'ended');
});
