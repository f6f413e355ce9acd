import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseModel } from '../../projections/kernel/case-model.js';
import type { Moments } from '../../projections/replay/moments.js';
import type { Past } from '../../projections/replay/past.js';
import type { HandMade } from '../schema.js';
import type { Services } from '../services.js';
import { authorityQueries } from './authority-at.js';
import { boardQueries } from './board-at.js';
import { caseDifferences } from './case-difference.js';
import { logAtOf } from './log-at.js';

export type ReplayServices = Services & { readonly moments: Moments; readonly past: Past };

/**
 * The past, for auditors and everybody else: by the log as it stood, under the rights and redactions of now. Who read
 * personal data (`DataAccessed`) needs no query of its own: the history of the person's record tells it.
 */
export const replayApi =
  (
    { registry, models }: { readonly registry: Registry; readonly models: readonly CaseModel[] },
    services: () => ReplayServices,
  ): HandMade =>
  (derived) => {
    const logAt = logAtOf(derived.kit);
    const queries = {
      ...caseDifferences(derived, registry, services),
      ...authorityQueries(derived, { registry, models, logAt }, services),
      ...boardQueries(derived, { models, logAt }, services),
    };
    return { queries };
  };
