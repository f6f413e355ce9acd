import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../../demo/api.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { EventStoreDBDouble } from './eventstoredb/double.js';
import { startRedisServer } from './redis-server.js';
import { type ServerProcess, serveProcess } from './server-process.js';
import { signingIn } from './sign-in.js';

/** Two nodes, processes of their own, on one log (a double, over the wire) and one real Redis; the first leads. */
export async function openCluster() {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-cluster-'));
  const kept = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const double = await new EventStoreDBDouble(kept).start();
  const redis = await startRedisServer();
  const env = { PORT: '0', WUJI_DATA: join(folder, 'data'), EVENTSTORE_URL: double.url, REDIS_URL: redis.url };
  const nodes: ServerProcess[] = [];
  async function start(): Promise<ServerProcess> {
    const node = await serveProcess(env);
    nodes.push(node);
    return node;
  }
  const [first, second] = [await start(), await start()];
  async function close(): Promise<void> {
    await Promise.all(nodes.map((node) => node.stop()));
    double.stop();
    await redis.stop();
    await kept.close();
    await rm(folder, { recursive: true });
  }
  return { first, second, start, ...(await signingIn(env.WUJI_DATA)), redis, double, close };
}

export const registerPerson = (node: ServerProcess, operator: string, code: string) =>
  createApi(node.url).act(operator, 'registerPerson', null, { code, region: '150800', name: '经办人' });

/** A person, once the read models hold what was acknowledged at that position. */
export const personOf = 'query ($id: ID!, $at: Position) { person(id: $id, waitFor: $at) { id } }';
