import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { oneOf, ref, text } from '../../kernel/fields.js';
import { compareLevels, isWithin, levelOf, levels } from '../../kernel/region.js';
import { mandate } from '../../organization/mandate.js';
import { inspection } from '../inspection/inspection.js';
import { issue, suggestionStatuses } from './issue.js';
import { issueRefusals as refusals } from './refusals.js';
import { askedDeputy, followingDeputy, mayDiscuss, teamDeputy } from './who.js';

/**
 * P3: an issue goes up by a higher deputy's own suggestion. The issue stays with its organ and keeps its due date
 * (invariant 9); of the suggestion it learns its status in four words, and nothing else.
 */
const escalating = [
  'CONFIRMED',
  'TRANSFERRED',
  'RECTIFYING',
  'REPORTED',
  'VERIFIED',
  'CLOSED',
  'ESCALATED',
  'REOPENED',
] as const;
/** Whoever was on the team may suggest before the office has confirmed it. */
const linkable = ['FOUND', ...escalating] as const;
/**
 * An issue that is done is not escalated any more, and one whose report waits to be judged is judged first: the
 * suggestion is on record, the status stays.
 */
const escalates: readonly string[] = ['CONFIRMED', 'TRANSFERRED', 'RECTIFYING', 'REOPENED'];

export const escalationActions = {
  proposeIssueEscalation: issue.action({
    describe: [
      'Ask a deputy of a higher level to take the issue up in a suggestion (P3).',
      '提请上级代表就问题提出建议。',
    ],
    from: ['CONFIRMED', 'TRANSFERRED', 'RECTIFYING', 'REPORTED', 'ESCALATED', 'REOPENED'],
    by: [teamDeputy, followingDeputy],
    input: z.object({ to: ref('mandate', ['Deputy of a higher level.', '上级代表']) }),
    needs: (input, state) => ({ seat: mandate.at(input.to), activity: inspection.at(state.inspection) }),
    decide: ({ input, state, ctx, facts: { seat, activity } }) => {
      if (!mayDiscuss(ctx.actor, state, activity)) return refusals.TEAM_MEMBERS_ONLY();
      if (seat?.status !== 'ACTIVE') return refusals.UNKNOWN_PARTY();
      const level = levelOf(state.host);
      if (compareLevels(seat.level, level) >= 0) return refusals.NOT_HIGHER_LEVEL({ level });
      if (!isWithin(state.host, seat.region)) return refusals.OUTSIDE_INSPECTION({ region: seat.region });
      if (state.left.includes(`mandate:${input.to}`)) return refusals.LEFT_THE_TEAM();
      const asked = state.escalations.find((one) => one.to === input.to);
      if (asked) return asked.declined === null ? [] : refusals.ASKED_BEFORE();
      const data = { to: input.to, level: seat.level, proposedBy: ctx.actor.mandate };
      return [{ type: 'IssueEscalationProposed', data }];
    },
  }),
  declineIssueEscalation: issue.action({
    describe: [
      'Decline to take the issue up; those who see the issue learn why (P3).',
      '上级代表不就该问题提出建议，并说明理由。',
    ],
    from: escalating,
    by: [askedDeputy],
    input: z.object({ reason: text(1000, ['Why.', '理由']) }),
    decide: ({ input, ctx }) => [
      { type: 'IssueEscalationDeclined', data: { to: ctx.actor.mandate, reason: input.reason } },
    ],
  }),
  recordIssueSuggestion: issue.action({
    describe: ['Link a suggestion that was made on the issue (by the system).', '关联就该问题提出的建议。'],
    from: linkable,
    by: [systemWho],
    input: z.object({
      suggestion: ref('suggestion', ['Suggestion.', '建议']),
      by: ref('mandate', ['Deputy who made it.', '提出代表']),
      level: oneOf(levels, ['Level of that deputy.', '代表层级']),
    }),
    decide: ({ input, state }) => {
      if (state.suggestions.some((one) => one.suggestion === input.suggestion)) return [];
      const { suggestion, level } = input;
      const up = escalates.includes(state.status) && compareLevels(level, levelOf(state.host)) < 0;
      return [
        { type: 'IssueSuggestionLinked', data: input },
        ...(up ? [{ type: 'IssueEscalated', data: { suggestion, level } } as const] : []),
      ];
    },
  }),
  noteIssueSuggestionStatus: issue.action({
    describe: ['Note where a linked suggestion stands (by the system); it only moves on.', '记录相关建议的办理状态。'],
    from: linkable,
    by: [systemWho],
    input: z.object({
      suggestion: ref('suggestion', ['Suggestion.', '建议']),
      status: oneOf(suggestionStatuses, ['Received, assigned, replied, decided.', '已接收、已交办、已答复、已办结']),
    }),
    decide: ({ input, state }) => {
      const linked = state.suggestions.find((one) => one.suggestion === input.suggestion);
      if (!linked) return refusals.SUGGESTION_NOT_LINKED();
      const reached = linked.status === null ? -1 : suggestionStatuses.indexOf(linked.status);
      if (suggestionStatuses.indexOf(input.status) <= reached) return [];
      return [{ type: 'IssueSuggestionStatusNoted', data: input }];
    },
  }),
};
