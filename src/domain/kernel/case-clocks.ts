import { z } from 'zod';
import { systemWho } from './actor.js';
import type { AnyAction, Context, NewEvent } from './aggregate.js';
import type { LimitKey, WarningMark } from './clock.js';
import { clockState, extend, overdue, pause, resume, start, startUntil, stop, warn, warningMarks } from './clock.js';
import { event } from './event.js';
import { day, oneOf, storedText } from './fields.js';
import type { Refusal } from './refusal.js';
import { isRefusal } from './refusal.js';
import type { RegionCode } from './region.js';
import { facts } from './visibility.js';

/**
 * The clocks of a case: any kind of case that has time limits spreads `clockEvents` into its events, `clockFolds` into
 * its folds, keeps `clocks` in its state, and gets its system actions from `clockActions`.
 */
const named = {
  clock: storedText(['Which clock of the case: T5, or T4:<organ> when each organ has its own.', '时限标识']),
  owner: storedText(['Who has to act, as a tag: organ:…, mandate:…, office:….', '责任方']),
};
export const caseClock = facts({ follower: { ...named, ...clockState.shape } });
export type CaseClock = z.infer<typeof caseClock>;
export type WithClocks = { readonly clocks: readonly CaseClock[] };

export const clockEvents = {
  ClockStarted: event(['Time limit set', '时限已设定'], { follower: caseClock.shape }, { politeness: 'off' }),
  ClockExtended: event(['Time limit extended', '时限已延长'], { follower: caseClock.shape }),
  ClockPaused: event(['Time limit paused', '时限已中止'], {
    follower: caseClock.shape,
    participant: { reason: storedText(['Why.', '原因']) },
  }),
  ClockResumed: event(['Time limit running again', '时限恢复计算'], { follower: caseClock.shape }),
  ClockStopped: event(
    ['Time limit no longer runs', '时限已了结'],
    { follower: caseClock.shape },
    { politeness: 'off' },
  ),
  DueWarned: event(['Due date is near', '时限预警'], {
    follower: { ...caseClock.shape, mark: oneOf(warningMarks, ['At which mark.', '预警节点']) },
  }),
  BecameOverdue: event(['Overdue', '已逾期'], { follower: caseClock.shape }, { politeness: 'assertive' }),
};

const withClock = <S extends WithClocks>(state: S, e: CaseClock & { reason?: string; mark?: string }): S => {
  const { reason: _, mark: __, ...clock } = e;
  return { ...state, clocks: [...state.clocks.filter((c) => c.clock !== clock.clock), clock] };
};
export const clockFolds = {
  ClockStarted: withClock,
  ClockExtended: withClock,
  ClockPaused: withClock,
  ClockResumed: withClock,
  ClockStopped: withClock,
  DueWarned: withClock,
  BecameOverdue: withClock,
};
type ClockEvent = NewEvent<typeof clockEvents>;

export const clockOf = (state: WithClocks, clock: string): CaseClock | undefined =>
  state.clocks.find((c) => c.clock === clock);

/** Start (or start anew) the clock `clock` of the limit `limit`, from `on` (today when absent). */
export function startClock(
  ctx: Context,
  set: { clock?: string; limit: LimitKey; owner: string; region: RegionCode; on?: string },
): ClockEvent {
  const state = start(ctx.rules.limit(set.limit, set.region), set.on ?? ctx.today, ctx.rules);
  return { type: 'ClockStarted', data: { clock: set.clock ?? set.limit, owner: set.owner, ...state } };
}

/** Start (or start anew) a clock up to a day that somebody named, not counted from a limit; a holiday moves it as any other. */
export function startClockUntil(ctx: Context, set: { clock: string; owner: string; on: string }): ClockEvent {
  const state = startUntil(set.clock, set.on, ctx.today, ctx.rules);
  return { type: 'ClockStarted', data: { clock: set.clock, owner: set.owner, ...state } };
}

/** Stops those of `clocks` that the case has and that still count; no event for the others. */
export const stopClocks = (state: WithClocks, clocks: (clock: CaseClock) => boolean): ClockEvent[] =>
  state.clocks
    .filter((c) => c.status !== 'STOPPED' && clocks(c))
    .map((c) => ({ type: 'ClockStopped', data: { ...c, ...stop(c) } }));

