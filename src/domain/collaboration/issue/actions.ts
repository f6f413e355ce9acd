import { clockActions } from '../../kernel/case-clocks.js';
import { escalationActions } from './escalation.js';
import { findingActions } from './finding.js';
import { issue } from './issue.js';
import { rectificationActions } from './rectification.js';

/** Everything that can be done about an issue, in the order of its life. */
export const issueActions = {
  ...findingActions,
  ...rectificationActions,
  ...escalationActions,
  ...clockActions(issue),
};
