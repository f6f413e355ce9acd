import { expect } from 'vitest';
import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import type { Actor, Deputy, Official, OrganKind, PostRole, System } from '../../src/domain/kernel/actor.js';
import type { AnyAction, AnyAggregate, CaseState, NewEvent, Ref } from '../../src/domain/kernel/aggregate.js';
import { streamOf } from '../../src/domain/kernel/aggregate.js';
import { contextOf, refusalOf } from '../../src/domain/kernel/handle.js';
import type { Refusal } from '../../src/domain/kernel/refusal.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import type { RegionCode } from '../../src/domain/kernel/region.js';
import { levelOf } from '../../src/domain/kernel/region.js';
import { defineRegistry, evolve } from '../../src/domain/kernel/registry.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { nameId } from '../../src/infra/ids.js';

/** Fixed ids by name: the same word is the same person, mandate or organ in every test. */
export const idOf = (name: string): string => nameId('test', name);

export const deputy = (name: string, congress: RegionCode, standing: Deputy['standing'] = 'active'): Deputy => ({
  kind: 'deputy',
  person: idOf(`person ${name}`),
  mandate: idOf(name),
  congress,
  level: levelOf(congress),
  standing,
});
export const official = (
  organKind: OrganKind,
  region: RegionCode,
  { name = `${organKind} ${region}`, role = 'clerk' as PostRole } = {},
): Official => ({
  kind: 'official',
  person: idOf(`person ${name}`),
  post: idOf(`post ${name}`),
  role,
  organ: idOf(name),
  organKind,
  region,
  standing: 'active',
});
export const system: System = { kind: 'system', policy: 'test' };

type Options = { readonly known?: Readonly<Record<string, unknown>>; readonly now?: string };

/**
 * Given/when/then for the rules of one aggregate: `given` events or earlier actions, `when` one action, `then` its
 * events or its refusal. `known` holds the other cases that the action needs, as `{ [streamOf(ref)]: state }`.
 */
export function specOf(
  aggregate: AnyAggregate,
  actions: Readonly<Record<string, AnyAction>>,
  { known = {}, now = '2026-03-02T02:00:00.000Z' }: Options = {},
) {
  const registry = defineRegistry([aggregate], actions);
  const ref: Ref = { category: aggregate.category, id: idOf(`the ${aggregate.category}`) };
  let state: unknown;
  let time = now;
  let commands = 0;
  const past: NewEvent[] = [];

  function apply(events: readonly NewEvent[]) {
    for (const event of events) {
      const data = registry.events.get(event.type)?.schema.parse(event.data);
      state = evolve(aggregate, state, {
        id: idOf(`event ${past.length}`),
        ...event,
        data,
        effectiveAt: event.effectiveAt ?? time,
      });
      past.push(event);
    }
  }

  function decide(name: string, input: unknown, actor: Actor, also: Readonly<Record<string, unknown>> = {}) {
    const action = registry.actions.get(name);
    if (!action) throw new Error(`no action ${name}`);
    const parsed = action.input.safeParse(input);
    if (!parsed.success) return kernelRefusals.INVALID_INPUT({ problems: parsed.error.message });
    const ctx = contextOf(
      { nameId, rules: defaultRules(chineseCalendar()) },
      actor,
      idOf(`command ${commands++}`),
      time,
    );
    const blocked = refusalOf(registry, action, ctx, ref, state as CaseState | undefined);
    if (blocked) return blocked;
    const all: Readonly<Record<string, unknown>> = { ...known, ...also };
    const needs = action.needs?.(parsed.data as never, state as never, ctx) ?? {};
    const facts = Object.fromEntries(
      Object.entries(needs).map(([key, needed]) => {
        if (!needed) return [key, undefined];
        if ('category' in needed) return [key, all[streamOf(needed)]];
        return [key, needed.map((one) => ({ id: one.id, state: all[streamOf(one)] }))];
      }),
    );
    return action.decide({
      input: parsed.data as never,
      state: state as never,
      ctx: ctx as never,
      facts: facts as never,
      id: ref.id,
    });
  }

  const spec = {
    id: ref.id,
    /** Facts that are already in the log. */
    given(...events: readonly NewEvent[]) {
      apply(events);
      return spec;
    },
    /** From now on it is `instant`, or the start of the working day of the date `YYYY-MM-DD`. */
    at(instant: string) {
      time = instant.length === 10 ? `${instant}T01:00:00.000Z` : instant;
      return spec;
    },
    /** An earlier action, which must succeed. */
    after(name: string, input: unknown, actor: Actor, also?: Readonly<Record<string, unknown>>) {
      const decided = decide(name, input, actor, also);
      if (isRefusal(decided))
        throw new Error(`${name} was refused: ${decided.refused} ${JSON.stringify(decided.params)}`);
      apply(decided);
      return spec;
    },
    state: () => state as never,
    events: (): readonly NewEvent[] => past,
    audience: () => aggregate.audience(state as never, ref.id),
    when(name: string, input: unknown, actor: Actor, also?: Readonly<Record<string, unknown>>) {
      const decided = decide(name, input, actor, also);
      return {
        decided,
        /** The types of the new events; with data where it matters. The state moves on. */
        emits(...expected: readonly (string | { type: string; data: Record<string, unknown> })[]) {
          if (isRefusal(decided)) throw new Error(`refused: ${decided.refused} ${JSON.stringify(decided.params)}`);
          expect(decided.map((event) => event.type)).toEqual(expected.map((e) => (typeof e === 'string' ? e : e.type)));
          decided.forEach((event, index) => {
            const one = expected[index];
            if (one && typeof one !== 'string') expect(event.data).toMatchObject(one.data);
          });
          apply(decided);
          return spec;
        },
        refused(code: string): Refusal {
          if (!isRefusal(decided)) throw new Error(`not refused, but ${decided.map((event) => event.type).join(', ')}`);
          expect(decided.refused).toBe(code);
          return decided;
        },
      };
    },
  };
  return spec;
}