/**
 * The clocks that count for the organ `from` count on for `to`: no due date changes, what was said is not said again. A
 * clock that is named after the organ gets its new name, unless the successor has such a clock already.
 */
export function handOverClocks(state: WithClocks, from: string, to: string): ClockEvent[] {
  const running = state.clocks.filter((one) => one.status !== 'STOPPED');
  return running
    .filter(({ owner }) => owner === `organ:${from}`)
    .flatMap((clock) => {
      const named = clock.clock.replace(from, to);
      const name = running.some((one) => one.clock === named) ? clock.clock : named;
      const renamed = name === clock.clock ? [] : stopClocks(state, (one) => one.clock === clock.clock);
      return [...renamed, { type: 'ClockStarted', data: { ...clock, clock: name, owner: `organ:${to}` } }];
    });
}

export const pauseClocks = (
  state: WithClocks,
  clocks: (clock: CaseClock) => boolean,
  why: string,
  ctx: Context,
): ClockEvent[] =>
  state.clocks
    .filter((c) => c.status === 'RUNNING' && clocks(c))
    .map((c) => ({ type: 'ClockPaused', data: { ...c, ...pause(c, ctx.today), reason: why } }));

export const resumeClocks = (state: WithClocks, clocks: (clock: CaseClock) => boolean, ctx: Context): ClockEvent[] =>
  state.clocks
    .filter((c) => c.status === 'PAUSED' && clocks(c))
    .map((c) => ({ type: 'ClockResumed', data: { ...c, ...resume(c, ctx.today, ctx.rules.calendar) } }));

export function extendClock(clock: CaseClock, to: string, ctx: Context): ClockEvent | Refusal {
  const extended = extend(clock, to, ctx.today, ctx.rules.calendar);
  return isRefusal(extended) ? extended : { type: 'ClockExtended', data: { ...clock, ...extended } };
}

type Clocked = {
  readonly category: string;
  readonly state: { readonly shape: { readonly status: { readonly options: readonly string[] } } };
};

/**
 * The two actions by which the deadline reactor speaks: `warn<Case>Due` and `mark<Case>Overdue`. Each names the due date
 * that it speaks of, so it happens once per due date, and not at all when the date has moved meanwhile.
 */
export function clockActions(aggregate: Clocked): Record<string, AnyAction> {
  const { category } = aggregate;
  const name = category.charAt(0).toUpperCase() + category.slice(1);
  const about = { clock: named.clock, dueOn: day(['The due date spoken of.', '所指到期日']) };
  const running = (state: WithClocks, input: { clock: string; dueOn: string }) => {
    const clock = clockOf(state, input.clock);
    return clock?.status === 'RUNNING' && clock.dueOn === input.dueOn ? clock : undefined;
  };
  const common = { category, from: aggregate.state.shape.status.options, by: [systemWho] };
  const warning = {
    ...common,
    describe: ['Warn that a due date is near (by the system).', '时限临近预警。'],
    input: z.object({ ...about, mark: oneOf(warningMarks, ['At which mark.', '预警节点']) }),
    decide: ({ input, state }: { input: { clock: string; dueOn: string; mark: WarningMark }; state: WithClocks }) => {
      const clock = running(state, input);
      if (!clock || clock.warnedFor.includes(input.mark)) return [];
      return [{ type: 'DueWarned', data: { ...clock, ...warn(clock, input.mark), mark: input.mark } }];
    },
  } as const;
  const overdueMark = {
    ...common,
    describe: ['Record that a due date was missed (by the system).', '记录逾期。'],
    input: z.object(about),
    decide: ({ input, state, ctx }: { input: { clock: string; dueOn: string }; state: WithClocks; ctx: Context }) => {
      const clock = running(state, input);
      if (!clock || clock.lapses || clock.overdueFor === clock.dueOn || ctx.today <= clock.dueOn) return [];
      return [{ type: 'BecameOverdue', data: { ...clock, ...overdue(clock) } }];
    },
  } as const;
  return { [`warn${name}Due`]: warning as AnyAction, [`mark${name}Overdue`]: overdueMark as AnyAction };
}
