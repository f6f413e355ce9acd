import { ballot } from '../../src/domain/ballots/ballot.js';
import { inspection } from '../../src/domain/collaboration/inspection/inspection.js';
import { issue } from '../../src/domain/collaboration/issue/issue.js';
import { suggestion } from '../../src/domain/collaboration/suggestion/suggestion.js';
import type { Actor, OrganKind } from '../../src/domain/kernel/actor.js';
import type { Ref } from '../../src/domain/kernel/aggregate.js';
import { jointMeeting } from '../../src/domain/organization/joint-meeting/joint-meeting.js';
import { measure } from '../../src/domain/organization/joint-meeting/measure.js';
import { dataSubject } from '../../src/domain/support/data-subject/data-subject.js';
import type { World } from './world.js';

/**
 * Roads to states that chance alone would not reach. Each takes its case there with `world.must`, by the public actions
 * only, and names the case; the random walks then also begin where it ends. The coverage law tells when one is missing.
 */
export type Path = { readonly to: string; readonly walk: (world: World) => Ref };

const texts = { title: '道路', situation: '破损', analysis: '排水', advice: '修复' };

const found = <A extends Actor>(actor: A | undefined): A => {
  if (!actor) throw new Error('the seeded world has no such actor');
  return actor;
};
const deputies = (world: World, congress: string) =>
  world.actors().flatMap((actor) => (actor.kind === 'deputy' && actor.congress === congress ? [actor] : []));
const officials = (world: World, organKind: OrganKind, region: string) =>
  world.actors().flatMap((a) => (a.kind === 'official' && a.organKind === organKind && a.region === region ? [a] : []));

const county = '150802';
const lead = (world: World) => found(deputies(world, county)[0]);
const office = (world: World) => found(officials(world, 'DWC', county)[0]);
/** One official of each of the county's handling organs. */
const handlers = (world: World) => {
  const all = officials(world, 'ORG', county);
  return all.filter((one, index) => all.findIndex((other) => other.organ === one.organ) === index);
};

function registered(world: World): Ref {
  const id = world.must('draftSuggestion', texts, { actor: lead(world) });
  world.must('submitSuggestion', {}, { id, actor: lead(world) });
  world.must('registerSuggestion', { field: '交通', crossRegion: true }, { id, actor: office(world) });
  return { category: 'suggestion', id };
}

/** Handed in, and not accepted: it can go on as a letter. */
function notAccepted(world: World): Ref {
  const id = world.must('draftSuggestion', texts, { actor: lead(world) });
  world.must('submitSuggestion', {}, { id, actor: lead(world) });
  const why = { ground: 'OUTSIDE_REMIT', explanation: '不属职权', deputyToldOn: '2026-03-02' };
  world.must('notAcceptSuggestion', why, { id, actor: office(world) });
  return { category: 'suggestion', id };
}

function cosigned(world: World): Ref {
  const id = world.must('draftSuggestion', texts, { actor: lead(world) });
  const other = found(deputies(world, county)[1]);
  world.must('inviteCosigner', { mandate: other.mandate }, { id, actor: lead(world) });
  return { category: 'suggestion', id };
}

/** One to the autonomous region's congress, which is handled in its own system. */
function handledOutside(world: World): Ref {
  const actor = found(deputies(world, '150000')[0]);
  const id = world.must('draftSuggestion', texts, { actor });
  world.must('submitSuggestion', {}, { id, actor });
  world.must('recordExternalHandling', { number: '15', status: 'RECEIVED', on: '2026-03-02' }, { id, actor });
  return { category: 'suggestion', id };
}

function merged(world: World): Ref {
  const main = registered(world);
  const ref = registered(world);
  world.must('mergeSuggestion', { into: main.id }, { id: ref.id, actor: office(world) });
  world.must('followMainSuggestion', { main: main.id, status: 'HANDLING' }, { id: ref.id });
  const { organ } = found(handlers(world)[0]);
  const promise = { id: main.id, text: '修渠', dueOn: '2026-12-01', organ, state: 'OPEN', progress: [], slips: 0 };
  world.must('followMainSuggestion', { main: main.id, status: 'TRACKING', promises: [promise] }, { id: ref.id });
  return ref;
}

