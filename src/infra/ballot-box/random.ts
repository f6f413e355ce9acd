import { randomInt } from 'node:crypto';
import type { RandomBelow } from '../../domain/ballots/ports.js';

/** The system's generator for secrets. */
export const randomBelow: RandomBelow = (below) => randomInt(below);
