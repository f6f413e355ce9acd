import type { Seals } from '../domain/kernel/seal-ports.js';
import { wuji } from '../domain/wuji.js';
import { randomBelow } from '../infra/ballot-box/random.js';
import type { Watch } from '../infra/telemetry.js';
import type { Profile } from '../profile.js';
import { boardModels } from '../projections/boards/index.js';
import { caseModels } from '../projections/cases/index.js';
import { feed } from '../projections/feeds/feed.js';
import type { Work } from '../projections/kernel/leader.js';
import { createProjector } from '../projections/kernel/projector.js';
import type { LedgerWork } from '../projections/ledger/work.js';
import { personalRecords } from '../projections/privacy/personal-records.js';
import type { RunningPolicies } from '../projections/reactors/index.js';
import { createPolicies } from '../projections/reactors/index.js';
import type { Node } from './node.js';
import type { Writing } from './writing.js';

const tickMs = 60_000;

type Deps = {
  readonly profile: Pick<Profile, 'reads' | 'box' | 'ledger'>;
  readonly writing: Pick<Writing, 'store' | 'handle' | 'rules'>;
  readonly seals: Seals;
  readonly watch: Watch;
};

/** The read models, the policies and the tree over the log: the work of the only node, or of the one that leads. */
export function createWork({ clock, onProblem }: Pick<Node, 'clock' | 'onProblem'>, deps: Deps) {
  const { profile, writing, seals, watch } = deps;
  const { store, handle, rules } = writing;
  const policies = createPolicies(rules, seals);
  const models = [...caseModels, ...boardModels, feed, personalRecords, ...policies.models];
  const folding = { events: store, registry: wuji, readStore: profile.reads, onProblem };
  /** While this node does the work. */
  let running: RunningPolicies | undefined;
  let keeping: LedgerWork | undefined;
  /** What the calendar asks for can wait until the first answer; resolved also when the start is given up. */
  let mayTick = () => {};
  const ticks = new Promise<void>((resolve) => {
    mayTick = resolve;
  });

  return {
    models,
    /** Called for each term of a leader. */
    begin(): Work {
      const projector = createProjector({ ...folding, models, clock, watch: watch.batch });
      const tree = profile.ledger.work();
      const stop = new AbortController();
      let ticking: Promise<void> | undefined;
      return {
        projector,
        start() {
          const ballots = { box: profile.box, randomBelow };
          running = policies.start({ ...folding, projector, handle, clock, ballots });
          const { scheduler } = running;
          ticking = ticks.then(() => scheduler.run(tickMs, stop.signal));
          tree.start();
          keeping = tree;
        },
        async stop() {
          stop.abort();
          mayTick();
          await Promise.all([ticking, running?.stop(), tree.stop()]);
          running = undefined;
          keeping = undefined;
        },
      };
    },
    /** None while another node does the work. */
    policies: () => running,
    /** The node listens: from now on what the calendar asks for is done. */
    listens: () => mayTick(),
    async settle(): Promise<void> {
      if (!running) throw new Error('another node does the work');
      await running.settle();
      await keeping?.caughtUp();
    },
  };
}
