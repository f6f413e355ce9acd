import type { Actor } from '../../domain/kernel/actor.js';
import { tagsOf } from '../../domain/kernel/actor.js';
import type { CaseState } from '../../domain/kernel/aggregate.js';
import { contextOf } from '../../domain/kernel/context.js';
import type { Position } from '../../domain/kernel/event.js';
import type { Loader } from '../../domain/kernel/load.js';
import type { Sealed } from '../../domain/kernel/personal.js';
import { isSealed } from '../../domain/kernel/personal.js';
import type { NameId } from '../../domain/kernel/ports.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { refusalOf } from '../../domain/kernel/rights.js';
import type { Rules } from '../../domain/kernel/rules.js';
import { resolveActor } from '../../domain/organization/authority.js';
import type { Hiding } from '../redaction/cut.js';
import { withoutHidden } from '../redaction/cut.js';

export const holderKinds = ['mandate', 'post'] as const;
export type HolderKind = (typeof holderKinds)[number];

/** A mandate or a post as it was, and what it was worth. */
export type Authority = {
  readonly kind: HolderKind;
  readonly id: string;
  readonly actor: Exclude<Actor, { kind: 'system' }>;
  /** The name on the register then: sealed, when it was recorded so. */
  readonly name: string | Sealed | null;
  readonly organName: string | null;
  /** What the holder was addressed by. */
  readonly tags: readonly string[];
  /** Actions that were open to the holder: on the case that was asked about, or those that begin one. */
  readonly actions: readonly string[];
};

type Deps = {
  readonly loader: Pick<Loader, 'loadAt'>;
  readonly registry: Registry;
  readonly nameId: NameId;
  readonly rules: Rules;
  readonly redactions: Hiding;
};
/** `now`: what the calendar said then, ISO 8601. */
type Then = { readonly position: Position; readonly now: string };

/**
 * What a mandate or post was worth at a point of the log, by the very rules that let its holder act: nothing is folded
 * that `handle` would not fold. `undefined`: it was not there yet.
 */
export async function authorityAt(
  { loader, registry, nameId, rules, redactions }: Deps,
  { position, now }: Then,
  holder: { readonly kind: HolderKind; readonly id: string },
  about?: { readonly category: string; readonly id: string },
): Promise<Authority | undefined> {
  const stateOf = async (category: string, id: string) =>
    (await loader.loadAt({ category, id }, { position })).state as Readonly<Record<string, unknown>> | undefined;
  const held = await stateOf(holder.kind, holder.id);
  if (!held) return undefined;
  const person = String(held.person);
  const actor = await resolveActor(
    { load: (ref) => loader.loadAt(ref, { position }) },
    holder.kind === 'mandate' ? { person, mandate: holder.id } : { person, post: holder.id },
  );
  if (isRefusal(actor) || actor.kind === 'system') return undefined;
  const state = about && ((await stateOf(about.category, about.id)) as CaseState | undefined);
  const ctx = contextOf({ nameId, rules }, actor, 'authorityAt', now);
  const open = [...registry.actions].filter(([, action]) => {
    if (about ? action.category !== about.category || action.from === null : action.from !== null) return false;
    return refusalOf(registry, action, ctx, about ?? { category: action.category, id: '' }, state) === undefined;
  });
  /** The register is public, also what it said then; but not what is hidden of it now. */
  const shownName = async (category: string, id: string) => {
    const seen = { caseId: id, shown: 'public' } as const;
    const then = withoutHidden(redactions, registry.aggregate(category).state, await stateOf(category, id), seen);
    const { name } = (then ?? {}) as { readonly name?: unknown };
    return isSealed(name) ? name : textOf(name);
  };
  return {
    ...{ kind: holder.kind, id: holder.id, actor, tags: tagsOf(actor) },
    name: await shownName('person', person),
    organName: actor.kind === 'official' ? textOf(await shownName('organ', actor.organ)) : null,
    actions: open.map(([name]) => name),
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
