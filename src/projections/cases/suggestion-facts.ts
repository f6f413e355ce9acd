import { drafts } from '../../domain/collaboration/suggestion/audience.js';
import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import type { RegionCode } from '../../domain/kernel/region.js';
import { ancestorsOf, levelOf } from '../../domain/kernel/region.js';

/** What boards and inboxes read out of a suggestion. Handling, outcome, satisfaction and promises are kept apart. */

/** Handed in: before that it is the signers' own affair, and in no count. A returned one that is edited is theirs again. */
export const isHandedIn = (s: SuggestionState): boolean => s.submittedOn !== null && !drafts.includes(s.status);

/** What is counted for those who act in the region itself, and for nobody who looks from above. */
export const ownOnly = (region: RegionCode): string => `own ${region}`;

/**
 * Where it is counted: handed in, for its own region only; from its registration on for those above, too, as their
 * offices see it from then on.
 */
export function countedIn(s: SuggestionState): readonly string[] {
  if (!isHandedIn(s)) return [];
  return s.registeredOn === null ? [ownOnly(s.region)] : ancestorsOf(s.region);
}

export const completions = ['OPEN', 'REPLIED', 'REHANDLING', 'TRACKING', 'DONE', 'DROPPED'] as const;
export type Completion = (typeof completions)[number];

/** How far the handling has come. Done is not solved, and not satisfied. */
export function completionOf({ status }: Pick<SuggestionState, 'status'>): Completion {
  switch (status) {
    case 'REPLIED':
    case 'FEEDBACK_PENDING':
      return 'REPLIED';
    case 'REHANDLING':
    case 'TRACKING':
      return status;
    case 'CLOSED':
    case 'EVALUATED':
      return 'DONE';
    case 'NOT_ACCEPTED':
    case 'WITHDRAWN':
    case 'DISCARDED':
      return 'DROPPED';
    default:
      return 'OPEN';
  }
}

export const ratings = ['NOT_RATED', 'PARTLY_RATED', 'DISSATISFIED', 'BASICALLY_SATISFIED', 'SATISFIED'] as const;
export type Rating = (typeof ratings)[number];

/**
 * What the signers say to the present round. One who is dissatisfied makes it so; a signer who is silent is not
 * satisfied, so it counts as satisfied only when each has said so (T7).
 */
export function ratingOf({ feedbacks, round, signatories }: SuggestionState): Rating {
  const given = feedbacks.filter((one) => one.round === round);
  const words = given.flatMap((one) => [one.attitude, one.result]);
  if (words.includes('DISSATISFIED')) return 'DISSATISFIED';
  if (given.length === 0) return 'NOT_RATED';
  const rated = new Set(given.map((one) => one.mandate));
  if (signatories.some((one) => !rated.has(one.mandate))) return 'PARTLY_RATED';
  return words.includes('BASICALLY_SATISFIED') ? 'BASICALLY_SATISFIED' : 'SATISFIED';
}

/** Still with the organs: what moves when an organ is merged or abolished. */
export const isWithOrgans = (s: SuggestionState): boolean =>
  ['ASSIGNED', 'RETURN_REQUESTED', 'HANDLING', 'REPLIED', 'FEEDBACK_PENDING', 'REHANDLING', 'TRACKING'].includes(
    s.status,
  );

/** The region whose congress is at the asked level, above the suggestion's own. */
export const regionAt = (region: RegionCode, level: string): RegionCode | undefined =>
  ancestorsOf(region).find((above) => levelOf(above) === level);

/** Answered but not solvable here, or reaching beyond the region, and nobody higher has been asked yet (P3). */
export const isToRaise = (s: SuggestionState): boolean =>
  (s.category === 'C' || s.crossRegion) &&
  ['REPLIED', 'TRACKING', 'DONE'].includes(completionOf(s)) &&
  !s.escalations.some((one) => one.answer !== 'DECLINED');
