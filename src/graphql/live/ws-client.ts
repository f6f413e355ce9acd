import type { WebSocket } from 'ws';
import type { Session } from '../session.js';
import type { Line } from './line.js';

/** One WebSocket, and in whose name it speaks. */
export type Client = {
  readonly socket: WebSocket;
  /** Everything that is sent goes this way, in order. */
  readonly line: Line;
  readonly address: string;
  session: Session;
  /** What it takes of the places that its holder has; none for anybody. */
  place: { readonly holder: string; readonly giveBack: () => void } | undefined;
  /** Since the last ping. */
  heard: boolean;
};

/** Close codes. A graphql-ws client comes back after the first three: with a fresh token; soon; later. */
export const tokenEnded = 4403;
export const restarting = 1012;
export const tryLater = 1013;
export const notText = 1003;
export const normal = 1000;
