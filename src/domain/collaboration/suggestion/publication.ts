import { z } from 'zod';
import { stopClocks } from '../../kernel/case-clocks.js';
import { text } from '../../kernel/fields.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { extent } from './shapes.js';
import { suggestion } from './suggestion.js';
import { answered, notMerged, officeInCharge, replyingOrgan } from './who.js';

/** Public if it concerns the public interest, minus secrets, privacy and the deputy's contact data (General Office [2014] No. 46). */
/** Not while it is handled again: there is no reply of that round to publish yet. */
const published = [...answered, 'CLOSED', 'EVALUATED'] as const;

export const publicationActions = {
  reviewOpenness: suggestion.action({
    describe: ['Review whether the reply is to be public in full, as a summary, or not.', '答复公开审查。'],
    from: published,
    by: [replyingOrgan, officeInCharge],
    input: z.object({ extent, reason: text(1000, ['Why.', '理由']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const last = state.openness;
      const known = last?.round === state.round && last.extent === input.extent && last.reason === input.reason;
      return known
        ? []
        : [
            {
              type: 'OpennessReviewed',
              data: { ...input, round: state.round, organ: ctx.actor.organ, on: ctx.today },
            },
          ];
    },
  }),
  publishReply: suggestion.action({
    describe: [
      'Publish the reply as the openness review allows; when it is withheld, the reason is kept for the deputies.',
      '按公开审查结果公开答复。',
    ],
    from: published,
    by: [replyingOrgan, officeInCharge],
    input: z.object({
      text: text(20_000, [
        'The text to release, secrets and privacy cut; needed unless withheld.',
        '公开文本',
      ]).nullish(),
    }),
    requires: (state) => {
      if (state.mergedInto) return notMerged(state);
      if (state.openness?.round !== state.round) return refusals.OPENNESS_REVIEW_REQUIRED();
      return state.publication?.round === state.round ? refusals.PUBLISHED_ALREADY() : undefined;
    },
    decide: ({ input, state, ctx }) => {
      const review = state.openness;
      if (!review) return refusals.OPENNESS_REVIEW_REQUIRED();
      const withheld = review.extent === 'WITHHELD';
      if (!withheld && !input.text) return refusals.RELEASED_TEXT_REQUIRED();
      return [
        {
          type: 'ReplyPublished',
          data: {
            round: state.round,
            extent: review.extent,
            text: withheld ? null : (input.text ?? null),
            reason: review.reason,
            on: ctx.today,
          },
        },
        ...stopClocks(state, (c) => c.limit === 'T9'),
      ];
    },
  }),
};
