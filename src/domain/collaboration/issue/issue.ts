import type { z } from 'zod';
import { defineAggregate } from '../../kernel/aggregate.js';
import { caseClock, clockEvents, clockFolds } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { count, day, listOf, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import { levels } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { party, rowId } from '../../organization/joint-meeting/calling.js';
import { officesBelow } from '../inspection/inspection.js';
import { issueRefusals as refusals } from './refusals.js';

/**
 * 问题 (domain.md S10): what an inspection found; discussed by deputies of five levels, transferred to an organ, rectified,
 * verified; if need be taken up by a higher deputy's suggestion (P3). Deputies raise opinions, they handle nothing (P5).
 */
const level = oneOf(levels, ['Level.', '层级']);
const on = day(['On.', '日期']);
const found = {
  inspection: ref('inspection', ['Inspection that found it.', '来源监督活动']),
  host: region(['Region whose congress holds the inspection.', '组织地区']),
  joinedRegions: listOf(region(['Region.', '地区']), 20, ['Regions that hold it too.', '联动地区']),
  region: region(['Where it was found.', '问题所在地']),
  title: storedText(['In a line.', '标题']),
  severity: oneOf(['MINOR', 'MODERATE', 'SERIOUS'], ['How grave.', '严重程度']),
  law: storedText(['Law it goes against.', '所涉法律法规']).nullable(),
  article: storedText(['Article.', '条款']).nullable(),
};
const seen = {
  finder: party(['Who found it: mandate or post.', '发现人']),
  evidence: storedText(['What was seen, without personal data.', '情况和依据（不含个人信息）']),
  suspectedOrgan: ref('organ', ['Organ that seems to be in charge.', '初步认定的责任机关']).nullable(),
};
const remark = {
  id: rowId(['Entry.', '编号']),
  by: party(['By whom: mandate or post.', '提出人']),
  level: level.nullable(),
  on,
  text: storedText(['What was said.', '内容']),
};
const remarks = (description: readonly [string, string]) => listOf(facts({ participant: remark }), 1000, description);
const team = listOf(storedText(['Tag.', '标签']), 500, ['The inspection’s team, as tags.', '监督活动成员']);
/** They see no more than any other deputy of the region, and cannot follow. */
const left = listOf(storedText(['Tag.', '标签']), 500, ['Who left the team, as tags.', '已退出的成员']);
const transfer = {
  organ: ref('organ', ['Organ that has to rectify.', '整改机关']),
  dueOn: day(['To be reported by.', '整改期限']),
};
const report = { text: storedText(['How it was rectified.', '整改情况']), on };
const verdict = storedText(['What was found.', '核查意见']);
const follower = { mandate: ref('mandate', ['Deputy who follows.', '关注代表']), level };
const escalation = {
  to: ref('mandate', ['Deputy of a higher level who is asked.', '请求的上级代表']),
  level,
  proposedBy: ref('mandate', ['Deputy who asks.', '提请人']),
};
const suggestion = ref('suggestion', ['Suggestion on the issue.', '相关建议']);
const link = { suggestion, by: ref('mandate', ['Deputy who made it.', '提出代表']), level };
/** What the origin may learn of a higher level's suggestion; nothing else crosses levels (P1, P3). */
export const suggestionStatuses = ['RECEIVED', 'ASSIGNED', 'REPLIED', 'DECIDED'] as const;
const seenStatus = oneOf(suggestionStatuses, [
  'Received, assigned, replied, decided.',
  '已接收、已交办、已答复、已办结',
]);

export const issue = defineAggregate({
  category: 'issue',
  term: ['issue', '监督发现问题'],
  state: facts({
    public: {
      status: oneOf(
        ['FOUND', 'CONFIRMED', 'TRANSFERRED', 'RECTIFYING', 'REPORTED', 'VERIFIED', 'CLOSED', 'ESCALATED', 'REOPENED'],
        [
          'Found, confirmed, transferred, being rectified, reported, verified, closed, escalated, reopened.',
          '已发现、已确认、已转交、整改中、已报告、已核实、已办结、已提请上级、已退回',
        ],
      ),
      ...found,
      summary: storedText(['Published summary.', '公开摘要']).nullable(),
    },
    follower: {
      organ: transfer.organ.nullable(),
      dueOn: transfer.dueOn.nullable(),
      rounds: count(1000, ['How often rectification was rejected or the issue reopened.', '退回次数']),
      suggestions: listOf(facts({ follower: { ...link, status: seenStatus.nullable() } }), 50, [
        'Suggestions on the issue.',
        '相关建议',
      ]),
      clocks: listOf(caseClock, 5, ['Time limits.', '时限']),
    },
    participant: {
      ...seen,
      discussion: remarks(['Discussion by deputies of five levels.', '五级代表讨论']),
      opinions: remarks(['Opinions proposed.', '提出的意见']),
      plan: storedText(['How the organ means to rectify it.', '整改方案']).nullable(),
      reports: listOf(facts({ participant: report }), 100, ['Reports of the organ.', '整改报告']),
      verdict: verdict.nullable(),
      followers: listOf(facts({ participant: follower }), 5000, ['Deputies who follow.', '关注代表']),
      escalations: listOf(facts({ participant: escalation }), 50, ['Higher deputies asked.', '提请上级代表']),
    },
    internal: { team, left },
  }),
  events: {
    IssueFound: opening(['Issue found', '发现问题'], { public: found, participant: seen, internal: { team } }),
    IssueTeamChanged: event(['Team changed', '成员有变动'], { internal: { team } }, { politeness: 'off' }),
    IssueConfirmed: event(['Issue confirmed', '问题已确认'], {}),
    IssueFollowed: event(
      ['Deputy follows the issue', '代表关注问题'],
      { participant: follower },
      { politeness: 'off' },
    ),
    IssueDiscussed: event(['Issue discussed', '已讨论问题'], { participant: remark }),
    OpinionProposed: event(['Opinion proposed', '已提出意见'], { participant: remark }),
    IssueTransferred: event(['Issue transferred', '问题已转交'], { follower: transfer }, { politeness: 'assertive' }),
    RectificationBegan: event(['Rectification began', '整改已开始'], {
      participant: { plan: storedText(['How.', '整改方案']) },
    }),
    RectificationReported: event(['Rectification reported', '整改情况已报告'], { participant: report }),
    RectificationVerified: event(['Rectification verified', '整改已核实'], { participant: { verdict } }),
    RectificationRejected: event(
      ['Rectification rejected', '整改未通过'],
      { follower: { dueOn: transfer.dueOn }, participant: { verdict } },
      { politeness: 'assertive' },
    ),
    IssueReopened: event(
      ['Issue reopened', '问题重新办理'],
      { follower: { dueOn: transfer.dueOn }, participant: { verdict } },
      { politeness: 'assertive' },
    ),
    IssueClosed: event(['Issue closed', '问题已办结'], { participant: { verdict } }),
    IssueEscalationProposed: event(['Escalation proposed', '已提请上级代表'], { participant: escalation }),
    IssueSuggestionLinked: event(['Suggestion on the issue', '已有相关建议'], { follower: link }),
    IssueEscalated: event(
      ['Issue taken up at a higher level', '问题已由上级代表提出建议'],
      { follower: { suggestion, level } },
      { politeness: 'assertive' },
    ),
    IssueSuggestionStatusNoted: event(['Suggestion’s status', '相关建议办理状态'], {
      follower: { suggestion, status: seenStatus },
    }),
    IssuePublished: event(['Issue made public', '问题已公开'], {
      public: { summary: storedText(['Summary.', '摘要']) },
    }),
    ...clockEvents,
  },
  evolve: {
    IssueFound: (_, e) => ({
      status: 'FOUND',
      ...e,
      summary: null,
      organ: null,
      dueOn: null,
      rounds: 0,
      suggestions: [],
      clocks: [],
      discussion: [],
      opinions: [],
      plan: null,
      reports: [],
      verdict: null,
      followers: [],
      escalations: [],
      left: [],
    }),
    IssueTeamChanged: (s, e) => {
      const left = [...s.left, ...s.team].filter((tag) => !e.team.includes(tag));
      const followers = s.followers.filter((one) => !left.includes(`mandate:${one.mandate}`));
      return { ...s, team: e.team, left, followers };
    },
    IssueConfirmed: (s) => ({ ...s, status: 'CONFIRMED' }),
    IssueFollowed: (s, e) => ({ ...s, followers: [...s.followers, e] }),
    IssueDiscussed: (s, e) => ({ ...s, discussion: [...s.discussion, e] }),
    OpinionProposed: (s, e) => ({ ...s, opinions: [...s.opinions, e] }),
    IssueTransferred: (s, e) => ({ ...s, ...e, status: 'TRANSFERRED' }),
    RectificationBegan: (s, e) => ({ ...s, status: 'RECTIFYING', plan: e.plan }),
    RectificationReported: (s, e) => ({ ...s, status: 'REPORTED', reports: [...s.reports, e] }),
    RectificationVerified: (s, e) => ({ ...s, status: 'VERIFIED', verdict: e.verdict }),
    RectificationRejected: (s, e) => ({ ...s, ...e, status: 'REOPENED', rounds: s.rounds + 1 }),
    IssueReopened: (s, e) => ({ ...s, ...e, status: 'REOPENED', rounds: s.rounds + 1 }),
    IssueClosed: (s, e) => ({ ...s, status: 'CLOSED', verdict: e.verdict }),
    IssueEscalationProposed: (s, e) => ({ ...s, escalations: [...s.escalations, e] }),
    IssueSuggestionLinked: (s, e) => ({ ...s, suggestions: [...s.suggestions, { ...e, status: null }] }),
    IssueEscalated: (s) => ({ ...s, status: 'ESCALATED' }),
    IssueSuggestionStatusNoted: (s, e) => ({
      ...s,
      suggestions: s.suggestions.map((x) => (x.suggestion === e.suggestion ? { ...x, status: e.status } : x)),
    }),
    IssuePublished: (s, e) => ({ ...s, summary: e.summary }),
    ...clockFolds,
  },
  audience: (s) => ({
    ...(s.summary !== null ? { public: 'public' } : {}),
    // What is not confirmed is the team's and its office's alone; then the deputies of the region may follow it.
    ...(s.status === 'FOUND' ? {} : { [`deputies:${s.host}`]: 'follower', ...officesBelow(s.host, [s.region]) }),
    ...Object.fromEntries(
      [
        ...s.team,
        ...s.followers.map((one) => `mandate:${one.mandate}`),
        ...s.escalations.map((one) => `mandate:${one.to}`),
        ...s.joinedRegions.map((at) => `office:${at}`),
        ...(s.organ ? [`organ:${s.organ}`] : []),
      ].map((tag) => [tag, 'participant' as const]),
    ),
    [`office:${s.host}`]: 'office',
  }),
  refusals,
});
export type Issue = z.infer<typeof issue.state>;
