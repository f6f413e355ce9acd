import { z } from 'zod';
import { stopClocks } from '../../kernel/case-clocks.js';
import { text } from '../../kernel/fields.js';
import { inOffice, ownSigners, seatsOf } from './signers.js';
import { suggestion } from './suggestion.js';
import { notMerged, ownSigner, underHandling } from './who.js';

/**
 * Shanghai provisions art. 10: a single proposer withdraws in writing, a joint one only when all signers ask. Signers who
 * came in with a merged suggestion have no say in it: theirs stands alone again. A mandate that has ended holds up nobody.
 */
export const withdrawalActions = {
  withdrawSuggestion: suggestion.action({
    describe: [
      'Ask in writing to withdraw it; it is withdrawn when every signer in office has asked.',
      '书面申请撤回；联名的须全体在任签名代表同意。',
    ],
    from: ['SUBMITTED', 'RETURNED', 'REGISTERED', ...underHandling],
    by: [ownSigner],
    input: z.object({ reason: text(1000, ['Why, in writing.', '书面理由']) }),
    needs: (_, state) => ({ seats: seatsOf(ownSigners(state)) }),
    requires: notMerged,
    decide: ({ input, state, ctx, facts: { seats } }) => {
      const { mandate } = ctx.actor;
      const asked = [...state.withdrawalAskedBy, mandate];
      const all = inOffice(seats).every((one) => asked.includes(one));
      const again = state.withdrawalAskedBy.includes(mandate);
      if (again && !all) return [];
      return [
        ...(again
          ? []
          : [{ type: 'WithdrawalAsked', data: { mandate, reason: input.reason, on: ctx.today } } as const]),
        ...(all
          ? [{ type: 'SuggestionWithdrawn', data: { on: ctx.today } } as const, ...stopClocks(state, () => true)]
          : []),
      ];
    },
  }),
};
