import { z } from 'zod';
import { stopClocks } from '../../kernel/case-clocks.js';
import { text } from '../../kernel/fields.js';
import { suggestion } from './suggestion.js';
import { notMerged, signer, underHandling } from './who.js';

/** Shanghai provisions art. 10: a single proposer withdraws in writing, a joint one only when all signers ask. */
export const withdrawalActions = {
  withdrawSuggestion: suggestion.action({
    describe: [
      'Ask in writing to withdraw it; it is withdrawn when every signer has asked.',
      '书面申请撤回；联名的须全体同意。',
    ],
    from: ['REGISTERED', ...underHandling],
    by: [signer],
    input: z.object({ reason: text(1000, ['Why, in writing.', '书面理由']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { mandate } = ctx.actor;
      if (state.withdrawalAskedBy.includes(mandate)) return [];
      const last = state.signatories.every((x) => x.mandate === mandate || state.withdrawalAskedBy.includes(x.mandate));
      return [
        { type: 'WithdrawalAsked', data: { mandate, reason: input.reason, on: ctx.today } },
        ...(last
          ? [{ type: 'SuggestionWithdrawn', data: { on: ctx.today } } as const, ...stopClocks(state, () => true)]
          : []),
      ];
    },
  }),
};