function assigned(world: World, mode: string, roles: readonly string[]): Ref {
  const ref = registered(world);
  const organs = roles.map((role, index) => ({ organ: found(handlers(world)[index]).organ, role }));
  world.must('assignSuggestion', { mode, organs }, { id: ref.id, actor: office(world) });
  return ref;
}

/** Each organ has signed for it. */
function received(world: World, mode: string, roles: readonly string[]): Ref {
  const ref = assigned(world, mode, roles);
  for (const actor of handlers(world).slice(0, roles.length))
    world.must('receiveAssignment', {}, { id: ref.id, actor });
  return ref;
}

function replied(world: World, category: string, promises: readonly unknown[] = []): Ref {
  const ref = received(world, 'LEAD_AND_CO', ['LEAD']);
  const to = { id: ref.id, actor: found(handlers(world)[0]) };
  const contact = { mandate: lead(world).mandate, way: 'VISIT', on: '2026-03-02', summary: '面谈' };
  world.must('contactDeputy', contact, to);
  world.must('issueReply', { category, text: '答复', promises }, to);
  return ref;
}

function promised(world: World): Ref {
  return replied(world, 'B', [{ text: '修渠', dueOn: '2026-12-01' }]);
}

/** Work on it has been reported, and it has been put off once. */
function promiseSlipped(world: World): Ref {
  const ref = promised(world);
  const to = { id: ref.id, actor: found(handlers(world)[0]) };
  const promise = suggestion.state.parse(world.find(ref)?.state).promises[0]?.id;
  world.must('reportPromiseProgress', { promise, on: '2026-03-02', note: '已开工' }, to);
  const head = found(
    officials(world, 'ORG', county).find((one) => one.organ === to.actor.organ && one.role === 'head'),
  );
  world.must('slipPromise', { promise, dueOn: '2027-03-01', letter: '资金未到位', signedBy: head.post }, to);
  return ref;
}

function opinionGiven(world: World): Ref {
  const ref = received(world, 'LEAD_AND_CO', ['LEAD', 'CO']);
  world.must('submitCoOpinion', { text: '同意' }, { id: ref.id, actor: found(handlers(world)[1]) });
  return ref;
}

function replyOverdue(world: World): Ref {
  const ref = received(world, 'LEAD_AND_CO', ['LEAD']);
  const clock = suggestion.state.parse(world.find(ref)?.state).clocks.find((one) => one.limit === 'T5');
  world.now = '2026-07-20T02:00:00.000Z';
  world.must('markSuggestionOverdue', { clock: clock?.clock, dueOn: clock?.dueOn }, { id: ref.id });
  return ref;
}

function dissatisfied(world: World): Ref {
  const ref = replied(world, 'A');
  const answer = { attitude: 'SATISFIED', result: 'DISSATISFIED', comment: '未解决' };
  world.must('giveFeedback', answer, { id: ref.id, actor: lead(world) });
  return ref;
}

/** The last round did not satisfy either: the council or the government supervises. */
function dissatisfiedTwice(world: World): Ref {
  const ref = dissatisfied(world);
  world.must('orderRehandling', { reason: '再次办理' }, { id: ref.id, actor: office(world) });
  const organ = { id: ref.id, actor: found(handlers(world)[0]) };
  const contact = { mandate: lead(world).mandate, way: 'PHONE', on: '2026-03-02', summary: '再次沟通' };
  world.must('contactDeputy', contact, organ);
  world.must('issueReply', { category: 'A', text: '再次答复' }, organ);
  const answer = { attitude: 'SATISFIED', result: 'DISSATISFIED', comment: '仍未解决' };
  world.must('giveFeedback', answer, { id: ref.id, actor: lead(world) });
  world.must('noteSupervision', { note: '主任会议督办' }, { id: ref.id, actor: office(world) });
  return ref;
}

function closed(world: World): Ref {
  const ref = replied(world, 'A');
  const satisfied = { attitude: 'SATISFIED', result: 'SATISFIED' };
  world.must('giveFeedback', satisfied, { id: ref.id, actor: lead(world) });
  world.must('closeSuggestion', {}, { id: ref.id, actor: office(world) });
  return ref;
}

function offered(world: World): Ref {
  const ref = replied(world, 'C');
  const higher = found(deputies(world, '150800')[0]);
  world.must('proposeEscalation', { to: higher.mandate, reason: '需市级解决' }, { id: ref.id, actor: lead(world) });
  return ref;
}

