import { setTimeout as pause } from 'node:timers/promises';
import { defaultRules } from '../../../src/domain/collaboration/time-limits.js';
import { wuji } from '../../../src/domain/wuji.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';
import { openEventStoreDB } from '../../../src/infra/event-store/eventstoredb/index.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import { boardModels } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import { feed } from '../../../src/projections/feeds/feed.js';
import type { Checkpoint, ReadStore } from '../../../src/projections/kernel/ports.js';
import { tableOf } from '../../../src/projections/kernel/ports.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { createPolicies } from '../../../src/projections/reactors/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A store that was emptied is filled again, and a policy may still act: so long do both stores get to stand at one place. */
const patienceMs = 60_000;

/** Folds the log anew into an empty store, and names the read models whose tables in Redis are not the same at the same position. */
export async function differencesFromFreshFold(eventStoreUrl: string, redisUrl: string): Promise<string[]> {
  const events = await openEventStoreDB({ url: eventStoreUrl });
  const connection = connectRedis(redisUrl, { onProblem: () => {} });
  const kept = openRedisReadStore({ connection, name: 'wuji', epoch: events.epoch, onDropped: () => {} });
  const fresh = openEmbeddedReadStore({ folder: await temporaryFolder(), epoch: events.epoch, onDropped: () => {} });
  const models = [...caseModels, ...boardModels, feed, ...createPolicies(defaultRules(chineseCalendar())).models];
  const clock = { now: () => new Date() };
  const onProblem = (problem: unknown) => {
    throw problem;
  };
  const projector = createProjector({ events, registry: wuji, readStore: fresh, models, clock, onProblem });
  try {
    projector.start();
    if ((await projector.caughtUp(60_000)) === 'timeout') throw new Error('the fresh fold does not come to its end');
    const different: string[] = [];
    for (const { name } of models) {
      const both = await linesOfOneMoment([kept, fresh], name);
      if (new Set(both.map((lines) => lines.join('\n'))).size > 1) different.push(name);
    }
    return different;
  } finally {
    await projector.stop();
    await fresh.close();
    await connection.close();
    await events.close();
  }
}

async function linesOfOneMoment(stores: readonly ReadStore[], name: string): Promise<readonly string[][]> {
  const whereTheyStand = async () => (await Promise.all(stores.map((store) => store.checkpoint(name)))).map(positionOf);
  for (const end = Date.now() + patienceMs; ; await pause(50)) {
    const before = await whereTheyStand();
    const lines = await Promise.all(stores.map((store) => linesOf(store, name)));
    if (new Set([...before, ...(await whereTheyStand())]).size === 1 || Date.now() > end) return lines;
  }
}

const positionOf = (at: Checkpoint | null): string | undefined => at?.position;

async function linesOf(store: ReadStore, name: string): Promise<string[]> {
  const lines: string[] = [];
  const version = await store.live(name);
  for await (const line of store.dump(tableOf(name, version ?? ''))) lines.push(line);
  return lines;
}
