import { ancestorsOf } from '../../domain/kernel/region.js';
import { congress } from '../../domain/organization/congress.js';
import { mandate } from '../../domain/organization/mandate.js';
import { organ } from '../../domain/organization/organ.js';
import { person } from '../../domain/organization/person.js';
import { post } from '../../domain/organization/post.js';
import { caseModel } from '../kernel/case-model.js';

/** The register (domain.md S1). All of it is public by law. */
export const personModel = caseModel(person, { version: 2, filters: ['region'] });

export const mandateModel = caseModel(mandate, {
  version: 1,
  filters: ['status', 'region', 'level', 'person'],
  indexes: {
    /** Also those that have ended: who ends the mandates of a term has to meet the same list again after a crash. */
    byTerm: ({ state }) => [[state.region, state.term]],
  },
  rollups: {
    /** Below each region, by the level of the congress. */
    seats: ({ state }) => ancestorsOf(state.region).map((above) => [above, state.level, state.status]),
  },
});

export const organModel = caseModel(organ, { version: 1, filters: ['status', 'region', 'kind'] });

export const postModel = caseModel(post, {
  version: 1,
  filters: ['status', 'organ', 'person'],
  indexes: { byOrgan: ({ state }) => (state.status === 'HELD' ? [[state.organ]] : []) },
});

export const congressModel = caseModel(congress, {
  version: 1,
  filters: ['level'],
  indexes: { byLevel: ({ state }) => [[state.level, state.region]] },
});