function adopted(world: World): Ref {
  const ref = offered(world);
  world.must('adoptSuggestion', { origin: ref.id, ...texts }, { actor: found(deputies(world, '150800')[0]) });
  return ref;
}

function extensionAsked(world: World): Ref {
  const ref = received(world, 'LEAD_AND_CO', ['LEAD']);
  const asked = { until: '2026-07-15', reasons: '情况复杂' };
  world.must('requestExtension', asked, { id: ref.id, actor: found(handlers(world)[0]) });
  return ref;
}

function extensionGranted(world: World): Ref {
  const ref = extensionAsked(world);
  const granted = { organ: found(handlers(world)[0]).organ, until: '2026-07-15' };
  world.must('grantExtension', granted, { id: ref.id, actor: office(world) });
  return ref;
}

function congressRegistered(world: World): Ref {
  const id = world.must('registerCongress', { region: '150822', term: 5, on: '2022-01-10' });
  return { category: 'congress', id };
}

/** An inspection of the city that is under way. */
function running(world: World, kind: string): Ref {
  const host = found(officials(world, 'DWC', '150800')[0]);
  const leader = found(officials(world, 'SC', '150800')[0]);
  const plan = { kind, title: '灌区', laws: ['水法'], planReference: '计划1', joinedRegions: [] };
  const days = { beginsOn: '2026-03-10', endsOn: '2026-09-10' };
  const id = world.must('planInspection', { ...plan, ...days }, { actor: host });
  world.must('formInspectionTeam', { leader: leader.post }, { id, actor: host });
  const member = found(deputies(world, '150800')[0]);
  world.must('inviteInspectionMembers', { parties: [member.mandate], role: 'deputy' }, { id, actor: host });
  world.must('answerInspectionInvitation', { accept: true }, { id, actor: leader });
  world.must('answerInspectionInvitation', { accept: true }, { id, actor: member });
  world.must('publishInspectionPlan', {}, { id, actor: host });
  world.must('beginInspection', {}, { id, actor: host });
  return { category: 'inspection', id };
}

function issueFound(world: World): Ref {
  const { id: inspection } = running(world, 'LAW_ENFORCEMENT');
  const finder = found(deputies(world, '150800')[0]);
  const suspectedOrgan = found(officials(world, 'ORG', '150800')[0]).organ;
  const about = { region: '150802', title: '渠道', severity: 'SERIOUS', evidence: '漏水', suspectedOrgan };
  return { category: 'issue', id: world.must('findIssue', { inspection, ...about }, { actor: finder }) };
}

function inquiryScheduled(world: World): Ref {
  const ref = running(world, 'SPECIAL_INQUIRY');
  const head = found(officials(world, 'ORG', '150800').find((one) => one.role === 'head'));
  const inquiry = { on: '2026-03-20', place: '临河', meeting: 'PLENARY', heads: [head.post] };
  world.must('scheduleInquiry', inquiry, { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) });
  return ref;
}

/** A member of the standing committee has asked, and the head has answered. */
function questionAnswered(world: World): Ref {
  const ref = inquiryScheduled(world);
  const asker = found(officials(world, 'SC', '150800')[0]);
  const head = found(officials(world, 'ORG', '150800').find((one) => one.role === 'head'));
  world.must('askQuestion', { organ: head.organ, text: '为何漏水' }, { id: ref.id, actor: asker });
  const question = inspection.state.parse(world.find(ref)?.state).questions[0]?.id;
  world.must('answerQuestion', { question, text: '正在检修' }, { id: ref.id, actor: head });
  world.must('askFollowUpQuestion', { question, text: '何时修好' }, { id: ref.id, actor: asker });
  return ref;
}

function opinionsSent(world: World): Ref {
  const ref = running(world, 'SURVEY');
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  const { organ } = found(officials(world, 'ORG', '150800')[0]);
  world.must('submitInspectionReport', { evaluation: '较好', problems: '漏水', advice: '修复' }, host);
  world.must(
    'deliberateReport',
    { deliberation: '同意' },
    { id: ref.id, actor: found(officials(world, 'SC', '150800')[0]) },
  );
  world.must('transferOpinions', { opinions: [{ organ, text: '整改', dueOn: '2026-06-30' }] }, host);
  return ref;
}

