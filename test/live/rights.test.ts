import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  boardQuery,
  caseQuery,
  failureOf,
  feedQuery,
  isLive,
  sseClient,
  toldOf,
  typesOf,
  wsClient,
} from './support/clients.js';
import type { World } from './support/world.js';
import { draft, openWorld } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const county = { region: '150802', level: 'county' };
const people = async () => ({
  lead: await world.cast.deputy('D-041', '150802'),
  helper: await world.cast.deputy('D-081', '150823101'),
});

describe('the receipt of a command that was carried out before (P3)', () => {
  it('shows nothing of a case that is no longer the bearer’s', async () => {
    const { lead, helper } = await people();
    const { caseId } = await world.act(lead, 'draftSuggestion', null, draft);
    await world.act(lead, 'addCollaborator', caseId, { mandate: helper.id });
    const send = () =>
      world.api.ask<{ giveCollaboration: object }>(
        helper.token,
        `mutation ($id: ID!, $input: GiveCollaborationInput!) {
          giveCollaboration(id: $id, commandId: "once", input: $input) { repeated events { type } case { revision } } }`,
        { id: caseId, input: { kind: 'MATERIAL', text: '水文资料。' } },
      );
    const events = [{ type: 'CollaborationGiven' }];
    expect((await send()).giveCollaboration).toEqual({ repeated: false, events, case: { revision: 2 } });
    expect((await send()).giveCollaboration).toEqual({ repeated: true, events, case: { revision: 2 } });
    await world.act(lead, 'removeCollaborator', caseId, { mandate: helper.id });
    expect((await send()).giveCollaboration).toEqual({ repeated: true, events: [], case: null });
  });
});

