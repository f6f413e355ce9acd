import { day, listOf, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import { levels } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { party, rowId } from '../../organization/joint-meeting/calling.js';

/** What an issue is made of: shapes that its state and its events share (domain.md S10). */
/** In the order of its life; dismissed only before it is confirmed. */
export const statusTerms = {
  FOUND: '已发现',
  CONFIRMED: '已确认',
  TRANSFERRED: '已转交',
  RECTIFYING: '整改中',
  REPORTED: '已报告',
  VERIFIED: '已核实',
  CLOSED: '已办结',
  ESCALATED: '已提请上级',
  REOPENED: '已退回',
  DISMISSED: '不予确认',
} as const;
export const status = oneOf(
  [
    'FOUND',
    'CONFIRMED',
    'TRANSFERRED',
    'RECTIFYING',
    'REPORTED',
    'VERIFIED',
    'CLOSED',
    'ESCALATED',
    'REOPENED',
    'DISMISSED',
  ],
  [
    'Found, confirmed, transferred, being rectified, reported, verified, closed, escalated, reopened, dismissed.',
    Object.values(statusTerms).join('、'),
  ],
);
export const level = oneOf(levels, ['Level.', '层级']);
export const on = day(['On.', '日期']);
export const found = {
  inspection: ref('inspection', ['Inspection that found it.', '来源监督活动']),
  host: region(['Region whose congress holds the inspection.', '组织地区']),
  joinedRegions: listOf(region(['Region.', '地区']), 20, ['Regions that hold it too.', '联动地区']),
  region: region(['Where it was found.', '问题所在地']),
  title: storedText(['In a line.', '标题']),
  severity: oneOf(['MINOR', 'MODERATE', 'SERIOUS'], ['How grave.', '严重程度']),
  law: storedText(['Law it goes against.', '所涉法律法规']).nullable(),
  article: storedText(['Article.', '条款']).nullable(),
};
export const seen = {
  finder: party(['Who found it: mandate or post.', '发现人']),
  evidence: storedText(['What was seen, without personal data.', '情况和依据（不含个人信息）']),
  suspectedOrgan: ref('organ', ['Organ that seems to be in charge.', '初步认定的责任机关']).nullable(),
};
export const remark = {
  id: rowId(['Entry.', '编号']),
  by: party(['By whom: mandate or post.', '提出人']),
  level: level.nullable(),
  on,
  text: storedText(['What was said.', '内容']),
};
export const remarks = (description: readonly [string, string]) =>
  listOf(facts({ participant: remark }), 1000, description);
export const team = listOf(storedText(['Tag.', '标签']), 500, ['The inspection’s team, as tags.', '监督活动成员']);
/** They see no more than any other deputy of the region, and cannot follow. */
export const left = listOf(storedText(['Tag.', '标签']), 500, ['Who left the team, as tags.', '已退出的成员']);
export const organ = ref('organ', ['Organ that has to rectify.', '整改机关']);
export const supervisor = region(['Region whose congress supervises the organ (P1).', '监督该机关的人大所属区划']);
export const transfer = {
  organ,
  dueOn: day(['To be reported by.', '整改期限']),
};
export const report = { text: storedText(['How it was rectified.', '整改情况']), on };
export const verdict = storedText(['What was found.', '核查意见']);
export const follower = { mandate: ref('mandate', ['Deputy who follows.', '关注代表']), level };
export const escalation = {
  to: ref('mandate', ['Deputy of a higher level who is asked.', '请求的上级代表']),
  level,
  proposedBy: ref('mandate', ['Deputy who asks.', '提请人']),
};
export const answer = {
  /** Null: the deputy who is asked has not said no. */
  declined: storedText(['Why the deputy who is asked declines.', '上级代表不予提出的原因']).nullable(),
};
export const suggestion = ref('suggestion', ['Suggestion on the issue.', '相关建议']);
export const link = { suggestion, by: ref('mandate', ['Deputy who made it.', '提出代表']), level };
/** Not confirmed, or not worth it: the team's and its offices' own affair. */
export const isUnconfirmed = ({ status }: { readonly status: string }): boolean =>
  status === 'FOUND' || status === 'DISMISSED';
export const reason = storedText(['Why.', '理由']);
/** What the origin may learn of a higher level's suggestion; nothing else crosses levels (P1, P3). */
export const suggestionStatuses = ['RECEIVED', 'ASSIGNED', 'REPLIED', 'DECIDED'] as const;
export const seenStatus = oneOf(suggestionStatuses, [
  'Received, assigned, replied, decided.',
  '已接收、已交办、已答复、已办结',
]);
