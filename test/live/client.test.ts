import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { FeedError, FeedState, Message } from '../../client/feed.js';
import { openFeed } from '../../client/feed.js';
import { Inbox } from './support/inbox.js';
import type { Part, World } from './support/world.js';
import { draft, openWorld } from './support/world.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(() => world.close());
afterEach(() => {
  vi.useRealTimers();
});

type Told = Message & { readonly event: { readonly type: string } | null };
const query = 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { type } } }';

function follow(options: { url?: string; token?: string | (() => string); after?: string; failOn?: string }) {
  const [messages, states, errors] = [new Inbox<Told>(), new Inbox<FeedState>(), new Inbox<FeedError>()];
  const { failOn, url = world.socketUrl, token = lead.token, after } = options;
  let failed = false;
  const feed = openFeed<Told>({
    url,
    token,
    after,
    query,
    webSocketImpl: WebSocket,
    onMessage(message) {
      if (failOn && message.event?.type === failOn && !failed) {
        failed = true;
        throw new Error('the page had a bad moment');
      }
      messages.push(message);
    },
    onState: states.push,
    onError: errors.push,
  });
  onTestFinished(() => feed.close());
  return { feed, messages, states, errors };
}

describe('client/feed.ts (issue 2 part 10)', () => {
  it('brings a fresh token by itself, asked for at each connection, and into the open one by refresh', async () => {
    const tokens = ['nobody', lead.token];
    const { feed, messages, states, errors } = follow({ token: () => tokens.shift() ?? lead.token });
    expect((await errors.first(() => true)).code).toBe('UNAUTHENTICATED');
    await states.first((state) => state === 'live');
    feed.refresh(await world.tokenOf(lead, 3600));
    await world.act(lead, 'draftSuggestion', null, draft);
    await messages.first(({ event }) => event?.type === 'SuggestionDrafted');
    expect(errors.items).toHaveLength(1);
  });

  it.each([
    ['a cursor that is none', 'nonsense', 'BAD_CURSOR'],
    ['a cursor of another log', 'other.0001', 'CURSOR_EXPIRED'],
  ])('%s ends the feed with its code and both texts', async (_, after, code) => {
    const { states, errors } = follow({ after });
    await states.first((state) => state === 'ended');
    expect(errors.items).toMatchObject([
      { code, en: expect.any(String), zh: expect.stringMatching(/\p{Script=Han}/u) },
    ]);
  });

  it('goes on trying as often after a long absence as after a short one', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    probe.close();
    await once(probe, 'close');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { states } = follow({ url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/graphql` });
    const attempts = () => states.items.filter((state) => state === 'connecting').length;
    const pass = async () => {
      const before = attempts();
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(17_000);
      await states.until(() => attempts() > before);
    };
    await states.until(() => attempts() === 1);
    while (attempts() < 26) await pass(); // doubled so often, the wait would be longer than a timer can be
    const before = attempts();
    for (let n = 0; n < 10; n++) await pass();
    expect(attempts() - before).toBeLessThanOrEqual(12); // nor at once
  });
});
