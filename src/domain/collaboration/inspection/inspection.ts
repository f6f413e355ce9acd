import type { z } from 'zod';
import { defineAggregate } from '../../kernel/aggregate.js';
import { caseClock, clockFolds } from '../../kernel/case-clocks.js';
import type { Audience } from '../../kernel/event.js';
import { flag, listOf, storedText } from '../../kernel/fields.js';
import { ancestorsOf } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { audienceOf, party, presence } from '../../organization/joint-meeting/calling.js';
import { inspectionEvents } from './events.js';
import { inspectionRefusals as refusals } from './refusals.js';
import {
  answer,
  cancellation,
  entrustment,
  field,
  followUp,
  headRow,
  inquiry,
  member,
  opinionRow,
  plan,
  publication,
  question,
  report,
  resolution,
  satisfaction,
  speech,
  status,
  statusTerms,
} from './shapes.js';

export { inspectionKinds, memberRoles } from './shapes.js';

/**
 * 协同监督 (domain.md S10): survey, law-enforcement inspection and special inquiry, held together by deputies of several
 * levels. Supervision Law arts 31–37 and 46–50, Deputies Law arts 29–33. What is found is a case of its own (`issue`).
 */
export const inspection = defineAggregate({
  category: 'inspection',
  term: ['joint inspection', '协同监督'],
  state: facts({
    public: {
      status,
      ...plan,
      planPublished: flag(['The plan is public.', '方案是否公开']),
      resolution: resolution.nullable(),
      publication: facts({ public: publication }).nullable().describe('What was published. 公开内容'),
    },
    follower: {
      field: listOf(field, 1000, ['Work on the ground.', '监督活动']),
      inquiry: facts({ follower: inquiry }).nullable().describe('The special inquiry. 专题询问'),
      heads: listOf(headRow, 50, ['Heads who have to attend the inquiry.', '应到会负责人']),
      questions: listOf(
        facts({
          follower: { ...question, answeredBy: answer.answeredBy.nullable(), answer: answer.answer.nullable() },
        }),
        500,
        ['Questions and answers.', '询问与答复'],
      ),
      speeches: listOf(facts({ follower: speech }), 500, ['What attending deputies said.', '列席代表发言']),
      opinions: listOf(opinionRow, 50, ['Opinions sent to organs, and what came back.', '转交意见及反馈']),
      satisfaction: listOf(facts({ follower: satisfaction }), 100, ['Satisfaction tests of organs.', '满意度测评结果']),
      followUps: listOf(facts({ follower: followUp }), 20, ['Inspections that follow up.', '跟踪检查']),
      clocks: listOf(caseClock, 60, ['Time limits.', '时限']),
    },
    participant: {
      leader: party(['Leader of the team.', '组长']).nullable(),
      members: listOf(facts({ participant: { ...member, ...presence } }), 500, ['Team.', '成员']),
      cancellation: cancellation.nullable(),
      report: facts({ participant: report }).nullable().describe('The report of the team. 检查报告'),
    },
    office: {
      entrustments: listOf(facts({ office: entrustment }), 50, ['Entrustments received (P4).', '收到的委托']),
      deliberation: storedText(['What was said of the report.', '审议情况']).nullable(),
    },
  }),
  events: inspectionEvents,
  evolve: {
    InspectionPlanned: (_, e) => ({
      status: 'PLANNED',
      ...e,
      planPublished: false,
      resolution: null,
      publication: null,
      field: [],
      inquiry: null,
      heads: [],
      questions: [],
      speeches: [],
      opinions: [],
      satisfaction: [],
      followUps: [],
      clocks: [],
      leader: null,
      members: [],
      cancellation: null,
      report: null,
      entrustments: [],
      deliberation: null,
    }),
    InspectionPlanPublished: (s) => ({ ...s, planPublished: true }),
    InspectionTeamFormed: (s, e) => ({ ...s, status: 'TEAM_FORMED', leader: e.leader }),
    EntrustmentReceived: (s, e) => ({ ...s, entrustments: [...s.entrustments, e] }),
    MemberInvited: (s, e) => ({
      ...s,
      members: [
        ...s.members.filter((m) => m.party !== e.party),
        { ...e, answer: 'PENDING', answerReason: null, removed: false },
      ],
    }),
    MemberAnswered: (s, e) => ({
      ...s,
      leader: s.leader === e.party && e.answer === 'DECLINED' ? null : s.leader,
      members: s.members.map((m) => (m.party === e.party ? { ...m, ...e } : m)),
    }),
    MemberRemoved: (s, e) => ({
      ...s,
      leader: s.leader === e.party ? null : s.leader,
      members: s.members.map((m) => (m.party === e.party ? { ...m, removed: true } : m)),
    }),
    InspectionLeaderNamed: (s, e) => ({ ...s, leader: e.leader }),
    InspectionPostponed: (s, e) => ({ ...s, beginsOn: e.beginsOn, endsOn: e.endsOn }),
    InspectionCancelled: (s, e) => ({ ...s, status: 'CANCELLED', cancellation: e.reason }),
    InspectionBegan: (s) => ({ ...s, status: 'RUNNING' }),
    SiteVisited: (s, e) => ({ ...s, field: [...s.field, { kind: 'SITE_VISIT', ...e }] }),
    SymposiumHeld: (s, e) => ({ ...s, field: [...s.field, { kind: 'SYMPOSIUM', ...e }] }),
    QuestionnaireClosed: (s, e) => ({ ...s, field: [...s.field, { kind: 'QUESTIONNAIRE', ...e }] }),
    SpotCheckDone: (s, e) => ({ ...s, field: [...s.field, { kind: 'SPOT_CHECK', ...e }] }),
    ThirdPartyReportFiled: (s, e) => ({ ...s, field: [...s.field, { kind: 'THIRD_PARTY_REPORT', ...e }] }),
    InquiryScheduled: (s, { heads, ...e }) => ({
      ...s,
      inquiry: e,
      heads: heads.map((h) => s.heads.find((old) => old.post === h.post) ?? { ...h, attended: null, reason: null }),
    }),
    HeadAttended: (s, e) => ({
      ...s,
      heads: s.heads.map((h) => (h.post === e.post ? { ...h, attended: true, reason: null } : h)),
    }),
    HeadAbsent: (s, e) => ({
      ...s,
      heads: s.heads.map((h) => (h.post === e.post ? { ...h, attended: false, reason: e.reason } : h)),
    }),
    QuestionAsked: (s, e) => ({ ...s, questions: [...s.questions, { ...e, answeredBy: null, answer: null }] }),
    FollowUpAsked: (s, e) => ({ ...s, questions: [...s.questions, { ...e, answeredBy: null, answer: null }] }),
    QuestionAnswered: (s, e) => ({ ...s, questions: s.questions.map((q) => (q.id === e.id ? { ...q, ...e } : q)) }),
    DeputySpoke: (s, e) => ({ ...s, speeches: [...s.speeches, e] }),
    ReportSubmitted: (s, e) => ({ ...s, status: 'REPORTED', report: e }),
    ReportDeliberated: (s, e) => ({ ...s, status: 'DELIBERATED', deliberation: e.deliberation }),
    OpinionsTransferred: (s, e) => ({
      ...s,
      status: 'TRANSFERRED',
      opinions: [...s.opinions, { ...e, round: 1, ...unanswered }],
    }),
    CommitteeViewGiven: (s, e) => ({ ...s, opinions: ofOrgan(s.opinions, e.organ, { committeeView: e.text }) }),
    HandlingReported: (s, e) => ({
      ...s,
      opinions: ofOrgan(s.opinions, e.organ, { response: e.text, respondedOn: e.on }),
    }),
    OpinionOrganSucceeded: (s, e) => ({
      ...s,
      opinions: succeeded(s.opinions, e),
      heads: succeeded(s.heads, e),
      questions: succeeded(s.questions, e),
      satisfaction: succeeded(s.satisfaction, e),
    }),
    ReReportOrdered: (s, { ballot: _, ...e }) => ({
      ...s,
      status: 'TRANSFERRED',
      opinions: [...s.opinions, { ...e, ...unanswered }],
    }),
    InspectionRectified: (s) => ({ ...s, status: 'RECTIFIED' }),
    SatisfactionRecorded: (s, e) => ({ ...s, satisfaction: [...s.satisfaction, e] }),
    ResolutionAdopted: (s, e) => ({ ...s, resolution: e.text }),
    FollowUpInspectionOrdered: (s, e) => ({ ...s, followUps: [...s.followUps, e] }),
    SupervisionResultPublished: (s, e) => ({ ...s, status: 'PUBLISHED', publication: e }),
    InspectionClosed: (s) => ({ ...s, status: 'CLOSED' }),
    ...clockFolds,
  },
  audience: (s) => ({
    ...(s.planPublished || s.publication ? published([s.region, ...s.joinedRegions]) : {}),
    ...officesBelow(
      s.region,
      s.field.map((step) => step.region),
    ),
    ...tags(
      'organ',
      s.opinions.map((o) => o.organ),
      'follower',
    ),
    ...tags(
      'post',
      s.heads.map((h) => h.post),
      'follower',
    ),
    ...audienceOf(s.members),
    ...tags('office', s.joinedRegions, 'participant'),
    [`office:${s.region}`]: 'office',
  }),
  refusals,
  statusTerms,
});
export type Inspection = z.infer<typeof inspection.state>;

