import { redaction } from '../../domain/wuji.js';
import { caseModel } from '../kernel/case-model.js';

/** What is hidden by which rule. `inForce`: all that every way out has to know. */
export const redactionModel = caseModel(redaction, {
  version: 1,
  filters: ['status', 'region', 'target', 'ground'],
  indexes: { inForce: ({ state }) => (state.status === 'IN_FORCE' ? [['all']] : []) },
});
