import { describe, expect, it } from 'vitest';
import { inspection } from '../../../../src/domain/collaboration/inspection/inspection.js';
import { clockOf } from '../../../../src/domain/kernel/case-clocks.js';
import { upcast } from '../../../../src/domain/kernel/event.js';
import { redact } from '../../../../src/domain/kernel/visibility.js';
import { official, system } from '../../../support/spec.js';
import {
  bureauHead,
  city,
  cityDeputy,
  countyDeputy,
  countySc,
  dwc,
  nextMember,
  sc,
  secondBureauHead,
  seenBy,
  spc,
  strangerDeputy,
} from '../../organization/joint-meeting/cast.js';
import {
  deliberated,
  formed,
  inquiry,
  opinionsTo,
  plan,
  planned,
  publication,
  published,
  rectified,
  report,
  running,
  schedule,
  state,
  transferred,
} from './play.js';

describe('other days, or not at all (domain.md S10)', () => {
  const later = { beginsOn: '2026-04-10', endsOn: '2026-06-30', reason: 'Flood' };
  it('is moved as a whole before it begins, and only at its end once it has begun', () => {
    formed()
      .when('postponeInspection', later, spc)
      .emits({ type: 'InspectionPostponed', data: { endsOn: '2026-06-30' } });
    formed().after('postponeInspection', later, spc).when('postponeInspection', later, spc).emits();
    formed()
      .when('postponeInspection', { ...later, endsOn: '2026-04-01' }, spc)
      .refused('INSPECTION_DATES');
    running().when('postponeInspection', later, spc).refused('INSPECTION_HAS_BEGUN');
    running()
      .when('postponeInspection', { ...later, beginsOn: plan.beginsOn }, spc)
      .emits('InspectionPostponed');
  });
  it('is cancelled before its report, with the reason for those who take part', () => {
    const spec = running().after('publishInspectionPlan', {}, spc);
    spec.when('cancelInspection', { reason: 'Flood' }, countySc).refused('NOT_ALLOWED');
    spec.when('cancelInspection', { reason: 'Flood' }, spc).emits('InspectionCancelled');
    expect(redact(inspection.state, state(spec), 'participant')).toMatchObject({
      status: 'CANCELLED',
      cancellation: 'Flood',
    });
    expect(redact(inspection.state, state(spec), 'public')).not.toHaveProperty('cancellation');
  });
  it('is published without opinions when the deliberation led to none, and can then be closed', () => {
    const spec = deliberated();
    spec.when('publishInspectionResult', publication, spc).refused('NOTHING_SENT_TO_PUBLISH');
    spec
      .when('publishInspectionResult', { report: 'Report' }, spc)
      .emits({ type: 'SupervisionResultPublished', data: { report: 'Report', opinions: null, response: null } });
    spec.when('closeInspection', {}, spc).emits('InspectionClosed');
  });
  it('is published with opinions and handling when there are any (Supervision Law art. 37)', () => {
    rectified().when('publishInspectionResult', { report: 'Report' }, spc).refused('NOT_ALL_PUBLISHED');
  });
  it('a result that was published as version 1 still reads', () => {
    expect(upcast(inspection.events.SupervisionResultPublished, 1, publication)).toEqual(publication);
  });
});

