import { jointMeetingModel, measureModel, yearDutyModel } from '../cases/joint-meeting.js';
import { mandateModel } from '../cases/registry.js';
import { suggestionModel } from '../cases/suggestion.js';
import { inspectionModel, issueModel } from '../cases/supervision.js';
import { invitations } from './invitations.js';

export { type Board, boardOf } from './board.js';
export { boardShapes } from './shapes.js';
export { mayShow, regionsOf } from './touched.js';
export { boardRefusals, mayWatch, type Watcher } from './watch.js';

/** Read models that only boards read. */
export const boardModels = [invitations];

/** The tables that boards are made of; a board of the past needs no others. */
export const boardTables: ReadonlySet<string> = new Set(
  [
    ...[suggestionModel, issueModel, inspectionModel, jointMeetingModel, measureModel, yearDutyModel, mandateModel],
    ...boardModels,
  ].map(({ name }) => name),
);
