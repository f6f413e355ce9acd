import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { stopClocks } from '../../kernel/case-clocks.js';
import { count, day, flag, listOf, text } from '../../kernel/fields.js';
import { congress } from '../../organization/congress.js';
import { mandate } from '../../organization/mandate.js';
import { assignClocks, startAssignClock } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { notAcceptable, revisionGround, suggestionRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { leadSigner, officeInCharge, registered, reviewer } from './who.js';

const classification = {
  field: text(50, ['Field of work.', '类别']),
  crossRegion: flag(['Reaches beyond the region or the level.', '跨区域或跨层级']).nullish(),
};

export const registrationActions = {
  submitSuggestion: suggestion.action({
    describe: [
      'Hand the suggestion in. Only co-signers who confirmed this text, with a mandate in force, are signers.',
      '提交建议；仅计对当前文本确认且在任的联名代表。',
    ],
    from: ['DRAFT', 'COSIGNING'],
    by: [leadSigner],
    input: z.object({}),
    needs: (_, state) => ({
      own: congress.at(state.congress),
      mandates: state.cosigners.filter((c) => c.answer === 'CONFIRMED').map((c) => mandate.at(c.mandate)),
    }),
    decide: ({ state, ctx, facts: { own, mandates } }) => {
      const signatories = [{ mandate: state.lead, person: state.leadPerson, from: null }];
      for (const { id, state: held } of mandates) {
        // Invariants 4 and 5: ACTIVE now, in this congress, each person once.
        if (held?.status !== 'ACTIVE' || held.region !== state.region) continue;
        if (signatories.some((x) => x.person === held.person)) continue;
        signatories.push({ mandate: id, person: held.person, from: null });
      }
      const now = Date.parse(ctx.now);
      const sitting = own?.sessions.find((x) => x.opensOn <= ctx.today && now <= Date.parse(x.cutoff));
      const clock = sitting ? ({ limit: 'T1', on: sitting.closesOn } as const) : ({ limit: 'T2' } as const);
      return [
        {
          type: 'SuggestionSubmitted',
          data: {
            occasion: sitting ? 'IN_SESSION' : 'INTERSESSION',
            session: sitting?.number ?? null,
            on: ctx.today,
            signatories,
            version: state.version,
          },
        },
        ...startAssignClock(ctx, state, clock),
      ];
    },
  }),
  registerSuggestion: suggestion.action({
    describe: ['Register it after the review and the duplicate check.', '审核、查重后立案。'],
    from: ['SUBMITTED'],
    by: [reviewer],
    input: z.object({
      ...classification,
      similar: listOf(suggestionRef, 50, [
        'Similar ones that the duplicate check found.',
        '查重发现的相似建议',
      ]).nullish(),
    }),
    needs: (input) => ({ similar: (input.similar ?? []).map((one) => suggestion.at(one)) }),
    decide: ({ input, state, ctx, id, facts: { similar } }) => {
      for (const { id: other, state: known } of similar) {
        if (!known || other === id || known.region !== state.region) return refusals.NO_SUCH_SUGGESTION();
        if (
          known.registeredOn &&
          known.lead === state.lead &&
          known.title === state.title &&
          known.advice === state.advice
        )
          return refusals.DUPLICATE_SUGGESTION({ other });
      }
      return [
        {
          type: 'SuggestionRegistered',
          data: {
            field: input.field,
            crossRegion: input.crossRegion ?? false,
            similar: similar.map((x) => x.id),
            on: ctx.today,
          },
        },
      ];
    },
  }),
  recordSuggestionNumber: suggestion.action({
    describe: ['Record the number that the congress gave it (by the system).', '记录建议编号。'],
    from: registered,
    by: [systemWho],
    input: z.object({ year: count(9999, ['Year.', '年份']), number: count(1_000_000, ['Number.', '编号']) }),
    decide: ({ input, state }) => {
      if (state.number === null) return [{ type: 'SuggestionNumbered', data: input }];
      return state.number === input.number && state.year === input.year
        ? []
        : refusals.NUMBERED_ALREADY({ number: `${state.year}-${state.number}` });
    },
  }),
  classifySuggestion: suggestion.action({
    describe: ['Classify it anew.', '调整分类。'],
    from: registered,
    by: [officeInCharge],
    input: z.object(classification),
    decide: ({ input, state }) => {
      const crossRegion = input.crossRegion ?? state.crossRegion;
      return input.field === state.field && crossRegion === state.crossRegion
        ? []
        : [{ type: 'SuggestionClassified', data: { field: input.field, crossRegion } }];
    },
  }),
  returnForRevision: suggestion.action({
    describe: ['Return it to the deputy for revision, with the reason.', '退回代表修改，说明理由。'],
    from: ['SUBMITTED'],
    by: [reviewer],
    input: z.object({
      ground: revisionGround,
      reason: text(1000, ['What is to be changed.', '修改意见']),
    }),
    decide: ({ input, state, ctx }) => [
      { type: 'SuggestionReturnedForRevision', data: { ...input, on: ctx.today } },
      ...stopClocks(state, assignClocks),
    ],
  }),
  notAcceptSuggestion: suggestion.action({
    describe: ['Not accept it, for one of the listed reasons, after telling the deputy.', '不予受理，须事先告知代表。'],
    from: ['SUBMITTED'],
    by: [reviewer],
    input: z.object({
      ground: notAcceptable,
      explanation: text(1000, ['Why it applies here.', '说明']),
      deputyToldOn: day(['The deputy was told on.', '告知代表日期']),
    }),
    decide: ({ input, state, ctx }) => {
      if (input.deputyToldOn > ctx.today || input.deputyToldOn < (state.submittedOn ?? ''))
        return refusals.TELL_DEPUTY_FIRST();
      return [{ type: 'SuggestionNotAccepted', data: { ...input, on: ctx.today } }, ...stopClocks(state, assignClocks)];
    },
  }),
  convertToDeputyLetter: suggestion.action({
    describe: ['Pass a suggestion that was not accepted on as a deputy’s letter.', '转为代表来信办理。'],
    from: ['NOT_ACCEPTED'],
    by: [reviewer],
    input: z.object({}),
    decide: ({ state, ctx }) => (state.letterOn ? [] : [{ type: 'ConvertedToDeputyLetter', data: { on: ctx.today } }]),
  }),
};
