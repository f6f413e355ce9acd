import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Message, openFeed } from '../../client/feed.js';
import { createApi } from '../../demo/api.js';
import { until } from '../e2e/support/crowd.js';
import { openCluster, personOf, registerPerson as register } from '../support/cluster.js';
import type { ServerProcess } from '../support/server-process.js';

async function twoNodes() {
  const cluster = await openCluster();
  onTestFinished(cluster.close);
  return cluster;
}

const ready = async ({ url }: ServerProcess) => {
  const answer = await fetch(`${url}/health/ready`);
  return { status: answer.status, body: (await answer.json()) as Record<string, { state?: string; fault?: string }> };
};
it('what one node has acknowledged is read on the other that is told its position', async () => {
  const { first, second, operator } = await twoNodes();
  for (let n = 0; n < 20; n++) {
    const [writer, reader] = n % 2 === 0 ? [first, second] : [second, first];
    const { caseId, position } = await register(writer, operator, `P-${n}`);
    expect(await createApi(reader.url).ask(operator, personOf, { id: caseId, at: position })).toEqual({
      person: { id: caseId },
    });
  }
}, 120_000);

it('a feed that began on one node goes on at another: nothing is lost, nothing comes twice', async () => {
  const { first, second, operator, issue } = await twoNodes();
  const office = { code: 'SC', region: '150800', kind: 'SC', name: '市人大常委会' };
  const { caseId: organ } = await createApi(first.url).act(operator, 'registerOrgan', null, office);
  const { caseId: person } = await register(first, operator, 'C');
  const { caseId: post } = await createApi(first.url).act(operator, 'assignPost', null, {
    person,
    organ,
    role: 'clerk',
  });
  const clerk = await issue(person, post);
  const received: string[] = [];
  const expected: string[] = [];
  let cursor: string | undefined;
  const follow = (node: ServerProcess) =>
    openFeed<Message & { event: { caseId: string } | null }>({
      url: `${node.url.replace('http', 'ws')}/graphql`,
      ...{ token: clerk, webSocketImpl: WebSocket, after: cursor },
      query: 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { caseId } } }',
      onMessage(message) {
        cursor = message.cursor;
        if (message.event) received.push(message.event.caseId);
      },
    });
  const plan = async (node: ServerProcess, times: number) => {
    const meeting = { title: '联席会议', purpose: '分析问题' };
    for (let n = 0; n < times; n++)
      expected.push((await createApi(node.url).act(clerk, 'planJointMeeting', null, meeting)).caseId);
  };
  const feed = follow(second);
  await until('it is live', () => cursor !== undefined);
  await plan(first, 5);
  await until('the first has come', () => received.length >= 5);
  feed.close();
  await plan(second, 3);
  const again = follow(first);
  onTestFinished(() => again.close());
  await plan(second, 4);
  await until('all has come', () => received.length >= 12);
  expect(received).toEqual(expected);
}, 120_000);

it('when the leader dies another node folds and serves on', async () => {
  const { first, second, operator } = await twoNodes();
  await first.kill();
  const { caseId, position } = await register(second, operator, 'L-1');
  await until('the second node has folded it', async () => {
    const { person } = await createApi(second.url).ask<{ person: unknown }>(operator, personOf, {
      id: caseId,
      at: position,
    });
    return person !== null;
  });
}, 120_000);

it('while the log is away a socket is sent away with a code after which clients come back', async () => {
  const { second, operator, double } = await twoNodes();
  double.stop();
  const socket = new WebSocket(`${second.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${operator}` } })),
  );
  expect(await closed).toBe(1013);
  await double.start();
}, 120_000);

it('each failure of Redis and of the log shows in /health/ready as what it is, and goes when it is over', async () => {
  const { second, redis, double } = await twoNodes();
  const shows = (part: string, fault: string | undefined) =>
    until(`${part}: ${fault ?? 'well'}`, async () => {
      const { status, body } = await ready(second);
      return fault === undefined ? status === 200 && !body[part]?.fault : body[part]?.fault === fault;
    });
  await redis.kill();
  await shows('redis', 'unreachable');
  await redis.restart();
  await shows('redis', undefined);
  await redis.ask('REPLICAOF', '127.0.0.1', '1');
  await shows('redis', 'readonly');
  await redis.ask('REPLICAOF', 'NO', 'ONE');
  await shows('redis', undefined);
  double.stop();
  await shows('log', 'unreachable');
  await double.start();
  await shows('log', undefined);
}, 180_000);
