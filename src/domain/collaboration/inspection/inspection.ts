import type { z } from 'zod';
import { defineAggregate } from '../../kernel/aggregate.js';
import { caseClock, clockEvents, clockFolds } from '../../kernel/case-clocks.js';
import type { Audience } from '../../kernel/event.js';
import { event, opening } from '../../kernel/event.js';
import { flag, listOf, storedText } from '../../kernel/fields.js';
import { ancestorsOf } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { audienceOf, invitation, party, presence } from '../../organization/joint-meeting/calling.js';
import { inspectionRefusals as refusals } from './refusals.js';
import {
  answer,
  entrustment,
  field,
  followUp,
  handling,
  head,
  headRow,
  inquiry,
  member,
  on,
  opinion,
  opinionRow,
  plan,
  publication,
  question,
  report,
  resolution,
  status,
  step,
  view,
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
      opinions: listOf(opinionRow, 50, ['Opinions sent to organs, and what came back.', '转交意见及反馈']),
      followUps: listOf(facts({ follower: followUp }), 20, ['Inspections that follow up.', '跟踪检查']),
      clocks: listOf(caseClock, 60, ['Time limits.', '时限']),
    },
    participant: {
      leader: party(['Leader of the team.', '组长']).nullable(),
      members: listOf(facts({ participant: { ...member, ...presence } }), 500, ['Team.', '成员']),
      report: facts({ participant: report }).nullable().describe('The report of the team. 检查报告'),
    },
    office: {
      entrustments: listOf(facts({ office: entrustment }), 50, ['Entrustments received (P4).', '收到的委托']),
      deliberation: storedText(['What was said of the report.', '审议情况']).nullable(),
    },
  }),
  events: {
    InspectionPlanned: opening(['Inspection planned', '监督活动已列计划'], { public: plan }),
    InspectionPlanPublished: event(['Plan published', '方案已公开'], {}),
    InspectionTeamFormed: event(['Team formed', '已组队'], { participant: { leader: invitation.party } }),
    EntrustmentReceived: event(['Entrustment received', '已收到委托'], { office: entrustment }),
    MemberInvited: event(['Member invited', '已邀请成员'], { participant: member }),
    MemberAnswered: event(['Member answered', '成员已答复'], {
      participant: { party: invitation.party, answer: presence.answer, answerReason: presence.answerReason },
    }),
    MemberRemoved: event(['Member removed', '成员已移出'], {
      participant: { party: invitation.party },
      office: { reason: storedText(['Why.', '原因']) },
    }),
    InspectionBegan: event(['Inspection began', '监督活动开始'], {}),
    SiteVisited: event(['Site visited', '已实地检查'], step),
    SymposiumHeld: event(['Symposium held', '已召开座谈会'], step),
    QuestionnaireClosed: event(['Questionnaire closed', '问卷已结束'], step),
    SpotCheckDone: event(['Spot check done', '已抽查'], step),
    ThirdPartyReportFiled: event(['Third party’s report filed', '第三方评估报告已提交'], step),
    InquiryScheduled: event(
      ['Special inquiry scheduled', '专题询问已安排'],
      { follower: { ...inquiry, heads: listOf(facts({ follower: head }), 50, ['Heads.', '应到会负责人']) } },
      { politeness: 'assertive' },
    ),
    HeadAttended: event(['Head attended', '负责人到会'], { follower: { post: head.post } }),
    HeadAbsent: event(
      ['Head absent', '负责人缺席'],
      { follower: { post: head.post, reason: storedText(['Why.', '缺席原因']).nullable() } },
      { politeness: 'assertive' },
    ),
    QuestionAsked: event(['Question asked', '已询问'], { follower: question }),
    FollowUpAsked: event(['Follow-up question asked', '已追问'], { follower: question }),
    QuestionAnswered: event(['Question answered', '已答复询问'], { follower: { id: question.id, ...answer } }),
    ReportSubmitted: event(['Report submitted', '报告已提交'], { participant: report }),
    ReportDeliberated: event(['Report deliberated', '报告已审议'], {
      office: { deliberation: storedText(['What was said of it.', '审议情况']) },
    }),
    OpinionsTransferred: event(
      ['Opinions transferred', '审议意见已转交'],
      { follower: opinion },
      { politeness: 'assertive' },
    ),
    CommitteeViewGiven: event(['Committee’s view given', '委员会已提出意见'], { follower: view }),
    HandlingReported: event(['Handling reported', '研究处理情况已报告'], { follower: { ...handling, on } }),
    InspectionRectified: event(['All opinions handled', '意见均已处理'], {}),
    ResolutionAdopted: event(['Resolution adopted', '决议已通过'], { public: { text: resolution } }),
    FollowUpInspectionOrdered: event(['Follow-up inspection ordered', '已决定跟踪检查'], { follower: followUp }),
    SupervisionResultPublished: event(['Result published', '监督结果已公开'], { public: publication }),
    InspectionClosed: event(['Inspection closed', '监督活动结束'], {}),
    ...clockEvents,
  },
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
      opinions: [],
      followUps: [],
      clocks: [],
      leader: null,
      members: [],
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
    MemberAnswered: (s, e) => ({ ...s, members: s.members.map((m) => (m.party === e.party ? { ...m, ...e } : m)) }),
    MemberRemoved: (s, e) => ({
      ...s,
      leader: s.leader === e.party ? null : s.leader,
      members: s.members.map((m) => (m.party === e.party ? { ...m, removed: true } : m)),
    }),
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
    ReportSubmitted: (s, e) => ({ ...s, status: 'REPORTED', report: e }),
    ReportDeliberated: (s, e) => ({ ...s, status: 'DELIBERATED', deliberation: e.deliberation }),
    OpinionsTransferred: (s, e) => ({
      ...s,
      status: 'TRANSFERRED',
      opinions: [...s.opinions, { ...e, committeeView: null, response: null, respondedOn: null }],
    }),
    CommitteeViewGiven: (s, e) => ({
      ...s,
      opinions: s.opinions.map((o) => (o.organ === e.organ ? { ...o, committeeView: e.text } : o)),
    }),
    HandlingReported: (s, e) => ({
      ...s,
      opinions: s.opinions.map((o) => (o.organ === e.organ ? { ...o, response: e.text, respondedOn: e.on } : o)),
    }),
    InspectionRectified: (s) => ({ ...s, status: 'RECTIFIED' }),
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
});
export type Inspection = z.infer<typeof inspection.state>;

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
