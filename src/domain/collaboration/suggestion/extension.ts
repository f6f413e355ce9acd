import { z } from 'zod';
import { extendClock } from '../../kernel/case-clocks.js';
import { day, text } from '../../kernel/fields.js';
import { isRefusal } from '../../kernel/refusal.js';
import { replyClock } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { organRef } from './shapes.js';
import type { SuggestionState } from './state.js';
import { suggestion } from './suggestion.js';
import { extensionDecider, replyingOrgan } from './who.js';

const runningReply = (state: SuggestionState, organ: string) =>
  state.clocks.find((c) => c.status !== 'STOPPED' && replyClock(organ)(c));
const pending = (state: SuggestionState, organ: string) =>
  state.extensions.find((x) => x.organ === organ && x.decision === 'PENDING');

/** Asked in writing before the time is over; at most six months from the assignment (Deputies Law art. 51, invariant 3). */
export const extensionActions = {
  requestExtension: suggestion.action({
    describe: ['Ask for more time for the reply, before the time is over.', '申请延期答复。'],
    from: ['HANDLING'],
    by: [replyingOrgan],
    input: z.object({ until: day(['Reply by.', '延期至']), reasons: text(2000, ['Why.', '理由']) }),
    decide: ({ input, state, ctx }) => {
      const { organ } = ctx.actor;
      const clock = runningReply(state, organ);
      if (!clock) return refusals.NOTHING_TO_EXTEND();
      if (ctx.today > clock.dueOn) return refusals.EXTENSION_TOO_LATE({ dueOn: clock.dueOn });
      if (pending(state, organ)) return refusals.EXTENSION_ASKED_ALREADY();
      const possible = extendClock(clock, input.until, ctx);
      if (isRefusal(possible)) return possible;
      return [{ type: 'ExtensionRequested', data: { organ, ...input, on: ctx.today } }];
    },
  }),
  grantExtension: suggestion.action({
    describe: ['Grant the extension; the signers are told by this event.', '同意延期，并告知代表。'],
    from: ['HANDLING'],
    by: [extensionDecider],
    input: z.object({
      organ: organRef,
      until: day(['Reply by; as asked when absent.', '延期至（默认按申请）']).nullish(),
      answer: text(1000, ['Note.', '说明']).nullish(),
    }),
    decide: ({ input, state, ctx }) => {
      const asked = pending(state, input.organ);
      const clock = runningReply(state, input.organ);
      if (!asked || !clock) return refusals.NO_EXTENSION_ASKED();
      const until = input.until ?? asked.until;
      const extended = extendClock(clock, until, ctx);
      if (isRefusal(extended)) return extended;
      return [
        {
          type: 'ExtensionGranted',
          data: { organ: input.organ, until, answer: input.answer ?? null, on: ctx.today },
        },
        extended,
      ];
    },
  }),
  refuseExtension: suggestion.action({
    describe: ['Refuse the extension.', '不同意延期。'],
    from: ['HANDLING'],
    by: [extensionDecider],
    input: z.object({ organ: organRef, answer: text(1000, ['Why not.', '理由']) }),
    decide: ({ input, state, ctx }) =>
      pending(state, input.organ)
        ? [{ type: 'ExtensionRefused', data: { ...input, on: ctx.today } }]
        : refusals.NO_EXTENSION_ASKED(),
  }),
};
