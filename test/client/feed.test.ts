import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type FeedError, type FeedState, type Message, openFeed } from '../../client/feed.js';
import { Inbox } from '../live/support/inbox.js';
import { draft, openWorld, type Part, type World } from '../live/support/world.js';

/** What the feed's client promises beyond a plain connection, against a whole server. */
let world: World;
let lead: Part;
beforeAll(async () => {
  // The server's sweep for tokens that have run out comes when the test says so.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});

type Told = Message & { readonly event: { readonly id: string; readonly type: string } | null };
const query = 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { id type } } }';

type Options = {
  readonly url?: string;
  readonly webSocketImpl?: unknown;

  readonly token?: string;
  readonly after?: string | undefined;
  readonly fails?: (told: Told) => boolean;
};
function follow({ url = world.socketUrl, webSocketImpl = WebSocket, token = lead.token, after, fails }: Options) {
  const [offered, taken] = [new Inbox<Told>(), new Inbox<Told>()];
  const [states, errors] = [new Inbox<FeedState>(), new Inbox<FeedError>()];
  const feed = openFeed<Told>({
    url,
    token,
    after,
    query,
    webSocketImpl,
    onMessage(told) {
      offered.push(told);
      if (fails?.(told)) throw new Error('the page had a bad moment');
      taken.push(told);
    },
    onState: states.push,
    onError: errors.push,
  });
  onTestFinished(() => feed.close());
  return { feed, offered, taken, states, errors };
}

const drafted = (told: Told) => told.event?.type === 'SuggestionDrafted';
const idsOf = (inbox: Inbox<Told>) => inbox.items.flatMap(({ event }) => (event ? [event.id] : []));

describe('client/feed.ts (issue 2 part 10)', () => {
  it('a message whose handler throws is told as an error and comes again after the next connection; none before it does, none is lost', async () => {
    let failures = 0;
    const { feed, offered, taken, states, errors } = follow({ fails: (told) => drafted(told) && failures++ === 0 });
    await states.first((state) => state === 'live');
    const before = feed.cursor;
    await world.act(lead, 'draftSuggestion', null, draft);
    await world.act(lead, 'draftSuggestion', null, { ...draft, title: '关于修渠的建议' });
    await taken.until((items) => items.filter(drafted).length === 2);

    const [first, again] = offered.items.filter(drafted);
    expect(again).toEqual(first);
    expect(before && first && first.cursor > before).toBe(true);
    const took = idsOf(taken);
    expect(new Set(took).size).toBe(took.length);
    expect(feed.cursor).toBe(taken.items.at(-1)?.cursor);
    expect(states.items.filter((state) => state === 'connecting')).toHaveLength(2);
    expect(states.items).not.toContain('ended');
    expect(errors.items).toMatchObject([{ code: 'HANDLER_FAILED', cause: new Error('the page had a bad moment') }]);
  });

  it('a kept cursor that this log does not know ends the feed with CURSOR_EXPIRED, and it does not try again', async () => {
    const { feed, offered, states, errors } = follow({ after: 'another-log.0000000000000001' });
    await states.first((state) => state === 'ended');
    expect(errors.items).toMatchObject([{ code: 'CURSOR_EXPIRED', zh: expect.stringMatching(/\p{Script=Han}/u) }]);
    expect(offered.items).toEqual([]);
    expect(states.items).toEqual(['connecting', 'catching up', 'ended']);
    expect(feed.cursor).toBe('another-log.0000000000000001');
  });

  it('refresh brings a token to the open connection, which outlives the first one without a break', async () => {
    const pongs = new Inbox<string>();
    class Heard extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        this.on('message', (data) => {
          const text = String(data);
          if (text.includes('"pong"')) pongs.push(text);
        });
      }
    }
    const { feed, taken, states, errors } = follow({ token: await world.tokenOf(lead, 60), webSocketImpl: Heard });
    await states.first((state) => state === 'live');
    feed.refresh(await world.tokenOf(lead, 3600));
    await pongs.first(() => true);
    world.pass(61);
    vi.advanceTimersByTime(25_000);
    await world.act(lead, 'draftSuggestion', null, { ...draft, title: '关于修路的建议' });
    await taken.first(drafted);
    expect(states.items).toEqual(['connecting', 'catching up', 'live']);
    expect(errors.items).toEqual([]);
  });

  it.each(['never answers', 'answers later'] as const)(
    'close while connecting to a server that %s is an end like any other: nothing is left to reject or to be told',
    async (kind) => {
      const rejected: unknown[] = [];
      const note = (reason: unknown) => rejected.push(reason);
      process.on('unhandledRejection', note);
      onTestFinished(() => void process.off('unhandledRejection', note));
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      onTestFinished(() => void silent.close());
      const address = silent.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const arrived = once(silent, 'connection');
      const sockets: WebSocket[] = [];
      class Kept extends WebSocket {
        constructor(url: string, protocol: string) {
          super(url, protocol);
          sockets.push(this);
        }
      }
      const url = kind === 'never answers' ? `ws://127.0.0.1:${port}/graphql` : world.socketUrl;
      const { feed, offered, states, errors } = follow({ url, webSocketImpl: Kept });
      expect(states.items).toEqual(['connecting']);
      const [socket] = sockets;
      const gone = new Promise((resolve) => socket?.once('close', resolve));
      feed.close();
      if (kind === 'never answers') {
        const [connection] = (await arrived) as [Socket];
        connection.destroy();
      }
      await gone;
      await turn();
      expect(rejected).toEqual([]);
      expect(errors.items).toEqual([]);
      expect(offered.items).toEqual([]);
      expect(sockets).toHaveLength(1);
    },
  );
});
