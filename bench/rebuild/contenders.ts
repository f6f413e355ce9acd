import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { wuji } from '../../src/domain/wuji.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import { createProjector } from '../../src/projections/kernel/projector.js';
import type { ReadModel } from '../../src/projections/kernel/read-model.js';
import { decodeAll } from '../../src/projections/kernel/rebuild.js';
import type { Contender } from '../harness/bench.js';
import { failed, models, openReads } from '../scale/fold.js';
import type { CaseLog } from './case-log.js';

/** Milliseconds of folding: what the log took to make its events is not in it. */
export async function timed(making: () => number, work: () => Promise<void>): Promise<number> {
  const [begun, made] = [performance.now(), making()];
  await work();
  return performance.now() - begun - (making() - made);
}

/** All read models from the first event, with the real projector, into an empty store. */
export async function rebuild(events: EventStore, readStore: ReadStore): Promise<void> {
  const problems: Error[] = [];
  const projector = createProjector({
    ...{ events, registry: wuji, readStore, models, clock: { now: () => new Date(0) } },
    onProblem: (problem) => problems.push(problem),
  });
  projector.start();
  if ((await projector.caughtUp(600_000)) === 'timeout') failed(problems[0] ?? 'timeout');
  await projector.stop();
  if (problems[0]) throw problems[0];
}

export async function inNewStore<T>(epoch: string, work: (store: ReadStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-rebuild-'));
  const store = openReads(join(folder, 'read'), epoch);
  try {
    return await work(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

/** Events a second. `making`: time of the log itself that is left out. */
export const ours = (name: string, events: EventStore, count: number, making: () => number): Contender => ({
  ...{ name, kind: 'ours' },
  open: async () => ({
    async round() {
      const ms = await inNewStore(events.epoch, (store) => timed(making, () => rebuild(events, store)));
      return (count * 1_000) / ms;
    },
    close: async () => {},
  }),
});

const batchSize = 2_000;

/** The same folds with nothing around them: rows in Maps, no store, no index, no JSON. */
export const limit = (name: string, log: CaseLog, count: number): Contender => ({
  ...{ name, kind: 'limit' },
  open: async () => ({
    async round() {
      const tables = new Map(models.map((model) => [model, new Map<string, unknown>()]));
      const ms = await timed(log.makingMs, async () => {
        for (let from = 0; from < count; from += batchSize)
          foldInto(tables, decodeAll(wuji, log.slice(from, from + batchSize)));
      });
      return (count * 1_000) / ms;
    },
    close: async () => {},
  }),
});

/** Only the models that an event can concern are asked: a case's own, and those that look at all events. */
function foldInto(tables: ReadonlyMap<ReadModel, Map<string, unknown>>, events: readonly RecordedEvent[]) {
  for (const event of events) {
    const category = event.stream.slice(0, event.stream.indexOf('-'));
    for (const [model, rows] of tables) {
      if (wuji.aggregates.has(model.name) && model.name !== category) continue;
      for (const key of model.keysOf(event)) {
        const row = model.fold(rows.get(key), event, key);
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
    }
  }
}
