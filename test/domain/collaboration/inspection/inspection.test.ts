import { describe, expect, it } from 'vitest';
import { inspectionActions } from '../../../../src/domain/collaboration/inspection/actions.js';
import { inspection } from '../../../../src/domain/collaboration/inspection/inspection.js';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { clockOf } from '../../../../src/domain/kernel/case-clocks.js';
import { redact } from '../../../../src/domain/kernel/visibility.js';
import { idOf, official, system } from '../../../support/spec.js';
import {
  bureauHead,
  city,
  cityDeputy,
  county,
  countyBureau,
  countyDeputy,
  countySc,
  dwc,
  everyDeputy,
  expert,
  nation,
  nextMember,
  otherCountySc,
  presidium,
  regionSc,
  sc,
  secondBureauHead,
  seenBy,
  spc,
  strangerDeputy,
  townshipDeputy,
} from '../../organization/joint-meeting/cast.js';
import { transitionTests } from '../../organization/joint-meeting/transitions.js';
import type { Spec } from './play.js';
import {
  closed,
  deliberated,
  formed,
  fresh,
  inquiry,
  opinionsTo,
  plan,
  planned,
  publication,
  published,
  rectified,
  report,
  reported,
  running,
  schedule,
  state,
  transferred,
  viewed,
  visit,
} from './play.js';

describe('who holds an inspection (domain.md S10, Supervision Law arts 31 and 63)', () => {
  it('an office of a standing committee does, from the published annual plan', () => {
    for (const office of [sc, dwc, spc, countySc]) {
      const own = { ...plan, joinedRegions: [] };
      fresh()
        .when('planInspection', own, office)
        .emits({ type: 'InspectionPlanned', data: { region: office.region } });
    }
    fresh()
      .when('planInspection', { ...plan, planReference: ' ' }, sc)
      .refused('INVALID_INPUT');
  });
  it('in a township, which has no standing committee, the presidium does (Deputies Law art. 33)', () => {
    const own = { ...plan, joinedRegions: [] };
    fresh().when('planInspection', own, presidium).emits('InspectionPlanned');
    fresh()
      .when('planInspection', { ...own, kind: 'SPECIAL_INQUIRY' }, presidium)
      .refused('NO_STANDING_COMMITTEE');
    fresh().when('planInspection', own, official('PRES', city)).refused('NOT_ALLOWED');
  });
  it('no deputy and no department plans one', () => {
    fresh().when('planInspection', plan, cityDeputy).refused('NOT_ALLOWED');
    fresh().when('planInspection', plan, bureauHead).refused('NOT_ALLOWED');
  });
  it('joins lower regions or its equals, never a higher region or itself', () => {
    const join = (region: string) => fresh().when('planInspection', { ...plan, joinedRegions: [region] }, sc);
    join('150200').emits('InspectionPlanned');
    join('150000').refused('CANNOT_JOIN_REGION');
    join(city).refused('CANNOT_JOIN_REGION');
  });
  it('ends after it begins', () => {
    fresh()
      .when('planInspection', { ...plan, endsOn: '2026-03-09' }, sc)
      .refused('INSPECTION_DATES');
  });
});

