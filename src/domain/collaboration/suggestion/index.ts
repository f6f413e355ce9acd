import { clockActions } from '../../kernel/case-clocks.js';
import { assignmentActions } from './assignment.js';
import { cosigningActions } from './cosigning.js';
import { draftingActions } from './drafting.js';
import { escalationActions } from './escalation.js';
import { evaluationActions } from './evaluation.js';
import { extensionActions } from './extension.js';
import { feedbackActions } from './feedback.js';
import { handlingActions } from './handling.js';
import { keyActions } from './key.js';
import { mergingActions } from './merging.js';
import { publicationActions } from './publication.js';
import { registrationActions } from './registration.js';
import { replyActions } from './reply.js';
import { returningActions } from './returning.js';
import { suggestion } from './suggestion.js';
import { trackingActions } from './tracking.js';
import { withdrawalActions } from './withdrawal.js';

export type { SuggestionState } from './state.js';
export { suggestion };

/** In the order of a suggestion's life. */
export const suggestionActions = {
  ...draftingActions,
  ...cosigningActions,
  ...registrationActions,
  ...mergingActions,
  ...assignmentActions,
  ...returningActions,
  ...handlingActions,
  ...extensionActions,
  ...replyActions,
  ...feedbackActions,
  ...trackingActions,
  ...keyActions,
  ...publicationActions,
  ...withdrawalActions,
  ...evaluationActions,
  ...escalationActions,
  ...clockActions(suggestion),
};
