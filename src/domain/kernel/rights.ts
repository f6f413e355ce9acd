import type { Actor } from './actor.js';
import { classIn, tagsOf } from './actor.js';
import type { AnyAction, AnyAggregate, CaseState, Context, Ref } from './aggregate.js';
import type { Refusal } from './refusal.js';
import { kernelRefusals } from './refusals.js';
import type { Registry } from './registry.js';

/** Whether the case, as it now stands, is the actor's to see. The system sees all. */
export const visibleTo = (actor: Actor, aggregate: AnyAggregate, id: string, state: unknown): boolean =>
  actor.kind === 'system' || classIn(aggregate.audience(state as never, id), tagsOf(actor)) !== undefined;

/** A suspended, unconfirmed or ended mandate, or a post that is no longer held, can do nothing (domain.md P6). */
export function refusalOfStanding(actor: Actor): Refusal | undefined {
  if (actor.kind === 'system') return undefined;
  switch (actor.standing) {
    case 'active':
      return undefined;
    case 'elected':
      return kernelRefusals.MANDATE_NOT_CONFIRMED();
    case 'suspended':
      return kernelRefusals.MANDATE_SUSPENDED();
    case 'ended':
      return actor.kind === 'official' ? kernelRefusals.POST_ENDED() : kernelRefusals.MANDATE_ENDED();
  }
}

/**
 * Why the actor cannot do the action on a case in this state, whatever the input; `undefined`: it can be tried. A case
 * that is not the actor's to see is refused as if it did not exist.
 */
export function refusalOf(
  registry: Registry,
  action: AnyAction,
  ctx: Context,
  ref: Ref,
  state: CaseState | undefined,
): Refusal | undefined {
  const { actor } = ctx;
  const notStanding = refusalOfStanding(actor);
  if (notStanding) return notStanding;
  const aggregate = registry.aggregate(ref.category);
  if (action.from !== null && !(state && visibleTo(actor, aggregate, ref.id, state))) return kernelRefusals.NOT_FOUND();
  if (!action.by.some((who) => who.allows(actor, state as never))) {
    const names = action.by.map((who) => who.name);
    return kernelRefusals.NOT_ALLOWED({
      who: names.map(([en]) => en).join(' or '),
      zhWho: names.map(([, zh]) => zh).join('、'),
    });
  }
  if (action.from === null) return state && kernelRefusals.ALREADY_EXISTS();
  if (state && !action.from.includes(state.status)) {
    const zh = (status: string) => aggregate.statusTerms?.[status] ?? status;
    return kernelRefusals.WRONG_STATE({
      status: state.status,
      allowed: action.from.join(', '),
      zhStatus: zh(state.status),
      zhAllowed: action.from.map(zh).join('、'),
    });
  }
  return action.requires?.(state as never, ctx as never);
}
