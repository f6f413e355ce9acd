import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { stopClocks } from '../../kernel/case-clocks.js';
import { day, text } from '../../kernel/fields.js';
import { isWithin, levels } from '../../kernel/region.js';
import { mandate } from '../../organization/mandate.js';
import { anyDeputy } from '../../organization/who.js';
import { textInput } from './drafting.js';
import { handledElsewhere } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { higherEnds, higherStatus, levelTerms, mandateRef, suggestionRef } from './shapes.js';
import { refusalOfSpeaker, seatsOf } from './signers.js';
import { suggestion } from './suggestion.js';
import { afterReply, answered, cityOffice, leadSigner, notMerged, offeredTo, registered, signer } from './who.js';

const externalNumber = text(60, ['Number at the higher level.', '上级编号']).nullish();

/**
 * P3: a deputy of the next higher level adopts the matter and files a NEW suggestion there. The lower one stays open and
 * keeps its clocks (invariant 9); of the higher one it learns a status in fixed words and a number, nothing else.
 */
export const escalationActions = {
  proposeEscalation: suggestion.action({
    describe: ['Offer the matter to a deputy of the next higher level.', '提请上一级代表采纳。'],
    from: [...answered, 'CLOSED'],
    by: [signer],
    input: z.object({ to: mandateRef, reason: text(1000, ['Why it needs the higher level.', '理由']) }),
    needs: (input, state) => ({ higher: mandate.at(input.to), seats: seatsOf(state.signatories) }),
    requires: (state) => {
      if (state.mergedInto) return notMerged(state);
      const cannot = state.replies.some((r) => r.round === state.round && r.category === 'C');
      return cannot || state.crossRegion ? undefined : refusals.NOT_FOR_HIGHER_LEVEL();
    },
    decide: ({ input, state, ctx, facts: { higher, seats } }) => {
      const notSpeaker = refusalOfSpeaker(ctx.actor.mandate, seats);
      if (notSpeaker) return notSpeaker;
      if (higher?.status !== 'ACTIVE') return refusals.MANDATE_NOT_IN_FORCE();
      if (levels.indexOf(higher.level) !== levels.indexOf(state.level) - 1 || !isWithin(state.region, higher.region))
        return refusals.NOT_THE_NEXT_LEVEL({ level: state.level, zhLevel: levelTerms[state.level] });
      const open = state.escalations.some((e) => e.mandate === input.to && e.answer !== 'DECLINED');
      if (open) return [];
      if (state.escalations.some((e) => e.mandate === input.to)) return refusals.DECLINED_BEFORE();
      return [
        {
          type: 'EscalationProposed',
          data: { mandate: input.to, level: higher.level, reason: input.reason, on: ctx.today },
        },
      ];
    },
  }),
  declineEscalation: suggestion.action({
    describe: ['Decline to adopt the matter.', '婉拒采纳。'],
    from: afterReply,
    by: [offeredTo],
    input: z.object({}),
    decide: ({ ctx }) => [{ type: 'EscalationDeclined', data: { mandate: ctx.actor.mandate } }],
  }),
  adoptSuggestion: suggestion.create({
    describe: [
      'Adopt a lower level’s matter: draft a new suggestion to one’s own congress.',
      '采纳下级建议，向本级人大另行提出。',
    ],
    by: [anyDeputy],
    input: z.object({ origin: suggestionRef, ...textInput }),
    id: (input, ctx) => ctx.idFor('suggestion', `escalated ${input.origin} ${ctx.actor.mandate}`),
    continues: (input) => suggestion.at(input.origin),
    needs: (input) => ({ origin: suggestion.at(input.origin) }),
    decide: ({ input, ctx, facts: { origin } }) => {
      const { origin: escalatedFrom, ...texts } = input;
      const offered = origin?.escalations.some((e) => e.mandate === ctx.actor.mandate && e.answer === 'PROPOSED');
      if (!origin || !offered) return refusals.NOT_OFFERED_TO_YOU();
      return [
        {
          type: 'SuggestionDrafted',
          data: {
            ...texts,
            topic: origin.topic,
            issue: origin.issue,
            escalatedFrom,
            originRegion: origin.region,
            region: ctx.actor.congress,
            level: ctx.actor.level,
            congress: ctx.idFor('congress', ctx.actor.congress),
            lead: ctx.actor.mandate,
            leadPerson: ctx.actor.person,
          },
        },
      ];
    },
  }),
  recordEscalation: suggestion.action({
    describe: ['Record on the origin that a higher deputy adopted it (by the system).', '记录上级代表已采纳。'],
    from: afterReply,
    by: [systemWho],
    input: z.object({ adoptedBy: mandateRef, newId: suggestionRef }),
    decide: ({ input, state }) => {
      const offer = state.escalations.find((e) => e.mandate === input.adoptedBy);
      if (!offer) return refusals.NOT_OFFERED_TO_YOU();
      return offer.answer === 'ADOPTED'
        ? []
        : [{ type: 'SuggestionEscalated', data: { toLevel: offer.level, ...input } }];
    },
  }),
  noteHigherStatus: suggestion.action({
    describe: ['Note on the origin where the adopted suggestion stands (by the system).', '记录上级办理状态。'],
    from: afterReply,
    by: [systemWho],
    input: z.object({ newId: suggestionRef, status: higherStatus, externalNumber, on: day(['As of.', '日期']) }),
    decide: ({ input, state }) => {
      const adopted = state.escalations.find((e) => e.newId === input.newId);
      if (!adopted) return refusals.NO_SUCH_SUGGESTION();
      const number = input.externalNumber ?? adopted.externalNumber;
      if (adopted.higherStatus === input.status && adopted.externalNumber === number) return [];
      return [{ type: 'HigherStatusNoted', data: { ...input, externalNumber: number } }];
    },
  }),
  recordExternalHandling: suggestion.action({
    describe: [
      'Record what the external system of the nation or the autonomous region did with it; its end closes the case.',
      '记录全国、自治区人大系统的办理情况；外部办结即办结。',
    ],
    from: ['SUBMITTED', ...registered],
    by: [leadSigner, cityOffice],
    input: z.object({ number: externalNumber, status: higherStatus, on: day(['On.', '日期']) }),
    decide: ({ input, state, ctx }) => {
      if (!handledElsewhere(state.level)) return refusals.HANDLED_ON_THIS_PLATFORM();
      if (input.on > ctx.today) return refusals.DATE_NOT_POSSIBLE({ on: input.on });
      const number = input.number ?? state.external?.number ?? null;
      const { external } = state;
      if (external?.status === input.status && external.number === number && external.on === input.on) return [];
      const over = higherEnds.includes(input.status) && !['CLOSED', 'EVALUATED'].includes(state.status);
      return [
        { type: 'ExternalHandlingRecorded', data: { ...input, number } },
        ...(over
          ? [{ type: 'SuggestionClosed', data: { on: input.on } } as const, ...stopClocks(state, () => true)]
          : []),
      ];
    },
  }),
};
