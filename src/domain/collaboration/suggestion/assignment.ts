import { z } from 'zod';
import type { OrganKind } from '../../kernel/actor.js';
import { systemWho } from '../../kernel/actor.js';
import type { CaseClock } from '../../kernel/case-clocks.js';
import { clockOf, handOverClocks, stopClocks } from '../../kernel/case-clocks.js';
import { flag, listOf } from '../../kernel/fields.js';
import type { Refusal } from '../../kernel/refusal.js';
import { isWithin } from '../../kernel/region.js';
import { organ } from '../../organization/organ.js';
import { post } from '../../organization/post.js';
import { seesMore } from '../../organization/who.js';
import { roleOfBoth } from './folding.js';
import { assignClocks, startOrganClock } from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { mode, organRef, organRole, postRef } from './shapes.js';
import type { SuggestionState } from './state.js';
import { suggestion } from './suggestion.js';
import { assigner, handlingOf, handlingOrgan, notMerged, owesReply, registered } from './who.js';

type Named = { readonly organ: string; readonly role: 'LEAD' | 'CO' | 'SEPARATE' };
type Known = { readonly status: string; readonly region: string; readonly kind: OrganKind } | undefined;

/** Two or more organs ⇒ roles are named: one lead with co-handlers, or all separately (domain.md S7). */
export function rolesAreClear(handlingMode: 'LEAD_AND_CO' | 'SEPARATE', organs: readonly Named[]): boolean {
  if (new Set(organs.map((o) => o.organ)).size !== organs.length) return false;
  return handlingMode === 'LEAD_AND_CO'
    ? organs.filter((o) => o.role === 'LEAD').length === 1 && organs.every((o) => o.role !== 'SEPARATE')
    : organs.length >= 2 && organs.every((o) => o.role === 'SEPARATE');
}

/** In force; of the suggestion's own region or one below it (P1); the government office assigns to departments only. */
export function refusalOfOrgan(known: Known, region: string, by: OrganKind): Refusal | undefined {
  if (known?.status !== 'ACTIVE' || seesMore(known.kind)) return refusals.NO_SUCH_HANDLING_ORGAN();
  if (!isWithin(known.region, region)) return refusals.ORGAN_OF_OTHER_LEVEL({ region: known.region });
  if (by === 'GOVO' && known.kind !== 'ORG') return refusals.NOT_A_DEPARTMENT();
  return undefined;
}

export const assignmentActions = {
  assignSuggestion: suggestion.action({
    describe: ['Assign it to a lead organ and co-handlers, or to several that reply separately.', '交办建议。'],
    from: ['REGISTERED'],
    by: [assigner],
    input: z.object({
      mode,
      organs: listOf(z.object({ organ: organRef, role: organRole }), 20, ['Handling organs.', '承办单位']).min(1),
      difficult: flag(['Wide-ranging or difficult: T6 instead of T5.', '涉及面广、处理难度大']).nullish(),
    }),
    needs: (input) => ({ organs: input.organs.map((o) => organ.at(o.organ)) }),
    requires: notMerged,
    decide: ({ input, state, ctx, facts }) => {
      if (!rolesAreClear(input.mode, input.organs)) return refusals.ROLES_NOT_CLEAR();
      for (const one of facts.organs) {
        const refused = refusalOfOrgan(one.state, state.region, ctx.actor.organKind);
        if (refused) return refused;
      }
      const difficult = input.difficult ?? false;
      return [
        {
          type: 'SuggestionAssigned',
          data: { mode: input.mode, organs: input.organs, difficult, by: ctx.actor.organKind, on: ctx.today },
        },
        ...stopClocks(state, assignClocks),
        ...input.organs
          .filter((o) => o.role !== 'CO')
          .map((o) => startOrganClock(ctx, state, difficult ? 'T6' : 'T5', o.organ)),
      ];
    },
  }),
  receiveAssignment: suggestion.action({
    describe: ['Sign for the assignment; T3, and for a co-handler T4, run from now.', '签收交办件。'],
    from: ['ASSIGNED', 'HANDLING'],
    by: [handlingOrgan],
    input: z.object({}),
    decide: ({ state, ctx }) => {
      const own = handlingOf(state, ctx.actor.organ);
      if (!own || own.receivedOn) return [];
      return [
        { type: 'AssignmentReceived', data: { organ: own.organ, on: ctx.today } },
        startOrganClock(ctx, state, 'T3', own.organ),
        ...(owesReply(own) ? [] : [startOrganClock(ctx, state, 'T4', own.organ)]),
      ];
    },
  }),
  nameHandler: suggestion.action({
    describe: ['Name who handles it in the organ.', '确定承办人。'],
    from: ['ASSIGNED', 'HANDLING', 'REHANDLING'],
    by: [handlingOrgan],
    input: z.object({ post: postRef }),
    needs: (input) => ({ held: post.at(input.post) }),
    decide: ({ input, state, ctx, facts: { held } }) => {
      if (held?.status !== 'HELD' || held.organ !== ctx.actor.organ) return refusals.NOT_A_POST_THERE();
      return handlingOf(state, ctx.actor.organ)?.handler === input.post
        ? []
        : [{ type: 'HandlerNamed', data: { organ: ctx.actor.organ, post: input.post } }];
    },
  }),
  transferHandling: suggestion.action({
    describe: [
      'Move an organ’s part to its successor; no clock starts again (by the system).',
      '移交承接单位，时限不重新起算。',
    ],
    from: [...registered],
    by: [systemWho],
    input: z.object({ organ: organRef, to: organRef }),
    needs: (input) => ({ successor: organ.at(input.to) }),
    decide: ({ input, state, facts: { successor } }) => {
      if (!handlingOf(state, input.organ) || input.organ === input.to) return [];
      if (successor?.status !== 'ACTIVE') return refusals.NO_SUCH_HANDLING_ORGAN();
      return [{ type: 'HandlingTransferred', data: input }, ...clocksHandedOver(state, input)];
    },
  }),
};

/**
 * The clocks count on for the successor. Where it has the same clock already, its own goes on; and who becomes the lead
 * owes no co-opinion any more.
 */
function clocksHandedOver(state: SuggestionState, { organ: from, to }: { organ: string; to: string }) {
  const old = handlingOf(state, from);
  const leads = old !== undefined && roleOfBoth(old, handlingOf(state, to)) !== 'CO';
  const isTwice = ({ clock, owner }: CaseClock) =>
    owner === `organ:${from}` && clockOf(state, clock.replace(from, to))?.status === 'RUNNING';
  const isOver = (one: CaseClock) => isTwice(one) || (leads && [`T4:${from}`, `T4:${to}`].includes(one.clock));
  const rest = { clocks: state.clocks.filter((one) => !isOver(one)) };
  return [...stopClocks(state, isOver), ...handOverClocks(rest, from, to)];
}
