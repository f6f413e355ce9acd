import { z } from 'zod';
import { count, text } from '../../kernel/fields.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { refusalOfSpeaker, seatsOf } from './signers.js';
import { suggestion } from './suggestion.js';
import { notMerged, officeInCharge, signer } from './who.js';

const scored = {
  value: count(100, ['0 to 100.', '0至100分']),
  note: text(1000, ['Note.', '说明']).nullish(),
};

/** 双评价: the office scores the suggestion, the deputy scores the handling. */
export const evaluationActions = {
  scoreSuggestionQuality: suggestion.action({
    describe: ['Score the quality of the suggestion.', '评价建议质量。'],
    from: ['CLOSED'],
    by: [officeInCharge],
    input: z.object(scored),
    requires: (state) => notMerged(state) ?? (state.quality ? refusals.SCORED_ALREADY() : undefined),
    decide: ({ input, state, ctx }) => [
      {
        type: 'SuggestionScored',
        data: { part: 'QUALITY', value: input.value, note: input.note ?? null, on: ctx.today },
      },
      ...(state.effect
        ? [{ type: 'SuggestionEvaluated', data: { quality: input.value, effect: state.effect.value } } as const]
        : []),
    ],
  }),
  scoreHandlingEffect: suggestion.action({
    describe: ['Score the effect of the handling, as the lead signer or who stands in.', '评价办理实效。'],
    from: ['CLOSED'],
    by: [signer],
    input: z.object(scored),
    needs: (_, state) => ({ seats: seatsOf(state.signatories) }),
    requires: (state) => notMerged(state) ?? (state.effect ? refusals.SCORED_ALREADY() : undefined),
    decide: ({ input, state, ctx, facts: { seats } }) =>
      refusalOfSpeaker(ctx.actor.mandate, seats) ?? [
        {
          type: 'SuggestionScored',
          data: { part: 'EFFECT', value: input.value, note: input.note ?? null, on: ctx.today },
        },
        ...(state.quality
          ? [{ type: 'SuggestionEvaluated', data: { quality: state.quality.value, effect: input.value } } as const]
          : []),
      ],
  }),
};