function opinionsOverdue(world: World): Ref {
  const ref = opinionsSent(world);
  const about = inspection.state.parse(world.find(ref)?.state).clocks[0];
  const clock = { clock: about?.clock, dueOn: about?.dueOn };
  world.now = '2026-05-20T02:00:00.000Z';
  world.must('warnInspectionDue', { ...clock, mark: 'half' }, { id: ref.id });
  world.now = '2026-07-20T02:00:00.000Z';
  world.must('markInspectionOverdue', clock, { id: ref.id });
  return ref;
}

function issueTransferred(world: World): Ref {
  const ref = issueFound(world);
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  const { organ } = found(officials(world, 'ORG', '150800')[0]);
  world.must('confirmIssue', {}, host);
  world.must('proposeIssueOpinion', { text: '尽快整改' }, { id: ref.id, actor: found(deputies(world, '150800')[0]) });
  world.must('transferIssue', { organ, dueOn: '2026-06-30' }, host);
  return ref;
}

function issueRectified(world: World): Ref {
  const ref = issueTransferred(world);
  const by = { id: ref.id, actor: found(officials(world, 'ORG', '150800')[0]) };
  world.must('beginRectification', { plan: '修渠' }, by);
  world.must('reportRectification', { text: '已修' }, by);
  return ref;
}

/** Before it had an organ, the issue was taken up by a deputy of the region; another who was asked has declined. */
function issueEscalated(world: World): Ref {
  const ref = issueFound(world);
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  const member = { id: ref.id, actor: found(deputies(world, '150800')[0]) };
  const [asked, other] = [found(deputies(world, '150000')[0]), found(deputies(world, '150000')[1])];
  world.must('confirmIssue', {}, host);
  world.must('proposeIssueOpinion', { text: '争取支持' }, member);
  world.must('proposeIssueEscalation', { to: asked.mandate }, member);
  world.must('declineIssueEscalation', { reason: '属市级事权' }, { id: ref.id, actor: asked });
  world.must('proposeIssueEscalation', { to: other.mandate }, member);
  const suggestion = { suggestion: ref.id, by: other.mandate, level: other.level };
  world.must('recordIssueSuggestion', suggestion, { id: ref.id });
  return ref;
}

/** The city's handling organs: one, and another that could succeed it. */
const organAndSuccessor = (world: World) => {
  const [organ, to] = [...new Set(officials(world, 'ORG', '150800').map((one) => one.organ))];
  return { organ, to };
};

function issueSucceeded(world: World): Ref {
  const ref = issueTransferred(world);
  world.must('succeedIssueOrgan', organAndSuccessor(world), { id: ref.id });
  return ref;
}

function opinionsSucceeded(world: World): Ref {
  const ref = opinionsSent(world);
  world.must('succeedOpinionOrgan', organAndSuccessor(world), { id: ref.id });
  return ref;
}

/** One of the team that found it has been taken out since. */
function issueOfChangedTeam(world: World): Ref {
  const ref = issueFound(world);
  const { inspection: id, finder } = issue.state.parse(world.find(ref)?.state);
  const host = found(officials(world, 'DWC', '150800')[0]);
  world.must('removeInspectionMember', { party: finder, reason: '回避' }, { id, actor: host });
  world.must('refreshIssueTeam', {}, { id: ref.id });
  return ref;
}

/** The inspection has lost its leader, and may get another. */
function leaderless(world: World): Ref {
  const ref = running(world, 'SURVEY');
  const leader = found(officials(world, 'SC', '150800')[0]);
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  world.must('removeInspectionMember', { party: leader.post, reason: '回避' }, host);
  const next = found(officials(world, 'SC', '150800')[1]);
  world.must('nameInspectionLeader', { leader: next.post }, host);
  world.must('removeInspectionMember', { party: next.post, reason: '回避' }, host);
  return ref;
}

/** A joint meeting that was moved to another day. */
function meetingMoved(world: World): Ref {
  const host = found(officials(world, 'SC', '150800')[0]);
  const id = world.must('planJointMeeting', { title: '联席会议', purpose: '分析问题' }, { actor: host });
  world.must('conveneJointMeeting', { on: '2026-03-05', place: '临河' }, { id, actor: host });
  world.must('postponeJointMeeting', { on: '2026-03-12', reason: '汛情' }, { id, actor: host });
  return { category: 'jointMeeting', id };
}