describe('the leader of the team (Supervision Law art. 32)', () => {
  const led = () => planned().after('formInspectionTeam', { leader: cityDeputy.mandate }, spc);
  it('who has not accepted, or has declined, does not report', () => {
    const spec = led()
      .after('inviteInspectionMembers', { parties: [countyDeputy.mandate], role: 'deputy' }, spc)
      .after('answerInspectionInvitation', { accept: true }, countyDeputy)
      .after('beginInspection', {}, spc);
    spec.when('submitInspectionReport', report, cityDeputy).refused('NOT_ALLOWED');
    spec.after('answerInspectionInvitation', { accept: false, reason: 'ill' }, cityDeputy);
    expect(state(spec).leader).toBeNull();
    spec.when('submitInspectionReport', report, cityDeputy).refused('NOT_ALLOWED');
    led()
      .after('answerInspectionInvitation', { accept: true }, cityDeputy)
      .after('beginInspection', {}, spc)
      .when('submitInspectionReport', report, cityDeputy)
      .emits('ReportSubmitted');
  });
  it('a new one is named when the team has none, and only then', () => {
    running().when('nameInspectionLeader', { leader: nextMember.post }, spc).refused('LEADER_IN_PLACE');
    const spec = running('SURVEY').after('removeInspectionMember', { party: sc.post, reason: 'ill' }, spc);
    spec.when('nameInspectionLeader', { leader: bureauHead.post }, spc).refused('ROLE_MISMATCH');
    spec
      .when('nameInspectionLeader', { leader: cityDeputy.mandate }, spc)
      .emits('MemberInvited', { type: 'InspectionLeaderNamed', data: { leader: cityDeputy.mandate } });
    spec.when('submitInspectionReport', report, cityDeputy).refused('NOT_ALLOWED');
    spec
      .after('answerInspectionInvitation', { accept: true }, cityDeputy)
      .when('submitInspectionReport', report, cityDeputy)
      .emits('ReportSubmitted');
  });
  it('a member who has accepted is named without a new invitation', () => {
    running()
      .after('inviteInspectionMembers', { parties: [nextMember.post], role: 'scMember' }, spc)
      .after('answerInspectionInvitation', { accept: true }, nextMember)
      .after('removeInspectionMember', { party: sc.post, reason: 'ill' }, spc)
      .when('nameInspectionLeader', { leader: nextMember.post }, spc)
      .emits('InspectionLeaderNamed');
  });
});

describe('who is a member of the standing committee (domain.md S10; Supervision Law arts 32 and 46)', () => {
  const as = (kind: string, party: string) =>
    formed(kind).when('inviteInspectionMembers', { parties: [party], role: 'scMember' }, spc);
  it('sits in it, or comes under a mandate of its congress', () => {
    as('SPECIAL_INQUIRY', nextMember.post).emits('MemberInvited');
    as('SPECIAL_INQUIRY', cityDeputy.mandate).emits('MemberInvited');
    as('SPECIAL_INQUIRY', dwc.post).refused('ROLE_MISMATCH');
    as('SPECIAL_INQUIRY', bureauHead.post).refused('ROLE_MISMATCH');
  });
  it('a joined region’s members, and those of special committees, inspect but do not ask in an inquiry', () => {
    for (const party of [countySc.post, countyDeputy.mandate, spc.post]) {
      as('LAW_ENFORCEMENT', party).emits('MemberInvited');
      as('SPECIAL_INQUIRY', party).refused('ROLE_MISMATCH');
    }
  });
  it('leads the team', () => {
    planned().when('formInspectionTeam', { leader: bureauHead.post }, spc).refused('ROLE_MISMATCH');
  });
});

describe('people who are taken out, and experts', () => {
  it('a member is taken out as long as the inspection is not over', () => {
    const out = { party: countyDeputy.mandate, reason: 'interest' };
    for (const spec of [rectified(), published()]) {
      spec.when('removeInspectionMember', out, spc).emits('MemberRemoved');
      expect(state(spec).members.find((one) => one.party === out.party)?.removed).toBe(true);
    }
    const spec = rectified().after('removeInspectionMember', out, spc);
    expect(seenBy(spec.audience(), countyDeputy)).toBeUndefined();
  });
  it('an expert whose post is in an office has none of the office’s rights (domain.md §1, EXP)', () => {
    const adviser = official('SPC', city, { name: 'adviser', role: 'expert' });
    const chair = official('SC', city, { name: 'adviser of the committee', role: 'expert' });
    planned().when('publishInspectionPlan', {}, adviser).refused('NOT_FOUND');
    running().when('deliberateReport', { deliberation: 'x' }, chair).refused('NOT_FOUND');
    const own = { ...official('ORG', city, { name: 'water bureau', role: 'expert' }), organ: bureauHead.organ };
    transferred().when('reportHandling', { text: 'x' }, own).refused('NOT_FOUND');
    const seen = planned().after('publishInspectionPlan', {}, spc);
    seen.when('formInspectionTeam', { leader: sc.post }, adviser).refused('NOT_ALLOWED');
    seen.when('formInspectionTeam', { leader: sc.post }, strangerDeputy).refused('NOT_ALLOWED');
  });
});

