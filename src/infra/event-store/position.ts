import type { Position } from '../../domain/kernel/event.js';
import { InvalidPosition } from './errors.js';

const low = Array.from({ length: 4096 }, (_, n) => n.toString(16).padStart(3, '0'));
let prefixOf = -1;
let prefix = '';

/** Fixed width, so that positions compare as strings. Made for each event that is read: neighbours share all but three digits. */
export function toPosition(sequence: number): Position {
  const high = Math.floor(sequence / 4096);
  if (high !== prefixOf) {
    prefixOf = high;
    prefix = high.toString(16).padStart(13, '0');
  }
  return prefix + low[sequence % 4096];
}

export function toSequence(position: Position): number {
  const sequence = /^[0-9a-f]{16}$/.test(position) ? Number.parseInt(position, 16) : Number.NaN;
  if (!Number.isSafeInteger(sequence)) throw new InvalidPosition(position);
  return sequence;
}
