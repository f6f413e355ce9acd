import { ballotActions } from './ballots/actions.js';
import { ballot } from './ballots/ballot.js';
import { inspectionActions } from './collaboration/inspection/actions.js';
import { inspection } from './collaboration/inspection/inspection.js';
import { issueActions } from './collaboration/issue/actions.js';
import { issue } from './collaboration/issue/issue.js';
import { suggestion, suggestionActions } from './collaboration/suggestion/index.js';
import { clockRefusals } from './kernel/clock.js';
import { kernelRefusals } from './kernel/refusals.js';
import { defineRegistry } from './kernel/registry.js';
import { congress, congressActions } from './organization/congress.js';
import { importRefusals } from './organization/import/refusals.js';
import { jointMeetingActions } from './organization/joint-meeting/actions.js';
import { jointMeeting } from './organization/joint-meeting/joint-meeting.js';
import { measure, measureActions } from './organization/joint-meeting/measure.js';
import { yearDuty, yearDutyActions } from './organization/joint-meeting/year-duty.js';
import { mandate, mandateActions } from './organization/mandate.js';
import { organ, organActions } from './organization/organ.js';
import { person, personActions } from './organization/person.js';
import { post, postActions } from './organization/post.js';
import { redactionActions } from './redaction/actions.js';
import { defineRedaction } from './redaction/redaction.js';
import { dataSubjectActions } from './support/data-subject/actions.js';
import { dataSubject } from './support/data-subject/data-subject.js';

/** The kinds of case. Texts of each can be redacted. */
const cases = [
  ...[person, mandate, organ, post, congress, jointMeeting, measure, yearDuty, suggestion, inspection, issue],
  ...[ballot, dataSubject],
];
export const redaction = defineRedaction(cases);

/** The whole domain. A new aggregate is named here once; API, read models, documents and laws follow from it. */
export const wuji = defineRegistry(
  [...cases, redaction],
  {
    ...personActions,
    ...mandateActions,
    ...organActions,
    ...postActions,
    ...congressActions,
    ...jointMeetingActions,
    ...measureActions,
    ...yearDutyActions,
    ...suggestionActions,
    ...inspectionActions,
    ...issueActions,
    ...dataSubjectActions,
    ...redactionActions(redaction, cases),
    ...ballotActions,
  },
  kernelRefusals,
  clockRefusals,
  importRefusals,
);
