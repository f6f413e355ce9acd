import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { z } from 'zod';
import type { Actor } from '../../src/domain/kernel/actor.js';
import { classIn, tagsOf } from '../../src/domain/kernel/actor.js';
import type { AnyAction, NewEvent, Ref } from '../../src/domain/kernel/aggregate.js';
import { addDays, shanghaiDate } from '../../src/domain/kernel/clock.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import type { Draw, Pool } from '../support/arbitrary.js';
import { arbitraryOf, draws } from '../support/arbitrary.js';
import { Findings } from './findings.js';
import { paths } from './paths.js';
import type { Case, World } from './world.js';
import { drawnRegions, seedWorld } from './world.js';

export const seed = 20260302;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A world to begin a walk in, and the case that the walk is about. */
type Start = { readonly world: World; readonly focus: Ref | undefined };
const maxStarts = 80;
type Step = { readonly name: string; readonly action: AnyAction; readonly on: Case | undefined; readonly actor: Actor };

/**
 * Walks at random, each from a world that an earlier one reached for the first time: so step by step they come to
 * deep states. What was done least is tried first. The same seed walks the same way.
 */
export function walkAtRandom({ walks = 4000, steps = 12 } = {}): Findings {
  const findings = new Findings();
  const seeded = seedWorld();
  const old = new Set(seeded.cases().map(({ id }) => id));
  const starts = new Map<string, Start[]>();
  const begin: Start = { world: seeded, focus: undefined };
  for (const { to, walk } of paths) {
    const world = seeded.fork();
    world.carry = (name, on, input, actor) => {
      findings.at = `path to ${to}: ${name} ${JSON.stringify(input)}`;
      return take(world, findings, name, on, input, actor);
    };
    const focus = walk(world);
    delete world.carry;
    starts.set(focus.category, [...(starts.get(focus.category) ?? []), { world, focus }]);
  }
  const seen = new Set<string>();
  let run = 0;

  function remember(draw: Draw, start: Start, category: string): void {
    const known = starts.get(category) ?? [];
    if (known.length < maxStarts) known.push(start);
    else known[draw(fc.nat(maxStarts - 1))] = start;
    starts.set(category, known);
  }

  fc.assert(
    fc.property(draws(), (draw) => {
      run++;
      const from = chooseStart(draw, starts, begin, findings);
      const world = from.world.fork();
      let { focus } = from;
      for (let step = 0; step < steps; step++) {
        const next = chooseStep(draw, world, focus, old, findings);
        if (!next) continue;
        findings.tried(next.name);
        const before = next.on && world.find(next.on);
        const input = draw(
          arbitraryOf(next.action.input, poolOf(world, before ?? (focus && world.find(focus)), next.actor)),
        );
        findings.at = `seed ${seed}, walk ${run}, step ${step}: ${next.name} on ${next.action.category} (${before?.state.status ?? 'none'}) ${JSON.stringify(input)}`;
        const reached = take(world, findings, next.name, next.on, input, next.actor);
        if (!reached) continue;
        const at: Ref = { category: reached.category, id: reached.id };
        const mark = `${next.name} ${before?.state.status} ${shapeOf(reached.state)}`;
        if (!seen.has(mark)) remember(draw, { world: world.fork(), focus: at }, at.category);
        seen.add(mark);
        if (next.action.from === null || draw(fc.nat(3)) > 0) focus = at;
      }
    }),
    { seed, numRuns: walks, endOnFailure: true },
  );
  return findings;
}

const actionsOf = (category: string) => [...wuji.actions].filter(([, action]) => action.category === category);
const least = <T>(items: readonly T[], score: (item: T) => number): T =>
  items.reduce((a, b) => (score(b) < score(a) ? b : a));