describe('the team (domain.md S10, P4)', () => {
  const call = { parties: [nation.mandate], role: 'deputy', basis: 'CALLED' };
  it('deputies of the nation are invited, or called on an entrustment of the region’s standing committee', () => {
    formed().when('inviteInspectionMembers', call, spc).refused('ENTRUSTMENT_REQUIRED');
    formed()
      .when('inviteInspectionMembers', { ...call, basis: 'INVITED' }, spc)
      .emits({ type: 'MemberInvited', data: { basis: 'INVITED', level: 'nation' } });
    const entrusted = { ...call, entrustmentRef: 'Letter 7' };
    formed().when('inviteInspectionMembers', entrusted, spc).refused('ENTRUSTMENT_UNKNOWN');
    formed()
      .after('recordEntrustment', { reference: 'Letter 7', from: county, on: '2026-03-01' }, spc)
      .when('inviteInspectionMembers', entrusted, spc)
      .refused('ENTRUSTMENT_NOT_VALID_FOR');
    formed()
      .after('recordEntrustment', { reference: 'Letter 7', from: '150000', on: '2026-03-01' }, spc)
      .when('inviteInspectionMembers', entrusted, spc)
      .emits({ type: 'MemberInvited', data: { basis: 'ENTRUSTED', entrustment: 'Letter 7' } });
  });
  it('an entrustment is on record once', () => {
    const letter = { reference: 'Letter 7', from: '150000', on: '2026-03-01' };
    formed().after('recordEntrustment', letter, spc).when('recordEntrustment', letter, spc).emits();
  });
  it('members come from the region, from above it, or from a joined region', () => {
    formed()
      .when('inviteInspectionMembers', { parties: [strangerDeputy.mandate], role: 'deputy' }, spc)
      .refused('PARTY_OUT_OF_SCOPE');
    fresh()
      .after('planInspection', { ...plan, joinedRegions: ['150200'] }, spc)
      .after('formInspectionTeam', { leader: sc.post }, spc)
      .when('inviteInspectionMembers', { parties: [strangerDeputy.mandate], role: 'deputy' }, spc)
      .emits('MemberInvited');
  });
  it('a deputy comes under a mandate, an expert and a department head under such a post', () => {
    const as = (party: string, role: string) =>
      formed().when('inviteInspectionMembers', { parties: [party], role }, spc);
    as(expert.post, 'expert').emits('MemberInvited');
    as(bureauHead.post, 'departmentHead').emits('MemberInvited');
    as(cityDeputy.mandate, 'scMember').emits('MemberInvited');
    as(expert.post, 'departmentHead').refused('ROLE_MISMATCH');
    as(bureauHead.post, 'expert').refused('ROLE_MISMATCH');
    as(expert.post, 'deputy').refused('ROLE_MISMATCH');
  });
  it('begins when somebody has accepted', () => {
    formed().when('beginInspection', {}, spc).refused('TEAM_EMPTY');
    formed()
      .after('answerInspectionInvitation', { accept: true }, sc)
      .when('beginInspection', {}, spc)
      .emits('InspectionBegan');
  });
  it('only members who accepted work on the ground', () => {
    running().when('recordSiteVisit', visit, countyDeputy).emits('SiteVisited');
    running().when('recordSiteVisit', visit, cityDeputy).refused('NOT_ALLOWED');
  });
});

describe('work on the ground (Supervision Law art. 34)', () => {
  it.each([
    ['recordSiteVisit', 'SiteVisited'],
    ['recordSymposium', 'SymposiumHeld'],
    ['closeQuestionnaire', 'QuestionnaireClosed'],
    ['recordSpotCheck', 'SpotCheckDone'],
    ['fileThirdPartyReport', 'ThirdPartyReportFiled'],
  ])('%s is on record once', (action, type) => {
    const spec = running();
    spec.when(action, { ...visit, responses: 12 }, countyDeputy).emits({ type, data: { responses: 12 } });
    spec.when(action, { ...visit, responses: 12 }, spc).emits();
    expect(state(spec).field).toHaveLength(1);
  });
  it('stays inside the region and the joined regions', () => {
    running()
      .when('recordSiteVisit', { ...visit, region: '150200' }, spc)
      .refused('OUTSIDE_INSPECTION');
  });
});

