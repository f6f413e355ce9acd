import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../demo/api.js';
import { createLimits } from '../../src/infra/in-process/limits.js';
import { openRevocations } from '../../src/infra/in-process/revocations.js';
import { connectRedis } from '../../src/infra/redis/connection.js';
import { openRedisRevocations } from '../../src/infra/redis/revocations.js';
import { ratesOf } from '../contract/limits.contract.js';
import { type RedisServer, startRedisServer } from '../support/redis-server.js';
import { feedQuery, isLive, rawSocket, stream, typesOf, wsClient } from './support/clients.js';
import type { Node, Nodes } from './support/nodes.js';
import { jtiOf, openNodes } from './support/nodes.js';
import type { Part } from './support/world.js';
import { draft } from './support/world.js';

let redis: RedisServer;
let folder: string;
let house: Nodes;
let here: Node;
let there: Node;
let lead: Part;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  // No sweep and no asking in between: what ends is ended by the message alone.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  redis = await startRedisServer();
  folder = await mkdtemp(join(tmpdir(), 'wuji-revoked-'));
  const now = () => Date.parse('2026-02-03T01:00:00.000Z');
  const node = async (n: number) => {
    const connect = () => connectRedis(redis.url, { onProblem: () => {}, patienceMs: 200 });
    const [connection, listening] = [connect(), connect()];
    closing.push(
      () => connection.close(),
      () => listening.close(),
    );
    const own = await openRevocations(join(folder, `revoked-${n}.json`), now);
    const onProblem = (problem: unknown) => house.problems.push(problem);
    const revocations = await openRedisRevocations({ connection, listening, name: 'live', own, now, onProblem });
    closing.push(() => revocations.close());
    const rates = ratesOf({ query: 10_000, mutation: 10_000, subscribe: 10_000, connect: 10_000 });
    return { limits: createLimits(rates), revocations };
  };
  house = await openNodes([await node(1), await node(2)]);
  const [one, two] = house.nodes;
  if (!one || !two) throw new Error('two nodes are needed');
  [here, there] = [one, two];
  lead = await house.cast.deputy('D-041', '150802');
});
afterAll(async () => {
  await house.close();
  for (const end of closing.reverse()) await end();
  await redis.stop();
  await rm(folder, { recursive: true });
  vi.useRealTimers();
});

const ask = (node: Node, token: string, query: string, variables = {}) =>
  createApi(node.url).ask<Record<string, unknown>>(token, query, variables);
const revokeToken = (token: string, node = here) =>
  ask(node, house.operator, 'mutation ($jti: String!) { revokeToken(jti: $jti) { jti until } }', { jti: jtiOf(token) });
const draftIt = (token: string) => createApi(here.url).act(token, 'draftSuggestion', null, draft);
const viewer = '{ viewer { kind } }';