/** A joint meeting that has closed with a result. */
function closedMeeting(world: World): Ref {
  const host = found(officials(world, 'SC', '150800')[0]);
  const member = found(deputies(world, '150800')[0]);
  const id = world.must('planJointMeeting', { title: '联席会议', purpose: '分析问题' }, { actor: host });
  world.must('inviteParticipants', { parties: [member.mandate] }, { id, actor: host });
  world.must('conveneJointMeeting', { on: '2026-03-05', place: '临河' }, { id, actor: host });
  world.must('answerMeetingInvitation', { accept: true }, { id, actor: member });
  world.must('openJointMeeting', {}, { id, actor: host });
  world.must('checkInToMeeting', {}, { id, actor: member });
  world.must('adoptMeetingResult', { text: '修渠', countermeasures: [] }, { id, actor: host });
  world.must('closeJointMeeting', {}, { id, actor: host });
  return { category: 'jointMeeting', id };
}

function measureAssigned(world: World): Ref {
  const meeting = closedMeeting(world);
  const result = jointMeeting.state.parse(world.find(meeting)?.state).results[0]?.id;
  const owner = found(officials(world, 'SPC', '150800')[0]).organ;
  const input = { meeting: meeting.id, result, text: '修渠', owner, dueOn: '2026-12-01' };
  const actor = found(officials(world, 'SC', '150800')[0]);
  return { category: 'measure', id: world.must('assignMeasure', input, { actor }) };
}

/** Its committee has been succeeded by another office; its one follower has been taken out of the meeting. */
function measureSucceeded(world: World): Ref {
  const ref = measureAssigned(world);
  const { owner, meeting } = measure.state.parse(world.find(ref)?.state);
  const to = found(officials(world, 'DWC', '150800')[0]).organ;
  world.must('succeedMeasureOwner', { organ: owner, to }, { id: ref.id });
  const host = found(officials(world, 'SC', '150800')[0]);
  const party = found(deputies(world, '150800')[0]).mandate;
  world.must('removeParticipant', { party, reason: '回避' }, { id: meeting, actor: host });
  world.must('refreshMeasureFollowers', {}, { id: ref.id });
  return ref;
}

function measureOverdue(world: World): Ref {
  const ref = measureAssigned(world);
  world.now = '2026-12-10T02:00:00.000Z';
  world.must('markMeasureOverdue', { clock: 'DUE', dueOn: '2026-12-01' }, { id: ref.id });
  return ref;
}

function dutyOpened(world: World): Ref {
  closedMeeting(world);
  const id = world.must('openYearDuty', { region: '150800', year: 2026, duty: 'T10' });
  return { category: 'yearDuty', id };
}

/** A suggestion whose advice is hidden. */
function redacted(world: World): Ref {
  const { id: target } = registered(world);
  const hide = { kind: 'suggestion', target, seen: 2, field: 'advice', ground: 'MINOR', basis: '〔2026〕1号' };
  return { category: 'redaction', id: world.must('redactText', hide, { actor: office(world) }) };
}

/** Everybody of the city's standing committee, and its deputies: enough for a ballot to stay secret. */
const electorate = (world: World): readonly string[] => [
  ...officials(world, 'SC', '150800').map(({ post }) => post),
  ...deputies(world, '150800').map(({ mandate }) => mandate),
];
const box = '9b2f4c1e-8a57-4d3b-9f10-2c6d7e8f9a0b';

const ratedOrgan = (world: World, ref: Ref) => inspection.state.parse(world.find(ref)?.state).opinions[0]?.organ;

/** The handling of the opinions has been reported: an organ can be rated. */
function handlingReported(world: World): Ref {
  const ref = opinionsSent(world);
  const organ = ratedOrgan(world, ref);
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  world.must('giveCommitteeView', { organ, text: '同意' }, host);
  const by = found(officials(world, 'ORG', '150800').find((one) => one.organ === organ));
  world.must('reportHandling', { text: '已整改' }, { id: ref.id, actor: by });
  return ref;
}