describe('special inquiry (Supervision Law arts 46–50)', () => {
  const question = { organ: bureauHead.organ, text: 'Why are the sluices shut?' };
  it('only a special inquiry has one', () => {
    running().when('scheduleInquiry', schedule, spc).refused('NOT_AN_INQUIRY');
    running('SPECIAL_INQUIRY').when('askQuestion', question, sc).refused('INQUIRY_NOT_SCHEDULED');
  });
  it('summons heads of the same level only (P1)', () => {
    const of = (post: string) =>
      running('SPECIAL_INQUIRY').when('scheduleInquiry', { ...schedule, heads: [post] }, spc);
    of(countyBureau.post).refused('NOT_OWN_LEVEL');
    of(dwc.post).refused('NOT_A_HEAD');
    of(expert.post).refused('NOT_A_HEAD');
    of(idOf('nobody')).refused('NOT_A_HEAD');
    of(bureauHead.post).emits('InquiryScheduled');
  });
  it('can be moved until the first question is asked', () => {
    const spec = inquiry();
    spec.when('scheduleInquiry', schedule, spc).emits();
    spec.when('scheduleInquiry', { ...schedule, on: '2026-03-21' }, spc).emits('InquiryScheduled');
    spec.after('askQuestion', question, sc);
    spec.when('scheduleInquiry', schedule, spc).refused('INQUIRY_IN_PROGRESS');
  });
  it('members of the standing committee ask; experts and deputies who attend do not (domain.md S10, DL 33)', () => {
    inquiry().when('askQuestion', question, sc).emits('QuestionAsked');
    inquiry().when('askQuestion', question, countyDeputy).refused('NOT_ALLOWED');
    const withExpert = inquiry()
      .after('inviteInspectionMembers', { parties: [expert.post], role: 'expert' }, spc)
      .after('answerInspectionInvitation', { accept: true }, expert);
    withExpert.when('askQuestion', question, expert).refused('NOT_ALLOWED');
    inquiry()
      .when('askQuestion', { ...question, organ: secondBureauHead.organ }, sc)
      .refused('HEAD_NOT_SUMMONED');
  });
  it('a deputy of the team speaks by invitation, once the inquiry is scheduled (DL 33)', () => {
    running('SPECIAL_INQUIRY')
      .when('speakAtInquiry', { text: 'Villages wait' }, countyDeputy)
      .refused('INQUIRY_NOT_SCHEDULED');
    const spec = inquiry();
    spec.when('speakAtInquiry', { text: 'Villages wait' }, countyDeputy).emits('DeputySpoke');
    spec.when('speakAtInquiry', { text: 'Villages wait' }, countyDeputy).emits();
    spec.when('speakAtInquiry', { text: 'Villages wait' }, cityDeputy).refused('NOT_ALLOWED');
  });
  it('the head of the organ answers, once; the asker follows up', () => {
    const spec = inquiry().after('askQuestion', question, sc);
    spec.when('askQuestion', question, sc).emits();
    const first = state(spec).questions[0]?.id;
    spec.when('askFollowUpQuestion', { question: first, text: 'Since when?' }, sc).refused('UNKNOWN_QUESTION');
    spec.when('answerQuestion', { question: first, text: 'For repair' }, secondBureauHead).refused('NOT_FOUND');
    spec.when('answerQuestion', { question: first, text: 'For repair' }, sc).refused('NOT_ALLOWED');
    spec.when('answerQuestion', { question: first, text: 'For repair' }, bureauHead).emits('QuestionAnswered');
    spec.when('answerQuestion', { question: first, text: 'Again' }, bureauHead).refused('QUESTION_NOT_YOURS');
    const second = spec
      .after('inviteInspectionMembers', { parties: [nextMember.post], role: 'scMember' }, spc)
      .after('answerInspectionInvitation', { accept: true }, nextMember);
    second
      .when('askFollowUpQuestion', { question: first, text: 'Since when?' }, nextMember)
      .refused('UNKNOWN_QUESTION');
    spec.when('askFollowUpQuestion', { question: first, text: 'Since when?' }, sc).emits('FollowUpAsked');
    spec.when('askFollowUpQuestion', { question: first, text: 'Since when?' }, sc).emits();
  });
  it('heads must attend: the report waits until it is on record who came and who did not', () => {
    const spec = inquiry();
    spec.when('submitInspectionReport', report, sc).refused('HEADS_NOT_RECORDED');
    spec.when('recordHeadAttendance', { post: secondBureauHead.post, present: true }, spc).refused('HEAD_NOT_SUMMONED');
    const absent = { post: bureauHead.post, present: false, reason: 'On a journey' };
    spec.when('recordHeadAttendance', absent, spc).emits({ type: 'HeadAbsent', data: { reason: 'On a journey' } });
    spec.when('recordHeadAttendance', absent, spc).emits();
    spec.when('submitInspectionReport', report, sc).emits('ReportSubmitted');
    running('SPECIAL_INQUIRY').when('submitInspectionReport', report, sc).refused('INQUIRY_NOT_SCHEDULED');
  });
});

