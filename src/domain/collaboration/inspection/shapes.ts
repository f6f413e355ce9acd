import { count, day, flag, listOf, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import { invitation, party, rowId } from '../../organization/joint-meeting/calling.js';

/** What an inspection is made of: shapes that its state and its events share (domain.md S10). */
export const inspectionKinds = ['SURVEY', 'LAW_ENFORCEMENT', 'SPECIAL_INQUIRY'] as const;
export const memberRoles = ['deputy', 'scMember', 'expert', 'departmentHead'] as const;

/** In the order of its life; cancelled from any state before the report. */
export const statusTerms = {
  PLANNED: '已列计划',
  TEAM_FORMED: '已组队',
  RUNNING: '进行中',
  REPORTED: '已报告',
  DELIBERATED: '已审议',
  TRANSFERRED: '意见已转交',
  RECTIFIED: '已整改',
  PUBLISHED: '已公开',
  CLOSED: '已结束',
  CANCELLED: '已取消',
} as const;
export const status = oneOf(
  [
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
  ],
  [
    'Planned, team formed, running, reported, deliberated, opinions transferred, handled, published, closed, cancelled.',
    Object.values(statusTerms).join('、'),
  ],
);
export const on = day(['On.', '日期']);
export const dates = { beginsOn: day(['Begins on.', '开始日期']), endsOn: day(['Ends on.', '结束日期']) };
export const plan = {
  region: region(['Region whose congress holds it.', '组织地区']),
  kind: oneOf(inspectionKinds, [
    'Survey, law-enforcement inspection, special inquiry.',
    '调查研究、执法检查、专题询问',
  ]),
  title: storedText(['Title.', '名称']),
  laws: listOf(storedText(['Law.', '法律法规']), 20, ['Laws whose carrying out is looked at.', '所检查的法律法规']),
  planReference: storedText(['Item of the published annual plan (Supervision Law art. 63).', '年度监督计划依据']),
  ...dates,
  joinedRegions: listOf(region(['Region.', '地区']), 20, [
    'Regions whose standing committees hold it too.',
    '联动地区',
  ]),
};
export const member = { ...invitation, role: oneOf(memberRoles, ['In which role.', '成员身份']) };
export const entrustment = {
  reference: storedText(['Reference of the entrustment.', '委托文号']),
  from: region(['Region of the standing committee that entrusts.', '委托方所属区划']),
  on,
};
export const fieldKinds = ['SITE_VISIT', 'SYMPOSIUM', 'QUESTIONNAIRE', 'SPOT_CHECK', 'THIRD_PARTY_REPORT'] as const;
/** One step of the work on the ground. The follower learns that it took place, the team what came of it. */
export const step = {
  follower: {
    on,
    region: region(['Where.', '地点区划']),
    place: storedText(['Place, or who was asked or commissioned.', '地点、对象或受托方']),
    responses: count(10_000_000, ['Answers to a questionnaire.', '问卷份数']).nullable(),
  },
  participant: { id: rowId(['Step.', '活动']), text: storedText(['What came of it.', '情况']) },
};
export const field = facts({
  follower: { kind: oneOf(fieldKinds, ['Form.', '形式']), ...step.follower },
  participant: step.participant,
});
export const organ = ref('organ', ['Organ.', '机关']);
export const head = {
  post: ref('post', ['Head who has to attend.', '应到会负责人']),
  organ,
};
export const inquiry = {
  on,
  place: storedText(['Place.', '地点']),
  meeting: oneOf(['PLENARY', 'JOINT_GROUP', 'GROUP'], ['Kind of meeting.', '会议形式']),
};
export const question = {
  id: rowId(['Question.', '询问']),
  follows: rowId(['Question that this one follows up.', '所追问的问题']).nullable(),
  asker: party(['Who asked.', '询问人']),
  organ,
  text: storedText(['Question.', '询问内容']),
};
export const answer = { answeredBy: ref('post', ['Who answered.', '应询人']), answer: storedText(['Answer.', '答复']) };
export const speech = {
  id: rowId(['What was said.', '发言']),
  by: ref('mandate', ['Deputy who spoke.', '发言代表']),
  text: storedText(['What was said.', '发言内容']),
};
export const cancellation = storedText(['Why it was cancelled.', '取消原因']);
export const succession = { organ, to: ref('organ', ['Organ that succeeds it.', '承接单位']) };
export const report = {
  evaluation: storedText(['How the law or matter stands.', '总体评价']),
  problems: storedText(['Problems.', '存在问题']),
  advice: storedText(['Advice.', '意见建议']),
  lawAdvice: storedText(['Advice on amending the law.', '修改法律法规的建议']).nullable(),
};
export const opinion = {
  organ,
  text: storedText(['Opinions of the standing committee.', '审议意见']),
  dueOn: day(['To be answered by.', '报告期限']),
};
export const view = { organ, text: storedText(['What the committee says to the organ’s draft.', '委员会意见']) };
export const handling = { organ, text: storedText(['How the opinions were handled.', '研究处理情况']) };
/** As in the handling of suggestions: which time the organ is asked. */
const round = count(50, [
  'Which report of the organ: 1, and one more after each test that found the last wanting.',
  '第几次报告（首次为1）',
]);
export const reReport = { ...opinion, round, ballot: ref('ballot', ['Test that found it wanting.', '所依据的测评']) };
export const opinionRow = facts({
  follower: {
    ...opinion,
    round,
    committeeView: view.text.nullable(),
    response: handling.text.nullable(),
    respondedOn: on.nullable(),
  },
});
export const followUp = { text: storedText(['What is looked at again.', '跟踪检查内容']), on };
export const resolution = storedText(['Resolution.', '决议']);
export const publication = {
  report: storedText(['Report as published.', '公开的报告']),
  opinions: storedText(['Opinions as published; null: none were sent.', '公开的审议意见']).nullable(),
  response: storedText(['Handling as published; null: none was asked for.', '公开的研究处理情况']).nullable(),
};
export const headRow = facts({
  follower: {
    ...head,
    attended: flag(['Came: yes, no, or not yet recorded.', '是否到会']).nullable(),
    reason: storedText(['Why absent.', '缺席原因']).nullable(),
  },
});

/** What a secret satisfaction test of an organ's handling came to: sums alone (`src/domain/ballots`). */
const votes = (en: string, zh: string) => count(5_000, [en, zh]);
export const satisfaction = {
  ballot: ref('ballot', ['The secret ballot.', '无记名投票']),
  organ: ref('organ', ['Organ that was rated, or has taken over its part.', '被测评单位或其承接单位']),
  round,
  verdict: oneOf(['SATISFIED', 'BASICALLY_SATISFIED', 'DISSATISFIED'], ['What it comes to.', '测评结论']),
  satisfied: votes('Satisfied.', '满意票数'),
  basically: votes('Basically satisfied.', '基本满意票数'),
  dissatisfied: votes('Dissatisfied.', '不满意票数'),
  spoiled: votes('Void.', '废票数'),
  members: votes('All members, whether they voted or not.', '全体组成人员人数'),
};
