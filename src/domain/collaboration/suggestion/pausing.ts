import type { Context } from '../../kernel/aggregate.js';
import type { CaseClock } from '../../kernel/case-clocks.js';
import { clockOf, pauseClocks, resumeClocks, startClockUntil, stopClocks } from '../../kernel/case-clocks.js';
import { replyClock } from './limits.js';
import type { SuggestionState } from './state.js';

/**
 * A paused clock says nothing. So while the time for a reply stands still, the office that decides has a clock of its own:
 * until the latest day that the law allows for the reply (Deputies Law art. 51, invariant 3).
 */
const pause = 'PAUSE';
type Which = (clock: CaseClock) => boolean;
const isPause: Which = (clock) => clock.clock === pause;
const stands: Which = (clock) => clock.status === 'PAUSED' && replyClock()(clock);

export function holdClocks(s: SuggestionState, which: Which, why: string, ctx: Context) {
  const held = pauseClocks(s, which, why, ctx);
  const latest = held.flatMap(({ data }) => (replyClock()(data) && data.latestOn ? [data.latestOn] : [])).sort()[0];
  const known = clockOf(s, pause);
  const earlier = known?.status === 'RUNNING' && latest !== undefined && known.dueOn <= latest;
  return latest === undefined || earlier
    ? held
    : [...held, startClockUntil(ctx, { clock: pause, owner: `office:${s.region}`, on: latest })];
}

export const releaseClocks = (s: SuggestionState, which: Which, ctx: Context) => [
  ...resumeClocks(s, which, ctx),
  ...endPause(s, which),
];

/** The pause is over when no time for a reply stands still but those of `which`, which are ended or run again. */
export const endPause = (s: SuggestionState, which: Which) =>
  s.clocks.some((c) => stands(c) && !which(c)) ? [] : stopClocks(s, isPause);