describe('a revoked token (issue 3 part 3)', () => {
  it('stops on its open sockets and streams at once, on every node, and nowhere else', async () => {
    const token = await house.tokenOf(lead.id);
    const sockets = [wsClient(here, token), wsClient(there, token)];
    const feeds = sockets.map((socket) => socket.subscribe(feedQuery));
    const kept = wsClient(there, lead.token);
    const keptFeed = kept.subscribe(feedQuery);
    const streams = [await stream(here, { token, query: feedQuery }), await stream(there, { token, query: feedQuery })];
    const keptStream = await stream(there, { token: lead.token, query: feedQuery });
    await Promise.all([...feeds, keptFeed].map((each) => each.until(isLive)));
    await Promise.all([...streams, keptStream].map(({ inbox }) => inbox.until((items) => items.length === 1)));

    await revokeToken(token);
    for (const { closed } of sockets)
      expect(await closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_REVOKED' });
    for (const { inbox, done } of streams) {
      await done;
      expect(inbox.items.slice(1)).toMatchObject([
        { event: 'next', data: { errors: [{ extensions: { code: 'TOKEN_REVOKED', zh: expect.any(String) } }] } },
        { event: 'complete' },
      ]);
    }
    await draftIt(lead.token);
    await keptFeed.until((items) => typesOf(items).length === 1);
    await keptStream.inbox.until((items) => items.length === 2);
    expect(feeds.map((each) => typesOf(each.items))).toEqual([[], []]);
    expect(kept.closed.items).toEqual([]);
  });

  it('does nothing any more on a socket whose client does not heed the close', async () => {
    const token = await house.tokenOf(lead.id);
    const raw = await rawSocket(here, { token });
    raw.socket.pause(); // it does not read that it has been sent away
    await revokeToken(token);
    const query = 'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId } }';
    raw.subscribe('late', query, { input: { ...draft, title: '撤销之后的建议' } });
    raw.socket.resume();
    await raw.closed.first(() => true);
    await draftIt(lead.token);
    const drafted = (await house.log()).filter(({ type }) => type === 'SuggestionDrafted');
    expect(JSON.stringify(drafted)).toContain(draft.title);
    expect(JSON.stringify(drafted)).not.toContain('撤销之后的建议');
  });

  it('is refused at every door of every node with its own code, and another token of the holder is not', async () => {
    const token = await house.tokenOf(lead.id);
    await revokeToken(token);
    for (const node of [here, there]) {
      const raw = await rawSocket(node, { init: false });
      raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      expect(await raw.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_REVOKED' });
      await expect(ask(node, token, viewer)).rejects.toMatchObject({ code: 'TOKEN_REVOKED' });
      const { response } = await stream(node, { token, query: feedQuery });
      expect(response.status).toBe(401);
      expect(await ask(node, lead.token, viewer)).toEqual({ viewer: { kind: 'deputy' } });
    }
  });

  it('does not come back to a socket by a ping', async () => {
    const [good, bad] = [await house.tokenOf(lead.id), await house.tokenOf(lead.id)];
    await revokeToken(bad);
    const raw = await rawSocket(here, { token: good });
    raw.send({ type: 'ping', payload: { authorization: `Bearer ${bad}` } });
    expect(await raw.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_REVOKED' });
  });
});

describe('all tokens of a holder', () => {
  const revoke = (by: string, variables: Record<string, unknown>, node = here) =>
    ask(
      node,
      by,
      `mutation ($mandate: ID, $post: ID, $before: Instant, $id: ID) {
        revokeHolder(mandate: $mandate, post: $post, issuedBefore: $before, commandId: $id) { jti holder issuedUpTo until } }`,
      variables,
    );

  it('that were issued until then end, those issued later hold; the same command sent again does not reach them', async () => {
    const { id, token } = await house.cast.deputy('D-043', '150802');
    const socket = wsClient(there, token);
    await socket.subscribe(feedQuery).until(isLive);
    const told = await revoke(house.operator, { mandate: id, id: 'r-1' });
    expect(told).toEqual({
      revokeHolder: {
        jti: null,
        holder: `mandate:${id}`,
        issuedUpTo: '2026-02-03T01:00:00.000Z',
        until: '2027-02-04T01:00:00.000Z',
      },
    });
    expect(await socket.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_REVOKED' });
    house.pass(60);
    const fresh = await house.tokenOf(id);
    expect(await revoke(house.operator, { mandate: id, id: 'r-1' })).toEqual(told);
    expect(await ask(there, fresh, viewer)).toEqual({ viewer: { kind: 'deputy' } });
  });

  it('are ended by the operator only, and by a name that somebody has', async () => {
    const attempts: [string, Record<string, unknown>, string][] = [
      [lead.token, { mandate: lead.id }, 'NOT_ALLOWED'],
      [house.operator, { mandate: lead.id.replace(/^./, (c) => (c === 'f' ? '0' : 'f')) }, 'NOT_FOUND'],
      [house.operator, { post: lead.id }, 'NOT_FOUND'],
      [house.operator, { mandate: 'nobody' }, 'NOT_FOUND'],
      [house.operator, {}, 'ONE_HOLDER'],
      [house.operator, { mandate: lead.id, post: lead.id }, 'ONE_HOLDER'],
      [house.operator, { mandate: lead.id, before: '2030-01-01T00:00:00.000Z' }, 'NOT_ISSUED_YET'],
    ];
    for (const [by, variables, code] of attempts)
      await expect(revoke(by, variables), JSON.stringify(variables)).rejects.toMatchObject({ code });
    await expect(ask(here, lead.token, 'mutation { revokeToken(jti: "x") { jti } }')).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    await expect(
      ask(here, house.operator, 'mutation { revokeToken(jti: "x", until: "2026-01-01T00:00:00Z") { jti } }'),
    ).rejects.toMatchObject({ code: 'REVOCATION_OVER' });
    expect(await ask(here, lead.token, viewer)).toEqual({ viewer: { kind: 'deputy' } });
  });

  it('what Redis could not be told is in force here, is told as such, and reaches the other node by itself', async () => {
    const { id, token } = await house.cast.deputy('D-041', '150802');
    const fresh = await house.tokenOf(id);
    const socket = wsClient(there, fresh);
    await socket.subscribe(feedQuery).until(isLive);
    await redis.kill();
    await expect(revokeToken(fresh)).rejects.toMatchObject({ code: 'REVOCATION_NOT_KEPT' });
    await expect(ask(here, fresh, viewer)).rejects.toMatchObject({ code: 'TOKEN_REVOKED' });
    expect(socket.closed.items).toEqual([]);
    await redis.restart();
    expect(await socket.closed.first(() => true)).toMatchObject({ code: 4403, reason: 'TOKEN_REVOKED' });
    expect(await ask(there, token, viewer)).toEqual({ viewer: { kind: 'deputy' } });
  });
});
