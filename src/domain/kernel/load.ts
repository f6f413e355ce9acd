import type { Ref } from './aggregate.js';
import { streamOf } from './aggregate.js';
import type { Position, ProposedEvent, RecordedEvent } from './event.js';
import type { EventStore } from './ports.js';
import type { Registry } from './registry.js';
import { decode, evolve } from './registry.js';

/** A case folded from its stream. */
export type Loaded = {
  /** `undefined`: there is no such case. */
  readonly state: unknown;
  /** Of the newest event; −1 when there is none. */
  readonly revision: number;
  readonly position: Position | undefined;
  readonly correlationId: string | undefined;
  /** Which revisions each command wrote: a repeated command is known by the log itself. It only grows. */
  readonly commands: Map<string, Written>;
};
/** Up to an event of the case, a moment, or a place in the log; each is still in. */
export type Until = { readonly revision: number } | { readonly time: string } | { readonly position: Position };

/** The first event that is beyond it ends the past: also when a clock was put back later. */
export function isBeyond(until: Until, event: RecordedEvent): boolean {
  if ('revision' in until) return event.revision > until.revision;
  return 'time' in until ? event.recordedAt > until.time : event.position > until.position;
}

export type Written = { readonly action: string; readonly from: number; readonly to: number };

const nothing = { state: undefined, revision: -1, position: undefined, correlationId: undefined };

export type Loader = ReturnType<typeof createLoader>;

/**
 * Folds cases and keeps the folded states of the last `capacity` of them, so that a hot stream is read once and then
 * only its tail. A state in the cache is never stale: every load asks the log for what came after it.
 */
export function createLoader(store: EventStore, registry: Registry, capacity = 10_000) {
  const cache = new Map<string, Loaded>();

  function keep(stream: string, loaded: Loaded) {
    const present = cache.get(stream);
    if (present && present.revision > loaded.revision) return; // a read that began before an append ends after it
    cache.delete(stream);
    cache.set(stream, loaded);
    if (cache.size > capacity)
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
  }

  async function load(ref: Ref): Promise<Loaded> {
    const stream = streamOf(ref);
    const aggregate = registry.aggregate(ref.category);
    const cached = cache.get(stream);
    let { state, revision, position, correlationId } = cached ?? nothing;
    const commands = cached?.commands ?? new Map<string, Written>();
    for await (const recorded of store.readStream(stream, { from: revision + 1 })) {
      const event = decode(registry, recorded);
      state = evolve(aggregate, state, event);
      ({ revision, position } = event);
      correlationId ??= event.meta.$correlationId;
      note(commands, event, revision);
    }
    const loaded: Loaded = { state, revision, position, correlationId, commands };
    if (revision >= 0) keep(stream, loaded);
    return loaded;
  }

  /** After an append of this process: the cache moves on without reading. */
  function advance(
    ref: Ref,
    before: Loaded,
    events: readonly ProposedEvent[],
    after: { state: unknown; position: Position },
  ) {
    const { commands } = before;
    for (const [index, event] of events.entries()) note(commands, event, before.revision + 1 + index);
    keep(streamOf(ref), {
      state: after.state,
      revision: before.revision + events.length,
      position: after.position,
      correlationId: before.correlationId ?? events[0]?.meta.$correlationId,
      commands,
    });
  }

  /** The case as it was, as recorded; not cached. */
  async function loadAt(ref: Ref, until: Until): Promise<Loaded> {
    const aggregate = registry.aggregate(ref.category);
    let loaded: Loaded = { ...nothing, commands: new Map() };
    for await (const recorded of store.readStream(streamOf(ref))) {
      if (isBeyond(until, recorded)) break;
      const event = decode(registry, recorded);
      loaded = {
        ...loaded,
        state: evolve(aggregate, loaded.state, event),
        revision: event.revision,
        position: event.position,
        correlationId: event.meta.$correlationId,
      };
    }
    return loaded;
  }

  return { load, loadAt, advance };
}

function note(commands: Map<string, Written>, event: ProposedEvent, revision: number) {
  const { commandId, action } = event.meta;
  const { from, to } = commands.get(commandId) ?? { from: revision, to: revision };
  // Two loads may read the same tail side by side: what one has noted, the other must not take back.
  commands.set(commandId, { action, from, to: Math.max(to, revision) });
}