describe('from the report to its publication (Supervision Law arts 35–37)', () => {
  it('the leader of the team or the office reports, the standing committee of the region deliberates', () => {
    running().when('submitInspectionReport', report, countyDeputy).refused('NOT_ALLOWED');
    reported().when('deliberateReport', { deliberation: 'x' }, spc).refused('NOT_ALLOWED');
    reported().when('deliberateReport', { deliberation: 'x' }, countySc).refused('NOT_ALLOWED');
    reported().when('deliberateReport', { deliberation: 'x' }, sc).emits('ReportDeliberated');
  });
  it('opinions go to organs of the same level only, also in a joint inspection (P1)', () => {
    deliberated().when('transferOpinions', opinionsTo(countyBureau.organ), spc).refused('NOT_OWN_LEVEL');
    deliberated().when('transferOpinions', opinionsTo(sc.organ), spc).refused('NOT_OWN_LEVEL');
    deliberated().when('transferOpinions', opinionsTo(bureauHead.organ), countyDeputy).refused('NOT_ALLOWED');
  });
  it('each organ has its own clock; the same opinions are sent once', () => {
    const both = opinionsTo(bureauHead.organ, secondBureauHead.organ);
    const spec = deliberated();
    spec
      .when('transferOpinions', both, spc)
      .emits('OpinionsTransferred', 'ClockStarted', 'OpinionsTransferred', 'ClockStarted');
    spec.when('transferOpinions', both, spc).emits();
    const changed = { opinions: [{ organ: bureauHead.organ, text: 'Other', dueOn: '2026-06-30' }] };
    spec.when('transferOpinions', changed, spc).refused('OPINIONS_ALREADY_SENT');
  });
  it('an organ reports only after the committee was asked (Supervision Law art. 37)', () => {
    transferred().when('reportHandling', { text: 'Mended' }, bureauHead).refused('COMMITTEE_NOT_ASKED');
    transferred()
      .when('giveCommitteeView', { organ: countyBureau.organ, text: 'x' }, spc)
      .refused('NO_OPINIONS_FOR_ORGAN');
    const spec = viewed();
    spec.when('giveCommitteeView', { organ: bureauHead.organ, text: 'Add dates' }, spc).emits();
    spec
      .when('reportHandling', { text: 'Mended' }, bureauHead)
      .emits('HandlingReported', 'ClockStopped', 'InspectionRectified');
    expect(clockOf(state(spec), `OPINIONS:${bureauHead.organ}`)?.status).toBe('STOPPED');
  });
  it('is handled when the last organ has reported', () => {
    const spec = deliberated()
      .after('transferOpinions', opinionsTo(bureauHead.organ, secondBureauHead.organ), spc)
      .after('giveCommitteeView', { organ: bureauHead.organ, text: 'Good' }, spc)
      .after('giveCommitteeView', { organ: secondBureauHead.organ, text: 'Good' }, spc);
    spec.when('reportHandling', { text: 'Mended' }, bureauHead).emits('HandlingReported', 'ClockStopped');
    spec.when('reportHandling', { text: 'Mended' }, bureauHead).refused('NO_OPINIONS_FOR_ORGAN');
    spec
      .when('reportHandling', { text: 'Mended' }, secondBureauHead)
      .emits('HandlingReported', 'ClockStopped', 'InspectionRectified');
  });
  it('the standing committee may resolve, and have the matter looked at again', () => {
    const spec = rectified();
    spec.when('adoptResolution', { text: 'Resolved' }, spc).refused('NOT_ALLOWED');
    spec.when('adoptResolution', { text: 'Resolved' }, sc).emits('ResolutionAdopted');
    spec.when('adoptResolution', { text: 'Resolved' }, sc).emits();
    const again = { text: 'The east sluice', on: '2026-09-01' };
    spec.when('orderFollowUpInspection', { ...again, on: '2026-03-01' }, spc).refused('DUE_DATE_PAST');
    spec.when('orderFollowUpInspection', again, spc).emits('FollowUpInspectionOrdered');
    spec.when('orderFollowUpInspection', again, spc).emits();
  });
});

