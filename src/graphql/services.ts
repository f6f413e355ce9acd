import type { Handle } from '../domain/kernel/handle.js';
import type { Loader } from '../domain/kernel/load.js';
import type { Clock, EventStore, NameId } from '../domain/kernel/ports.js';
import type { RefusalTable } from '../domain/kernel/refusal.js';
import type { Registry } from '../domain/kernel/registry.js';
import type { Rules } from '../domain/kernel/rules.js';
import type { CaseModel } from '../projections/kernel/case-model.js';
import type { ReadStore } from '../projections/kernel/ports.js';
import type { Projector } from '../projections/kernel/projector.js';
import type { Redactions } from '../projections/redaction/redactions.js';
import type { Personal } from './personal.js';

/** What the schema is derived from. */
export type Definitions = {
  readonly registry: Registry;
  /** One for each kind of case that can be queried and listed. */
  readonly models: readonly CaseModel[];
  /** Refusals besides the registry's and the API's own. */
  readonly refusals?: readonly RefusalTable[];
};

/** What the resolvers work with. */
export type Services = {
  readonly handle: Handle;
  readonly loader: Loader;
  readonly store: EventStore;
  readonly reads: ReadStore;
  readonly projector: Pick<Projector, 'waitFor' | 'status'>;
  readonly clock: Clock;
  /** What must not be shown, whoever asks. */
  readonly redactions: Redactions;
  /** Opens personal data for those who may see it. */
  readonly personal: Personal;
  readonly nameId: NameId;
  readonly rules: Rules;
  /** Ids that nothing else has: for commands that come without one. */
  readonly newId: () => string;
  /** How long an answer waits for the read models before it says that it is stale. */
  readonly waitMs: number;
};

/** Ids are UUIDs. Nothing else is ever looked up: to the client it is unknown like any other wrong id. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
