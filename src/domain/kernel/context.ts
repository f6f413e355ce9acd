import type { Actor } from './actor.js';
import type { Context, Ref } from './aggregate.js';
import { streamOf } from './aggregate.js';
import { shanghaiDate } from './clock.js';
import type { NameId } from './ports.js';
import type { Rules } from './rules.js';

/** Namespace of ids that follow from a key. */
const keys = '6f1d3c1e-2a55-5f0e-9c39-0d6a0f4b1508';

/** What `ctx.idFor` gives: the id of the one case that has this key, also for readers that have no command. */
export const idOfKey = (nameId: NameId, category: string, key: string): string => nameId(keys, `${category} ${key}`);

/** A sender's own ids are scoped by person, so that nobody can collide with another's command. */
export const scopedCommandId = (nameId: NameId, actor: Actor, commandId: string): string =>
  nameId(actor.kind === 'system' ? keys : actor.person, commandId);

/** What a command on one case names its events and parts by: the same command on two cases gives two sets of ids. */
export const idInStream = (nameId: NameId, scopedId: string, ref: Ref): string => nameId(scopedId, streamOf(ref));

/** `naming`: the namespace of `ctx.newId()`. */
export function contextOf(
  deps: { readonly nameId: NameId; readonly rules: Rules },
  actor: Actor,
  naming: string,
  now: string,
): Context {
  let made = 0;
  return {
    now,
    today: shanghaiDate(now),
    newId: () => deps.nameId(naming, `new ${made++}`),
    idFor: (category, key) => idOfKey(deps.nameId, category, key),
    actor,
    rules: deps.rules,
  };
}
