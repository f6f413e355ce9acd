import type { Context } from '../../kernel/aggregate.js';
import type { CaseClock } from '../../kernel/case-clocks.js';
import { clockOf, startClock } from '../../kernel/case-clocks.js';
import { dueOn } from '../../kernel/clock.js';
import type { SuggestionState } from './state.js';

/** The clocks of a suggestion: T1/T2 assign, T3:<organ> return, T4:<organ> co-opinion, T5|T6|T8:<organ> reply, T7:<mandate> feedback, T9 publish. */
const of = (limits: readonly string[]) => (organ?: string) => (clock: CaseClock) =>
  limits.includes(clock.limit) && (organ === undefined || clock.owner === `organ:${organ}`);

export const assignClocks = of(['T1', 'T2'])();
export const returnClock = of(['T3']);
export const opinionClock = of(['T4']);
/** The deadline of the reply, whichever limit sets it. */
export const replyClock = of(['T5', 'T6', 'T8']);
export const organClocks = of(['T3', 'T4', 'T5', 'T6', 'T8']);
/** What a reply starts, and a further round starts anew: the deputies' answers, and its publishing. */
export const clocksOfReply = of(['T7', 'T9'])();
export const allButPublishing = (clock: CaseClock): boolean => clock.limit !== 'T9';

export const startOrganClock = (ctx: Context, s: SuggestionState, limit: string, organ: string) =>
  startClock(ctx, { clock: `${limit}:${organ}`, limit, owner: `organ:${organ}`, region: s.region });
export const startFeedbackClock = (ctx: Context, s: SuggestionState, mandate: string) =>
  startClock(ctx, { clock: `T7:${mandate}`, limit: 'T7', owner: `mandate:${mandate}`, region: s.region });

/** T4 has run out for a co-handler: counted from its receipt, or from the assignment when it never signed. */
export function opinionOverdue(s: SuggestionState, organ: string, ctx: Context): boolean {
  const clock = clockOf(s, `T4:${organ}`);
  if (clock) return ctx.today > clock.dueOn;
  const since = s.organs.find((o) => o.organ === organ)?.assignedOn ?? ctx.today;
  return ctx.today > dueOn(ctx.rules.limit('T4', s.region), since, ctx.rules.calendar).dueOn;
}

/**
 * Signers who may still answer this round: no feedback, and T7 not over. One who stays silent past T7 no longer holds the
 * case up, and is never counted as satisfied.
 */
export const stillToAnswer = (s: SuggestionState, today: string): readonly string[] =>
  s.signatories
    .map((x) => x.mandate)
    .filter(
      (mandate) =>
        !s.feedbacks.some((f) => f.mandate === mandate && f.round === s.round) &&
        today <= (clockOf(s, `T7:${mandate}`)?.dueOn ?? today),
    );
export const openPromises = (s: SuggestionState): number => s.promises.filter((p) => p.state === 'OPEN').length;
