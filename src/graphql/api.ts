import type { GraphQLSchema } from 'graphql';
import { boardRefusals } from '../projections/boards/index.js';
import { ledgerRefusals } from '../projections/ledger/refusals.js';
import type { AdminServices } from './admin/admin.js';
import { adminApi } from './admin/admin.js';
import { adminRefusals } from './admin/refusals.js';
import type { AuditServices } from './audit.js';
import { auditApi } from './audit.js';
import type { CastingServices } from './ballots/casting.js';
import { ballotOperations } from './ballots/casting.js';
import { boardsAndInboxes } from './boards/boards.js';
import { feedQueries } from './feed-queries.js';
import { guardRefusals } from './guard/refusals.js';
import { liveRefusals } from './live/cursor.js';
import { accessFiles } from './privacy/access-file.js';
import { apiRefusals } from './refusals.js';
import { replayRefusals } from './replay/refusals.js';
import type { ReplayServices } from './replay/replay.js';
import { replayApi } from './replay/replay.js';
import type { HandMade } from './schema.js';
import { createSchema, printedSchema } from './schema.js';
import type { Definitions, Services } from './services.js';

export type ApiServices = Services & AdminServices & AuditServices & CastingServices & ReplayServices;

/** What is designed by hand, besides what is derived. */
const handMade = (definitions: Definitions, services: () => ApiServices): readonly HandMade[] => [
  feedQueries,
  boardsAndInboxes,
  adminApi(services),
  auditApi(services),
  accessFiles(definitions.registry, services),
  ballotOperations(services),
  replayApi(definitions, services),
];

/** Refusals that no aggregate has. */
export const apiRefusalTables = [
  apiRefusals.table,
  guardRefusals.table,
  liveRefusals.table,
  adminRefusals.table,
  boardRefusals.table,
  ledgerRefusals.table,
  replayRefusals.table,
];

/** The whole API. */
export const createApi = (definitions: Definitions, services: () => ApiServices): GraphQLSchema =>
  createSchema(
    { ...definitions, refusals: [...apiRefusalTables, ...(definitions.refusals ?? [])] },
    services,
    handMade(definitions, services),
  );

export const printedApi = (definitions: Definitions): string =>
  printedSchema(
    definitions,
    handMade(definitions, () => {
      throw new Error('a printed schema is not run');
    }),
  );