/** A category that has actions left to be seen, and of its worlds one whose case is open for the rarest of them. */
function chooseStart(
  draw: Draw,
  starts: ReadonlyMap<string, readonly Start[]>,
  begin: Start,
  findings: Findings,
): Start {
  const categories = [...starts.keys()];
  if (categories.length === 0 || draw(fc.nat(9)) === 0) return begin;
  const rarest = (category: string, status?: string) =>
    Math.min(
      ...actionsOf(category)
        .filter(([, { from }]) => from !== null && (status === undefined || from.includes(status)))
        .map(([name]) => findings.rarity(name)),
    );
  const category = least(
    [0, 1, 2].map(() => pick(draw, categories)),
    (one) => rarest(one),
  );
  const worlds = starts.get(category) ?? [begin];
  const some = [0, 1, 2, 3].map(() => pick(draw, worlds));
  return least(some, ({ world, focus }) => rarest(category, (focus && world.find(focus)?.state.status) ?? ''));
}

function chooseStep(
  draw: Draw,
  world: World,
  focus: Ref | undefined,
  old: ReadonlySet<string>,
  findings: Findings,
): Step | undefined {
  if (draw(fc.nat(9)) === 0) {
    const days = draw(fc.constantFrom(1, 1, 5, 12, 40, 100));
    world.now = `${addDays(shanghaiDate(world.now), days)}T02:00:00.000Z`;
  }
  const focused = focus && draw(fc.nat(9)) < 7 ? world.find(focus) : undefined;
  const open = [...wuji.actions].filter(([, { from, category }]) =>
    focused ? category === focused.category && from?.includes(focused.state.status) : true,
  );
  if (open.length === 0) return undefined;
  const [name, action] = least(
    [0, 1, 2].map(() => pick(draw, open)),
    ([one]) => findings.rarity(one),
  );
  const on = action.from === null ? undefined : (focused ?? chooseCase(draw, world, action, old));
  if (action.from !== null && !on) return undefined;
  const actor = chooseActor(draw, world, action, on, focus && world.find(focus));
  return actor && { name, action, on, actor };
}

/** People and organs of the seeded world mostly stay as they are: without them nothing else can happen. */
export function chooseCase(draw: Draw, world: World, action: AnyAction, old: ReadonlySet<string>): Case | undefined {
  const fitting = world.cases().filter((c) => c.category === action.category && action.from?.includes(c.state.status));
  const fresh = fitting.filter(({ id }) => !old.has(id));
  const choice = fresh.length > 0 && draw(fc.nat(9)) > 0 ? fresh : fitting;
  return choice.length > 0 ? pick(draw, choice) : undefined;
}

/** Somebody who has the right to it and can see the case; now and then anybody. */
export function chooseActor(
  draw: Draw,
  world: World,
  action: AnyAction,
  on: Case | undefined,
  focus: Case | undefined,
): Actor | undefined {
  const all = world.actors();
  if (draw(fc.nat(19)) === 0) return pick(draw, all);
  const able = all.filter((actor) => action.by.some((who) => who.allows(actor, on?.state as never)));
  if (able.length === 0) return undefined;
  if (!on) {
    // Who begins a case that follows from another one is mostly named in that one.
    const ids = idsIn(focus?.state);
    const named = able.filter((actor) => namesOf(actor).some((id) => ids.has(id)));
    return pick(draw, named.length > 0 && draw(fc.boolean()) ? named : able);
  }
  const audience = wuji.aggregate(on.category).audience(on.state as never, on.id);
  const near = able.filter((actor) => actor.kind === 'system' || classIn(audience, tagsOf(actor)));
  return pick(draw, near.length > 0 ? near : able);
}