const unanswered = { committeeView: null, response: null, respondedOn: null };
type Opinion = z.infer<typeof opinionRow>;
/** What an organ says goes for all that it has not answered yet: also for what a merged organ has left to it. */
const ofOrgan = (rows: readonly Opinion[], organ: string, change: Partial<Opinion>): Opinion[] =>
  rows.map((row) => (row.organ === organ && row.response === null ? { ...row, ...change } : row));
const succeeded = <R extends { organ: string }>(rows: readonly R[], e: { organ: string; to: string }): R[] =>
  rows.map((row) => (row.organ === e.organ ? { ...row, organ: e.to } : row));

const tags = (kind: string, ids: readonly string[], viewer: Audience[string]): Audience =>
  Object.fromEntries(ids.map((id) => [`${kind}:${id}`, viewer]));
const published = (regions: readonly string[]): Audience => ({
  public: 'public',
  ...tags('deputies', regions, 'follower'),
});

/** The offices of the affected counties and townships, up to but without `host`: they follow (domain.md §5). */
export const officesBelow = (host: string, regions: readonly string[]): Audience =>
  tags(
    'office',
    regions.flatMap((at) => ancestorsOf(at).slice(0, Math.max(0, ancestorsOf(at).indexOf(host)))),
    'follower',
  );
