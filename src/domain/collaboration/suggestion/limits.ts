import type { Context } from '../../kernel/aggregate.js';
import type { CaseClock } from '../../kernel/case-clocks.js';
import { clockOf, startClock, startClockUntil } from '../../kernel/case-clocks.js';
import { dueOn } from '../../kernel/clock.js';
import { compareLevels } from '../../kernel/region.js';
import type { SuggestionState } from './state.js';

/** The clocks of a suggestion: T1/T2 assign, T3:<organ> return, T4:<organ> co-opinion, T5|T6|T8:<organ> reply, T7:<mandate> feedback, T9 publish, PROMISE:<id>, and PAUSE (pausing.ts). */
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
/** What an organ still owes besides its right to return it. */
export const dutiesOf = of(['T4', 'T5', 'T6', 'T8']);
export const promiseClock = (promise: string) => `PROMISE:${promise}`;
export const allButPublishing = (clock: CaseClock): boolean => clock.limit !== 'T9';

export const startOrganClock = (ctx: Context, s: SuggestionState, limit: string, organ: string) =>
  startClock(ctx, { clock: `${limit}:${organ}`, limit, owner: `organ:${organ}`, region: s.region });
export const startFeedbackClock = (ctx: Context, s: SuggestionState, mandate: string) =>
  startClock(ctx, { clock: `T7:${mandate}`, limit: 'T7', owner: `mandate:${mandate}`, region: s.region });

/**
 * A promise is due on the day it was made for (domain.md §4, promises due). A B reply's promises are followed past the year
 * and past the term, so nothing else ends this clock.
 */
export const startPromiseClock = (ctx: Context, promise: { id: string; organ: string; dueOn: string }) =>
  startClockUntil(ctx, { clock: promiseClock(promise.id), owner: `organ:${promise.organ}`, on: promise.dueOn });

/** T1 or T2; none for the nation and the autonomous region, whose own systems handle theirs (P3). */
export const startAssignClock = (ctx: Context, s: SuggestionState, clock: { limit: string; on?: string }) =>
  handledElsewhere(s.level) ? [] : [startClock(ctx, { ...clock, owner: `office:${s.region}`, region: s.region })];
export const handledElsewhere = (level: SuggestionState['level']): boolean =>
  compareLevels(level, 'autonomousRegion') <= 0;

/** When a right or duty of the organ ends: its clock says it, or it counts from the assignment when it never signed. */
export function organDueOn(s: SuggestionState, limit: 'T3' | 'T4', organ: string, ctx: Context): string {
  const since = s.organs.find((o) => o.organ === organ)?.assignedOn ?? ctx.today;
  return (
    clockOf(s, `${limit}:${organ}`)?.dueOn ?? dueOn(ctx.rules.limit(limit, s.region), since, ctx.rules.calendar).dueOn
  );
}
export const opinionOverdue = (s: SuggestionState, organ: string, ctx: Context): boolean =>
  ctx.today > organDueOn(s, 'T4', organ, ctx);

/**
 * Signers who may still answer this round: no feedback, and T7 runs and is not over. One who stays silent past T7 no
 * longer holds the case up, nor does one whose mandate has ended; neither is counted as satisfied.
 */
export const stillToAnswer = (s: SuggestionState, today: string): readonly string[] =>
  s.signatories
    .map((x) => x.mandate)
    .filter((mandate) => !s.feedbacks.some((f) => f.mandate === mandate && f.round === s.round))
    .filter((mandate) => {
      const clock = clockOf(s, `T7:${mandate}`);
      return clock && clock.status !== 'STOPPED' && today <= clock.dueOn;
    });
/** Replies of this round that say B, planned, without a promise of that organ: there is nothing to track, nor to close. */
export const repliesWithoutPromise = (s: SuggestionState): number =>
  s.replies.filter((r) => r.round === s.round && r.category === 'B' && !s.promises.some((p) => p.organ === r.organ))
    .length;
export const openPromises = (s: SuggestionState): number => s.promises.filter((p) => p.state === 'OPEN').length;
