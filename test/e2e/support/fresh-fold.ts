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
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { tableOf } from '../../../src/projections/kernel/ports.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { createPolicies } from '../../../src/projections/reactors/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Folds the log anew into an empty store, and names the read models whose tables in Redis are not the same. */
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
      const [ours, theirs] = await Promise.all([kept, fresh].map((store) => linesOf(store, name)));
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push(name);
    }
    return different;
  } finally {
    await projector.stop();
    await fresh.close();
    await connection.close();
    await events.close();
  }
}

async function linesOf(store: ReadStore, name: string): Promise<string[]> {
  const lines: string[] = [];
  const version = await store.live(name);
  for await (const line of store.dump(tableOf(name, version ?? ''))) lines.push(line);
  return lines;
}
