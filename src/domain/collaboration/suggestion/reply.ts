import { z } from 'zod';
import { startClock, stopClocks } from '../../kernel/case-clocks.js';
import { day, listOf, text } from '../../kernel/fields.js';
import { post } from '../../organization/post.js';
import { opinionOverdue, organClocks, startFeedbackClock, startPromiseClock } from './limits.js';
import { endPause } from './pausing.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { settingsOf } from './settings.js';
import { category, postRef } from './shapes.js';
import { inOffice, seatsOf } from './signers.js';
import type { SuggestionState } from './state.js';
import { suggestion } from './suggestion.js';
import { handlingOf, owesReply, replyingOrgan } from './who.js';

type HeadOf = { readonly status: string; readonly organ: string; readonly role: string } | undefined;
type Signing = { readonly post: string; readonly role: string; readonly organ: string };

/** The organ's own head signs (Shanghai provisions art. 20): he acts himself, or his post is named. */
export function signatureOf(actor: Signing, named: string | null | undefined, head: HeadOf): string | undefined {
  if (named) return head?.status === 'HELD' && head.role === 'head' && head.organ === actor.organ ? named : undefined;
  return actor.role === 'head' ? actor.post : undefined;
}

/** Countersign gate: every co-handler's opinion is attached, or is marked overdue (T4). */
export function coOpinionsFor(state: SuggestionState, overdue: (organ: string) => boolean) {
  const missing = state.organs.filter((o) => o.role === 'CO' && !state.opinions.some((x) => x.organ === o.organ));
  return {
    awaited: missing.filter((o) => !overdue(o.organ)).map((o) => o.organ),
    overdue: missing.filter((o) => overdue(o.organ)).map((o) => o.organ),
  };
}

export const replyActions = {
  issueReply: suggestion.action({
    describe: [
      'Reply to every signer, with the category of the result and what is promised. Signed by the organ’s head.',
      '答复代表：载明结果类别和承诺事项，由单位负责人签发。',
    ],
    from: ['HANDLING', 'REHANDLING'],
    by: [replyingOrgan],
    input: z.object({
      category,
      text: text(20_000, ['Text of the reply.', '答复内容']),
      promises: listOf(
        z.object({ text: text(500, ['What is promised.', '承诺事项']), dueOn: day(['For when.', '承诺时限']) }),
        50,
        ['Promises.', '承诺事项'],
      ).nullish(),
      signedBy: postRef.nullish().describe('Post of the head who signed; absent when the head acts. 签发负责人'),
    }),
    needs: (input, state) => ({
      heads: input.signedBy ? [post.at(input.signedBy)] : [],
      seats: seatsOf(state.signatories),
    }),
    decide: ({ input, state, ctx, facts: { heads, seats } }) => {
      const { organ } = ctx.actor;
      const own = handlingOf(state, organ);
      if (!own?.receivedOn) return refusals.NOT_SIGNED_FOR();
      const { round } = state;
      if (own.repliedRound === round) return refusals.REPLIED_ALREADY({ round });
      if (!settingsOf(ctx.rules).categories.includes(input.category))
        return refusals.CATEGORY_NOT_USED({ category: input.category });
      // Invariant 1: the deputy is heard before he or she is answered, in each round.
      if (!state.contacts.some((c) => c.organ === organ && c.round === round)) return refusals.CONTACT_REQUIRED();
      const opinions = coOpinionsFor(state, (co) => opinionOverdue(state, co, ctx));
      if (opinions.awaited.length > 0) return refusals.CO_OPINIONS_AWAITED({ count: opinions.awaited.length });
      const signedBy = signatureOf(ctx.actor, input.signedBy, heads[0]?.state);
      if (!signedBy) return refusals.HEAD_MUST_SIGN();

      const promises = (input.promises ?? []).map((p) => ({ id: ctx.newId(), ...p }));
      if (promises.some((p) => p.dueOn < ctx.today)) return refusals.PROMISE_IN_THE_PAST();
      const complete = state.organs.every((o) => o.organ === organ || !owesReply(o) || o.repliedRound === round);
      const everyone = state.signatories.map((x) => x.mandate);
      return [
        {
          type: 'ReplyIssued',
          data: {
            organ,
            round,
            category: input.category,
            text: input.text,
            signedBy,
            promises,
            missingOpinions: opinions.overdue,
            complete,
            on: ctx.today,
          },
        },
        { type: 'ReplyDelivered', data: { round, to: everyone } },
        ...stopClocks(state, organClocks(organ)),
        ...endPause(state, organClocks(organ)),
        ...promises.map((promise) => startPromiseClock(ctx, { ...promise, organ })),
        ...(complete
          ? [
              // Everyone gets the reply (P6); only those in office can answer it.
              ...inOffice(seats).map((mandate) => startFeedbackClock(ctx, state, mandate)),
              startClock(ctx, { limit: 'T9', owner: `organ:${organ}`, region: state.region }),
            ]
          : []),
      ];
    },
  }),
};
