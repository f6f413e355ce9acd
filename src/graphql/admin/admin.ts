import type { HandMade } from '../schema.js';
import { rememberCommands } from './commands.js';
import type { ImportServices } from './import.js';
import { importOperations } from './import.js';
import type { ProjectionServices } from './projections.js';
import { projectionOperations } from './projections.js';
import type { RevocationServices } from './revocations.js';
import { revocationOperations } from './revocations.js';

export type AdminServices = ImportServices & ProjectionServices & RevocationServices;

/** What operators and registrars do besides the actions of cases. `wuji import` and `wuji projections` use it. */
export const adminApi =
  (services: () => AdminServices): HandMade =>
  (derived) => {
    const remember = rememberCommands(services);
    const projections = projectionOperations(derived.kit, services, remember);
    const imports = importOperations(derived, services, remember);
    const revocations = revocationOperations(derived.kit, services, remember);
    const mutations = { ...projections.mutations, ...imports.mutations, ...revocations.mutations };
    return { queries: projections.queries, mutations };
  };