describe('a removed participant stops receiving in the next message (issue 2 part 10; P3)', () => {
  it('is told of the removal without the case, then NO_LONGER_YOURS; the feed goes on without it', async () => {
    const { lead, helper } = await people();
    const { caseId } = await world.act(lead, 'draftSuggestion', null, draft);
    await world.act(lead, 'addCollaborator', caseId, { mandate: helper.id });
    const sockets = wsClient(world, helper.token);
    const [overSocket, feed] = [sockets.subscribe(caseQuery, { caseId }), sockets.subscribe(feedQuery)];
    const overSse = sseClient(world, helper.token)(caseQuery, { caseId });
    const stays = wsClient(world, lead.token).subscribe(caseQuery, { caseId });
    await Promise.all([overSocket, feed, overSse, stays].map((inbox) => inbox.until(isLive)));
    await world.act(lead, 'removeCollaborator', caseId, { mandate: helper.id });
    await world.act(lead, 'linkEvidence', caseId, { kind: 'OTHER', note: '其后' });
    for (const inbox of [overSocket, overSse]) {
      expect(await failureOf(inbox)).toBe('NO_LONGER_YOURS');
      expect(toldOf(inbox.items).slice(1)).toEqual([
        {
          cursor: expect.any(String),
          caughtUp: false,
          event: { type: 'CollaboratorRemoved', revision: 2 },
          case: null,
        },
      ]);
    }
    await stays.until((items) => typesOf(items).length === 2);
    expect(toldOf(stays.items).at(-2)).toMatchObject({ event: { type: 'CollaboratorRemoved' }, case: { revision: 2 } });
    const other = await world.act(helper, 'draftSuggestion', null, draft);
    await feed.until((items) => typesOf(items).includes('SuggestionDrafted'));
    expect(typesOf(feed.items)).toEqual(['CollaboratorRemoved', 'SuggestionDrafted']);
    expect(other.caseId).not.toBe(caseId);
    const again = sockets.subscribe(caseQuery, { caseId, after: toldOf(overSocket.items)[0]?.cursor });
    expect(await failureOf(again)).toBe('NOT_FOUND');
    const replay = sockets.subscribe(feedQuery, { after: toldOf(feed.items)[0]?.cursor });
    await replay.until(isLive);
    expect(typesOf(replay.items)).toEqual(['SuggestionDrafted']);
  });

  it('a case that is not yours is refused exactly as one that does not exist, over both transports', async () => {
    const { lead, helper } = await people();
    const { caseId } = await world.act(lead, 'draftSuggestion', null, draft);
    const answers: unknown[] = [];
    for (const id of [caseId, randomUUID(), 'nonsense']) {
      const { client } = wsClient(world, helper.token);
      answers.push(
        await new Promise((resolve) =>
          client.subscribe(
            { query: caseQuery, variables: { caseId: id } },
            { next: resolve, error: resolve, complete: () => resolve('complete') },
          ),
        ),
      );
      expect(await failureOf(sseClient(world, helper.token)(caseQuery, { caseId: id }))).toBe('NOT_FOUND');
    }
    expect(answers[0]).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('who is not in force receives nothing live (P6, invariant 12)', () => {
  it('a suspended mandate gets the suspending event, then MANDATE_SUSPENDED on every open subscription; the socket stays', async () => {
    const suspended = await world.cast.deputy('D-042', '150802');
    const { caseId } = await world.act(suspended, 'draftSuggestion', null, draft);
    const client = wsClient(world, suspended.token);
    const feed = client.subscribe(feedQuery);
    const changes = client.subscribe(caseQuery, { caseId });
    const board = client.subscribe(boardQuery, county);
    const sse = sseClient(world, suspended.token)(feedQuery);
    await Promise.all([
      ...[feed, changes, sse].map((inbox) => inbox.until(isLive)),
      board.until((items) => items.length === 1),
    ]);
    await world.act(world.operator, 'suspendMandate', suspended.id, { reason: 'SERVING_SENTENCE' });
    expect(await Promise.all([feed, changes, board, sse].map(failureOf))).toEqual(Array(4).fill('MANDATE_SUSPENDED'));
    expect([typesOf(feed.items), typesOf(sse.items)]).toEqual([['MandateSuspended'], ['MandateSuspended']]);
    expect(board.items).toHaveLength(2);
    const again = [
      client.subscribe(feedQuery),
      client.subscribe(caseQuery, { caseId }),
      client.subscribe(boardQuery, county),
    ];
    expect(await Promise.all(again.map(failureOf))).toEqual(Array(3).fill('MANDATE_SUSPENDED'));
    expect(await client.once('{ viewer { kind } }')).toMatchObject({ data: { viewer: { kind: 'deputy' } } });
    expect(client.closed.items).toEqual([]);

    await world.act(world.operator, 'resumeMandate', suspended.id);
    const resumed = client.subscribe(feedQuery, { after: toldOf(feed.items).at(-1)?.cursor });
    await resumed.until(isLive);
    expect(typesOf(resumed.items)).toEqual(['MandateResumed']);
  });

  it('an ended post is told POST_ENDED on its open subscriptions, and at the next subscribe', async () => {
    const post = await world.cast.official('O-02');
    const feed = wsClient(world, post.token).subscribe(feedQuery);
    await feed.until(isLive);
    await world.act(world.operator, 'endPost', post.id);
    expect(await failureOf(feed)).toBe('POST_ENDED');
    expect(await failureOf(wsClient(world, post.token).subscribe(feedQuery))).toBe('POST_ENDED');
  });

  it('a post that moves with its organ loses its subscriptions: they were the old organ’s', async () => {
    const post = await world.cast.official('O-13');
    const feed = wsClient(world, post.token).subscribe(feedQuery);
    await feed.until(isLive);
    const [from, to] = ['JTJ-1508', 'STJ-1508'].map((code) => world.cast.organ(code));
    await world.act(world.operator, 'abolishOrgan', from ?? '', { successor: to });
    await world.settle();
    expect(await failureOf(feed)).toBe('POST_ENDED');
    await wsClient(world, post.token).subscribe(feedQuery).until(isLive); // the person goes on in the other organ
  });

  it('a board outside the region of the viewer is refused', async () => {
    const { helper } = await people();
    expect(await failureOf(wsClient(world, helper.token).subscribe(boardQuery, county))).toBe('NOT_ALLOWED');
  });
});

describe('messages show each viewer what his or her class may see (architecture.md §5)', () => {
  const query = `subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { type revision data
    ... on SuggestionSubmitted { on version signatories { mandateId } }
    ... on SuggestionRegistered { field similarIds }
    ... on ReturnRequested { on reasons } } } }`;

  it('one document, three classes: each gets its own text, live and from the past, in typed fragments and in `data`', async () => {
    const { lead } = await people();
    const [office, government] = [await world.cast.official('O-14'), await world.cast.official('O-15')];
    const [organ, above] = [await world.cast.official('O-16'), await world.cast.official('O-05')];
    const clients = [lead, office, above].map(({ token }) => wsClient(world, token));
    const feeds = clients.map((client) => client.subscribe(query));
    await Promise.all(feeds.map((feed) => feed.until(isLive)));
    const { caseId } = await world.act(lead, 'draftSuggestion', null, draft);
    await world.act(lead, 'submitSuggestion', caseId);
    await world.act(office, 'registerSuggestion', caseId, { field: '基础设施' });
    const organs = [{ organ: world.cast.organ('NMJ-150802'), role: 'LEAD' }];
    await world.act(government, 'assignSuggestion', caseId, { mode: 'LEAD_AND_CO', organs });
    await world.act(organ, 'requestReturn', caseId, { reasons: '非本局职责。' });
    await Promise.all(feeds.map((feed) => feed.until((items) => typesOf(items).includes('ReturnRequested'))));

    const of = (who: number, type: string) =>
      toldOf(feeds[who]?.items ?? []).find(({ event }) => event?.type === type)?.event;
    const signatories = [{ mandateId: lead.id }];
    expect([0, 1].map((who) => of(who, 'SuggestionSubmitted'))).toMatchObject([
      { on: '2026-02-03', version: 1, signatories, data: { version: 1 } },
      { on: '2026-02-03', version: 1, signatories, data: { version: 1 } },
    ]);
    expect(of(2, 'SuggestionSubmitted')).toBeUndefined(); // offices above follow from the registration on
    expect([0, 1, 2].map((who) => of(who, 'SuggestionRegistered'))).toMatchObject([
      { field: '基础设施', similarIds: null },
      { field: '基础设施', similarIds: [] },
      { field: '基础设施', similarIds: null },
    ]);
    expect([0, 1, 2].map((who) => of(who, 'ReturnRequested'))).toMatchObject([
      { on: '2026-02-03', reasons: '非本局职责。', data: { reasons: '非本局职责。' } },
      { on: '2026-02-03', reasons: '非本局职责。', data: { reasons: '非本局职责。' } },
      { on: '2026-02-03', reasons: null },
    ]);
    expect(JSON.stringify(feeds[2]?.items)).not.toContain('非本局职责');

    for (const [who, feed] of feeds.entries()) {
      const replay = clients[who]?.subscribe(query, { after: toldOf(feed.items)[0]?.cursor });
      await replay?.until(isLive);
      const events = (items: readonly { event: unknown }[]) => items.flatMap(({ event }) => (event ? [event] : []));
      if (who < 2) expect(events(toldOf(replay?.items ?? []))).toEqual(events(toldOf(feed.items)));
      expect(JSON.stringify(replay?.items).includes('非本局职责')).toBe(who < 2);
    }

    const cases = [lead, office, above].map(({ token }) => wsClient(world, token).subscribe(caseQuery, { caseId }));
    await Promise.all(cases.map((one) => one.until(isLive)));
    expect(cases.map((one) => toldOf(one.items)[0]?.case)).toMatchObject([
      { viewerClass: 'participant', title: draft.title, advice: draft.advice },
      { viewerClass: 'office', title: draft.title, advice: draft.advice },
      { viewerClass: 'follower', title: draft.title, advice: null },
    ]);
  });
});
