import { z } from 'zod';
import { inspection } from '../../domain/collaboration/inspection/inspection.js';
import { issue } from '../../domain/collaboration/issue/issue.js';
import { higherStatuses, replyCategories, statuses } from '../../domain/collaboration/suggestion/shapes.js';
import { count, day, flag, listOf, oneOf, region, storedText } from '../../domain/kernel/fields.js';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import type { Level } from '../../domain/kernel/region.js';
import { levels } from '../../domain/kernel/region.js';
import type { Facts } from '../../domain/kernel/visibility.js';
import { facts } from '../../domain/kernel/visibility.js';
import { measure } from '../../domain/organization/joint-meeting/measure.js';
import { clockStandings } from '../cases/clocks.js';
import { completions, ratings } from '../cases/suggestion-facts.js';

/**
 * What the boards of the five levels show (domain.md §4). Classes: `follower` deputies, `participant` also the
 * government office, `office` only offices of the congress. A board is a function of the log alone: nothing in it
 * depends on the time of day, so what is overdue is what was said to be overdue.
 */
const number = (about: Bilingual) => count(1_000_000_000, about);
const many = number(['How many.', '数量']);
const level = oneOf(levels, ['Level.', '层级']);
const list = <S extends z.ZodType>(row: S, about: Bilingual) => listOf(row, 1000, about);

const funnelRow = facts({
  follower: { level, status: oneOf(statuses, ['Status.', '办理状态']), count: many },
});
/** Completion, category and satisfaction side by side: a closed one is not a solved one, and a solved one not a satisfied one. */
const outcomeRow = facts({
  follower: {
    completion: oneOf(completions, ['How far the handling has come.', '办理进度']),
    category: oneOf([...replyCategories, 'NONE'], ['Category of the result.', '办理结果类别']),
    satisfaction: oneOf(ratings, [
      'What the signers say; silence is not satisfaction.',
      '代表满意度（未反馈不计为满意）',
    ]),
    count: many,
  },
});
const standing = oneOf(clockStandings, ['By the clock’s own events.', '时限状态']);
const clockRow = facts({
  follower: {
    owner: oneOf(['organ', 'office', 'government', 'mandate'], ['Whose.', '责任方类别']),
    standing,
    count: many,
  },
});
const ownerRow = facts({
  participant: {
    owner: storedText(['Organ or office, as a tag.', '责任单位']),
    running: many,
    warned: many,
    overdue: many,
    paused: many,
  },
});
const regionRow = facts({
  follower: {
    region: region(['Region.', '区划']),
    suggestions: number(['Suggestions handed in.', '建议件数']),
    open: number(['Not replied to yet.', '未答复']),
    overdue: number(['Time limits missed.', '逾期']),
    dissatisfied: number(['Dissatisfied.', '不满意']),
    issues: number(['Open issues.', '未办结问题']),
    deputies: number(['Deputies in office.', '在任代表']),
  },
});
const issueShape = issue.state.shape;
const issueRow = facts({
  follower: {
    status: issueShape.status,
    severity: issueShape.severity,
    count: many,
    overdue: number(['Overdue.', '逾期']),
  },
});
const lawRow = facts({
  follower: { law: storedText(['Law.', '法律法规']), open: many, over: number(['Rectified.', '已整改']) },
});
const measureRow = facts({
  office: { status: measure.state.shape.status, count: many, overdue: number(['Overdue.', '逾期']) },
});
const participationRow = facts({
  follower: {
    level,
    active: number(['Deputies in office.', '在任代表']),
    suspended: number(['Suspended.', '暂停执行']),
    meetings: number(['Joint meetings that this level attended.', '出席联席会议次数']),
  },
});
const dutyRow = facts({
  follower: {
    year: z.int().describe('Year. 年度'),
    standing: oneOf(['OPEN', 'WARNED', 'MET', 'MISSING'], ['Met or missing; while the year runs: open.', '履行情况']),
    count: many,
  },
});
const inspectionRow = facts({
  follower: {
    kind: inspection.state.shape.kind,
    open: number(['Not closed yet.', '进行中']),
    closed: number(['Published or closed.', '已公开或结束']),
  },
});
/** Rows of single cases: only those that the viewer may see as cases. */
const suggestionRow = facts({
  follower: {
    id: z.uuid().describe('Suggestion. 建议'),
    title: storedText(['Title.', '标题']),
    status: funnelRow.shape.status,
    category: oneOf(replyCategories, ['Category.', '办理结果类别']).nullable(),
    dueOn: day(['Next due date.', '最近到期日']).nullable(),
    overdue: flag(['A time limit was missed.', '是否逾期']),
  },
});
const offerRow = facts({
  follower: {
    id: z.uuid().describe('The lower level’s suggestion. 下级建议'),
    title: storedText(['Title.', '标题']),
    region: region(['Where it comes from.', '来源区划']),
    answer: oneOf(['PROPOSED', 'ADOPTED'], ['Waits for an answer, or adopted.', '待采纳、已采纳']),
    higherStatus: oneOf(higherStatuses, ['Where it stands.', '办理状态']).nullable(),
    externalNumber: storedText(['Number there.', '上级编号']).nullable(),
  },
});
const invitationRow = facts({
  follower: {
    id: z.uuid().describe('Meeting or inspection. 会议或监督活动'),
    category: storedText(['Kind of the case.', '事项类别']),
    title: storedText(['Title.', '名称']),
  },
});
const offersRow = facts({
  follower: {
    answer: oneOf(['PROPOSED', 'ADOPTED', 'DECLINED'], ['Answer.', '答复']),
    higherStatus: oneOf([...higherStatuses, 'NONE'], ['Where it stands.', '办理状态']),
    count: many,
  },
});
const openIssueRow = facts({
  follower: {
    id: z.uuid().describe('Issue. 问题'),
    title: storedText(['Title.', '标题']),
    region: region(['Where.', '问题所在地']),
    status: issueShape.status,
    severity: issueShape.severity,
    dueOn: day(['Due.', '整改期限']).nullable(),
    overdue: flag(['Overdue.', '是否逾期']),
  },
});

