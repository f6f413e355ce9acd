import { join } from 'node:path';
import { createHandle } from '../../src/domain/kernel/handle.js';
import { createLoader } from '../../src/domain/kernel/load.js';
import { wuji } from '../../src/domain/wuji.js';
import { openEmbeddedBallotBox } from '../../src/infra/ballot-box/embedded.js';
import { randomBelow } from '../../src/infra/ballot-box/random.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { openEmbeddedReadStore } from '../../src/infra/read-store/embedded.js';
import { sha256 } from '../../src/infra/sha256.js';
import { tableOf } from '../../src/projections/kernel/ports.js';
import { createProjector } from '../../src/projections/kernel/projector.js';
import { createLedger } from '../../src/projections/ledger/ledger.js';
import { ballotKeeper } from '../../src/projections/reactors/ballot-keeper.js';
import { createPolicies, reactors } from '../../src/projections/reactors/index.js';
import { caseLog, type Played } from '../rebuild/case-log.js';
import { models } from '../scale/fold.js';
import { rules } from '../scale/town.js';

const STEP = 2_000;
const HOUR_MS = 3_600_000;

const fail = (problem: unknown): never => {
  throw problem instanceof Error ? problem : new Error(String(problem));
};

/** A data folder as a node has it that has run for long: a log of so many events, and its read models at the end of it. */
export async function grow(folder: string, played: Played, events: number): Promise<void> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  // Few copies beside each other: also a short log holds cases from their beginning to their end.
  const log = caseLog(played, { events, beside: 5 });
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
  if ((await projector.caughtUp(HOUR_MS)) === 'timeout') fail('the read models do not catch up');
  const ledger = createLedger({ events: store, readStore: reads, sha256, onProblem: fail });
  ledger.start();
  if ((await ledger.waitFor(head, HOUR_MS)) === 'timeout') fail('the ledger does not catch up');
  await ledger.stop();
  // What policies would do about the past was done when it was the present.
  const nothing = { rows: new Map(), indexes: new Map(), counters: new Map() };
  const to = { position: head, events };
  const ballots = { box: openEmbeddedBallotBox({ folder: join(folder, 'ballots') }), randomBelow };
  for (const { name } of [...reactors, ballotKeeper(ballots)])
    await reads.commit([{ table: tableOf(`reactor:${name}`, '1.0'), from: null, to, ...nothing }]);
  // What the calendar asks for until today is done by a node that has run for long: its next start must not do it.
  const handle = createHandle({ store, registry: wuji, loader: createLoader(store, wuji), clock, nameId, rules });
  const deps = { events: store, registry: wuji, readStore: reads, projector, handle, clock, ballots, onProblem: fail };
  const running = createPolicies(rules).start(deps);
  await running.settle();
  await running.stop();
  await projector.stop();
  await reads.close();
  await store.close();
}
