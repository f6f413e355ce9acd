import type { Refusal } from '../../kernel/refusal.js';
import { mandate } from '../../organization/mandate.js';
import { suggestionRefusals as refusals } from './refusals.js';
import type { SuggestionState } from './state.js';

/** A signer keeps his or her place when the mandate ends (P6), but can do nothing under it: others go on. */
type Signatories = SuggestionState['signatories'];
type Seat = { readonly id: string; readonly state: { readonly status: string } | undefined };

export const seatsOf = (signatories: Signatories) => signatories.map((x) => mandate.at(x.mandate));

/** Those who signed this suggestion themselves; the others came in with a merged one and have their own. */
export const ownSigners = (s: Pick<SuggestionState, 'signatories'>): Signatories =>
  s.signatories.filter((x) => x.from === null);

/** Mandates that are not over. A suspended one is not: it may be resumed (Deputies Law art. 61). */
export const inOffice = (seats: readonly Seat[]): readonly string[] =>
  seats.filter((seat) => seat.state?.status !== 'ENDED').map((seat) => seat.id);

/** The lead signer speaks for all; when that mandate has ended, the next signer in the order of signing. */
export const refusalOfSpeaker = (own: string, seats: readonly Seat[]): Refusal | undefined =>
  inOffice(seats)[0] === own ? undefined : refusals.LEAD_SIGNER_SPEAKS();
