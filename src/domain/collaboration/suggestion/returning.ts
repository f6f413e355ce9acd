import { z } from 'zod';
import { stopClocks } from '../../kernel/case-clocks.js';
import { flag, text } from '../../kernel/fields.js';
import { organ } from '../../organization/organ.js';
import { refusalOfOrgan } from './assignment.js';
import { dutiesOf, organClocks, organDueOn, returnClock, startOrganClock } from './limits.js';
import { endPause, holdClocks, releaseClocks } from './pausing.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { organRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { assigner, handlingOf, handlingOrgan, notMerged, signer } from './who.js';

const answer = text(1000, ['Note.', '说明']);

export const returningActions = {
  requestReturn: suggestion.action({
    describe: [
      'Ask to return it as outside the organ’s remit: within T3, in writing, once. An organ cannot forward it itself.',
      '申请退回：限时、书面、一次，不得自行转办。',
    ],
    from: ['ASSIGNED', 'HANDLING'],
    by: [handlingOrgan],
    input: z.object({
      reasons: text(2000, ['Written reasons.', '书面理由']),
      proposed: organRef.nullish().describe('Whose remit it is, in the organ’s view. 建议改交单位'),
    }),
    decide: ({ input, state, ctx }) => {
      const own = ctx.actor.organ;
      // One that never signed gains nothing by it: its T3 counts from the assignment, and lapses as any other.
      const due = organDueOn(state, 'T3', own, ctx);
      if (state.returns.some((r) => r.organ === own)) return refusals.RETURNED_ONCE_ALREADY();
      if (ctx.today > due) return refusals.RETURN_TOO_LATE({ dueOn: due });
      return [
        {
          type: 'ReturnRequested',
          data: { organ: own, reasons: input.reasons, proposed: input.proposed ?? null, on: ctx.today },
        },
        ...stopClocks(state, returnClock(own)),
        // What this organ owes waits for the decision; the other organs' time runs on.
        ...holdClocks(state, dutiesOf(own), input.reasons, ctx),
      ];
    },
  }),
  approveReturn: suggestion.action({
    describe: ['Agree to the return and name the new organ at once.', '同意退回并即时改交。'],
    from: ['RETURN_REQUESTED'],
    by: [assigner],
    input: z.object({
      organ: organRef,
      difficult: flag(['T6 instead of T5.', '涉及面广、处理难度大']).nullish(),
      answer: answer.nullish(),
    }),
    needs: (input) => ({ next: organ.at(input.organ) }),
    decide: ({ input, state, ctx, facts: { next } }) => {
      const asked = state.returns.find((r) => r.decision === 'PENDING');
      const old = asked && handlingOf(state, asked.organ);
      if (!old || !state.mode) return [];
      if (
        handlingOf(state, input.organ) ||
        state.returns.some((r) => r.organ === input.organ && r.decision !== 'REFUSED')
      )
        return refusals.NAME_ANOTHER_ORGAN();
      const refused = refusalOfOrgan(next, state.region, ctx.actor.organKind);
      if (refused) return refused;
      const difficult = input.difficult ?? state.difficult;
      const organs = state.organs.map((o) => ({ organ: o === old ? input.organ : o.organ, role: o.role }));
      return [
        { type: 'ReturnApproved', data: { organ: old.organ, answer: input.answer ?? null, on: ctx.today } },
        ...stopClocks(state, organClocks(old.organ)),
        ...endPause(state, organClocks(old.organ)),
        {
          type: 'SuggestionReassigned',
          data: { mode: state.mode, organs, difficult, by: ctx.actor.organKind, on: ctx.today },
        },
        // Invariant 7: the reply's time runs anew from this assignment. A co-handler owes no reply, so it moves nothing.
        ...(old.role === 'CO' ? [] : [startOrganClock(ctx, state, difficult ? 'T6' : 'T5', input.organ)]),
      ];
    },
  }),
  rejectReturn: suggestion.action({
    describe: ['Not agree to the return: the organ handles it.', '不同意退回，由原单位办理。'],
    from: ['RETURN_REQUESTED'],
    by: [assigner],
    input: z.object({ answer }),
    decide: ({ input, state, ctx }) => {
      const asked = state.returns.find((r) => r.decision === 'PENDING');
      return asked
        ? [
            { type: 'ReturnRejected', data: { organ: asked.organ, answer: input.answer, on: ctx.today } },
            ...releaseClocks(state, (c) => asked.held.includes(c.clock), ctx),
          ]
        : [];
    },
  }),
  objectToAssignment: suggestion.action({
    describe: ['Object to the choice of the organ, as one of the signers.', '代表对交办提出异议。'],
    from: ['ASSIGNED', 'HANDLING'],
    by: [signer],
    input: z.object({ reason: text(1000, ['Why.', '理由']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { mandate } = ctx.actor;
      return state.objections.some((o) => o.mandate === mandate && o.reason === input.reason)
        ? []
        : [{ type: 'AssignmentObjected', data: { mandate, reason: input.reason, on: ctx.today } }];
    },
  }),
};
