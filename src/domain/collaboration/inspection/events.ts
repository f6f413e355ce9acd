import { z } from 'zod';
import { clockEvents } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { listOf, storedText } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import { invitation, presence } from '../../organization/joint-meeting/calling.js';
import {
  answer,
  dates,
  entrustment,
  followUp,
  handling,
  head,
  inquiry,
  member,
  on,
  opinion,
  plan,
  publication,
  question,
  report,
  reReport,
  resolution,
  satisfaction,
  speech,
  step,
  succession,
  view,
} from './shapes.js';

const reason = storedText(['Why.', '原因']);
/** Since version 2 an organ can be rated more than once, each time on another report. */
const firstReport = { version: 2, upcasts: { 1: (data: unknown) => ({ ...z.looseObject({}).parse(data), round: 1 }) } };

/** What happens to an inspection. These types and fields are the storage format. */
export const inspectionEvents = {
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
    office: { reason },
  }),
  InspectionLeaderNamed: event(['New leader of the team', '已另行确定组长'], {
    participant: { leader: invitation.party },
  }),
  InspectionPostponed: event(
    ['Inspection moved to other days', '监督活动已改期'],
    { public: dates, participant: { reason } },
    { politeness: 'assertive' },
  ),
  InspectionCancelled: event(
    ['Inspection cancelled', '监督活动已取消'],
    { participant: { reason } },
    { politeness: 'assertive' },
  ),
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
  DeputySpoke: event(['A deputy spoke by invitation', '列席代表应邀发言'], { follower: speech }),
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
  OpinionOrganSucceeded: event(['Opinions moved to the successor organ', '审议意见已转由承接单位办理'], {
    follower: succession,
  }),
  SatisfactionRecorded: event(
    ['Satisfaction test counted', '满意度测评已计票'],
    { follower: satisfaction },
    firstReport,
  ),
  ReReportOrdered: event(
    ['Ordered to report again', '已责成重新报告'],
    { follower: reReport },
    { politeness: 'assertive' },
  ),
  ResolutionAdopted: event(['Resolution adopted', '决议已通过'], { public: { text: resolution } }),
  FollowUpInspectionOrdered: event(['Follow-up inspection ordered', '已决定跟踪检查'], { follower: followUp }),
  SupervisionResultPublished: event(
    ['Result published', '监督结果已公开'],
    { public: publication },
    // Since version 2 there may be no opinions: then nothing was handled either.
    { version: 2, upcasts: { 1: (data) => data } },
  ),
  InspectionClosed: event(['Inspection closed', '监督活动结束'], {}),
  ...clockEvents,
};
