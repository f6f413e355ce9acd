import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { FeedState, Message } from '../../client/feed.js';
import { openFeed } from '../../client/feed.js';
import {
  boardQuery,
  caseQuery,
  feedQuery,
  isLive,
  sseClient,
  stream,
  toldOf,
  typesOf,
  wideEvent,
  wsClient,
} from './support/clients.js';
import { Inbox } from './support/inbox.js';
import type { Part, World } from './support/world.js';
import { draft, longDraft, openWorld } from './support/world.js';

let world: World;
let lead: Part;
let helper: Part;
beforeAll(async () => {
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
  helper = await world.cast.deputy('D-081', '150823101');
});
afterAll(() => world.close());

const evidence = (id: string, note: string) => world.act(lead, 'linkEvidence', id, { kind: 'OTHER', note });
const drafted = async () => (await world.act(lead, 'draftSuggestion', null, draft)).caseId;

describe('a subscription begins with where it stands, then tells what happens (issue 2 part 10; architecture.md §7)', () => {
  it('dutyFeed over WebSocket: the marker says caughtUp, each event follows once and in order', async () => {
    const feed = wsClient(world, lead.token).subscribe(feedQuery);
    await feed.until(isLive);
    expect(toldOf(feed.items)).toEqual([{ cursor: expect.any(String), caughtUp: true, event: null }]);
    const id = await drafted();
    await evidence(id, '一');
    await evidence(id, '二');
    await feed.until((items) => typesOf(items).length === 3);
    expect(typesOf(feed.items)).toEqual(['SuggestionDrafted', 'EvidenceLinked', 'EvidenceLinked']);
    expect(toldOf(feed.items).map(({ event }) => event?.revision)).toEqual([undefined, 0, 1, 2]);
    const cursors = toldOf(feed.items).map(({ cursor }) => cursor);
    expect(cursors).toEqual([...cursors].sort());
  });

  it('caseChanged carries the case exactly as each event left it, also when all of it is past', async () => {
    const id = await drafted();
    const live = wsClient(world, lead.token).subscribe(caseQuery, { caseId: id });
    await live.until(isLive);
    expect(toldOf(live.items)[0]).toMatchObject({ event: null, case: { id, revision: 0, statusCode: 'DRAFT' } });
    const first = toldOf(live.items)[0]?.cursor;
    for (const advice of ['其一', '其二', '其三']) await world.act(lead, 'editSuggestion', id, { ...draft, advice });
    await live.until((items) => typesOf(items).length === 3);
    const seen = toldOf(live.items).filter(({ event }) => event);
    expect(seen.map((told) => [told.event?.revision, told.case?.revision, told.case?.advice])).toEqual([
      [1, 1, '其一'],
      [2, 2, '其二'],
      [3, 3, '其三'],
    ]);
    const past = wsClient(world, lead.token).subscribe(caseQuery, { caseId: id, after: first });
    await past.until(isLive);
    expect(toldOf(past.items).filter(({ event }) => event)).toEqual(seen);
    expect(toldOf(past.items).at(-1)).toMatchObject({ caughtUp: true, event: null, case: { revision: 3 } });
  });

  it('boardChanged sends the board now, and again when it has changed', async () => {
    const place = { region: '150802', level: 'county' };
    const dwc = await world.cast.official('O-14');
    const idle = wsClient(world, dwc.token).subscribe(boardQuery, place);
    await idle.until((items) => items.length > 0);
    expect(idle.items[0]).toMatchObject({ told: { board: { __typename: 'CountyBoard', level: 'county' } } });
    const id = await drafted();
    await world.act(lead, 'submitSuggestion', id);
    await idle.until((items) => items.length > 1);
    const [before, after] = toldOf(idle.items);
    expect([before?.cursor, after?.cursor].sort()).toEqual([before?.cursor, after?.cursor]);
    expect(after?.cursor).not.toBe(before?.cursor);
  });

  it('the same over server-sent events with the stock graphql-sse client', async () => {
    const subscribe = sseClient(world, lead.token);
    const id = await drafted();
    const [feed, changes] = [subscribe(feedQuery), subscribe(caseQuery, { caseId: id })];
    const board = sseClient(world, (await world.cast.official('O-14')).token)(boardQuery, {
      region: '150802',
      level: 'county',
    });
    await Promise.all([feed.until(isLive), changes.until(isLive), board.until((items) => items.length > 0)]);
    await evidence(id, '一');
    await Promise.all([feed, changes].map((inbox) => inbox.until((items) => typesOf(items).length === 1)));
    expect(toldOf(changes.items)[1]).toMatchObject({ event: { type: 'EvidenceLinked' }, case: { revision: 1 } });
    expect(board.items[0]).toMatchObject({ told: { board: { level: 'county' } } });
  });
});

