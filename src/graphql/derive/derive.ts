import type { Definitions, Services } from '../services.js';
import { deriveAvailableActions } from './actions.js';
import { deriveCases } from './cases.js';
import type { Operations } from './classes.js';
import { deriveEvents } from './events.js';
import { deriveHistory } from './history.js';
import { inputsWith } from './input.js';
import { createKit } from './kit.js';
import { deriveMutations } from './mutations.js';
import { caseAtOf } from './points.js';
import { deriveQueries } from './queries.js';
import { deriveRefusalTable } from './refusal-table.js';
import { deriveRegions } from './regions.js';
import { deriveViewer } from './viewer.js';

/**
 * The API that follows from the domain: a type for each kind of case and of event, a mutation for each action, queries
 * by id and lists.
 */
export function derive(definitions: Definitions, services: () => Services) {
  const { registry, models } = definitions;
  const kit = createKit(registry);
  const regions = deriveRegions(kit);
  const actions = deriveAvailableActions(kit, registry, services);
  const cases = deriveCases(kit, registry, regions, actions, services);
  const events = deriveEvents(kit, registry, cases, services);
  const inputs = inputsWith(kit);
  const mutations = deriveMutations(kit, registry, cases, events, inputs, services);
  const caseAt = caseAtOf(kit);
  const queries: Operations = {
    ...deriveViewer(kit, cases, regions),
    ...deriveQueries(kit, registry, models, cases, caseAt, inputs, services),
    ...deriveHistory(kit, registry, cases, events, actions, services),
    ...regions.queries,
    ...deriveRefusalTable(kit, definitions),
  };
  return { registry, kit, regions, actions, cases, caseAt, events, inputs, queries, mutations };
}
export type Derived = ReturnType<typeof derive>;