function testOpened(world: World): Ref {
  const ref = handlingReported(world);
  const organ = ratedOrgan(world, ref);
  const asked = { kind: 'SATISFACTION', question: '是否满意', closesOn: '2026-03-31', voters: electorate(world) };
  const actor = found(officials(world, 'SC', '150800')[0]);
  const id = world.must('openBallot', { ...asked, inspection: ref.id, organ }, { actor });
  world.must('readyBallotBox', { box }, { id });
  return { category: 'ballot', id };
}

function ballotPrepared(world: World): Ref {
  const asked = { kind: 'CHOICE', question: '选哪项', choices: ['修路', '修渠'], closesOn: '2026-03-31' };
  return {
    category: 'ballot',
    id: world.must('openBallot', asked, { actor: found(officials(world, 'SC', '150800')[0]) }),
  };
}

function ballotClosed(world: World): Ref {
  const ref = testOpened(world);
  world.must('closeBallot', {}, { id: ref.id, actor: found(officials(world, 'SC', '150800')[0]) });
  return ref;
}

function ballotCounted(world: World): Ref {
  const ref = ballotClosed(world);
  const ballots = [[0], [0], [1], [2], []].map((picks) => ({ picks }));
  world.must('countBallots', { ballots, receipts: ['a', 'b', 'c', 'd', 'e'] }, { id: ref.id });
  return ref;
}

/** An inspection whose organ was rated in a ballot that has been counted. */
function inspectionRated(world: World): Ref {
  const counted = ballotCounted(world);
  const { inspection: id, organ } = ballot.state.parse(world.find(counted)?.state);
  const sums = { satisfied: 2, basically: 1, dissatisfied: 1, spoiled: 1, members: 6 };
  const rated = { ballot: counted.id, organ, round: 1, verdict: 'DISSATISFIED', ...sums };
  world.must('recordSatisfaction', rated, { id: id ?? '' });
  return { category: 'inspection', id: id ?? '' };
}

/** It was found wanting, and has to report again. */
function reportOrderedAgain(world: World): Ref {
  const ref = inspectionRated(world);
  const host = { id: ref.id, actor: found(officials(world, 'DWC', '150800')[0]) };
  world.must('orderReReport', { organ: ratedOrgan(world, ref), text: '再整改', dueOn: '2026-06-30' }, host);
  return ref;
}

const subjectOf = (world: World) => found(deputies(world, county)[2]);
const dataOfficer = (world: World) => found(officials(world, 'ADM', '150800')[0]);

/** The record of a deputy's data, with consent, contact data and a request of each kind. */
function dataAsked(world: World): Ref {
  const actor = subjectOf(world);
  const id = world.must('openDataSubject', { subject: actor.person }, { actor });
  const own = { id, actor };
  world.must('recordContact', { telephone: '13800000000', email: 'a@b.cn' }, own);
  world.must('giveConsent', { purpose: 'PUBLICITY' }, own);
  world.must('requestAccess', {}, own);
  world.must('requestCorrection', { field: 'TELEPHONE', wish: '13900000000' }, own);
  world.must('requestCorrection', { field: 'EMAIL', wish: 'a@example.cn' }, own);
  world.must('requestErasure', { categories: ['CONTACT', 'STATEMENT'] }, own);
  return { category: 'dataSubject', id };
}

/** Each request answered: the file given, the telephone corrected, the e-mail address and the erasure denied. */
function dataAnswered(world: World): Ref {
  const ref = dataAsked(world);
  const { requests } = dataSubject.state.parse(world.find(ref)?.state);
  const of = (kind: string, field: string | null = null) =>
    requests.find((one) => one.kind === kind && one.field === field)?.id;
  const officer = { id: ref.id, actor: dataOfficer(world) };
  world.must('fulfilAccess', { request: of('ACCESS'), digest: '0'.repeat(64) }, { id: ref.id });
  world.must('applyCorrection', { request: of('CORRECTION', 'TELEPHONE'), wish: '13900000000' }, officer);
  world.must('denyCorrection', { request: of('CORRECTION', 'EMAIL'), reason: '经核实无误' }, officer);
  world.must('denyErasure', { request: of('ERASURE'), reason: '保存期限未满' }, officer);
  return ref;
}

function erasureOrdered(world: World): Ref {
  const ref = dataAsked(world);
  const order = { categories: ['CONTACT'], basis: '个人信息保护法第四十七条' };
  world.must('orderErasure', order, { id: ref.id, actor: dataOfficer(world) });
  return ref;
}

