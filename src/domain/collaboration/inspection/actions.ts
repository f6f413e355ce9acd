import { clockActions } from '../../kernel/case-clocks.js';
import { fieldWorkActions } from './field-work.js';
import { inquiryActions } from './inquiry.js';
import { inspection } from './inspection.js';
import { planningActions } from './planning.js';
import { ratingActions } from './rating.js';
import { reportingActions } from './reporting.js';
import { teamActions } from './team.js';

/** Everything that can be done in a joint inspection, in the order of its life. */
export const inspectionActions = {
  ...planningActions,
  ...teamActions,
  ...fieldWorkActions,
  ...inquiryActions,
  ...reportingActions,
  ...ratingActions,
  ...clockActions(inspection),
};
