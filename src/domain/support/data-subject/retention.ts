import type { PersonalCategory } from '../../kernel/personal.js';
import type { Refusal } from '../../kernel/refusal.js';
import type { Person } from '../../organization/person.js';
import { dataSubjectRefusals as refusals } from './refusals.js';
import { retentionClasses } from './shapes.js';
import type { DataSubject } from './state.js';

/** Grounds that keep the data: for a court, for who disputes it, or because a retention period runs. */
const keeps = (ground: string): boolean => ground !== 'UNLAWFUL_HANDLING';

/** Why nothing of it may be erased now, whatever the category. */
export const heldBack = ({ restriction }: Pick<DataSubject, 'restriction'>): Refusal | undefined =>
  restriction && keeps(restriction.ground)
    ? refusals.LEGAL_HOLD({ until: restriction.until ?? 'it is lifted', zhUntil: restriction.until ?? '解除时' })
    : undefined;

/**
 * Why these categories must stay. Whoever acts for the public does so by name: a deputy by law (Deputies Law art. 58), the
 * holder of a post because what the office does is recorded under it, so that its purpose is not done (PIPL art. 47, item 1).
 * Who held both is kept by either; with the end of the last of them nothing keeps the name but a hold.
 */
export function keptInOffice(whose: Person | undefined, categories: readonly PersonalCategory[]): Refusal | undefined {
  if (!categories.some((one) => retentionClasses[one] === 'IN_OFFICE')) return undefined;
  const seat = whose?.mandates.find((one) => !one.ended);
  if (seat) return refusals.KEPT_DURING_TERM({ region: seat.congress });
  return whose?.posts.some((one) => !one.ended) ? refusals.KEPT_IN_POST() : undefined;
}
