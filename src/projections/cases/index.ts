import type { Registry } from '../../domain/kernel/registry.js';
import { wuji } from '../../domain/wuji.js';
import type { CaseModel } from '../kernel/case-model.js';
import { caseModel } from '../kernel/case-model.js';
import { ballotModel } from './ballot.js';
import { dataSubjectModel } from './data-subject.js';
import { jointMeetingModel, measureModel, yearDutyModel } from './joint-meeting.js';
import { redactionModel } from './redaction.js';
import { congressModel, mandateModel, organModel, personModel, postModel } from './registry.js';
import { suggestionModel } from './suggestion.js';
import { inspectionModel, issueModel } from './supervision.js';

/** Models that boards, inboxes or reactors need more of than lists. Any other aggregate gets the plain one. */
const made: readonly CaseModel[] = [
  personModel,
  mandateModel,
  organModel,
  postModel,
  congressModel,
  suggestionModel,
  jointMeetingModel,
  measureModel,
  yearDutyModel,
  inspectionModel,
  issueModel,
  dataSubjectModel,
  redactionModel,
  ballotModel,
];

/** One read model per kind of case of the registry. */
export const caseModelsOf = (registry: Registry): readonly CaseModel[] =>
  [...registry.aggregates.values()].map(
    (aggregate) =>
      made.find((model) => model.aggregate.category === aggregate.category) ??
      caseModel(aggregate, { version: 1, filters: filtersOf(aggregate.state.shape) }),
  );

const filtersOf = (shape: object): string[] => ['status', 'region'].filter((field) => field in shape);

export const caseModels: readonly CaseModel[] = caseModelsOf(wuji);
