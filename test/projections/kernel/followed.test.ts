import { expect, onTestFinished, test, vi } from 'vitest';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { createRedisLease } from '../../../src/infra/redis/lease.js';
import { createRedisLiveBus } from '../../../src/infra/redis/live-bus.js';
import { openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import { createFollower } from '../../../src/projections/kernel/follower.js';
import { lead } from '../../../src/projections/kernel/leader.js';
import type { LiveBus } from '../../../src/projections/kernel/node-ports.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { readModelsContract } from '../../contract/read-models.contract.js';
import { arrayStore } from '../../support/array-store.js';
import { startRedisServer } from '../../support/redis-server.js';
import { errandModel, models, play, registry } from './errand.js';
import { newReadStore, now } from './rig.js';

const clock = { now: () => new Date(now) };
const onProblem = (problem: unknown) => console.error(problem);

const alone = async () => {
  const events = arrayStore();
  const readStore = newReadStore();
  const projector = createProjector({ events, registry, readStore, models, clock, onProblem });
  projector.start();
  return { events, readStore, nodes: [projector], close: () => projector.stop() };
};

const threeOverRedis = async () => {
  const redis = await startRedisServer();
  const events = arrayStore();
  const closing: (() => Promise<unknown>)[] = [];
  const connect = () => {
    const connection = connectRedis(redis.url, { onProblem });
    closing.push(() => connection.close());
    return connection;
  };
  let losing = false;
  const nodes = [1, 2, 3].map((n) => {
    const connection = connect();
    const lease = createRedisLease({ connection, name: 'test', of: 'leader', times: { ttl: 1_000, every: 100 } });
    const readStore = openRedisReadStore({
      ...{ connection, name: 'test', epoch: events.epoch },
      onDropped: () => {},
      fence: lease.fence,
    });
    const bus: LiveBus = createRedisLiveBus({ connection, reading: connect(), name: 'test' });
    const lossy: LiveBus = {
      ...bus,
      async tell(committed) {
        if (losing) losing = false;
        else await bus.tell(committed);
      },
    };
    const follower = createFollower({
      ...{ bus, readStore, events, registry, models, caseModels: [errandModel], clock, onProblem },
      lookMs: 100,
    });
    const begin = () => ({
      projector: createProjector({ events, registry, readStore, models, clock, onProblem }),
      start() {},
      stop: async () => {},
    });
    const end = new AbortController();
    const leading = lead(
      { ...{ node: `node ${n}`, lease, bus: lossy, begin, onProblem }, announceMs: 100 },
      end.signal,
    );
    closing.push(() => follower.stop());
    closing.push(() => {
      end.abort();
      return leading;
    });
    follower.start();
    return { follower, readStore };
  });
  const [first] = nodes;
  if (!first) throw new Error('no nodes');
  return {
    ...{ events, redis },
    readStore: first.readStore,
    nodes: nodes.map(({ follower }) => follower),
    loseOne() {
      losing = true;
    },
    async close() {
      for (const end of closing.reverse()) await end();
      await redis.stop();
    },
  };
};

readModelsContract('one node alone', alone, { loses: false });
readModelsContract('three nodes over Redis', threeOverRedis, { loses: true });

test('an emptied Redis is filled again without a restart; every node is told each event once', async () => {
  const { events, nodes, redis, close } = await threeOverRedis();
  onTestFinished(close);
  const heard: string[][] = nodes.map(() => []);
  for (const [n, node] of nodes.entries())
    node.onCommitted(({ steps }) => heard[n]?.push(...steps.map(({ event }) => event.position)));
  const rounds = async (from: number) => {
    for (let n = from; n < from + 5; n++) await play(events, [{ errand: n, what: 'open', owner: 'ann' }]);
    for (const node of nodes) expect(await node.caughtUp(15_000)).toBe('reached');
  };
  await rounds(0);
  const known = heard.map(({ length }) => length);
  for (let n = 1; n <= 3; n++) {
    await redis.flush();
    await rounds(5 * n);
  }
  const positions = events.log.map(({ position }) => position);
  await vi.waitFor(() => {
    for (const [n, list] of heard.entries()) expect(list.slice(known[n])).toEqual(positions.slice(5));
  }, 15_000);
});
