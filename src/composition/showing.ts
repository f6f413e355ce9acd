import type { Seals } from '../domain/kernel/seal-ports.js';
import { wuji } from '../domain/wuji.js';
import { createPersonal } from '../graphql/personal.js';
import { createAccessNotes } from '../graphql/privacy/access-notes.js';
import { purgeWith } from '../graphql/privacy/purge.js';
import { nameId } from '../infra/ids.js';
import type { ReadStore } from '../projections/kernel/ports.js';
import type { ReadModels } from '../projections/kernel/projector-types.js';
import { createStandings } from '../projections/privacy/standings.js';
import { createRedactions } from '../projections/redaction/redactions.js';
import type { Node } from './node.js';
import type { Writing } from './writing.js';

type Deps = {
  readonly reads: ReadStore;
  readonly writing: Pick<Writing, 'handle' | 'loader'>;
  readonly seals: Seals;
};

/** What may be shown: personal data is opened here and nowhere else, and what is redacted is held back. */
export function createShowing({ clock, onProblem }: Pick<Node, 'clock' | 'onProblem'>, deps: Deps) {
  const { reads, seals } = deps;
  const { handle, loader } = deps.writing;
  let forgetTexts = () => {};
  const standings = createStandings(reads);
  const noteAccess = createAccessNotes({ handle, clock, nameId });
  const redactions = createRedactions({
    ...{ reads, loader, registry: wuji, onProblem },
    onChanged: () => forgetTexts(),
  });
  return {
    personal: createPersonal({ registry: wuji, seals, standings, noteAccess, onProblem }),
    redactions,
    /** From now on it stands as each commit says. Before the hub hears of one: it must show no more than what then stands. */
    async follow(readModels: Pick<ReadModels, 'onCommitted'>): Promise<void> {
      readModels.onCommitted(redactions.apply);
      await redactions.load();
      await purgeWith(readModels, { standings, seals, texts: () => forgetTexts() });
    },
    /** `forget`: drops what has been written out for people. */
    onLess(forget: () => void): void {
      forgetTexts = forget;
    },
  };
}
