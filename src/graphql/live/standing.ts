import { refusalOfStanding as ofActor } from '../../domain/kernel/handle.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Viewer } from '../context.js';

/** A mandate or post that is not in force receives nothing live (domain.md P6). */
export const refusalOfStanding = ({ actor }: Viewer): Refusal | undefined => (actor ? ofActor(actor) : undefined);

/** In which capacity a viewer takes part; the same for all connections of that capacity. */
export const holderOf = ({ actor }: Viewer): string => {
  if (actor?.kind === 'deputy') return `mandate:${actor.mandate}`;
  return actor?.kind === 'official' ? `post:${actor.post}` : 'anybody';
};
