import { refOf } from './actor.js';
import type { NewEvent, Ref } from './aggregate.js';
import type { Audience, ProposedEvent } from './event.js';
import type { Command } from './handle.js';
import type { NameId } from './ports.js';
import type { Registry } from './registry.js';
import { evolve } from './registry.js';
import { eventIdOf } from './seal-input.js';

export type Proposal = {
  /** Its id is scoped (see `scopedCommandId`). */
  readonly command: Command;
  readonly ref: Ref;
  /** Namespace of the events' ids. */
  readonly naming: string;
  readonly now: string;
  readonly correlationId: string;
};

/** Gives the new facts, whose personal data is sealed by now, their ids, and folds them onto the state to learn who is to see each. */
export function propose(
  { registry, nameId }: { readonly registry: Registry; readonly nameId: NameId },
  { command, ref, naming, now, correlationId }: Proposal,
  decided: readonly NewEvent[],
  present: unknown,
): { readonly events: readonly ProposedEvent[]; readonly state: unknown } {
  const aggregate = registry.aggregate(ref.category);
  let state = present;
  const events = decided.map((fact, index): ProposedEvent => {
    const definition = aggregate.events[fact.type];
    if (!definition) throw new Error(`${command.action}: ${fact.type} is no event of a ${ref.category}`);
    const event = {
      id: eventIdOf(nameId, naming, index),
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
      $correlationId: correlationId,
      $causationId: command.causationId ?? command.commandId,
      audience: toldOf(before, aggregate.audience(state as never, ref.id)),
    };
    return { ...event, meta };
  });
  return { events, state };
}

/** Whom an event shuts out of a case is told that it happened, and no more than what everybody may know of it. */
const toldOf = (before: Audience, after: Audience): Audience => ({
  ...Object.fromEntries(Object.keys(before).map((tag) => [tag, 'public' as const])),
  ...after,
});