describe('nothing is lost and nothing comes twice (issue 2 part 10)', () => {
  it('by `after`: whatever the cursor, what follows is the rest of the log', async () => {
    const whole = wsClient(world, helper.token).subscribe(feedQuery);
    await whole.until(isLive);
    const id = await drafted();
    await world.act(lead, 'addCollaborator', id, { mandate: helper.id });
    for (const note of ['一', '二', '三', '四']) await evidence(id, note);
    await whole.until((items) => typesOf(items).length === 5);
    const events = toldOf(whole.items);
    for (const [index, { cursor }] of events.entries()) {
      const rest = wsClient(world, helper.token).subscribe(feedQuery, { after: cursor });
      await rest.until(isLive);
      expect(toldOf(rest.items).filter(({ event }) => event)).toEqual(events.slice(index + 1));
    }
  });

  it('by Last-Event-ID over server-sent events, which overrules `after`', async () => {
    const first = await stream(world, { token: lead.token, query: feedQuery });
    await first.inbox.until((items) => items.length === 1);
    const id = await drafted();
    await first.inbox.until((items) => items.length === 2);
    const [marker, seen] = first.inbox.items;
    expect(seen?.id).toBe(seen?.data.data.dutyFeed.cursor);
    first.end();
    await evidence(id, '一');
    await evidence(id, '二');
    const second = await stream(world, {
      token: lead.token,
      query: feedQuery,
      variables: { after: marker?.id },
      lastEventId: seen?.id ?? '',
    });
    await second.inbox.until((items) => items.some(({ data }) => data.data.dutyFeed.caughtUp));
    expect(second.inbox.items.map(({ data }) => data.data.dutyFeed.event?.type)).toEqual([
      'EvidenceLinked',
      'EvidenceLinked',
      undefined,
    ]);
  });

  it('through a restart: the close code lets clients come back, and client/feed.ts goes on from its cursor', async () => {
    const states = new Inbox<FeedState>();
    const got = new Inbox<Message & { event: { id: string } | null }>();
    const feed = openFeed<Message & { event: { id: string } | null }>({
      url: world.socketUrl,
      token: lead.token,
      webSocketImpl: WebSocket,
      query: 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { id } } }',
      onMessage: got.push,
      onState: states.push,
    });
    onTestFinished(() => feed.close());
    const stock = wsClient(world, lead.token);
    const plain = stock.subscribe(feedQuery);
    await Promise.all([got.first(({ caughtUp }) => caughtUp), plain.until(isLive)]);
    const id = await drafted();
    await got.until((items) => items.some(({ event }) => event));
    const [before] = await Promise.all([stock.closed.first(() => true), world.stop()]);
    expect([1001, 1012, 1013, 4403, 4408]).toContain(before.code); // those that graphql-ws clients retry
    await world.start();
    await evidence(id, '停机之后');
    await got.until((items) => items.filter(({ event }) => event).length === 2);
    await states.until((items) => items.filter((state) => state === 'live').length >= 2);
    const log = (await world.log()).filter(({ stream: of }) => of === `suggestion-${id}`);
    expect(got.items.flatMap(({ event }) => (event ? [event.id] : []))).toEqual(log.map((event) => event.id));
  });
});

describe('a slow reader (architecture.md §7; hub invariant 6)', () => {
  it('gets everything later, in order, and holds up nobody', async () => {
    const slow = wsClient(world, lead.token);
    const quick = wsClient(world, helper.token);
    const wide = feedQuery.replace('event { type revision caseId }', wideEvent);
    const waiting = slow.subscribe(wide);
    const running = quick.subscribe(feedQuery);
    await Promise.all([waiting.until(isLive), running.until(isLive)]);
    const id = await drafted();
    await world.act(lead, 'addCollaborator', id, { mandate: helper.id });
    await waiting.until((items) => typesOf(items).length === 2);
    slow.socket.pause();
    const many = 120; // 150 kB each: far more than the kernel and the server keep for one connection
    for (let n = 0; n < many; n++) await world.act(lead, 'editSuggestion', id, longDraft(n));
    await running.until((items) => typesOf(items).length === many + 1);
    expect(typesOf(waiting.items)).toHaveLength(2);
    slow.socket.resume();
    await waiting.until((items) => typesOf(items).length === many + 2);
    const revisions = toldOf(waiting.items).flatMap(({ event }) => (event ? [event.revision] : []));
    expect(revisions).toEqual(Array.from({ length: many + 2 }, (_, n) => n));
  });
});

it('a cursor beyond the end of the log is refused by the feed as a list and by a timeline: it was never given out', async () => {
  const caseId = await drafted();
  const { dutyFeed } = await world.api.ask<{ dutyFeed: { pageInfo: { endCursor: string } } }>(
    lead.token,
    '{ dutyFeed(first: 100) { pageInfo { endCursor } } }',
  );
  const { endCursor } = dutyFeed.pageInfo;
  const beyond = `${endCursor.split('.')[0]}.${(await world.log()).at(-1)?.position}z`;
  for (const query of ['dutyFeed(after: $after)', `timeline(caseId: "${caseId}", after: $after)`]) {
    const at = (after: string) =>
      world.api.ask(lead.token, `query ($after: String) { ${query} { nodes { id } } }`, { after });
    await at(endCursor);
    await expect(at(beyond)).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  }
});