describe('a satisfaction test that ends dissatisfied: rectification by a day, and a new report (domain.md S10, 山西2011)', () => {
  const organ = bureauHead.organ;
  const test = (ballot: string, verdict: string, round = 1) => ({
    ...{ ballot: idOf(ballot), organ, round, verdict },
    ...{ satisfied: 1, basically: 1, dissatisfied: 4, spoiled: 0, members: 6 },
  });
  const order = { organ, text: 'Mend them for good', dueOn: '2026-09-30' };
  const failed = (make = rectified) => make().after('recordSatisfaction', test('first', 'DISSATISFIED'), system);
  const ordered = () => failed().after('orderReReport', order, spc);
  const again = () =>
    ordered()
      .after('giveCommitteeView', { organ, text: 'Good' }, spc)
      .after('reportHandling', { text: 'Mended for good' }, bureauHead);
  const clockOfRound2 = (spec: Spec) => clockOf(state(spec), `OPINIONS:${organ}:2`);

  it('then the organ reports again by that day, after asking the committee again; the first report stays on record', () => {
    const spec = failed();
    const data = { ...order, ballot: idOf('first'), round: 2 };
    spec.when('orderReReport', order, spc).emits({ type: 'ReReportOrdered', data }, 'ClockStarted');
    expect(state(spec).status).toBe('TRANSFERRED');
    expect(clockOfRound2(spec)).toMatchObject({ owner: `organ:${organ}`, dueOn: order.dueOn, status: 'RUNNING' });
    spec.when('reportHandling', { text: 'Mended for good' }, bureauHead).refused('COMMITTEE_NOT_ASKED');
    spec.after('giveCommitteeView', { organ, text: 'Good' }, spc);
    spec
      .when('reportHandling', { text: 'Mended for good' }, bureauHead)
      .emits('HandlingReported', 'ClockStopped', 'InspectionRectified');
    expect(state(spec).opinions.map(({ round, response }) => [round, response])).toEqual([
      [1, 'Mended'],
      [2, 'Mended for good'],
    ]);
  });
  it('then it is overdue when that day passes without a report', () => {
    const spec = ordered().at('2026-10-09');
    const dueOn = clockOfRound2(spec)?.dueOn;
    spec.when('markInspectionOverdue', { clock: `OPINIONS:${organ}:2`, dueOn }, system).emits('BecameOverdue');
  });
  it('then nothing is published or closed before the new report is there', () => {
    failed().when('publishInspectionResult', publication, spc).refused('REREPORT_OWED');
    failed(published).when('closeInspection', {}, spc).refused('REREPORT_OWED');
    ordered().when('publishInspectionResult', publication, spc).refused('WRONG_STATE');
    again().when('publishInspectionResult', publication, spc).emits('SupervisionResultPublished');
  });
  it('then the order can also follow what was published or closed meanwhile', () => {
    for (const make of [published, closed])
      failed(make).when('orderReReport', order, spc).emits('ReReportOrdered', 'ClockStarted');
  });
  it('is the only ground for an order, once for each test, by a day that is still to come', () => {
    rectified().when('orderReReport', order, spc).refused('NO_REREPORT_OWED');
    for (const verdict of ['SATISFIED', 'BASICALLY_SATISFIED'])
      rectified()
        .after('recordSatisfaction', test('first', verdict), system)
        .when('orderReReport', order, spc)
        .refused('NO_REREPORT_OWED');
    failed()
      .when('orderReReport', { ...order, organ: secondBureauHead.organ }, spc)
      .refused('NO_REREPORT_OWED');
    failed()
      .when('orderReReport', { ...order, dueOn: '2026-03-02' }, spc)
      .refused('DUE_DATE_PAST');
    failed().when('orderReReport', order, countySc).refused('NOT_ALLOWED');
    failed().when('orderReReport', order, bureauHead).refused('NOT_ALLOWED');
    ordered().when('orderReReport', order, spc).emits();
    ordered()
      .when('orderReReport', { ...order, dueOn: '2026-10-30' }, spc)
      .refused('NO_REREPORT_OWED');
  });
  it('can come again: each round has its own report, its own test, its own order', () => {
    const spec = again();
    spec.when('orderReReport', order, spc).emits();
    spec.after('recordSatisfaction', test('second', 'DISSATISFIED', 2), system);
    spec
      .when('orderReReport', order, spc)
      .emits({ type: 'ReReportOrdered', data: { round: 3, ballot: idOf('second') } }, 'ClockStarted');
  });
  it('of two ballots on one report the first that is counted stands', () => {
    const spec = failed();
    spec.when('recordSatisfaction', test('other', 'SATISFIED'), system).emits();
    again().when('recordSatisfaction', test('other', 'SATISFIED'), system).emits();
    again()
      .when('recordSatisfaction', test('second', 'SATISFIED', 2), system)
      .emits('SatisfactionRecorded');
  });
  it('passes to the organ that takes over', () => {
    const to = secondBureauHead.organ;
    const spec = failed().after('succeedOpinionOrgan', { organ, to }, system);
    spec.when('orderReReport', order, spc).refused('NO_REREPORT_OWED');
    spec.when('orderReReport', { ...order, organ: to }, spc).emits('ReReportOrdered', 'ClockStarted');
  });
  it('of an organ that takes over does not stand for that of the other: each report has its own test', () => {
    const to = secondBureauHead.organ;
    const spec = deliberated().after('transferOpinions', opinionsTo(organ, to), spc);
    for (const head of [bureauHead, secondBureauHead])
      spec
        .after('giveCommitteeView', { organ: head.organ, text: 'Good' }, spc)
        .after('reportHandling', { text: 'Mended' }, head);
    spec
      .after('recordSatisfaction', test('first', 'SATISFIED'), system)
      .after('succeedOpinionOrgan', { organ, to }, system);
    const own = (name: string) => ({ ...test(name, 'SATISFIED'), organ: to });
    spec.when('recordSatisfaction', own('second'), system).emits('SatisfactionRecorded');
    spec.when('recordSatisfaction', own('third'), system).emits();
  });
  it('recorded before there were rounds, it is of the first', () => {
    const [upcast] = Object.values(inspection.events.SatisfactionRecorded.upcasts);
    expect(upcast?.({ organ })).toEqual({ organ, round: 1 });
  });
});

