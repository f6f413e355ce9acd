import type { z } from 'zod';
import type { Actor } from './actor.js';
import type { AnyAction, CaseState, Ref } from './aggregate.js';
import { streamOf } from './aggregate.js';
import { contextOf, idInStream, scopedCommandId } from './context.js';
import type { Position, ProposedEvent, RecordedEvent } from './event.js';
import type { Loader } from './load.js';
import { chainOf, factsFor } from './needs.js';
import type { Clock, EventStore, NameId } from './ports.js';
import { WrongExpectedRevision } from './ports.js';
import { propose } from './propose.js';
import type { Refusal } from './refusal.js';
import { isRefusal } from './refusal.js';
import { kernelRefusals } from './refusals.js';
import type { Registry } from './registry.js';
import { decode } from './registry.js';
import { refusalOf, refusalOfStanding } from './rights.js';
import type { Rules } from './rules.js';
import { openState, sealFacts } from './seal-input.js';
import type { Seals } from './seal-ports.js';

export { contextOf, idOfKey } from './context.js';
export { refusalOf, refusalOfStanding } from './rights.js';

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
  /** Absent: no event with personal data can be recorded. */
  readonly seals?: Seals;
  /** Runs a part of the work and gives back what it gave: who operates the system learns how long each takes. */
  readonly part?: <T>(name: 'load' | 'decide' | 'append', work: () => Promise<T>) => Promise<T>;
};
export type Handle = (command: Command) => Promise<Outcome | Refusal | ConflictRefusal>;

/** Attempts against writers in other processes; within one, commands on a case take turns and never collide. */
const attempts = 10;

/** Load, decide, append; again when somebody else was faster. The only way by which anything becomes an event. */
export function createHandle(deps: HandleDeps): Handle {
  const { registry, loader, store, nameId, part = (_, work) => work() } = deps;
  const turns = new Map<string, Promise<unknown>>();

  return async (command) => {
    const action = registry.actions.get(command.action);
    if (!action) throw new Error(`no action ${command.action}`);
    const notStanding = refusalOfStanding(command.actor);
    if (notStanding) return notStanding;
    const parsed = action.input.safeParse(command.input);
    if (!parsed.success) return kernelRefusals.INVALID_INPUT({ problems: problemsOf(parsed.error) });

    const commandId = scopedCommandId(nameId, command.actor, command.commandId);
    const now = deps.clock.now().toISOString();
    const id = action.from === null ? idOfNew(action, parsed.data, command.actor, commandId, now) : command.id;
    if (!id) return kernelRefusals.NOT_FOUND();
    const ref: Ref = { category: action.category, id };
    const naming = idInStream(nameId, commandId, ref);
    const scoped = { ...command, commandId };
    return inTurn(turns, streamOf(ref), async () => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const result = await attemptOnce(action, scoped, parsed.data, ref, naming, now);
        if (result) return result;
      }
      return kernelRefusals.BUSY();
    });
  };

  /** The one id that cannot follow from the case's stream, since it names it. Not one of `ctx.newId()`: those lie inside. */
  function idOfNew(action: AnyAction, input: unknown, actor: Actor, commandId: string, now: string): string {
    const ctx = contextOf(deps, actor, commandId, now);
    return action.id?.(input as never, ctx as never) ?? nameId(commandId, 'case');
  }

  /** `undefined`: another process was faster. */
  async function attemptOnce(
    action: AnyAction,
    command: Command,
    input: unknown,
    ref: Ref,
    naming: string,
    now: string,
  ): Promise<Outcome | Refusal | ConflictRefusal | undefined> {
    const ctx = contextOf(deps, command.actor, naming, now);
    const loaded = await part('load', () => loader.load(ref));
    const done = loaded.commands.get(command.commandId);
    if (done) return done.action === command.action ? repeat(ref, done) : kernelRefusals.COMMAND_REUSED();
    const blocked = refusalOf(registry, action, ctx, ref, loaded.state as CaseState | undefined);
    if (blocked) return blocked;
    const { expectedRevision } = command;
    if (expectedRevision !== undefined && expectedRevision !== loaded.revision)
      return conflict(ref, expectedRevision, loaded.revision);

    const asking = { action, input, state: loaded.state, ctx };
    const decided = await part('decide', async () =>
      action.decide({
        input: input as never,
        state: (await openState(deps, ref, loaded.state)) as never,
        ctx: ctx as never,
        facts: (await factsFor(deps, asking)) as never,
        id: ref.id,
      }),
    );
    if (isRefusal(decided)) return decided;
    const correlationId = loaded.correlationId ?? (await chainOf(deps, asking)) ?? ref.id;
    const sealed = await sealFacts(deps, ref, naming, decided);
    if (isRefusal(sealed)) return sealed;
    const proposal = { command, ref, naming, now, correlationId };
    const { events, state } = propose(deps, proposal, sealed, loaded.state);
    if (events.length === 0)
      return loaded.position === undefined
        ? kernelRefusals.NOT_FOUND()
        : outcomeOf(ref, loaded.revision, loaded.position, [], false);
    try {
      const expected = loaded.revision < 0 ? 'no_stream' : loaded.revision;
      const { revision, position } = await part('append', () => store.append(streamOf(ref), events, expected));
      loader.advance(ref, loaded, events, { state, position });
      return outcomeOf(ref, revision, position, placed(ref, loaded.revision + 1, events), false);
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    }
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
