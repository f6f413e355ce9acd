import { conveningActions } from './convening.js';
import { followUpActions } from './follow-up.js';
import { inSessionActions } from './in-session.js';

/** Everything that can be done in a joint meeting, in the order of its life. */
export const jointMeetingActions = { ...conveningActions, ...inSessionActions, ...followUpActions };