/** One action, with the laws that hold for what it comes to. The case as it then stands, when anything happened. */
function take(
  world: World,
  findings: Findings,
  name: string,
  on: Ref | undefined,
  input: unknown,
  actor: Actor,
): Case | undefined {
  const { id, decided } = world.attempt(name, on?.id, input, actor);
  if (isRefusal(decided)) {
    findings.refused(name, decided);
    return undefined;
  }
  if (decided.length === 0) return undefined;
  findings.accept(name);
  const ref: Ref = { category: wuji.actions.get(name)?.category ?? '', id };
  const aggregate = wuji.aggregate(ref.category);
  const before = world.find(ref)?.state;
  if (!findings.holds('folds', () => world.apply(ref, decided))) return undefined;
  const reached = world.find(ref);
  if (!reached) return undefined;
  const { state } = reached;
  for (const event of decided) findings.emit(event, ref.category, before?.status ?? 'none', state);
  for (const event of decided)
    checkJson(findings, `event ${event.type}`, aggregate.events[event.type]?.schema, event.data);
  checkJson(findings, `state of ${ref.category}`, aggregate.state, state);
  findings.holds('folds', () => findings.foldOthers(reached));
  findings.audience(aggregate.audience(state as never, id));
  findings.holds('decides once', () => {
    const again = world.attempt(name, id, input, actor).decided;
    if (!isRefusal(again) && again.length > 0) throw new Error(`decided again: ${again.map(typeOf).join(', ')}`);
  });
  return reached;
}

const typeOf = (event: NewEvent): string => event.type;

/** It is plain JSON, valid against its schema, and the schema changes nothing of it. */
function checkJson(findings: Findings, what: string, schema: z.ZodType | undefined, value: unknown): void {
  findings.holds('survives JSON', () => {
    if (!schema) throw new Error(`${what} has no schema`);
    const back: unknown = JSON.parse(JSON.stringify(value));
    if (!isDeepStrictEqual(back, value)) throw new Error(`${what} is not plain JSON: ${JSON.stringify(value)}`);
    const parsed = schema.safeParse(back);
    if (!parsed.success) throw new Error(`${what} is not valid: ${parsed.error.message}`);
    if (!isDeepStrictEqual(parsed.data, back)) throw new Error(`${what} is changed by its own schema`);
  });
}

export function poolOf(world: World, at: Case | undefined, actor: Actor): Pool {
  const byCategory = new Map<string, string[]>();
  // Newest first: what the walk itself has made.
  for (const { category, id } of [...world.cases()].reverse()) {
    const ids = byCategory.get(category);
    if (ids) ids.push(id);
    else byCategory.set(category, [id]);
  }
  const values = new Map<string, Set<unknown>>();
  const idsInCase = new Set<string>();
  if (at) collect(at.state, '', values, idsInCase);
  for (const id of namesOf(actor)) idsInCase.add(id);
  if (at) idsInCase.add(at.id);
  return {
    today: shanghaiDate(world.now),
    regions: drawnRegions,
    idsInCase: [...idsInCase],
    ids: (category) => byCategory.get(category) ?? [],
    values: (field) => [...(values.get(field) ?? [])],
  };
}

const namesOf = (actor: Actor): readonly string[] =>
  actor.kind === 'deputy' ? [actor.mandate] : actor.kind === 'official' ? [actor.organ, actor.post] : [];

function idsIn(state: unknown): ReadonlySet<string> {
  const ids = new Set<string>();
  collect(state, '', new Map(), ids);
  return ids;
}

function collect(value: unknown, field: string, values: Map<string, Set<unknown>>, ids: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, field, values, ids);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) collect(item, key, values, ids);
  else if (value !== null) {
    if (typeof value === 'string' && uuid.test(value)) ids.add(value);
    const known = values.get(field);
    if (known) known.add(value);
    else values.set(field, new Set([value]));
  }
}

/** What kind of state it is: its statuses, which fields are filled, and how far. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 2 ? `[${value.slice(0, 2).map(shapeOf).join('')}+]` : `[${value.map(shapeOf).join('')}]`;
  if (typeof value !== 'object' || value === null) return value === null ? '-' : '.';
  return Object.entries(value)
    .map(([key, item]) => (key === 'status' ? String(item) : shapeOf(item)))
    .join('');
}

const pick = <T>(draw: Draw, from: readonly T[]): T => draw(fc.constantFrom(...from));
