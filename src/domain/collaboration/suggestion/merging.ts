import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { stopClocks } from '../../kernel/case-clocks.js';
import { listOf, oneOf } from '../../kernel/fields.js';
import { sameReply } from './folding.js';
import { assignClocks, startAssignClock, startFeedbackClock } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { mainStatuses, promise, reply, signatory, statusTerms, suggestionRef } from './shapes.js';
import { inOffice, seatsOf } from './signers.js';
import { suggestion } from './suggestion.js';
import { answered, registered, reviewer, underHandling } from './who.js';

const open: readonly string[] = ['REGISTERED', ...underHandling];
const replied: readonly string[] = answered;
/** Of parsed values of one schema: their fields stand in its order. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** 并案: one handling, and every signer is still answered (invariant 2). One stream per action: a reactor carries it over. */
export const mergingActions = {
  mergeSuggestion: suggestion.action({
    describe: ['Merge it into another registered suggestion of the same congress.', '并入本级另一件已立案建议。'],
    from: ['REGISTERED'],
    by: [reviewer],
    input: z.object({ into: suggestionRef }),
    needs: (input) => ({ main: suggestion.at(input.into) }),
    decide: ({ input, state, ctx, id, facts: { main } }) => {
      if (state.mergedInto === input.into) return [];
      if (state.mergedInto) return refusals.HANDLED_WITH_MAIN({ main: state.mergedInto });
      if (!main || input.into === id || main.region !== state.region) return refusals.NO_SUCH_SUGGESTION();
      if (main.mergedInto || state.mergedFrom.length > 0 || !open.includes(main.status))
        return refusals.CANNOT_MERGE({ status: main.status, zhStatus: statusTerms[main.status] });
      return [
        { type: 'SuggestionMerged', data: { into: input.into, on: ctx.today, signatories: state.signatories } },
        ...stopClocks(state, assignClocks),
      ];
    },
  }),
  takeInMerged: suggestion.action({
    describe: ['Take in the signers of a suggestion merged into this one (by the system).', '接收并案建议的签名代表。'],
    // Also when it was withdrawn meanwhile: then the other one learns of it and stands alone again.
    from: [...registered, 'WITHDRAWN'],
    by: [systemWho],
    input: z.object({
      suggestion: suggestionRef,
      signatories: listOf(signatory, 1000, ['Its signers.', '签名代表']),
    }),
    needs: (input) => ({ seats: seatsOf(input.signatories) }),
    decide: ({ input, state, ctx, id, facts: { seats } }) => {
      if (input.suggestion === id || state.mergedFrom.includes(input.suggestion)) return [];
      if (state.status === 'WITHDRAWN')
        return [{ type: 'SuggestionTakenIn', data: { suggestion: input.suggestion, signatories: [] } }];
      // A person who signed both is answered once (invariant 5).
      const added = input.signatories
        .filter((x, i, all) => all.findIndex((other) => other.person === x.person) === i)
        .filter((x) => !state.signatories.some((own) => own.person === x.person))
        .map((x) => ({ ...x, from: input.suggestion }));
      const late = state.round > 0 && replied.includes(state.status) ? added : [];
      const given = state.replies.length > 0 ? added : [];
      return [
        { type: 'SuggestionTakenIn', data: { suggestion: input.suggestion, signatories: added } },
        ...(given.length > 0
          ? [{ type: 'ReplyDelivered', data: { round: state.round, to: given.map((x) => x.mandate) } } as const]
          : []),
        ...late
          .filter((x) => inOffice(seats).includes(x.mandate))
          .map((x) => startFeedbackClock(ctx, state, x.mandate)),
      ];
    },
  }),
  followMainSuggestion: suggestion.action({
    describe: ['Follow the suggestion it is merged into (by the system).', '随主案推进。'],
    from: ['REGISTERED', 'REPLIED', 'REHANDLING', 'TRACKING', 'CLOSED'],
    by: [systemWho],
    input: z.object({
      main: suggestionRef,
      status: oneOf(mainStatuses, ['Where it stands.', '主案状态']),
      reply: reply.nullish().describe('A reply given there, as it now reads. 主案答复'),
      promises: listOf(promise, 200, ['All that is promised there, as it now stands.', '主案承诺事项']).nullish(),
    }),
    decide: ({ input, state, ctx }) => {
      if (state.mergedInto !== input.main) return [];
      const known = state.replies.find((r) => input.reply && sameReply(r, input.reply));
      const news = input.reply && !same(known, input.reply) ? input.reply : null;
      const { promises } = input;
      return [
        ...(state.mainStatus === input.status && !news
          ? []
          : [{ type: 'MainFollowed', data: { status: input.status, reply: news } } as const]),
        ...(promises && !same(promises, state.promises)
          ? [{ type: 'MainPromisesFollowed', data: { promises } } as const]
          : []),
        ...(input.status === 'WITHDRAWN' ? startAssignClock(ctx, state, { limit: 'T2' }) : []),
      ];
    },
  }),
};
