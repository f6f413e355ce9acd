import { castBallot } from '../../../src/domain/ballots/casting.js';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { AnyAction } from '../../../src/domain/kernel/aggregate.js';
import { contextOf } from '../../../src/domain/kernel/context.js';
import { wuji } from '../../../src/domain/wuji.js';
import { nameId } from '../../../src/infra/ids.js';
import type { Case, World } from '../../laws/world.js';
import * as plain from './plain.js';
import { rules, today } from './rig.js';

const notStanding: Readonly<Record<string, string>> = {
  elected: 'MANDATE_NOT_CONFIRMED',
  suspended: 'MANDATE_SUSPENDED',
};
const standingOf = (actor: Actor): string | undefined => {
  if (actor.kind === 'system' || actor.standing === 'active') return undefined;
  return notStanding[actor.standing] ?? (actor.kind === 'deputy' ? 'MANDATE_ENDED' : 'POST_ENDED');
};

export const audienceOf = ({ category, id, state }: Case) => wuji.aggregate(category).audience(state as never, id);
/** By the cases of a world: whether somebody finds the one behind an id. Of a kind that there is not nothing is hidden. */
export const findsIn =
  (world: Pick<World, 'find'>, actor: Actor | null): plain.Finds =>
  (category, id) => {
    if (!wuji.aggregates.has(category)) return true;
    const one = world.find({ category, id });
    return one !== undefined && classOf(actor, one) !== undefined;
  };
export const classOf = (actor: Actor | null, one: Case): plain.Class | undefined =>
  plain.classFor(plain.tagsOf(actor), audienceOf(one));

/** The code with which an action is refused to the actor, whatever the input; `undefined`: it can be tried. */
export function refusalOf(action: AnyAction, actor: Actor, about: Case | undefined): string | undefined {
  const ctx = contextOf({ nameId, rules }, actor, 'plain', today);
  return plain.refusalOf(action, ctx, about && { state: about.state, audience: audienceOf(about) });
}

/** What a hand-made root is asked about. */
export type Asked = {
  readonly case?: Case | undefined;
  readonly region?: string | undefined;
  readonly organ?: string | undefined;
  readonly person?: string | undefined;
};
type Rule = (actor: Actor | null, asked: Asked) => string | undefined;

const active = (actor: Actor | null) => actor !== null && standingOf(actor) === undefined;
const signedIn: Rule = (actor) => (actor ? undefined : 'SIGN_IN_REQUIRED');
const seesCase: Rule = (actor, { case: one }) => (one && classOf(actor, one) ? undefined : 'NOT_FOUND');
const inPost =
  (kinds: readonly string[], expertToo: boolean): Rule =>
  (actor) => {
    if (!actor) return 'SIGN_IN_REQUIRED';
    if (actor.kind !== 'official') return 'NOT_ALLOWED';
    if (actor.standing !== 'active') return 'POST_ENDED';
    return kinds.includes(actor.organKind) && (expertToo || actor.role !== 'expert') ? undefined : 'NOT_ALLOWED';
  };
const watches: Rule = (actor, { region = '' }) => {
  if (!actor || actor.kind === 'system' || !active(actor)) return 'NOT_ALLOWED';
  const own = actor.kind === 'deputy' ? actor.congress : actor.region;
  const may =
    actor.kind === 'deputy' ||
    ['SC', 'COC', 'DWC', 'SPC', 'PRES', 'STW', 'SEC', 'AUD', 'GOVO'].includes(actor.organKind);
  return may && plain.upFrom(region).includes(own) ? undefined : 'NOT_ALLOWED';
};
const inForce: Rule = (actor) => (actor ? standingOf(actor) : undefined);

/** The rules that `operations.txt` names, said a second time. The code of the refusal; `undefined`: answered. */
export const handRules: Readonly<Record<string, Rule>> = {
  anyone: () => undefined,
  'signed-in': signedIn,
  operator: inPost(['ADM'], false),
  registrar: inPost(['SC', 'DWC', 'PRES', 'ADM'], false),
  case: seesCase,
  board: watches,
  'past-board': (actor, asked) => signedIn(actor, asked) ?? watches(actor, asked),
  inbox: (actor, { organ }) =>
    actor?.kind === 'official' && active(actor) && actor.organ === organ && actor.role !== 'expert'
      ? undefined
      : 'NOT_FOUND',
  voter: (actor, { case: one }) =>
    actor ? refusalOf(castBallot, actor, one?.category === 'ballot' ? one : undefined) : 'SIGN_IN_REQUIRED',
  'own-ballot': signedIn,
  'past-case': (actor, asked) => signedIn(actor, asked) ?? seesCase(actor, asked),
  proof: (actor, { case: one }) => {
    if (!actor) return 'SIGN_IN_REQUIRED';
    const shown = one && classOf(actor, one);
    if (!shown) return 'NOT_FOUND';
    const audits =
      actor.kind === 'official' && actor.organKind === 'AUD' && actor.role !== 'expert' && actor.standing === 'active';
    return shown === 'office' || (audits && one.state.region === actor.region) ? undefined : 'NOT_ALLOWED';
  },
  subject: (actor, { person }) => {
    if (!actor || actor.kind === 'system') return 'SIGN_IN_REQUIRED';
    if (actor.person === person) return undefined;
    return actor.kind === 'official' && actor.organKind === 'ADM' && actor.role !== 'expert'
      ? undefined
      : 'NOT_THE_SUBJECT';
  },
  feed: inForce,
  'live-case': (actor, asked) => inForce(actor, asked) ?? seesCase(actor, asked),
  'live-board': (actor, asked) => inForce(actor, asked) ?? watches(actor, asked),
  export: inPost(['ADM', 'AUD'], false),
};
/** Codes that say that it is not theirs, or not now; any other is about the input. */
export const denials: ReadonlySet<string> = new Set([
  ...['SIGN_IN_REQUIRED', 'NOT_ALLOWED', 'NOT_FOUND', 'NOT_THE_SUBJECT', 'WRONG_STATE', 'BALLOT_OVER'],
  ...['POST_ENDED', 'MANDATE_ENDED', 'MANDATE_SUSPENDED', 'MANDATE_NOT_CONFIRMED'],
]);
