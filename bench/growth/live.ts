import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Feed, Message } from '../../client/feed.js';
import { openFeed } from '../../client/feed.js';
import type { Opened } from '../harness/bench.js';
import type { Running } from './nodes.js';
import { draft } from './nodes.js';

type Told = Message & { readonly event: { readonly id: string } | null };
const query =
  'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { id type caseId at data } } }';

/** A feed waits for ever for a server that is gone; a bench must not. */
const soon = <T>(what: string, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    pause(60_000, undefined, { ref: false }).then(() => {
      throw new Error(`${what}: not within a minute`);
    }),
  ]);

/** The feed of the `n`th deputy as clients follow it; `onTold` hears each message. Resolves when it is live. */
function following(node: Running, n: number, after: string | undefined, onTold: (told: Told) => void): Promise<Feed> {
  const live = new Promise<Feed>((resolve, reject) => {
    const feed = openFeed<Told>({
      ...{ url: `${node.url.replace('http', 'ws')}/graphql`, token: node.tokens[n] ?? '', query, after },
      ...{ webSocketImpl: WebSocket, onMessage: onTold },
      onState: (state) => state === 'live' && resolve(feed),
      onError: (error) => reject(new Error(error.en)),
    });
  });
  return soon(`deputy ${n} is live`, live);
}

/** So many deputies are live; each drafts when the one before has heard of it on a socket of its own. Deliveries a second. */
export async function told(node: Running, deputies: number): Promise<Opened> {
  const [connection] = await node.connect(1);
  const hears = new Map<number, () => void>();
  const feeds = await Promise.all(
    Array.from({ length: deputies }, (_, n) => following(node, n, undefined, ({ event }) => event && hears.get(n)?.())),
  );
  return {
    async round() {
      const begun = performance.now();
      for (let n = 0; connection && n < deputies; n++) {
        const heard = new Promise<void>((resolve) => hears.set(n, resolve));
        const { whole, body } = await node.ask(connection, n, draft);
        if (!whole) throw new Error(body);
        await soon(`deputy ${n} hears of the draft`, heard);
      }
      return (deputies * 1_000) / (performance.now() - begun);
    },
    async close() {
      for (const feed of feeds) feed.close();
      connection?.close();
    },
  };
}

/** As many come back at once, each `missed` of its own drafts behind. Deputies a second that have all of them again. */
export async function comeBack(node: Running, deputies: number, missed: number): Promise<Opened> {
  const [connection] = await node.connect(1);
  const places = Array.from({ length: deputies }, (_, n) => n);
  const cursors = await Promise.all(
    places.map(async (n) => {
      const feed = await following(node, n, undefined, () => {});
      feed.close();
      return feed.cursor;
    }),
  );
  for (let n = 0; connection && n < deputies * missed; n++) {
    const { whole, body } = await node.ask(connection, n % deputies, draft);
    if (!whole) throw new Error(body);
  }
  connection?.close();
  return {
    async round() {
      const begun = performance.now();
      const events = new Map<number, number>();
      const count = (n: number) => events.set(n, (events.get(n) ?? 0) + 1);
      const feeds = await Promise.all(
        places.map((n) => following(node, n, cursors[n], ({ event }) => event && count(n))),
      );
      const took = performance.now() - begun;
      for (const feed of feeds) feed.close();
      for (const n of places)
        if ((events.get(n) ?? 0) < missed) throw new Error(`deputy ${n} was told ${events.get(n)} events of ${missed}`);
      return (deputies * 1_000) / took;
    },
    async close() {},
  };
}
