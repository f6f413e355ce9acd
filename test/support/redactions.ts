import type { Projector } from '../../src/projections/kernel/projector.js';
import type { Redactions, RedactionsDeps } from '../../src/projections/redaction/redactions.js';
import { createRedactions } from '../../src/projections/redaction/redactions.js';

type Deps = Pick<RedactionsDeps, 'reads' | 'loader' | 'registry'> & {
  readonly projector: Pick<Projector, 'onCommitted'>;
  readonly onChanged?: () => void;
};

/** The real ones, kept up by the projector as `src/composition/showing.ts` does it. */
export function redactionsOf({ projector, onChanged = () => {}, ...deps }: Deps) {
  const redactions = createRedactions({
    ...{ ...deps, onChanged },
    onProblem: (problem) => {
      throw problem;
    },
  });
  projector.onCommitted(redactions.apply);
  return redactions;
}

/** For what is tested where nothing is hidden. */
export const nothingHidden: Redactions = { hiddenFrom: () => undefined, of: () => [] };
