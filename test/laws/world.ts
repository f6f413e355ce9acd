import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import type { Actor, OrganKind } from '../../src/domain/kernel/actor.js';
import type { CaseState, Context, Decision, NewEvent, Ref } from '../../src/domain/kernel/aggregate.js';
import { streamOf } from '../../src/domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { contextOf, refusalOf } from '../../src/domain/kernel/handle.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import { decode, evolve } from '../../src/domain/kernel/registry.js';
import { mandate } from '../../src/domain/organization/mandate.js';
import { post } from '../../src/domain/organization/post.js';
import { wuji } from '../../src/domain/wuji.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { nameId } from '../../src/infra/ids.js';
import { system } from '../support/spec.js';

export type Case = Ref & { readonly state: CaseState };
/** What an action came to; `id` is the case's, also when the action was to begin it. */
export type Tried = { readonly id: string; readonly decided: Decision<NewEvent> };

const rules = defaultRules(chineseCalendar());
const standing = { ELECTED: 'elected', ACTIVE: 'active', SUSPENDED: 'suspended', ENDED: 'ended' } as const;
/** A state never changes, so the actor who follows from it does not either. */
const actors = new WeakMap<object, Actor>();

/**
 * Cases as values, without a log: the domain's own functions, called as `handle` calls them. Many thousand steps are
 * cheap, and a world can be kept and gone back to.
 */
export class World {
  private constructor(
    private readonly byStream: Map<string, Case>,
    public now: string,
    private commands: number,
  ) {}

  static empty = (now: string): World => new World(new Map(), now, 0);
  fork = (): World => new World(new Map(this.byStream), this.now, this.commands);

  cases = (): readonly Case[] => [...this.byStream.values()];
  find = (ref: Ref): Case | undefined => this.byStream.get(streamOf(ref));

  context(actor: Actor): Context {
    return contextOf({ nameId, rules }, actor, nameId('law', `command ${this.commands}`), this.now);
  }

  /** Those who have a mandate or a post in this world, as `resolveActor` would find them, and the system. */
  actors(): readonly Actor[] {
    const found: Actor[] = [system];
    for (const one of this.byStream.values()) {
      const known = actors.get(one.state) ?? actorOf(one);
      if (!known) continue;
      actors.set(one.state, known);
      found.push(known);
    }
    return found;
  }

  /** Decides, as a new command. The world stays as it is. */
  attempt(name: string, id: string | undefined, input: unknown, actor: Actor): Tried {
    const action = wuji.actions.get(name);
    if (!action) throw new Error(`no action ${name}`);
    this.commands++;
    const ctx = this.context(actor);
    const parsed = action.input.safeParse(input);
    if (!parsed.success)
      return { id: id ?? '', decided: kernelRefusals.INVALID_INPUT({ problems: parsed.error.message }) };
    const own = id ?? action.id?.(parsed.data as never, ctx as never) ?? nameId('law', `case ${this.commands}`);
    const ref = { category: action.category, id: own };
    const state = this.find(ref)?.state;
    const blocked = refusalOf(wuji, action, ctx, ref, state);
    if (blocked) return { id: own, decided: blocked };
    const needs = action.needs?.(parsed.data as never, state as never, ctx) ?? {};
    const facts = Object.fromEntries(
      Object.entries(needs).map(([key, needed]) => {
        if (!needed) return [key, undefined];
        if ('category' in needed) return [key, this.find(needed)?.state];
        return [key, needed.map((one) => ({ id: one.id, state: this.find(one)?.state }))];
      }),
    );
    const decided = action.decide({
      input: parsed.data as never,
      state: state as never,
      ctx: ctx as never,
      facts: facts as never,
      id: own,
    });
    return { id: own, decided };
  }

  /** Folds new facts. Throws what the fold throws. */
  apply(ref: Ref, events: readonly NewEvent[]): void {
    const aggregate = wuji.aggregate(ref.category);
    let state: unknown = this.find(ref)?.state;
    for (const [index, event] of events.entries()) {
      const data = aggregate.events[event.type]?.schema.parse(event.data);
      const id = nameId('law', `event ${this.commands} ${index}`);
      state = evolve(aggregate, state, { id, type: event.type, data, effectiveAt: event.effectiveAt ?? this.now });
    }
    if (state) this.byStream.set(streamOf(ref), { ...ref, state: state as CaseState });
  }

