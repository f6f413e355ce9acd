import type { Clock } from '../../domain/kernel/ports.js';
import type { Rules } from '../../domain/kernel/rules.js';
import type { Seals } from '../../domain/kernel/seal-ports.js';
import type { Reactor, ReactorDeps, RunningReactor } from '../kernel/reactor.js';
import { createReactor } from '../kernel/reactor.js';
import type { SchedulerDeps } from '../kernel/scheduler.js';
import { createScheduler, repeatEvery } from '../kernel/scheduler.js';
import { shareTail } from '../kernel/shared-tail.js';
import type { Pause } from '../kernel/waiting.js';
import type { Keeping } from './ballot-keeper.js';
import { ballotKeeper, ballotsDue } from './ballot-keeper.js';
import { deadlines } from './deadlines.js';
import { endedSigners } from './ended-signers.js';
import { inspectionTeams } from './inspection-teams.js';
import { meetingMeasures, yearDutyMet } from './meeting-results.js';
import { merging } from './merging.js';
import { numbering } from './numbering.js';
import { organSuccession } from './organ-succession.js';
import { origins } from './origins.js';
import { personsMandates, personsPosts } from './persons-mandates.js';
import { privacyReactors, restrictionsDue } from './privacy.js';
import { satisfaction } from './satisfaction.js';
import { termChange } from './term-change.js';
import { yearDutiesDue } from './year-watchdog.js';

/** What follows by itself from an event. */
export const reactors: readonly Reactor[] = [
  personsMandates,
  personsPosts,
  termChange,
  organSuccession,
  numbering,
  merging,
  origins,
  endedSigners,
  inspectionTeams,
  meetingMeasures,
  yearDutyMet,
  satisfaction,
];

export type PolicyDeps = ReactorDeps & {
  readonly events: Parameters<typeof shareTail>[0];
  readonly projector: ReactorDeps['projector'] & SchedulerDeps['projector'];
  readonly clock: Clock;
  /** The ballot box, and the chance by which it is emptied. */
  readonly ballots: Keeping;
};
export type RunningPolicies = ReturnType<ReturnType<typeof createPolicies>['start']>;

const patience = 60_000;

/** All that the system does by itself: what follows from events, and what the calendar asks for. */
/** `seals`: absent, nobody's data is erased or corrected. */
export function createPolicies(rules: Pick<Rules, 'calendar'>, seals?: Seals) {
  const model = deadlines(rules);
  const ofSeals = seals ? privacyReactors(seals) : [];
  return {
    /** Read models that the policies need and nobody else reads. */
    models: [model],

    start(deps: PolicyDeps) {
      const { events, clock } = deps;
      const following = { ...deps, events: shareTail(events) };
      const all = [...reactors, ...ofSeals, ballotKeeper(deps.ballots)];
      const running: readonly RunningReactor[] = all.map((reactor) => createReactor(reactor, following));
      for (const reactor of running) reactor.start();
      const { readStore, projector, handle, onProblem } = deps;
      const scheduling = { readStore, projector, handle, clock };
      const schedulers = [
        createScheduler({ ...scheduling, name: 'year-watchdog', due: yearDutiesDue }),
        createScheduler({ ...scheduling, name: 'ballots-due', due: ballotsDue }),
        createScheduler({ ...scheduling, name: 'restrictions-due', due: restrictionsDue }),
        createScheduler({ ...scheduling, name: 'deadlines', due: model.due }),
      ];
      let tickedAt: number | undefined;
      let error: Error | undefined;
      /** Each is asked, also when one of them fails: they know nothing of each other. */
      async function tick(signal?: AbortSignal): Promise<void> {
        const failures: unknown[] = [];
        for (const scheduler of schedulers)
          try {
            await scheduler.tick(signal);
          } catch (cause) {
            failures.push(cause);
          }
        error =
          failures.length > 0
            ? new AggregateError(failures, 'what the calendar asks for could not all be done')
            : undefined;
        if (error) throw error;
        tickedAt = clock.now().getTime();
      }

      /** Until every policy has nothing left to do about what the log holds. */
      async function settled() {
        for (;;) {
          const head = await events.head();
          if (head === undefined) return;
          for (const reactor of running)
            if ((await reactor.waitFor(head, patience)) === 'timeout')
              throw new Error(`policy ${reactor.status().name} has not come to ${head} in time`);
          if ((await events.head()) === head) return;
        }
      }

      return {
        reactors: running,
        scheduler: {
          tick,
          /** Ticks until the signal ends it. */
          run: (everyMs: number, signal: AbortSignal, wait?: Pause): Promise<void> =>
            repeatEvery(everyMs, tick, { signal, onProblem, ...(wait && { wait }) }),
          /** When all was last done that the calendar asks for, in milliseconds, and why not since. */
          status: () => ({ tickedAt, error }),
        },
        /** Does what the calendar asks for now, and waits until all that follows has been done and can be read. */
        async settle(): Promise<void> {
          await settled();
          await tick();
          await settled();
          if ((await deps.projector.caughtUp(patience)) === 'timeout') throw new Error('the read models lag behind');
        },
        async stop(): Promise<void> {
          await Promise.all(running.map((reactor) => reactor.stop()));
        },
      };
    },
  };
}
