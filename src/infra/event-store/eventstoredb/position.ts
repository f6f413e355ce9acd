import type { Position as LogPosition } from '@eventstore/db-client';
import type { Position } from '../../../domain/kernel/event.js';
import { InvalidPosition } from '../errors.js';

/** What servers before 22.6 give for an event that is read from its stream. */
const UNKNOWN = 2n ** 64n - 1n;

/**
 * Commit and prepare, 16 hexadecimal digits each, so that positions compare as strings. Both are kept: events of one
 * explicit transaction share the commit position, and resuming from it alone would skip some of them.
 */
export const toPosition = ({ commit, prepare }: LogPosition): Position =>
  commit.toString(16).padStart(16, '0') + prepare.toString(16).padStart(16, '0');

export function fromPosition(position: Position): LogPosition {
  if (!/^[0-9a-f]{32}$/.test(position)) throw new InvalidPosition(position);
  return { commit: BigInt(`0x${position.slice(0, 16)}`), prepare: BigInt(`0x${position.slice(16)}`) };
}

export const isKnown = (position: LogPosition | undefined): position is LogPosition =>
  position !== undefined && position.commit !== UNKNOWN;
