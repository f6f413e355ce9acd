import type { AnyAction, AnyAggregate } from './aggregate.js';
import type { EventDefinition, RecordedEvent } from './event.js';
import { upcast } from './event.js';
import type { RefusalTable } from './refusal.js';

/** The whole domain as data: what every derivation (API, documents, tests, projections) starts from. */
export type Registry = {
  readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  readonly actions: ReadonlyMap<string, AnyAction>;
  /** By type. A type has one schema in the whole house, also when several aggregates share it. */
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly refusals: RefusalTable;
  readonly aggregate: (category: string) => AnyAggregate;
};

/** Registering is checking: a name used twice is found at start, not in production. */
export function defineRegistry(
  aggregates: readonly AnyAggregate[],
  actions: Readonly<Record<string, AnyAction>>,
  ...tables: readonly { readonly table: RefusalTable }[]
): Registry {
  const byCategory = new Map<string, AnyAggregate>();
  const events = new Map<string, EventDefinition>();
  const refusals: Record<string, RefusalTable[string]> = {};
  const addRefusals = (table: RefusalTable) => {
    for (const [code, text] of Object.entries(table)) {
      if (refusals[code] && refusals[code] !== text) throw new Error(`refusal ${code} is defined twice`);
      refusals[code] = text;
    }
  };
  for (const { table } of tables) addRefusals(table);
  for (const aggregate of aggregates) {
    const { category } = aggregate;
    if (!/^[a-z][A-Za-z]*$/.test(category)) throw new Error(`category ${category} must be camelCase letters`);
    if (byCategory.has(category)) throw new Error(`category ${category} is defined twice`);
    byCategory.set(category, aggregate);
    for (const [type, definition] of Object.entries(aggregate.events)) {
      if (events.has(type) && events.get(type) !== definition) throw new Error(`event ${type} is defined twice`);
      events.set(type, definition);
    }
    addRefusals(aggregate.refusals);
  }
  for (const [name, action] of Object.entries(actions))
    if (!byCategory.has(action.category)) throw new Error(`action ${name}: no aggregate ${action.category}`);
  return {
    aggregates: byCategory,
    actions: new Map(Object.entries(actions)),
    events,
    refusals,
    aggregate(category) {
      const found = byCategory.get(category);
      if (!found) throw new Error(`no aggregate ${category}`);
      return found;
    },
  };
}

/** The event with its data at the newest version of its schema. The one place where old events are read. */
export function decode(registry: Registry, recorded: RecordedEvent): RecordedEvent {
  const definition = registry.events.get(recorded.type);
  if (!definition) throw new Error(`event ${recorded.id}: unknown type ${recorded.type}`);
  if (recorded.version === definition.version) return recorded;
  if (recorded.version > definition.version)
    throw new Error(`event ${recorded.id}: ${recorded.type} version ${recorded.version} is newer than this program`);
  const data = upcast(definition, recorded.version, recorded.data);
  return { ...recorded, version: definition.version, data: definition.schema.parse(data) };
}

/** One step of the fold. `state` is `undefined` before the opening event. */
export function evolve(
  aggregate: AnyAggregate,
  state: unknown,
  event: Pick<RecordedEvent, 'id' | 'type' | 'data' | 'effectiveAt'>,
): unknown {
  const step = aggregate.evolve[event.type];
  const definition = aggregate.events[event.type];
  if (!step || !definition) throw new Error(`event ${event.id}: ${event.type} is no event of a ${aggregate.category}`);
  if (definition.opens !== (state === undefined)) throw new Error(`event ${event.id}: ${event.type} out of place`);
  return step(state as never, event.data as never, { id: event.id, at: event.effectiveAt });
}
