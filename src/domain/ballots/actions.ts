import { countingActions } from './counting.js';
import { openingActions } from './opening.js';

/** All of a ballot that is recorded, in the order of its life. Casting is not: see `casting.ts`. */
export const ballotActions = { ...openingActions, ...countingActions };