describe('an organ that is merged or abolished (domain.md S1)', () => {
  const move = { organ: bureauHead.organ, to: secondBureauHead.organ };
  const clocks = (of: ReturnType<typeof transferred>) =>
    state(of)
      .clocks.filter(({ status }) => status !== 'STOPPED')
      .map(({ clock, owner, dueOn }) => ({ clock, owner, dueOn }));
  it('leaves its opinions to its successor, with their time limit as it stands', () => {
    const spec = transferred().at('2026-07-01');
    const name = `OPINIONS:${bureauHead.organ}`;
    spec.after('markInspectionOverdue', { clock: name, dueOn: '2026-06-30' }, system);
    const before = clockOf(state(spec), name);
    spec
      .when('succeedOpinionOrgan', move, system)
      .emits('OpinionOrganSucceeded', 'ClockStopped', { type: 'ClockStarted', data: { overdueFor: '2026-06-30' } });
    const next = `OPINIONS:${secondBureauHead.organ}`;
    const owner = `organ:${secondBureauHead.organ}`;
    expect(clockOf(state(spec), next)).toEqual({ ...before, clock: next, owner });
    expect(seenBy(spec.audience(), bureauHead)).toBeUndefined();
    spec.when('succeedOpinionOrgan', move, system).emits();
    spec
      .after('giveCommitteeView', { organ: secondBureauHead.organ, text: 'Add dates' }, spc)
      .when('reportHandling', { text: 'Mended' }, secondBureauHead)
      .emits('HandlingReported', 'ClockStopped', 'InspectionRectified');
  });
  it('the successor answers for both when it has opinions of its own; each keeps its due date', () => {
    const spec = deliberated()
      .after('transferOpinions', opinionsTo(bureauHead.organ), spc)
      .after(
        'transferOpinions',
        { opinions: [{ organ: secondBureauHead.organ, text: 'Own', dueOn: '2026-05-29' }] },
        spc,
      )
      .after('giveCommitteeView', { organ: secondBureauHead.organ, text: 'Good' }, spc)
      .after('succeedOpinionOrgan', move, system);
    const owner = `organ:${secondBureauHead.organ}`;
    expect(clocks(spec)).toEqual([
      { clock: `OPINIONS:${secondBureauHead.organ}`, owner, dueOn: '2026-05-29' },
      { clock: `OPINIONS:${bureauHead.organ}`, owner, dueOn: '2026-06-30' },
    ]);
    // The committee was asked about one of them only.
    spec.when('reportHandling', { text: 'Both' }, secondBureauHead).refused('COMMITTEE_NOT_ASKED');
    spec
      .after('giveCommitteeView', { organ: secondBureauHead.organ, text: 'Good' }, spc)
      .when('reportHandling', { text: 'Both' }, secondBureauHead)
      .emits('HandlingReported', 'ClockStopped', 'ClockStopped', 'InspectionRectified');
    expect(state(spec).opinions.map((one) => one.response)).toEqual(['Both', 'Both']);
  });
  it('what was answered before stays as it was answered', () => {
    const spec = deliberated()
      .after('transferOpinions', opinionsTo(bureauHead.organ, secondBureauHead.organ), spc)
      .after('giveCommitteeView', { organ: bureauHead.organ, text: 'Good' }, spc)
      .after('giveCommitteeView', { organ: secondBureauHead.organ, text: 'Good' }, spc)
      .after('reportHandling', { text: 'First' }, bureauHead)
      .after('succeedOpinionOrgan', move, system)
      .after('reportHandling', { text: 'Second' }, secondBureauHead);
    expect(state(spec).opinions.map((one) => one.response)).toEqual(['First', 'Second']);
  });
  it('its head answers the questions that it was asked, in the successor', () => {
    const spec = inquiry().after('askQuestion', { organ: bureauHead.organ, text: 'Why?' }, sc);
    spec.when('succeedOpinionOrgan', move, system).emits('OpinionOrganSucceeded');
    expect(state(spec).heads).toMatchObject([{ post: schedule.heads[0], organ: secondBureauHead.organ }]);
    const moved = { ...bureauHead, organ: secondBureauHead.organ };
    const question = state(spec).questions[0]?.id;
    spec.when('answerQuestion', { question, text: 'For repair' }, moved).emits('QuestionAnswered');
  });
  it('nothing moves to an organ that is no more, nor by anybody’s hand', () => {
    const gone = { [`organ-${secondBureauHead.organ}`]: { status: 'ABOLISHED' } };
    transferred().when('succeedOpinionOrgan', move, system, gone).refused('SUCCESSOR_NOT_IN_FORCE');
    transferred().when('succeedOpinionOrgan', move, spc).refused('NOT_ALLOWED');
  });
});
