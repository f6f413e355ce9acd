import { join } from 'node:path';
import type { Position } from '../../src/domain/kernel/event.js';
import type { Command } from '../../src/domain/kernel/handle.js';
import type { Clock, EventStore } from '../../src/domain/kernel/ports.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import { openEmbeddedBallotBox } from '../../src/infra/ballot-box/embedded.js';
import { randomBelow } from '../../src/infra/ballot-box/random.js';
import { openEmbeddedReadStore } from '../../src/infra/read-store/embedded.js';
import { boardModels } from '../../src/projections/boards/index.js';
import { caseModels } from '../../src/projections/cases/index.js';
import { feed } from '../../src/projections/feeds/feed.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import type { Step } from '../../src/projections/kernel/projector.js';
import { createProjector } from '../../src/projections/kernel/projector.js';
import { personalRecords } from '../../src/projections/privacy/personal-records.js';
import { createPolicies } from '../../src/projections/reactors/index.js';
import type { Town } from './town.js';
import { rules } from './town.js';

const policies = createPolicies(rules);
/** What `src/composition/work.ts` folds. */
export const models = [...caseModels, ...boardModels, feed, personalRecords, ...policies.models];

export function openReads(folder: string, epoch: string): ReadStore {
  return openEmbeddedReadStore({ folder, epoch, onDropped: failed });
}
export function failed(problem: unknown): never {
  throw problem instanceof Error ? problem : new Error(String(problem));
}

/** `cpuMs` of this process: what else works on the machine does not count. */
export type Folded = { readonly events: number; readonly commits: number; readonly cpuMs: number };
type FoldOptions = {
  readonly clock: Clock;
  readonly batchSize?: number;
  readonly until?: Position | undefined;
  readonly onStep?: (step: Step) => void;
};

export function cpuSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** Folds with the real projector from where the tables stand, until a position or all that the log holds. */
export async function fold(events: EventStore, readStore: ReadStore, options: FoldOptions): Promise<Folded> {
  const { clock, batchSize, onStep } = options;
  const until = options.until ?? (await events.head());
  const problems: Error[] = [];
  const projector = createProjector({
    ...{ events, registry: wuji, readStore, models, clock, batchSize },
    onProblem: (problem) => problems.push(problem),
  });
  let commits = 0;
  let count = 0;
  const begun = process.cpuUsage();
  let cpuMs: number | undefined;
  projector.onCommitted(({ steps, position }) => {
    if (cpuMs !== undefined) return; // what is folded beyond is not counted
    commits++;
    count += steps.length;
    for (const step of steps) onStep?.(step);
    if (until !== undefined && position >= until) cpuMs = cpuSince(begun);
  });
  projector.start();
  if (until !== undefined && (await projector.waitFor(until, 600_000)) === 'timeout') failed(problems[0] ?? 'timeout');
  await projector.stop();
  if (problems[0]) throw problems[0];
  return { events: count, commits, cpuMs: cpuMs ?? 0 };
}

/** What follows from the cases by itself: numbers, warnings, overdue. Returns how many events of policies one core does a second. */
export async function runPolicies({ store, handle, clock, later }: Town, folder: string): Promise<number> {
  const readStore = openReads(join(folder, 'policies'), store.epoch);
  const problems: Error[] = [];
  let wrote = 0;
  const deps = {
    ...{ events: store, registry: wuji, readStore, clock },
    handle: async (command: Command) => {
      const result = await handle(command);
      if (!isRefusal(result)) wrote += result.events.length;
      return result;
    },
    onProblem: (problem: Error) => void problems.push(problem),
  };
  const ballots = { box: openEmbeddedBallotBox({ folder: join(folder, 'ballots') }), randomBelow };
  const projector = createProjector({ ...deps, models });
  projector.start();
  const running = policies.start({ ...deps, projector, ballots });
  await running.settle();
  later(100);
  wrote = 0;
  const begun = process.cpuUsage();
  await running.settle();
  const perSecond = (wrote * 1_000) / cpuSince(begun);
  await running.stop();
  await projector.stop();
  await readStore.close();
  if (problems[0]) throw problems[0];
  return perSecond;
}
