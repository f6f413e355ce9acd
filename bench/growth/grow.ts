import { join } from 'node:path';
import { wuji } from '../../src/domain/wuji.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { openEmbeddedReadStore } from '../../src/infra/read-store/embedded.js';
import { tableOf } from '../../src/projections/kernel/ports.js';
import { createProjector } from '../../src/projections/kernel/projector.js';
import { reactors } from '../../src/projections/reactors/index.js';
import { caseLog, type Played } from '../rebuild/case-log.js';
import { models } from '../scale/fold.js';

const STEP = 2_000;

const fail = (problem: unknown): never => {
  throw problem instanceof Error ? problem : new Error(String(problem));
};

/** A data folder as a node has it that has run for long: a log of so many events, and its read models at the end of it. */
export async function grow(folder: string, played: Played, events: number): Promise<void> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const log = caseLog(played, { events, beside: 100 });
  for (let from = 0; from < events; from += STEP)
    await Promise.all(
      log
        .slice(from, from + STEP)
        .map(({ stream, revision, position: _, recordedAt: __, ...event }) =>
          store.append(stream, [event], revision === 0 ? 'no_stream' : revision - 1),
        ),
    );
  const head = (await store.head()) ?? '';
  const reads = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch: store.epoch, onDropped: fail });
  const clock = { now: () => new Date() };
  const projector = createProjector({
    events: store,
    registry: wuji,
    readStore: reads,
    models,
    clock,
    onProblem: fail,
  });
  projector.start();
  if ((await projector.caughtUp(3_600_000)) === 'timeout') fail('the read models do not catch up');
  await projector.stop();
  // What policies would do about the past was done when it was the present.
  const nothing = { rows: new Map(), indexes: new Map(), counters: new Map() };
  const to = { position: head, events };
  for (const { name } of reactors)
    await reads.commit([{ table: tableOf(`reactor:${name}`, '1.0'), from: null, to, ...nothing }]);
  await reads.close();
  await store.close();
}