describe('who sees an inspection (domain.md §5)', () => {
  it('its team, its office and the joined regions’ offices; nobody else', () => {
    const audience = running().audience();
    expect([countyDeputy, countySc, spc].map((one) => seenBy(audience, one))).toEqual([
      'participant',
      'participant',
      'office',
    ]);
    const others = [nation, townshipDeputy, bureauHead, presidium, otherCountySc, regionSc];
    expect(others.map((one) => seenBy(audience, one))).toEqual(Array(others.length).fill(undefined));
  });
  it('who declined sees less, who was removed sees nothing further', () => {
    const spec = running().after('answerInspectionInvitation', { accept: false }, cityDeputy);
    expect(seenBy(spec.audience(), cityDeputy)).toBe('follower');
    spec
      .when('removeInspectionMember', { party: countyDeputy.mandate, reason: 'interest' }, spc)
      .emits('MemberRemoved');
    expect(seenBy(spec.audience(), countyDeputy)).toBeUndefined();
    spec.when('recordSiteVisit', visit, countyDeputy).refused('NOT_FOUND');
    spec.when('removeInspectionMember', { party: countyDeputy.mandate, reason: 'x' }, spc).refused('NOT_INVITED');
  });
  it('offices of the townships and counties where the team was follow it', () => {
    const spec = fresh()
      .after('planInspection', { ...plan, joinedRegions: [] }, spc)
      .after('formInspectionTeam', { leader: sc.post }, spc)
      .after('answerInspectionInvitation', { accept: true }, sc)
      .after('beginInspection', {}, spc)
      .after('recordSiteVisit', visit, sc);
    expect([presidium, countySc, otherCountySc, regionSc].map((one) => seenBy(spec.audience(), one))).toEqual([
      'follower',
      'follower',
      undefined,
      undefined,
    ]);
  });
  it('an organ sees it once opinions are sent to it, without the team’s report and notes', () => {
    expect(seenBy(deliberated().audience(), bureauHead)).toBeUndefined();
    const spec = transferred();
    expect(seenBy(spec.audience(), bureauHead)).toBe('follower');
    const shown = redact(inspection.state, state(spec), 'follower');
    expect(shown).toHaveProperty('opinions');
    for (const field of ['report', 'members', 'deliberation', 'entrustments']) expect(shown).not.toHaveProperty(field);
  });
  it('deputies and the public once the plan is published (Supervision Law art. 63)', () => {
    const spec = running();
    expect(seenBy(spec.audience(), strangerDeputy)).toBeUndefined();
    spec.when('publishInspectionPlan', {}, spc).emits('InspectionPlanPublished');
    spec.when('publishInspectionPlan', {}, spc).emits();
    expect(seenBy(spec.audience(), strangerDeputy)).toBe('public');
    expect(seenBy(spec.audience(), townshipDeputy)).toBe('follower');
    expect(redact(inspection.state, state(spec), 'public')).not.toHaveProperty('field');
  });
  it('the public sees the published result, and not the report before', () => {
    expect(seenBy(rectified().audience(), strangerDeputy)).toBeUndefined();
    const spec = published();
    expect(seenBy(spec.audience(), strangerDeputy)).toBe('public');
    expect(redact(inspection.state, state(spec), 'public')).toMatchObject({ publication });
    expect(everyDeputy.map((one) => seenBy(spec.audience(), one))).not.toContain(undefined);
  });
});

const rated = {
  ...{ ballot: idOf('ballot'), round: 1, verdict: 'DISSATISFIED' },
  ...{ satisfied: 5, basically: 1, dissatisfied: 0, spoiled: 0, members: 6 },
};

