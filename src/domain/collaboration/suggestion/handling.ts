import { z } from 'zod';
import { clockOf, stopClocks } from '../../kernel/case-clocks.js';
import { day, listOf, oneOf, text } from '../../kernel/fields.js';
import { opinionClock, opinionOverdue, replyClock } from './limits.js';
import { holdClocks, releaseClocks } from './pausing.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { contactWays, mandateRef, organRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { assigner, coHandler, handlingOf, handlingOrgan, officeInCharge } from './who.js';

export const handlingActions = {
  contactDeputy: suggestion.action({
    describe: [
      'Record that the organ contacted a signer and heard him or her (Deputies Law art. 51).',
      '记录与代表的沟通。',
    ],
    from: ['HANDLING', 'REHANDLING'],
    by: [handlingOrgan],
    input: z.object({
      mandate: mandateRef,
      way: oneOf(contactWays, ['Visit, meeting or telephone.', '走访、座谈、电话']),
      on: day(['On.', '日期']),
      summary: text(2000, ['What was said.', '沟通内容']),
    }),
    decide: ({ input, state, ctx }) => {
      const own = handlingOf(state, ctx.actor.organ);
      if (!own?.receivedOn) return refusals.NOT_SIGNED_FOR();
      if (!state.signatories.some((x) => x.mandate === input.mandate)) return refusals.NOT_A_SIGNER();
      // Each round hears the deputy anew: what was said before it was ordered does not count for it.
      const began = state.round > 1 ? clockOf(state, `T8:${own.organ}`)?.startedOn : undefined;
      if (input.on > ctx.today || input.on < (began ?? state.firstAssignedOn ?? ''))
        return refusals.DATE_NOT_POSSIBLE({ on: input.on });
      const data = { ...input, organ: own.organ };
      const known = state.contacts.some(
        (c) =>
          c.organ === data.organ &&
          c.mandate === data.mandate &&
          c.way === data.way &&
          c.on === data.on &&
          c.summary === data.summary,
      );
      return known ? [] : [{ type: 'DeputyContacted', data }];
    },
  }),
  submitCoOpinion: suggestion.action({
    describe: [
      'Give the co-handler’s opinion to the lead organ. After T4 it is marked late, not refused.',
      '提交会办意见。',
    ],
    from: ['HANDLING', 'REHANDLING'],
    by: [coHandler],
    input: z.object({ text: text(5000, ['The opinion.', '会办意见']) }),
    decide: ({ input, state, ctx }) => {
      const own = handlingOf(state, ctx.actor.organ);
      if (!own?.receivedOn) return refusals.NOT_SIGNED_FOR();
      if (state.opinions.some((o) => o.organ === own.organ && o.text === input.text)) return [];
      const late = opinionOverdue(state, own.organ, ctx);
      return [
        { type: 'CoHandlingOpinionSubmitted', data: { organ: own.organ, text: input.text, on: ctx.today, late } },
        ...stopClocks(state, opinionClock(own.organ)),
      ];
    },
  }),
  coordinateDispute: suggestion.action({
    describe: ['Record how a dispute between organs was settled.', '协调承办单位分歧。'],
    from: ['HANDLING'],
    by: [assigner],
    input: z.object({
      organs: listOf(organRef, 20, ['Organs in dispute.', '争议单位']).min(1),
      result: text(2000, ['What was settled.', '协调结果']),
    }),
    decide: ({ input, state, ctx }) => {
      if (!input.organs.every((o) => handlingOf(state, o))) return refusals.NOT_HANDLING_IT();
      const known = state.disputes.some((d) => d.result === input.result && d.organs.join() === input.organs.join());
      return known ? [] : [{ type: 'DisputeCoordinated', data: { ...input, on: ctx.today } }];
    },
  }),
  pauseSuggestionClock: suggestion.action({
    describe: ['Pause the time for the reply, with the reason.', '中止答复时限，说明原因。'],
    from: ['HANDLING', 'REHANDLING'],
    by: [officeInCharge],
    input: z.object({ reason: text(1000, ['Why.', '原因']) }),
    decide: ({ input, state, ctx }) => holdClocks(state, replyClock(), input.reason, ctx),
  }),
  resumeSuggestionClock: suggestion.action({
    describe: ['Let the time for the reply run again, never past six months.', '恢复答复时限。'],
    from: ['HANDLING', 'REHANDLING'],
    by: [officeInCharge],
    input: z.object({}),
    decide: ({ state, ctx }) => releaseClocks(state, replyClock(), ctx),
  }),
};
