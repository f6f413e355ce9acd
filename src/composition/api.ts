import type { GraphQLSchema } from 'graphql';
import { createCasting } from '../domain/ballots/casting.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import { wuji } from '../domain/wuji.js';
import type { ApiServices } from '../graphql/api.js';
import { createApi } from '../graphql/api.js';
import { errorFormatter } from '../graphql/errors.js';
import { limitsOf } from '../graphql/limits.js';
import { trustedDocuments } from '../graphql/trusted.js';
import { auditKeyRefusals } from '../infra/audit-keys.js';
import { authRefusals } from '../infra/auth.js';
import { csvRefusals, readCsv } from '../infra/csv.js';
import { nameId, randomId } from '../infra/ids.js';
import { trustedRefusals } from '../infra/trusted-documents.js';
import type { Profile, Running } from '../profile.js';
import { caseModels } from '../projections/cases/index.js';
import type { Node } from './node.js';
import type { openPast } from './past.js';
import type { createShowing } from './showing.js';
import type { createWork } from './work.js';
import type { Writing } from './writing.js';

/** How long an answer waits for the read models before it says that it is stale. */
const waitMs = 5_000;

const refusals = [auditKeyRefusals.table, authRefusals.table, csvRefusals.table, trustedRefusals.table];

type Deps = {
  readonly profile: Pick<Profile, 'reads' | 'box' | 'ledger'>;
  readonly writing: Writing;
  readonly readModels: Running['readModels'];
  readonly work: Pick<ReturnType<typeof createWork>, 'policies'>;
  readonly past: ReturnType<typeof openPast>;
  readonly showing: Pick<ReturnType<typeof createShowing>, 'personal' | 'redactions'>;
  readonly revocations: ApiServices['revocations'];
  /** The allow-list, when there is one. */
  readonly listed: Readonly<Record<string, string>> | undefined;
  readonly ownDocuments: (schema: GraphQLSchema) => readonly string[];
};
export type Api = Exclude<ReturnType<typeof openApi>, Refusal>;

/** What can be asked, within which limits, and by which documents. */
export function openApi({ settings, clock, log, onProblem }: Omit<Node, 'closing'>, deps: Deps) {
  const { reads, box, ledger } = deps.profile;
  const { store, loader, handle, rules } = deps.writing;
  const { personal, redactions } = deps.showing;
  const services: ApiServices = {
    ...{ handle, loader, store, reads, clock, nameId, rules, personal, redactions, waitMs, onProblem, ...deps.past },
    casting: createCasting({ registry: wuji, loader, box, clock, nameId, rules }),
    projector: deps.readModels,
    revocations: deps.revocations,
    audit: ledger.audit,
    newId: randomId,
    get reactors() {
      return deps.work.policies()?.reactors ?? [];
    },
    readTable: (bytes) => readCsv(bytes),
  };
  const schema = createApi({ registry: wuji, models: caseModels, refusals }, () => services);
  const limits = limitsOf(settings);
  const errors = errorFormatter({
    hideSuggestions: !limits.introspection,
    tokens: limits.tokens,
    newId: randomId,
    log: (error, id) => log.error({ err: error, id }, 'unexpected error'),
  });
  const documents = trustedDocuments(deps.listed, schema, limits, errors, deps.ownDocuments);
  return isRefusal(documents) ? documents : { services, schema, limits, errors, documents };
}
