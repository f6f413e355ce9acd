import { inspectionActions } from '../../../../src/domain/collaboration/inspection/actions.js';
import type { Inspection } from '../../../../src/domain/collaboration/inspection/inspection.js';
import { inspection } from '../../../../src/domain/collaboration/inspection/inspection.js';
import { specOf } from '../../../support/spec.js';
import {
  bureauHead,
  cityDeputy,
  county,
  countyDeputy,
  register,
  sc,
  spc,
  township,
} from '../../organization/joint-meeting/cast.js';

/** A city inspection, played up to each of its states. */
export const plan = {
  kind: 'LAW_ENFORCEMENT',
  title: 'Water Law',
  laws: ['Water Law'],
  planReference: 'Annual supervision plan 2026, item 3',
  beginsOn: '2026-03-10',
  endsOn: '2026-05-31',
  joinedRegions: [county],
};
export const fresh = () => specOf(inspection, inspectionActions, { known: register });
export type Spec = ReturnType<typeof fresh>;
export const state = (spec: Spec): Inspection => spec.state();
export const planned = (kind = plan.kind) => fresh().after('planInspection', { ...plan, kind }, spc);
export const formed = (kind?: string) => planned(kind).after('formInspectionTeam', { leader: sc.post }, spc);
export const running = (kind?: string) =>
  formed(kind)
    .after('inviteInspectionMembers', { parties: [cityDeputy.mandate, countyDeputy.mandate], role: 'deputy' }, spc)
    .after('answerInspectionInvitation', { accept: true }, sc)
    .after('answerInspectionInvitation', { accept: true }, countyDeputy)
    .after('beginInspection', {}, spc);
export const report = { evaluation: 'Fair', problems: 'Two', advice: 'Three' };
export const reported = () => running().after('submitInspectionReport', report, sc);
export const deliberated = () => reported().after('deliberateReport', { deliberation: 'Agreed' }, sc);
export const opinionsTo = (...organs: string[]) => ({
  opinions: organs.map((organ) => ({ organ, text: 'Mend the sluices', dueOn: '2026-06-30' })),
});
export const transferred = () => deliberated().after('transferOpinions', opinionsTo(bureauHead.organ), spc);
export const viewed = () =>
  transferred().after('giveCommitteeView', { organ: bureauHead.organ, text: 'Add dates' }, spc);
export const rectified = () => viewed().after('reportHandling', { text: 'Mended' }, bureauHead);
export const publication = { report: 'Report', opinions: 'Opinions', response: 'Response' };
export const published = () => rectified().after('publishInspectionResult', publication, spc);
export const closed = () => published().after('closeInspection', {}, spc);
export const schedule = { on: '2026-03-20', place: 'Hall', meeting: 'JOINT_GROUP', heads: [bureauHead.post] };
export const inquiry = () => running('SPECIAL_INQUIRY').after('scheduleInquiry', schedule, spc);
export const visit = { on: '2026-03-12', region: township, place: 'East sluice', text: 'Rusted' };
