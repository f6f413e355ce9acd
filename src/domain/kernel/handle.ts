import type { z } from 'zod';
import type { Actor } from './actor.js';
import { classIn, refOf, tagsOf } from './actor.js';
import type { AnyAction, CaseState, Context, NewEvent, Ref } from './aggregate.js';
import { streamOf } from './aggregate.js';
import { shanghaiDate } from './clock.js';
import type { Position, ProposedEvent, RecordedEvent } from './event.js';
import type { Loaded, Loader } from './load.js';
import type { Clock, EventStore, NameId } from './ports.js';
import { WrongExpectedRevision } from './ports.js';
import type { Refusal } from './refusal.js';
import { isRefusal } from './refusal.js';
import { kernelRefusals } from './refusals.js';
import type { Registry } from './registry.js';
import { decode, evolve } from './registry.js';
import type { Rules } from './rules.js';

export type Command = {
  /** The action's name in the registry. */
  readonly action: string;
  /** The case; absent for an action that begins one. */
  readonly id?: string | undefined;
  readonly input: unknown;
  /** The same command sent again has the same id, and no second effect. Ids of different people never collide. */
  readonly commandId: string;
  /** Refuse when the case is not at this revision any more. */
  readonly expectedRevision?: number | undefined;
  readonly actor: Actor;
  /** The event that made a policy act. */
  readonly causationId?: string | undefined;
};

/** An event as its writer knows it: the log has given it its place, the reader will see its position. */
export type WrittenEvent = ProposedEvent & { readonly stream: string; readonly revision: number };

/** What a command did. No events: there was nothing to do. */
export type Outcome = {
  readonly category: string;
  readonly id: string;
  /** Where the case stands now. */
  readonly revision: number;
  /** A reader that waits for it sees what was done. */
  readonly position: Position;
  readonly events: readonly WrittenEvent[];
  /** The command had been carried out before. */
  readonly repeated: boolean;
};

/** A stale writer's refusal carries what has changed since. */
export type ConflictRefusal = Refusal & { readonly changes: readonly RecordedEvent[] };

export type HandleDeps = {
  readonly store: EventStore;
  readonly registry: Registry;
  readonly loader: Loader;
  readonly clock: Clock;
  readonly nameId: NameId;
  readonly rules: Rules;
};
export type Handle = (command: Command) => Promise<Outcome | Refusal | ConflictRefusal>;

/** Attempts against writers in other processes; within one, commands on a case take turns and never collide. */
const attempts = 10;
/** Namespace of ids that follow from a key. */
const keys = '6f1d3c1e-2a55-5f0e-9c39-0d6a0f4b1508';