const all = [
  'PLANNED',
  'TEAM_FORMED',
  'RUNNING',
  'REPORTED',
  'DELIBERATED',
  'TRANSFERRED',
  'RECTIFIED',
  'PUBLISHED',
  'CLOSED',
  'CANCELLED',
];
const clock = { clock: `OPINIONS:${bureauHead.organ}`, dueOn: '2026-06-30' };
const inquiryNames = [
  'scheduleInquiry',
  'recordHeadAttendance',
  'askQuestion',
  'askFollowUpQuestion',
  'answerQuestion',
  'speakAtInquiry',
];
transitionTests('transition table of the inspection (domain.md S10)', {
  actions: inspectionActions,
  begins: ['planInspection', ...inquiryNames],
  table: {
    publishInspectionPlan: ['PLANNED', 'TEAM_FORMED', 'RUNNING'],
    postponeInspection: ['PLANNED', 'TEAM_FORMED', 'RUNNING'],
    cancelInspection: ['PLANNED', 'TEAM_FORMED', 'RUNNING'],
    nameInspectionLeader: ['TEAM_FORMED', 'RUNNING'],
    formInspectionTeam: ['PLANNED'],
    recordEntrustment: ['PLANNED', 'TEAM_FORMED', 'RUNNING'],
    inviteInspectionMembers: ['TEAM_FORMED', 'RUNNING'],
    answerInspectionInvitation: ['TEAM_FORMED', 'RUNNING'],
    removeInspectionMember: [
      'TEAM_FORMED',
      'RUNNING',
      'REPORTED',
      'DELIBERATED',
      'TRANSFERRED',
      'RECTIFIED',
      'PUBLISHED',
    ],
    beginInspection: ['TEAM_FORMED'],
    recordSiteVisit: ['RUNNING'],
    recordSymposium: ['RUNNING'],
    closeQuestionnaire: ['RUNNING'],
    recordSpotCheck: ['RUNNING'],
    fileThirdPartyReport: ['RUNNING'],
    submitInspectionReport: ['RUNNING'],
    deliberateReport: ['REPORTED'],
    transferOpinions: ['DELIBERATED', 'TRANSFERRED'],
    giveCommitteeView: ['TRANSFERRED'],
    reportHandling: ['TRANSFERRED'],
    recordSatisfaction: all,
    orderReReport: ['TRANSFERRED', 'RECTIFIED', 'PUBLISHED', 'CLOSED'],
    adoptResolution: ['DELIBERATED', 'TRANSFERRED', 'RECTIFIED'],
    orderFollowUpInspection: ['TRANSFERRED', 'RECTIFIED', 'PUBLISHED'],
    publishInspectionResult: ['DELIBERATED', 'RECTIFIED'],
    closeInspection: ['PUBLISHED'],
    succeedOpinionOrgan: all,
    warnInspectionDue: all,
    markInspectionOverdue: all,
  },
  reach: {
    PLANNED: planned,
    TEAM_FORMED: () => formed().after('answerInspectionInvitation', { accept: true }, sc),
    RUNNING: running,
    REPORTED: reported,
    DELIBERATED: deliberated,
    TRANSFERRED: viewed,
    RECTIFIED: rectified,
    PUBLISHED: published,
    CLOSED: closed,
    CANCELLED: () => running().after('cancelInspection', { reason: 'Flood' }, spc),
  },
  inputs: Object.fromEntries<(spec: Spec) => readonly [unknown, Actor]>([
    ['publishInspectionPlan', () => [{}, spc]],
    ['postponeInspection', () => [{ beginsOn: plan.beginsOn, endsOn: '2026-06-30', reason: 'Flood' }, spc]],
    ['cancelInspection', () => [{ reason: 'Flood' }, spc]],
    ['nameInspectionLeader', () => [{ leader: cityDeputy.mandate }, spc]],
    ['formInspectionTeam', () => [{ leader: sc.post }, spc]],
    ['recordEntrustment', () => [{ reference: 'Letter', from: '150000', on: '2026-03-01' }, spc]],
    ['inviteInspectionMembers', () => [{ parties: [expert.post], role: 'expert' }, spc]],
    ['answerInspectionInvitation', (spec) => [{ accept: false }, state(spec).leader ? sc : cityDeputy]],
    ['removeInspectionMember', () => [{ party: sc.post, reason: 'ill' }, spc]],
    ['beginInspection', () => [{}, spc]],
    ...['recordSiteVisit', 'recordSymposium', 'closeQuestionnaire', 'recordSpotCheck', 'fileThirdPartyReport'].map(
      (name): [string, () => readonly [unknown, Actor]] => [name, () => [visit, spc]],
    ),
    ['submitInspectionReport', () => [report, spc]],
    ['deliberateReport', () => [{ deliberation: 'Agreed' }, sc]],
    ['transferOpinions', () => [opinionsTo(secondBureauHead.organ), spc]],
    ['giveCommitteeView', () => [{ organ: bureauHead.organ, text: 'Add figures' }, spc]],
    ['reportHandling', () => [{ text: 'Mended' }, bureauHead]],
    ['recordSatisfaction', () => [{ ...rated, organ: bureauHead.organ }, system]],
    ['orderReReport', () => [{ organ: bureauHead.organ, text: 'Again', dueOn: '2026-09-30' }, spc]],
    ['adoptResolution', () => [{ text: 'Resolved' }, sc]],
    ['orderFollowUpInspection', () => [{ text: 'Again', on: '2026-09-01' }, spc]],
    ['publishInspectionResult', (spec) => [state(spec).opinions.length > 0 ? publication : { report: 'Report' }, spc]],
    ['closeInspection', () => [{}, spc]],
    ['succeedOpinionOrgan', () => [{ organ: bureauHead.organ, to: secondBureauHead.organ }, system]],
    ['warnInspectionDue', () => [{ ...clock, mark: 'half' }, system]],
    ['markInspectionOverdue', () => [clock, system]],
  ]),
  guarded: {
    // The rights come first: nobody is invited yet, and the organ has no opinions yet.
    'answerInspectionInvitation PLANNED': 'NOT_FOUND',
    ...Object.fromEntries(all.slice(0, 5).map((status) => [`reportHandling ${status}`, 'NOT_FOUND'])),
    ...Object.fromEntries(
      ['TEAM_FORMED', 'RUNNING'].map((status) => [`nameInspectionLeader ${status}`, 'LEADER_IN_PLACE']),
    ),
    // No organ has a part yet.
    ...Object.fromEntries([...all.slice(0, 5), 'CANCELLED'].map((status) => [`succeedOpinionOrgan ${status}`, null])),
    'reportHandling CANCELLED': 'NOT_FOUND',
    // No test has found the organ wanting: that it can, other tests say.
    ...Object.fromEntries(
      ['TRANSFERRED', 'RECTIFIED', 'PUBLISHED', 'CLOSED'].map((s) => [`orderReReport ${s}`, 'NO_REREPORT_OWED']),
    ),
    // No clock runs, or its day is not past.
    ...Object.fromEntries(all.map((status) => [`markInspectionOverdue ${status}`, null])),
    ...Object.fromEntries(
      all.filter((s) => s !== 'TRANSFERRED').map((status) => [`warnInspectionDue ${status}`, null]),
    ),
  },
});