function restricted(world: World): Ref {
  const ref = dataAsked(world);
  const why = { ground: 'LEGAL_HOLD', reason: '诉讼保全' };
  world.must('restrictProcessing', why, { id: ref.id, actor: dataOfficer(world) });
  return ref;
}

export const paths: readonly Path[] = [
  { to: 'a draft with an invited co-signer', walk: cosigned },
  { to: 'a suggestion to a higher congress', walk: handledOutside },
  { to: 'a suggestion that was not accepted', walk: notAccepted },
  { to: 'a suggestion that was merged', walk: merged },
  { to: 'a suggestion with a lead organ and a co-handler', walk: (w) => assigned(w, 'LEAD_AND_CO', ['LEAD', 'CO']) },
  { to: 'the same, signed for', walk: (w) => received(w, 'LEAD_AND_CO', ['LEAD', 'CO']) },
  {
    to: 'a suggestion with two organs that reply separately',
    walk: (w) => received(w, 'SEPARATE', ['SEPARATE', 'SEPARATE']),
  },
  { to: 'a suggestion whose handler asks for more time', walk: extensionAsked },
  { to: 'a suggestion whose handler was given more time', walk: extensionGranted },
  { to: 'a congress that was registered', walk: congressRegistered },
  { to: 'a suggestion that was answered', walk: (world) => replied(world, 'A') },
  { to: 'a suggestion with an open promise', walk: promised },
  { to: 'a suggestion whose promise was put off', walk: promiseSlipped },
  { to: 'a suggestion with a co-handler’s opinion', walk: opinionGiven },
  { to: 'a suggestion whose reply is overdue', walk: replyOverdue },
  { to: 'a suggestion whose answer does not satisfy', walk: dissatisfied },
  { to: 'a suggestion whose last answer does not satisfy', walk: dissatisfiedTwice },
  { to: 'a suggestion that was closed', walk: closed },
  { to: 'a suggestion whose text is hidden', walk: redacted },
  { to: 'a suggestion offered to a higher deputy', walk: offered },
  { to: 'a suggestion adopted by a higher deputy', walk: adopted },
  { to: 'a special inquiry', walk: inquiryScheduled },
  { to: 'a special inquiry with an answer', walk: questionAnswered },
  { to: 'an inspection whose opinions are overdue', walk: opinionsOverdue },
  { to: 'an inspection whose opinions were sent', walk: opinionsSent },
  { to: 'an issue that was found', walk: issueFound },
  { to: 'an issue that was transferred', walk: issueTransferred },
  { to: 'an issue that was rectified', walk: issueRectified },
  { to: 'an issue that a higher deputy took up before it had an organ', walk: issueEscalated },
  { to: 'an issue whose finder has left the team', walk: issueOfChangedTeam },
  { to: 'an issue whose organ was succeeded by another', walk: issueSucceeded },
  { to: 'an inspection with opinions that moved to a successor', walk: opinionsSucceeded },
  { to: 'an inspection whose leader was taken out', walk: leaderless },
  { to: 'a joint meeting that was moved', walk: meetingMoved },
  { to: 'a measure of a succeeded committee', walk: measureSucceeded },
  { to: 'a joint meeting with a result', walk: closedMeeting },
  { to: 'a measure that was assigned', walk: measureAssigned },
  { to: 'a measure that is overdue', walk: measureOverdue },
  { to: 'a yearly duty that is open', walk: dutyOpened },
  { to: 'a secret ballot whose box is not ready', walk: ballotPrepared },
  { to: 'a satisfaction test that is open', walk: testOpened },
  { to: 'a secret ballot that was closed', walk: ballotClosed },
  { to: 'a secret ballot that was counted', walk: ballotCounted },
  { to: 'an inspection whose organ was rated', walk: inspectionRated },
  { to: 'an inspection whose organ has to report again', walk: reportOrderedAgain },
  { to: 'a person’s data, with requests open', walk: dataAsked },
  { to: 'a person’s data, with each request answered', walk: dataAnswered },
  { to: 'a person’s data of which some is to be erased', walk: erasureOrdered },
  { to: 'a person’s data under a legal hold', walk: restricted },
];
