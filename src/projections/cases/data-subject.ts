import { dataSubject } from '../../domain/support/data-subject/data-subject.js';
import { caseModel } from '../kernel/case-model.js';

/**
 * What is decided about people's data. `byStanding`: those of whom something may not be shown; `byUntil`: whose restriction
 * ends by itself, by its last day.
 */
export const dataSubjectModel = caseModel(dataSubject, {
  version: 2,
  filters: ['status', 'region', 'subject'],
  indexes: {
    byStanding: ({ state }) =>
      state.status !== 'ACTIVE' || state.ordered.length + state.erased.length > 0 ? [['narrowed']] : [],
    byUntil: ({ state }) => (state.restriction?.until ? [[state.restriction.until]] : []),
  },
});
