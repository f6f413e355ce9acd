import type { Announcement, Lease, LiveBus } from './node-ports.js';
import type { Committed, Projector } from './projector-types.js';
import { type Pause, pause } from './waiting.js';

/** What one node of several does: fold, and carry out the policies. */
export type Work = {
  readonly projector: Projector;
  /** What else runs as long as this node leads. */
  start(): void;
  stop(): Promise<void>;
};

export type LeaderDeps = {
  readonly node: string;
  readonly lease: Lease;
  readonly bus: LiveBus;
  /** Made anew for each term: nothing of an earlier one is left. */
  readonly begin: () => Work;
  readonly onProblem: (problem: Error) => void;
  readonly announceMs?: number;
  readonly pause?: Pause;
};

/** Leads whenever it holds the lease, until the signal. */
export function lead(deps: LeaderDeps, until: AbortSignal): Promise<void> {
  const { lease, bus, onProblem, announceMs = 1_000, pause: wait = pause } = deps;

  async function term(held: AbortSignal): Promise<void> {
    const { projector, start, stop } = deps.begin();
    const unheard = projector.onCommitted((committed) => telling.push(committed));
    const telling = teller(bus, onProblem);
    projector.start();
    start();
    try {
      while (!held.aborted) {
        await announce(projector);
        await wait(announceMs, held);
      }
    } finally {
      unheard();
      await Promise.all([stop(), projector.stop()]);
    }
  }

  async function announce(projector: Projector) {
    try {
      await bus.announce(announcementOf(deps.node, projector));
      for (const model of await bus.rebuildsAsked())
        projector.rebuild(model).catch((cause) => onProblem(new Error(`the rebuild of ${model} failed`, { cause })));
    } catch (cause) {
      onProblem(new Error('the leader cannot say how it is', { cause }));
    }
  }

  return lease.hold(term, until);
}

function announcementOf(node: string, projector: Projector): Announcement {
  const { state, position, error, models } = projector.status();
  return {
    ...{ node, state, position, problem: error?.message },
    rebuilding: Object.fromEntries(
      models.flatMap(({ name, rebuilding }) => (rebuilding ? [[name, rebuilding.ratio]] : [])),
    ),
  };
}

/** Tells commits in their order. One that cannot be told is lost: those who follow see the gap. */
function teller(bus: LiveBus, onProblem: (problem: Error) => void) {
  let last: Promise<void> = Promise.resolve();
  return {
    push(committed: Committed) {
      last = last
        .then(() => bus.tell(committed))
        .catch((cause) => onProblem(new Error('a commit could not be told to the other nodes', { cause })));
    },
  };
}
