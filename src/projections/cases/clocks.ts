import type { CaseClock, WithClocks } from '../../domain/kernel/case-clocks.js';

/** How a clock stands, by its own events only: overdue is what was said to be overdue. */
export const clockStandings = ['RUNNING', 'WARNED', 'OVERDUE', 'PAUSED'] as const;
export type ClockStanding = (typeof clockStandings)[number];

export const isOverdue = (clock: CaseClock): boolean => clock.overdueFor === clock.dueOn;

export function standingOf(clock: CaseClock): ClockStanding {
  if (clock.status === 'PAUSED') return 'PAUSED';
  if (isOverdue(clock)) return 'OVERDUE';
  return clock.warnedFor.length > 0 ? 'WARNED' : 'RUNNING';
}

/** Clocks of duties that are still to be done. A right that lapses is nobody's duty. */
export const openClocks = (state: WithClocks): readonly CaseClock[] =>
  state.clocks.filter((clock) => clock.status !== 'STOPPED' && !clock.lapses);

export const openClock = (state: WithClocks, test: (clock: CaseClock) => boolean): CaseClock | undefined =>
  openClocks(state).find(test);

/** The worst standing of the case's clocks: `NONE` when no clock counts. */
export function worstStanding(state: WithClocks): ClockStanding | 'NONE' {
  const standings = openClocks(state).map(standingOf);
  return (['OVERDUE', 'WARNED', 'RUNNING', 'PAUSED'] as const).find((one) => standings.includes(one)) ?? 'NONE';
}

/** Which organs and offices have clocks to keep: deputies are too many to be counted one by one. */
export const ownersCounted = /^(organ|office|government):/;
