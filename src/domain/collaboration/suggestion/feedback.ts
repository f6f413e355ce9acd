import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { stopClocks } from '../../kernel/case-clocks.js';
import { oneOf, text } from '../../kernel/fields.js';
import { officeOf } from '../../organization/who.js';
import {
  allButPublishing,
  clocksOfReply,
  openPromises,
  repliesWithoutPromise,
  startOrganClock,
  stillToAnswer,
} from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { settingsOf } from './settings.js';
import { category, mandateRef, organRef, satisfactions } from './shapes.js';
import type { SuggestionState } from './state.js';
import { suggestion } from './suggestion.js';
import {
  afterReply,
  answered,
  handlingOf,
  notMerged,
  officeInCharge,
  owesReply,
  replyingOrgan,
  signer,
} from './who.js';

/** Signers whose dissatisfaction of this round has not been dealt with. */
const unsettled = (state: SuggestionState): readonly string[] =>
  state.feedbacks
    .filter((f) => f.round === state.round && (f.attitude === 'DISSATISFIED' || f.result === 'DISSATISFIED'))
    .map((f) => f.mandate)
    .filter((mandate) => !state.explained.includes(mandate));

const rating = (about: readonly [string, string]) => oneOf(satisfactions, about);

export const feedbackActions = {
  giveFeedback: suggestion.action({
    describe: [
      'Rate attitude and result, each signer for himself, once per round. Dissatisfied needs a comment.',
      '代表反馈：态度、结果；不满意须说明。',
    ],
    // A late answer while promises are being tracked still counts: it is the deputy's right.
    from: answered,
    by: [signer],
    input: z.object({
      attitude: rating(['Attitude of the organ.', '办理态度']),
      result: rating(['Result.', '办理结果']),
      comment: text(2000, ['Comment.', '意见']).nullish(),
    }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { mandate } = ctx.actor;
      if (state.feedbacks.some((f) => f.mandate === mandate && f.round === state.round))
        return refusals.FEEDBACK_GIVEN_ALREADY({ round: state.round });
      const dissatisfied = input.attitude === 'DISSATISFIED' || input.result === 'DISSATISFIED';
      if (dissatisfied && !input.comment) return refusals.COMMENT_REQUIRED();
      return [
        {
          type: 'FeedbackGiven',
          data: { ...input, comment: input.comment ?? null, mandate, round: state.round, on: ctx.today },
        },
        ...stopClocks(state, (c) => c.clock === `T7:${mandate}`),
      ];
    },
  }),
  endSignersClock: suggestion.action({
    describe: [
      'End the time for feedback of a signer whose mandate has ended (by the system).',
      '代表职务终止的，其反馈时限终结。',
    ],
    from: afterReply,
    by: [systemWho],
    input: z.object({ mandate: mandateRef }),
    decide: ({ input, state }) => stopClocks(state, (c) => c.clock === `T7:${input.mandate}`),
  }),
  orderRehandling: suggestion.action({
    describe: ['Order that it is handled again (T8), while rounds are left.', '交由承办单位再次办理。'],
    from: ['FEEDBACK_PENDING'],
    by: [officeInCharge],
    input: z.object({ reason: text(1000, ['What is to be done better.', '理由']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { maxRounds } = settingsOf(ctx.rules);
      if (state.round >= maxRounds) return refusals.ROUNDS_EXHAUSTED({ max: maxRounds });
      return [
        { type: 'RehandlingOrdered', data: { round: state.round + 1, reason: input.reason, on: ctx.today } },
        ...stopClocks(state, clocksOfReply),
        ...state.organs.filter(owesReply).map((o) => startOrganClock(ctx, state, 'T8', o.organ)),
      ];
    },
  }),
  explainDissatisfaction: suggestion.action({
    describe: [
      'Explain to the dissatisfied signers why it is not handled again; closes the case when nothing is open.',
      '向不满意的代表说明；无未了事项的予以办结。',
    ],
    from: ['FEEDBACK_PENDING'],
    by: [officeInCharge],
    input: z.object({ explanation: text(2000, ['The explanation.', '说明']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const done =
        openPromises(state) === 0 && repliesWithoutPromise(state) === 0 && stillToAnswer(state, ctx.today).length === 0;
      return [
        {
          type: 'DissatisfactionExplained',
          data: { explanation: input.explanation, to: [...unsettled(state)], on: ctx.today },
        },
        ...(done
          ? [{ type: 'SuggestionClosed', data: { on: ctx.today } } as const, ...stopClocks(state, allButPublishing)]
          : []),
      ];
    },
  }),
  noteSupervision: suggestion.action({
    describe: [
      'Note that the council of chairpersons or the government supervises it after the last round.',
      '记录主任会议或政府督办。',
    ],
    from: ['FEEDBACK_PENDING'],
    by: [officeOf('COC', 'DWC', 'PRES', 'GOVO')],
    input: z.object({ note: text(2000, ['What was done.', '督办情况']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { maxRounds } = settingsOf(ctx.rules);
      if (state.round < maxRounds) return refusals.ROUNDS_LEFT({ left: maxRounds - state.round });
      return state.supervision.some((x) => x.note === input.note)
        ? []
        : [{ type: 'SupervisionNoted', data: { note: input.note, on: ctx.today } }];
    },
  }),
  changeCategory: suggestion.action({
    describe: [
      'Change the category of a reply, with the reason: the organ from B to A, the office as it finds.',
      '调整办理结果类别并说明理由。',
    ],
    from: answered,
    by: [replyingOrgan, officeInCharge],
    input: z.object({ organ: organRef, category, reason: text(1000, ['Why.', '理由']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const now = state.replies.find((r) => r.organ === input.organ && r.round === state.round);
      if (!now || !handlingOf(state, input.organ)) return refusals.NOT_HANDLING_IT();
      if (!settingsOf(ctx.rules).categories.includes(input.category))
        return refusals.CATEGORY_NOT_USED({ category: input.category });
      if (now.category === input.category) return [];
      const byOffice = ctx.actor.region === state.region && ['DWC', 'PRES'].includes(ctx.actor.organKind);
      const upgrade = ctx.actor.organ === input.organ && now.category === 'B' && input.category === 'A';
      if (!byOffice && !upgrade) return refusals.ONLY_B_TO_A();
      return [{ type: 'CategoryChanged', data: input }];
    },
  }),
};
