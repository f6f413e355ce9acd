import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { Ref } from '../../../src/domain/kernel/aggregate.js';
import { streamOf } from '../../../src/domain/kernel/aggregate.js';
import type { ProposedEvent } from '../../../src/domain/kernel/event.js';
import { propose } from '../../../src/domain/kernel/propose.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { wuji } from '../../../src/domain/wuji.js';
import { nameId } from '../../../src/infra/ids.js';
import type { Case } from '../../laws/world.js';
import { World } from '../../laws/world.js';

/** A command that was carried out, and what it is to write. */
export type Step = {
  readonly action: string;
  readonly ref: Ref;
  readonly actor: Actor;
  readonly input: unknown;
  readonly now: string;
  readonly events: readonly ProposedEvent[];
};

/**
 * A world in which every step is kept as the events that `handle` would append: the domain's own functions decide,
 * rights and all, and `propose` gives each event its audience. Told twice, a story has the same ids.
 */
export class Story {
  readonly world: World;
  readonly steps: Step[] = [];
  private readonly chains = new Map<string, string>();
  private taken = 0;

  constructor(now = '2026-03-02T02:00:00.000Z') {
    this.world = World.empty(now);
    this.world.carry = (name, on, input, actor) => this.take(name, on, input, actor);
  }

  private take(action: string, on: Case | undefined, input: unknown, actor: Actor): Case | undefined {
    const { world } = this;
    const definition = wuji.actions.get(action);
    if (!definition) throw new Error(`no action ${action}`);
    const { id, decided } = world.attempt(action, on?.id, input, actor);
    if (isRefusal(decided)) throw new Error(`${action}: ${decided.refused} ${JSON.stringify(decided.params)}`);
    const ref = { category: definition.category, id };
    const naming = nameId('closed door', `${this.taken++} ${action} ${id}`);
    const origin = definition.continues?.(definition.input.parse(input) as never);
    const chain = this.chains.get(streamOf(ref)) ?? (origin && this.chains.get(streamOf(origin))) ?? id;
    const proposal = {
      ...{ ref, naming, now: world.now, correlationId: chain },
      command: { action, id, input, actor, commandId: naming },
    };
    const { events, state } = propose({ registry: wuji, nameId }, proposal, decided, world.find(ref)?.state);
    this.chains.set(streamOf(ref), chain);
    this.steps.push({ action, ref, actor, input, now: world.now, events });
    return world.put(ref, state as Case['state']);
  }
}