describe('a special inquiry goes through the same states', () => {
  const asked = () => inquiry().after('askQuestion', { organ: bureauHead.organ, text: 'Why?' }, sc);
  const questionOf = (spec: Spec) => state(spec).questions[0]?.id ?? idOf('no question');
  const scheduled = () => formed('SPECIAL_INQUIRY').after('scheduleInquiry', schedule, spc);
  const invited = () => scheduled().after('answerInspectionInvitation', { accept: true }, sc);
  const answered = () => {
    const spec = asked();
    return spec.after('answerQuestion', { question: questionOf(spec), text: 'So' }, bureauHead);
  };
  const over = () =>
    answered()
      .after('recordHeadAttendance', { post: bureauHead.post, present: true }, spc)
      .after('submitInspectionReport', report, sc);
  const sent = () =>
    over()
      .after('deliberateReport', { deliberation: 'Agreed' }, sc)
      .after('transferOpinions', opinionsTo(bureauHead.organ), spc);
  transitionTests('transition table of the special inquiry (Supervision Law arts 46–50)', {
    actions: Object.fromEntries(Object.entries(inspectionActions).filter(([name]) => inquiryNames.includes(name))),
    begins: [],
    table: {
      scheduleInquiry: ['TEAM_FORMED', 'RUNNING'],
      recordHeadAttendance: ['RUNNING'],
      askQuestion: ['RUNNING'],
      askFollowUpQuestion: ['RUNNING'],
      answerQuestion: ['RUNNING'],
      speakAtInquiry: ['RUNNING'],
    },
    reach: {
      PLANNED: () => planned('SPECIAL_INQUIRY'),
      TEAM_FORMED: invited,
      RUNNING: asked,
      REPORTED: over,
      TRANSFERRED: sent,
    },
    inputs: {
      scheduleInquiry: () => [{ ...schedule, on: '2026-03-22' }, spc],
      recordHeadAttendance: () => [{ post: bureauHead.post, present: true }, spc],
      askQuestion: () => [{ organ: bureauHead.organ, text: 'What now?' }, sc],
      askFollowUpQuestion: (spec) => [{ question: questionOf(spec), text: 'Since when?' }, sc],
      speakAtInquiry: () => [{ text: 'Three villages wait' }, countyDeputy],
      answerQuestion: (spec) => [{ question: questionOf(spec), text: 'So' }, bureauHead],
    },
    guarded: {
      'scheduleInquiry RUNNING': 'INQUIRY_IN_PROGRESS',
      'askFollowUpQuestion RUNNING': 'UNKNOWN_QUESTION',
      'askQuestion PLANNED': 'NOT_ALLOWED',
      'askFollowUpQuestion PLANNED': 'NOT_ALLOWED',
      'answerQuestion PLANNED': 'NOT_FOUND',
      // Not invited, or joined region's deputy who is no member yet.
      'speakAtInquiry PLANNED': 'NOT_FOUND',
      'speakAtInquiry TEAM_FORMED': 'NOT_FOUND',
    },
  });
});
