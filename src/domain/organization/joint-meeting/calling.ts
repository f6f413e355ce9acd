import { z } from 'zod';
import type { Deputy, Official } from '../../kernel/actor.js';
import type { Audience } from '../../kernel/event.js';
import { flag, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import type { Bilingual, Refusal } from '../../kernel/refusal.js';
import type { RegionCode } from '../../kernel/region.js';
import { isWithin, levels } from '../../kernel/region.js';
import { mandate } from '../mandate.js';
import { post } from '../post.js';
import { callingRefusals } from './refusals.js';

/**
 * Calling people together: whom an office may call or invite, and on what basis (domain.md P4). A party is a mandate or
 * a post; both ids are unique, so one field names either.
 */
export const party = (description: Bilingual) => z.uuid().describe(description.join(' '));
/** The id of a row inside a case: a problem, a statement, a question. */
export const rowId = (description: Bilingual) => z.uuid().describe(description.join(' '));

/** CALLED: by the office of the deputy's own congress. ENTRUSTED: called on the entrustment of the office that may. */
export const callBases = ['CALLED', 'ENTRUSTED', 'INVITED'] as const;

export const invitation = {
  party: party(['Mandate or post of the invited.', '受邀的代表职务或岗位']),
  mandate: ref('mandate', ['Mandate, when a deputy.', '代表职务']).nullable(),
  post: ref('post', ['Post, when an expert or official.', '岗位']).nullable(),
  region: region(['Region of the congress or organ.', '所属区划']),
  level: oneOf(levels, ['Level of the mandate; none for a post.', '代表层级']).nullable(),
  basis: oneOf(callBases, ['Called, called on entrustment, or invited.', '召集、受委托召集或邀请']),
  entrustment: storedText(['Reference of the entrustment.', '委托文号']).nullable(),
};
export const presence = {
  answer: oneOf(['PENDING', 'ACCEPTED', 'DECLINED'], ['Answer to the invitation.', '答复']),
  answerReason: storedText(['Why declined.', '不参加的原因']).nullable(),
  removed: flag(['Taken out again.', '是否已移出']),
};
type Invitation = z.infer<z.ZodObject<typeof invitation>>;
/** What the rules here need to know of one who takes part. */
export type Party = Pick<Invitation, 'party' | 'mandate' | 'post'> & z.infer<z.ZodObject<typeof presence>>;

export const partyOf = (actor: Deputy | Official): string => (actor.kind === 'deputy' ? actor.mandate : actor.post);
export const tagOf = (one: Pick<Party, 'party' | 'mandate'>): string =>
  one.mandate ? `mandate:${one.party}` : `post:${one.party}`;

/** One who is in: invited, not removed, and has not declined. */
export const takesPart = (one: Party): boolean => !one.removed && one.answer !== 'DECLINED';
export const partOf = <P extends Party>(parties: readonly P[], id: string): P | undefined =>
  parties.find((one) => one.party === id && !one.removed);

/** Who takes part sees as a participant; who declined, as a follower; who was removed sees nothing further. */
export const audienceOf = (parties: readonly Party[]): Audience =>
  Object.fromEntries(
    parties.filter((one) => !one.removed).map((one) => [tagOf(one), takesPart(one) ? 'participant' : 'follower']),
  );

/** What an action that invites has to read of `ids`. */
export const neededFor = (ids: readonly string[]) => ({
  mandates: ids.map((id) => mandate.at(id)),
  posts: ids.map((id) => post.at(id)),
});
type Found<A extends { state: z.ZodType }> = readonly {
  readonly id: string;
  readonly state: z.infer<A['state']> | undefined;
}[];
type Known = { readonly mandates: Found<typeof mandate>; readonly posts: Found<typeof post> };

type Host = { readonly region: RegionCode; readonly joinedRegions: readonly RegionCode[] };
type Wish = {
  readonly basis?: 'CALLED' | 'INVITED' | null | undefined;
  readonly entrustment?: string | null | undefined;
};

/** The invitation of `id` by the office of `host`, or why it cannot be given. */
export function invite(id: string, { mandates, posts }: Known, host: Host, wish: Wish): Invitation | Refusal {
  const held = posts.find((one) => one.id === id)?.state;
  if (held?.status === 'HELD')
    return {
      party: id,
      mandate: null,
      post: id,
      region: held.region,
      level: null,
      basis: 'INVITED',
      entrustment: null,
    };
  const seat = mandates.find((one) => one.id === id)?.state;
  if (seat?.status !== 'ACTIVE') return callingRefusals.UNKNOWN_PARTY();
  const regions = [host.region, ...host.joinedRegions];
  if (!regions.some((scope) => isWithin(seat.region, scope) || isWithin(scope, seat.region)))
    return callingRefusals.PARTY_OUT_OF_SCOPE({ region: seat.region });
  const own = seat.region === host.region;
  const entrustment = own ? null : (wish.entrustment ?? null);
  // Deputies Law art. 25: deputies are organised by the office of their own congress, by others on its entrustment (P4).
  if (wish.basis === 'CALLED' && !own && !entrustment)
    return callingRefusals.ENTRUSTMENT_REQUIRED({ region: seat.region });
  const basis = entrustment ? 'ENTRUSTED' : own && wish.basis !== 'INVITED' ? 'CALLED' : 'INVITED';
  return { party: id, mandate: id, post: null, region: seat.region, level: seat.level, basis, entrustment };
}
