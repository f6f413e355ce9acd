import type { z } from 'zod';
import { defineAggregate } from '../../kernel/aggregate.js';
import { caseClock, clockFolds } from '../../kernel/case-clocks.js';
import { count, listOf, storedText } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import { officesBelow } from '../inspection/inspection.js';
import { issueEvents } from './events.js';
import { issueRefusals as refusals } from './refusals.js';
import {
  answer,
  escalation,
  follower,
  found,
  isUnconfirmed,
  left,
  link,
  organ,
  remarks,
  report,
  seen,
  seenStatus,
  status,
  statusTerms,
  supervisor,
  team,
  transfer,
  verdict,
} from './shapes.js';

export { isUnconfirmed, suggestionStatuses } from './shapes.js';

/**
 * 问题 (domain.md S10): what an inspection found; discussed by deputies of five levels, transferred to an organ, rectified,
 * verified; if need be taken up by a higher deputy's suggestion (P3). Deputies raise opinions, they handle nothing (P5).
 */
export const issue = defineAggregate({
  category: 'issue',
  term: ['issue', '监督发现问题'],
  state: facts({
    public: {
      status,
      ...found,
      summary: storedText(['Published summary.', '公开摘要']).nullable(),
    },
    follower: {
      organ: organ.nullable(),
      supervisor: supervisor.nullable(),
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
      escalations: listOf(facts({ participant: { ...escalation, ...answer } }), 50, [
        'Higher deputies asked.',
        '提请上级代表',
      ]),
    },
    internal: { team, left },
  }),
  events: issueEvents,
  evolve: {
    IssueFound: (_, e) => ({
      status: 'FOUND',
      ...e,
      summary: null,
      organ: null,
      supervisor: null,
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
      const gone = (id: string) => left.includes(`mandate:${id}`);
      const takenUp = (id: string) => s.suggestions.some((one) => one.by === id);
      return {
        ...s,
        team: e.team,
        left,
        followers: s.followers.filter((one) => !gone(one.mandate)),
        // Whom they asked is not let in by them any more, but for a deputy who has taken it up meanwhile.
        escalations: s.escalations.filter((one) => !gone(one.to) && (!gone(one.proposedBy) || takenUp(one.to))),
      };
    },
    IssueConfirmed: (s) => ({ ...s, status: 'CONFIRMED' }),
    IssueDismissed: (s, e) => ({ ...s, status: 'DISMISSED', verdict: e.reason }),
    IssueFollowed: (s, e) => ({ ...s, followers: [...s.followers, e] }),
    IssueDiscussed: (s, e) => ({ ...s, discussion: [...s.discussion, e] }),
    OpinionProposed: (s, e) => ({ ...s, opinions: [...s.opinions, e] }),
    IssueTransferred: (s, e) => ({ ...s, ...e, status: 'TRANSFERRED' }),
    IssueOrganSucceeded: (s, e) => ({ ...s, organ: e.to }),
    RectificationBegan: (s, e) => ({ ...s, status: 'RECTIFYING', plan: e.plan }),
    RectificationReported: (s, e) => ({ ...s, status: 'REPORTED', reports: [...s.reports, e] }),
    RectificationVerified: (s, e) => ({ ...s, status: 'VERIFIED', verdict: e.verdict }),
    RectificationRejected: (s, e) => ({ ...s, ...e, status: 'REOPENED', rounds: s.rounds + 1 }),
    IssueReopened: (s, e) => ({ ...s, ...e, status: 'REOPENED', rounds: s.rounds + 1 }),
    IssueClosed: (s, e) => ({ ...s, status: 'CLOSED', verdict: e.verdict }),
    IssueEscalationProposed: (s, e) => ({ ...s, escalations: [...s.escalations, { ...e, declined: null }] }),
    IssueEscalationDeclined: (s, e) => ({
      ...s,
      escalations: s.escalations.map((one) => (one.to === e.to ? { ...one, declined: e.reason } : one)),
    }),
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
    ...(isUnconfirmed(s) ? {} : { [`deputies:${s.host}`]: 'follower', ...officesBelow(s.host, [s.region]) }),
    ...Object.fromEntries(
      [
        ...s.team,
        ...s.followers.map((one) => `mandate:${one.mandate}`),
        ...s.escalations.filter((one) => one.declined === null).map((one) => `mandate:${one.to}`),
        ...s.joinedRegions.map((at) => `office:${at}`),
        ...(s.organ ? [`organ:${s.organ}`] : []),
      ].map((tag) => [tag, 'participant' as const]),
    ),
    [`office:${s.host}`]: 'office',
  }),
  refusals,
  statusTerms,
});
export type Issue = z.infer<typeof issue.state>;