/** Load, decide, append; again when somebody else was faster. The only way by which anything becomes an event. */
export function createHandle(deps: HandleDeps): Handle {
  const { registry, loader, store, nameId } = deps;
  const turns = new Map<string, Promise<unknown>>();

  return async (command) => {
    const action = registry.actions.get(command.action);
    if (!action) throw new Error(`no action ${command.action}`);
    const notStanding = refusalOfStanding(command.actor);
    if (notStanding) return notStanding;
    const parsed = action.input.safeParse(command.input);
    if (!parsed.success) return kernelRefusals.INVALID_INPUT({ problems: problemsOf(parsed.error) });

    const commandId = nameId(scopeOf(command.actor), command.commandId);
    const now = deps.clock.now().toISOString();
    const newContext = () => contextOf(deps, command.actor, commandId, now);
    const id = action.from === null ? idOfNew(action, parsed.data, newContext(), commandId) : command.id;
    if (!id) return kernelRefusals.NOT_FOUND();
    const scoped = { ...command, commandId };
    const ref: Ref = { category: action.category, id };
    return inTurn(turns, streamOf(ref), async () => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const result = await attemptOnce(action, scoped, parsed.data, newContext(), ref);
        if (result) return result;
      }
      return kernelRefusals.BUSY();
    });
  };

  /** Not one of `ctx.newId()`: those name what lies inside the case. */
  function idOfNew(action: AnyAction, input: unknown, ctx: Context, commandId: string): string {
    return action.id?.(input as never, ctx as never) ?? nameId(commandId, 'case');
  }

  /** `undefined`: another process was faster. */
  async function attemptOnce(action: AnyAction, command: Command, input: unknown, ctx: Context, ref: Ref) {
    const loaded = await loader.load(ref);
    const done = loaded.commands.get(command.commandId);
    if (done) return done.action === command.action ? repeat(ref, done) : kernelRefusals.COMMAND_REUSED();
    const blocked = refusalOf(registry, action, ctx, ref, loaded.state as CaseState | undefined);
    if (blocked) return blocked;
    const { expectedRevision } = command;
    if (expectedRevision !== undefined && expectedRevision !== loaded.revision)
      return conflict(ref, expectedRevision, loaded.revision);

    const decided = action.decide({
      input: input as never,
      state: loaded.state as never,
      ctx: ctx as never,
      facts: (await factsFor(action, input, loaded.state, ctx)) as never,
      id: ref.id,
    });
    if (isRefusal(decided)) return decided;
    const origin = action.continues?.(input as never);
    const correlationId = loaded.correlationId ?? (origin && (await loader.load(origin)).correlationId) ?? ref.id;
    const { events, state } = propose(command, ctx.now, ref, loaded, decided, correlationId);
    if (events.length === 0)
      return loaded.position === undefined
        ? kernelRefusals.NOT_FOUND()
        : outcomeOf(ref, loaded.revision, loaded.position, [], false);
    try {
      const expected = loaded.revision < 0 ? 'no_stream' : loaded.revision;
      const { revision, position } = await store.append(streamOf(ref), events, expected);
      loader.advance(ref, loaded, events, { state, position });
      return outcomeOf(ref, revision, position, placed(ref, loaded.revision + 1, events), false);
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    }
  }

  async function factsFor(action: AnyAction, input: unknown, state: unknown, ctx: Context) {
    const needs = action.needs?.(input as never, state as never, ctx) ?? {};
    const read = async (ref: Ref) => (await loader.load(ref)).state;
    const entries = Object.entries(needs).map(async ([name, needed]) => {
      if (!needed) return [name, undefined] as const;
      if ('category' in needed) return [name, await read(needed)] as const;
      return [name, await Promise.all(needed.map(async (ref) => ({ id: ref.id, state: await read(ref) })))] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Gives the new facts their ids, and folds them to learn who is to see each. */
  function propose(
    command: Command,
    now: string,
    ref: Ref,
    loaded: Loaded,
    decided: readonly NewEvent[],
    $correlationId: string,
  ) {
    const aggregate = registry.aggregate(ref.category);
    let state = loaded.state;
    const events = decided.map((fact, index): ProposedEvent => {
      const definition = aggregate.events[fact.type];
      if (!definition) throw new Error(`${command.action}: ${fact.type} is no event of a ${ref.category}`);
      const event = {
        id: nameId(command.commandId, String(index)),
        type: fact.type,
        version: definition.version,
        data: definition.schema.parse(fact.data),
        effectiveAt: fact.effectiveAt ?? now,
      };
      const before = state === undefined ? {} : aggregate.audience(state as never, ref.id);
      state = evolve(aggregate, state, event);
      const meta = {
        commandId: command.commandId,
        action: command.action,
        actor: refOf(command.actor),
        $correlationId,
        $causationId: command.causationId ?? command.commandId,
        audience: { ...before, ...aggregate.audience(state as never, ref.id) },
      };
      return { ...event, meta };
    });
    return { events, state };
  }

  async function repeat(ref: Ref, { from, to }: { from: number; to: number }): Promise<Outcome> {
    const events: RecordedEvent[] = [];
    for await (const event of store.readStream(streamOf(ref), { from, limit: to - from + 1 }))
      events.push(decode(registry, event));
    const last = events.at(-1);
    if (!last) throw new Error(`stream ${streamOf(ref)} has lost revision ${from}`);
    return outcomeOf(ref, last.revision, last.position, events, true);
  }

  async function conflict(ref: Ref, expected: number, actual: number): Promise<ConflictRefusal> {
    const changes: RecordedEvent[] = [];
    for await (const event of store.readStream(streamOf(ref), { from: Math.max(0, expected + 1), limit: 100 }))
      changes.push(decode(registry, event));
    return { ...kernelRefusals.REVISION_CONFLICT({ expected, actual }), changes };
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
  if (action.from !== null) {
    if (!state) return kernelRefusals.NOT_FOUND();
    const audience = registry.aggregate(ref.category).audience(state as never, ref.id);
    if (actor.kind !== 'system' && !classIn(audience, tagsOf(actor))) return kernelRefusals.NOT_FOUND();
  }
  if (!action.by.some((who) => who.allows(actor, state as never))) {
    const names = action.by.map((who) => who.name);
    return kernelRefusals.NOT_ALLOWED({
      who: names.map(([en]) => en).join(' or '),
      zhWho: names.map(([, zh]) => zh).join('、'),
    });
  }
  if (action.from === null) return state && kernelRefusals.ALREADY_EXISTS();
  if (state && !action.from.includes(state.status))
    return kernelRefusals.WRONG_STATE({ status: state.status, allowed: action.from.join(', ') });
  return action.requires?.(state as never, ctx as never);
}

/** A suspended or ended mandate, or a post that is no longer held, can do nothing (domain.md P6). */
export function refusalOfStanding(actor: Actor): Refusal | undefined {
  if (actor.kind === 'system' || actor.standing === 'active') return undefined;
  if (actor.kind === 'official') return kernelRefusals.POST_ENDED();
  return actor.standing === 'suspended' ? kernelRefusals.MANDATE_SUSPENDED() : kernelRefusals.MANDATE_ENDED();
}

/** What `ctx.idFor` gives: the id of the one case that has this key, also for readers that have no command. */
export const idOfKey = (nameId: NameId, category: string, key: string): string => nameId(keys, `${category} ${key}`);

export function contextOf(
  deps: Pick<HandleDeps, 'nameId' | 'rules'>,
  actor: Actor,
  commandId: string,
  now: string,
): Context {
  let made = 0;
  return {
    now,
    today: shanghaiDate(now),
    newId: () => deps.nameId(commandId, `new ${made++}`),
    idFor: (category, key) => idOfKey(deps.nameId, category, key),
    actor,
    rules: deps.rules,
  };
}

const scopeOf = (actor: Actor): string => (actor.kind === 'system' ? keys : actor.person);

const placed = (ref: Ref, first: number, events: readonly ProposedEvent[]): WrittenEvent[] =>
  events.map((event, index) => ({ ...event, stream: streamOf(ref), revision: first + index }));

const outcomeOf = (
  { category, id }: Ref,
  revision: number,
  position: Position,
  events: readonly WrittenEvent[],
  repeated: boolean,
): Outcome => ({ category, id, revision, position, events, repeated });

const problemsOf = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');

/** Commands on one case run one after the other; those on different cases side by side. */
async function inTurn<T>(turns: Map<string, Promise<unknown>>, key: string, work: () => Promise<T>): Promise<T> {
  const previous = turns.get(key) ?? Promise.resolve();
  const turn = previous.then(work, work);
  turns.set(key, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(key) === turn) turns.delete(key);
  }
}
