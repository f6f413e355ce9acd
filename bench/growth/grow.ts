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
import { privacyReactors } from '../../src/projections/reactors/privacy.js';
import { caseLog, type Played } from '../rebuild/case-log.js';
import { models } from '../scale/fold.js';
import { rules } from '../scale/town.js';
import { sealsIn } from '../seals.js';

/** Events that are appended at a time, and after how many the policies do what is due by then. */
const [STEP, MONTH] = [2_000, 15_000];
const HOUR_MS = 3_600_000;

const fail = (problem: unknown): never => {
  throw problem instanceof Error ? problem : new Error(String(problem));
};

/**
 * A data folder as a node has it that has run for long: a log of so many events and of what the calendar has asked for on
 * the way, and read models and ledger at its end.
 */
export async function grow(folder: string, played: Played, events: number): Promise<void> {
  let now = new Date();
  const clock = { now: () => now };
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
  const reads = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch: store.epoch, onDropped: fail });
  const stores = { events: store, registry: wuji, readStore: reads };
  const ballots = { box: openEmbeddedBallotBox({ folder: join(folder, 'ballots') }), randomBelow };
  const { seals, close } = await sealsIn(folder);
  const handle = createHandle({
    store,
    registry: wuji,
    loader: createLoader(store, wuji),
    clock,
    nameId,
    rules,
    seals,
  });
  const work = { ...stores, clock, onProblem: fail };

  /** What the calendar asks for until now. What other policies would do about the past was done when it was played. */
  async function settle() {
    const projector = createProjector({ ...work, models });
    projector.start();
    if ((await projector.caughtUp(HOUR_MS)) === 'timeout') fail('the read models do not catch up');
    const nothing = { rows: new Map(), indexes: new Map(), counters: new Map() };
    const to = { position: (await store.head()) ?? '', events: projector.status().models[0]?.events ?? 0 };
    for (const { name } of [...reactors, ...privacyReactors(seals), ballotKeeper(ballots)]) {
      const table = tableOf(`reactor:${name}`, '1.0');
      const from = (await reads.checkpoint(table))?.position ?? null;
      if ((await reads.commit([{ table, from, to, ...nothing }])) === 'conflict') fail(`${table} has moved`);
    }
    const running = createPolicies(rules, seals).start({ ...work, projector, handle, ballots });
    await running.settle();
    await running.stop();
    await projector.stop();
  }

  // Few copies beside each other: also a short log holds cases from their beginning to their end.
  const log = caseLog(played, { events, beside: 5 });
  for (let from = 0; from < events; from += STEP) {
    const step = log.slice(from, from + STEP);
    now = new Date(step.at(-1)?.recordedAt ?? now);
    await Promise.all(
      step.map(({ stream, revision, position: _, recordedAt: __, ...event }) =>
        store.append(stream, [event], revision === 0 ? 'no_stream' : revision - 1),
      ),
    );
    if (from % MONTH < STEP) await settle();
  }
  // Its next start must have nothing to do.
  now = new Date();
  await settle();
  const ledger = createLedger({ ...stores, sha256, onProblem: fail });
  ledger.start();
  if ((await ledger.waitFor((await store.head()) ?? '', HOUR_MS)) === 'timeout') fail('the ledger does not catch up');
  await ledger.stop();
  await close();
  await reads.close();
  await store.close();
}
