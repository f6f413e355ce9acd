import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { startClock, stopClocks } from '../../kernel/case-clocks.js';
import { listOf, oneOf } from '../../kernel/fields.js';
import { assignClocks, startFeedbackClock } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { mainStatuses, reply, signatory, suggestionRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { answered, registered, reviewer, underHandling } from './who.js';

const open: readonly string[] = ['REGISTERED', ...underHandling];
const replied: readonly string[] = answered;

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
        return refusals.CANNOT_MERGE({ status: main.status });
      return [
        { type: 'SuggestionMerged', data: { into: input.into, on: ctx.today, signatories: state.signatories } },
        ...stopClocks(state, assignClocks),
      ];
    },
  }),
  takeInMerged: suggestion.action({
    describe: ['Take in the signers of a suggestion merged into this one (by the system).', '接收并案建议的签名代表。'],
    from: [...registered],
    by: [systemWho],
    input: z.object({
      suggestion: suggestionRef,
      signatories: listOf(signatory, 1000, ['Its signers.', '签名代表']),
    }),
    decide: ({ input, state, ctx, id }) => {
      if (input.suggestion === id || state.mergedFrom.includes(input.suggestion)) return [];
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
        ...late.map((x) => startFeedbackClock(ctx, state, x.mandate)),
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
      reply: reply.nullish().describe('The reply given there. 主案答复'),
    }),
    decide: ({ input, state, ctx }) => {
      if (state.mergedInto !== input.main) return [];
      const known = state.replies.some((r) => r.organ === input.reply?.organ && r.round === input.reply.round);
      const news = input.reply && !known ? input.reply : null;
      if (state.mainStatus === input.status && !news) return [];
      return [
        { type: 'MainFollowed', data: { status: input.status, reply: news } },
        ...(input.status === 'WITHDRAWN'
          ? [startClock(ctx, { limit: 'T2', owner: `office:${state.region}`, region: state.region })]
          : []),
      ];
    },
  }),
};
