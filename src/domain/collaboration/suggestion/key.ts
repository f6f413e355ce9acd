import { z } from 'zod';
import { day, text } from '../../kernel/fields.js';
import { post } from '../../organization/post.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { postRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { answered, keyLeader, keyOffice, notMerged, officeInCharge, underHandling } from './who.js';

/** 重点督办建议 (Deputies Law art. 52). */
export const keyActions = {
  designateKeySuggestion: suggestion.action({
    describe: ['Designate it as a key suggestion under a leader’s supervision.', '确定为重点督办建议，明确督办领导。'],
    from: ['REGISTERED', ...underHandling, 'REHANDLING'],
    by: [keyOffice],
    input: z.object({ leader: postRef }),
    needs: (input) => ({ held: post.at(input.leader) }),
    requires: notMerged,
    decide: ({ input, state, facts: { held } }) => {
      if (held?.status !== 'HELD' || held.region !== state.region) return refusals.NO_SUCH_LEADER();
      return state.leader === input.leader ? [] : [{ type: 'KeySuggestionDesignated', data: input }];
    },
  }),
  recordKeyVisit: suggestion.action({
    describe: ['Record a supervision visit of a key suggestion.', '记录重点督办活动。'],
    from: [...underHandling, ...answered, 'REHANDLING'],
    by: [keyLeader, keyOffice, officeInCharge],
    input: z.object({
      on: day(['On.', '日期']),
      place: text(200, ['Where.', '地点']),
      findings: text(2000, ['What was found.', '情况']),
    }),
    decide: ({ input, state, ctx }) => {
      if (!state.leader) return refusals.NOT_A_KEY_SUGGESTION();
      if (input.on > ctx.today) return refusals.DATE_NOT_POSSIBLE({ on: input.on });
      const known = state.visits.some(
        (v) => v.on === input.on && v.place === input.place && v.findings === input.findings,
      );
      return known ? [] : [{ type: 'KeySupervisionVisit', data: input }];
    },
  }),
};