  /** Folds what a log has recorded. */
  record(recorded: RecordedEvent): void {
    const at = recorded.stream.indexOf('-');
    const ref = { category: recorded.stream.slice(0, at), id: recorded.stream.slice(at + 1) };
    const state = evolve(wuji.aggregate(ref.category), this.find(ref)?.state, decode(wuji, recorded));
    this.byStream.set(recorded.stream, { ...ref, state: state as CaseState });
  }

  /** The case as somebody else has folded it. */
  put(ref: Ref, state: CaseState): Case {
    const found = { ...ref, state };
    this.byStream.set(streamOf(ref), found);
    return found;
  }

  /** Takes a step in the world's stead: so the laws are tested along a path too. */
  carry?: (name: string, on: Case | undefined, input: unknown, actor: Actor) => Case | undefined;

  /** An action that must succeed: how a world, or a path to a deep state, is built. Gives the case's id. */
  must(name: string, input: unknown, { id, actor = system }: { id?: string; actor?: Actor } = {}): string {
    const category = wuji.actions.get(name)?.category ?? '';
    const carried = this.carry?.(name, id === undefined ? undefined : this.find({ category, id }), input, actor);
    if (carried) return carried.id;
    const tried = this.attempt(name, id, input, actor);
    if (isRefusal(tried.decided))
      throw new Error(`${name}: ${tried.decided.refused} ${JSON.stringify(tried.decided.params)}`);
    this.apply({ category, id: tried.id }, tried.decided);
    return tried.id;
  }
}

function actorOf({ category, id, state }: Case): Actor | undefined {
  if (category === mandate.category) {
    const { person, region, level, status } = mandate.state.parse(state);
    return { kind: 'deputy', person, mandate: id, congress: region, level, standing: standing[status] };
  }
  if (category !== post.category) return undefined;
  const { person, role, organ, organKind, region, status } = post.state.parse(state);
  const held = status === 'HELD' ? 'active' : 'ended';
  return { kind: 'official', person, post: id, role, organ, organKind, region, standing: held };
}

/** Few regions, so that paths cross: a line from the nation to a township, a second county and township, a street. */
export const regions = [
  '000000',
  '150000',
  '150800',
  '150802',
  '150802100',
  '150802001',
  '150821',
  '150821100',
] as const;
const county: readonly OrganKind[] = ['SC', 'COC', 'DWC', 'SPC', 'SEC', 'GOVO', 'ORG', 'ORG'];
const organsIn: Record<(typeof regions)[number], readonly OrganKind[]> = {
  '000000': ['SC', 'DWC'],
  '150000': ['SC', 'COC', 'DWC', 'SPC', 'GOVO', 'ORG'],
  '150800': [...county, 'ORG', 'ADM'],
  '150802': county,
  '150802100': ['PRES', 'SEC', 'GOVO', 'ORG'],
  '150802001': ['STW'],
  '150821': county,
  '150821100': ['PRES', 'GOVO', 'ORG'],
};

/** What inputs may name besides: a county where nobody is registered yet, and a region that does not exist. */
export const drawnRegions = [...regions, '150822', '990000'] as const;

/** Deputies of five levels, organs of every kind with their people, and the congresses they belong to. */
export function seedWorld(world = World.empty('2026-03-02T02:00:00.000Z')): World {
  let people = 0;
  const newPerson = (region: string) =>
    world.must('registerPerson', { code: `P${++people}`, name: `代表${people}`, region });
  for (const region of regions) {
    organsIn[region].forEach((kind, index) => {
      // The operator has one organ, which is looked for by its code.
      const code = kind === 'ADM' ? `ADM-${region}` : `${kind}-${region}-${index}`;
      const organ = world.must('registerOrgan', { code, name: code, kind, region });
      for (const role of ['head', 'leader', 'clerk', ...(kind === 'SPC' ? ['expert'] : [])])
        world.must('assignPost', { person: newPerson(region), organ, role });
    });
    if (region === '150802001') continue; // a street has no congress
    world.must('registerCongress', { region, term: 5, on: '2022-01-10' });
    for (let seat = 0; seat < 3; seat++) {
      const person = newPerson(region);
      const id = world.must('registerMandate', { person, region, term: 5, confirmedOn: '2022-01-05' });
      world.must('takeUpMandate', { mandate: id, congress: region }, { id: person });
    }
  }
  return world;
}