export const parts = {
  funnel: list(funnelRow, ['Suggestions by status, for the region and all below it.', '建议办理漏斗（含下级）']),
  outcomes: list(outcomeRow, ['Completion, category and satisfaction.', '办结、结果类别与满意度']),
  rehandled: number(['Handled again.', '再次办理件数']),
  clocks: list(clockRow, ['Time limits of suggestions.', '建议时限']),
  regions: list(regionRow, ['The regions one level below, side by side.', '下级对比']),
  issues: list(issueRow, ['Issues by status and severity.', '问题状态与程度']),
  laws: list(lawRow, ['Issues by law, the most open ones first.', '按法律法规统计的问题']),
  inspections: list(inspectionRow, ['Joint inspections.', '协同监督']),
  participation: list(participationRow, ['Part taken by each level.', '五级参与情况']),
  yearDuties: list(dutyRow, ['Duties of the last years.', '年度义务']),
  keySuggestions: list(suggestionRow, ['Key suggestions.', '重点督办建议']),
  openSuggestions: list(suggestionRow, ['Own open suggestions, the most pressing first.', '本级未办结建议']),
  openIssues: list(openIssueRow, ['Open issues, the gravest first.', '未办结问题']),
  toRaise: list(suggestionRow, ['To be raised to the next level.', '拟向上级反映']),
  offers: list(offersRow, ['Matters offered to this level for adoption.', '提请本级采纳的事项']),
  offered: list(offerRow, ['Offered to the viewer.', '提请本人采纳的建议']),
  invitations: list(invitationRow, ['Invitations that wait for the viewer’s answer.', '待答复邀请']),
  owners: list(ownerRow, ['Time limits by organ and office of the region itself.', '各单位时限']),
  measures: list(measureRow, ['Measures of joint meetings.', '联席会议成果措施']),
} as const;
export type Parts = { readonly [K in keyof typeof parts]: z.infer<(typeof parts)[K]> };

const about = { level, region: region(['Region.', '区划']) };
const { funnel, outcomes, rehandled, clocks, issues, laws, inspections, participation, offers, offered } = parts;
const { invitations, yearDuties, keySuggestions, openSuggestions, openIssues, toRaise, regions, owners, measures } =
  parts;

const above = facts({
  follower: { ...about, offers, offered, funnel, laws, inspections, participation, yearDuties, invitations },
});
/** One board per level; what is not named is not on it. The township's fits on one screen. */
export const boardShapes = {
  nation: above,
  autonomousRegion: facts({ follower: { ...above.shape, regions } }),
  city: facts({
    follower: {
      ...about,
      ...{ funnel, outcomes, rehandled, clocks, keySuggestions, issues, openIssues, laws, inspections },
      ...{ participation, yearDuties, regions, offers, offered, invitations },
    },
    participant: { owners },
    office: { measures },
  }),
  county: facts({
    follower: {
      ...about,
      ...{ funnel, outcomes, rehandled, clocks, keySuggestions, issues, openIssues, laws, inspections },
      ...{ participation, regions, toRaise, offers, offered, invitations },
    },
    participant: { owners },
  }),
  township: facts({
    follower: { ...about, funnel, outcomes, clocks, openSuggestions, openIssues, participation, toRaise, invitations },
  }),
} as const satisfies Record<Level, Facts>;
