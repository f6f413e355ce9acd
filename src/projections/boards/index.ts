import { invitations } from './invitations.js';

export { type Board, boardOf } from './board.js';
export { boardShapes } from './shapes.js';
export { mayShow, regionsOf } from './touched.js';
export { boardRefusals, mayWatch, type Watcher } from './watch.js';

/** Read models that only boards read. */
export const boardModels = [invitations];
