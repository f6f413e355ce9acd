import { inspectionActions } from '../../../../src/domain/collaboration/inspection/actions.js';
import { inspection } from '../../../../src/domain/collaboration/inspection/inspection.js';
import { issueActions } from '../../../../src/domain/collaboration/issue/actions.js';
import type { Issue } from '../../../../src/domain/collaboration/issue/issue.js';
import { issue } from '../../../../src/domain/collaboration/issue/issue.js';
import { clockOf } from '../../../../src/domain/kernel/case-clocks.js';
import { idOf, specOf, system } from '../../../support/spec.js';
import {
  autonomousRegion,
  bureauHead,
  county,
  countyDeputy,
  nation,
  register,
  sc,
  spc,
  township,
} from '../../organization/joint-meeting/cast.js';

/** The inspection as the issue's actions read it: a city inspection, joined by a county, with two deputies. */
export function inspectionWith(removed: boolean) {
  const spec = specOf(inspection, inspectionActions, { known: register })
    .after(
      'planInspection',
      {
        kind: 'LAW_ENFORCEMENT',
        title: 'Water Law',
        laws: ['Water Law'],
        planReference: 'Annual supervision plan 2026, item 3',
        beginsOn: '2026-03-10',
        endsOn: '2026-05-31',
        joinedRegions: [county],
      },
      spc,
    )
    .after('formInspectionTeam', { leader: sc.post }, spc)
    .after(
      'inviteInspectionMembers',
      { parties: [countyDeputy.mandate, autonomousRegion.mandate], role: 'deputy' },
      spc,
    )
    .after('answerInspectionInvitation', { accept: true }, countyDeputy)
    .after('beginInspection', {}, spc);
  if (removed) spec.after('removeInspectionMember', { party: countyDeputy.mandate, reason: 'interest' }, spc);
  return { [`inspection-${spec.id}`]: spec.state() as unknown };
}
export const withTeam = inspectionWith(false);
export const withoutHim = inspectionWith(true);
export const inspectionId = Object.keys(withTeam)[0]?.slice('inspection-'.length);

export const found = {
  inspection: inspectionId,
  region: township,
  title: 'Rusted sluice',
  severity: 'SERIOUS',
  law: 'Water Law',
  article: '38',
  evidence: 'Seen on the spot',
  suspectedOrgan: bureauHead.organ,
};
export const fresh = () => specOf(issue, issueActions, { known: { ...register, ...withTeam } });
export type Spec = ReturnType<typeof fresh>;
export const state = (spec: Spec): Issue => spec.state();
export const begun = () => fresh().after('findIssue', found, countyDeputy);
export const confirmed = () =>
  begun().after('proposeIssueOpinion', { text: 'Replace the sluice' }, countyDeputy).after('confirmIssue', {}, spc);
export const transfer = { organ: bureauHead.organ, dueOn: '2026-05-29' };
export const transferred = () => confirmed().after('transferIssue', transfer, spc);
export const rectifying = () => transferred().after('beginRectification', { plan: 'In two steps' }, bureauHead);
export const reported = () => rectifying().after('reportRectification', { text: 'Replaced' }, bureauHead);
export const verified = () => reported().after('verifyRectification', { verdict: 'Seen' }, spc);
export const closed = () => verified().after('closeIssue', { verdict: 'Done' }, spc);
export const sendBack = { verdict: 'Still leaks', dueOn: '2026-07-31' };
export const reopened = () => reported().after('rejectRectification', sendBack, spc);
export const higher = { suggestion: idOf('higher suggestion'), by: nation.mandate, level: 'nation' };
export const escalated = () => rectifying().after('recordIssueSuggestion', higher, system);
export const clock = (spec: Spec) => clockOf(state(spec), 'RECTIFY');
