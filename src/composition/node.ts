import type { Logger } from 'pino';
import type { Clock } from '../domain/kernel/ports.js';
import type { Closing } from '../infra/closing.js';
import type { Settings } from '../infra/config.js';

/** What every part of a node may be given. */
export type Node = {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onProblem: (problem: unknown) => void;
  readonly closing: Closing;
};
