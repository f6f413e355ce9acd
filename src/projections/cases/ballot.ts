import { ballot } from '../../domain/ballots/ballot.js';
import { caseModel } from '../kernel/case-model.js';

/** Secret ballots: what is asked, and once it is over what it came to. What lies in a box is in no read model. */
export const ballotModel = caseModel(ballot, {
  version: 2,
  filters: ['status', 'region', 'kind', 'inspection'],
  indexes: { open: ({ state }) => (state.status === 'OPEN' ? [[state.closesOn]] : []) },
});
