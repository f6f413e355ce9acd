/**
 * Follow the duty feed of one deputy from a terminal.
 *
 *   WUJI_TOKEN=$(npm run -s wuji -- token --mandate …) node dist/client/examples/node.js
 */
import { WebSocket } from 'ws';
import { type Message, openFeed } from '../feed.js';

type DutyMessage = Message & { readonly event: { at: string; label: { en: string; zh: string } } | null };

openFeed<DutyMessage>({
  url: process.env.WUJI_URL ?? 'ws://127.0.0.1:4000/graphql',
  token: process.env.WUJI_TOKEN ?? '',
  webSocketImpl: WebSocket,
  query: `subscription ($after: String) {
    dutyFeed(after: $after) { cursor caughtUp event { at label { en zh } } }
  }`,
  onMessage: ({ event }) => event && console.log(event.at, event.label.zh, event.label.en),
  onState: (state) => console.error(state),
  onError: ({ code, zh, en }) => console.error(code, zh, en),
});
