import type { AnyAction, Context, Ref } from './aggregate.js';
import type { Loaded, Loader } from './load.js';
import type { Registry } from './registry.js';
import { visibleTo } from './rights.js';

export type NeedsDeps = { readonly loader: Loader; readonly registry: Registry };
type Asking = { readonly action: AnyAction; readonly input: unknown; readonly state: unknown; readonly ctx: Context };

/**
 * The states of the other cases that a decision looks at. One that the actor may not see is as if it did not exist, so
 * that nobody learns of it by naming it. But what the case acted on names by itself is the law of that case: it is read
 * whoever acts.
 */
export async function factsFor(deps: NeedsDeps, asking: Asking): Promise<Readonly<Record<string, unknown>>> {
  const { action, input, state, ctx } = asking;
  const needs = action.needs?.(input as never, state as never, ctx) ?? {};
  /** As it was is shown to whoever may see it as it is. */
  async function read(ref: Ref): Promise<unknown> {
    const known = await knownTo(deps, asking, ref);
    if (!known || ref.revision === undefined || ref.revision === known.revision) return known?.state;
    if (ref.revision > known.revision) return undefined;
    return (await deps.loader.loadAt(ref, { revision: ref.revision })).state;
  }
  const entries = Object.entries(needs).map(async ([name, needed]) => {
    if (!needed) return [name, undefined] as const;
    if ('category' in needed) return [name, await read(needed)] as const;
    return [name, await Promise.all(needed.map(async (ref) => ({ id: ref.id, state: await read(ref) })))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The chain that a new case continues; `undefined`: it begins one of its own. */
export async function chainOf(deps: NeedsDeps, asking: Asking): Promise<string | undefined> {
  const origin = asking.action.continues?.(asking.input as never);
  return origin && (await knownTo(deps, asking, origin))?.correlationId;
}

async function knownTo({ loader, registry }: NeedsDeps, asking: Asking, ref: Ref): Promise<Loaded | undefined> {
  const loaded = await loader.load(ref);
  if (loaded.state === undefined) return undefined;
  if (visibleTo(asking.ctx.actor, registry.aggregate(ref.category), ref.id, loaded.state)) return loaded;
  return names(asking.state, ref.id) && !names(asking.input, ref.id) ? loaded : undefined;
}

/** Whether an id stands anywhere in plain JSON. */
const names = (value: unknown, id: string): boolean => JSON.stringify(value)?.includes(JSON.stringify(id)) ?? false;
