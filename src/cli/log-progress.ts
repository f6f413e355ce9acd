import type { Bilingual } from '../domain/kernel/refusal.js';
import type { Language } from './language.js';
import { say } from './language.js';
import { movingBar } from './progress.js';
import type { Terminal } from './terminal.js';
import { tell } from './terminal.js';

/** `share`: of the whole, from 0 to 1. */
export type Pace = { readonly events: number; readonly share: number };
export type LogProgress = { to(pace: Pace): void; end(): void };

/** Steps of the bar, and of the lines where nobody sees it move. */
const whole = 1_000;
const tenths = 10;

/**
 * How far a log has been read: events, events a second and the time that is left. Where no bar is seen, a line for each
 * tenth, for a copy may take hours.
 */
export function logProgress(terminal: Terminal, language: Language, label: Bilingual): LogProgress {
  const startedAt = performance.now();
  let first: Pace | undefined;
  let last: Pace = { events: 0, share: 0 };
  const words = (): string => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const { events, share } = last;
    const rate = Math.round(events / Math.max(seconds, 0.001));
    // What an earlier run has done says nothing of the pace of this one.
    const gained = share - (first?.share ?? 0);
    const left = share === 1 ? span(0) : gained > 0 ? span((seconds / gained) * (1 - share)) : '…';
    const unit = say(language, ['events', '个事件']);
    return `${events} ${unit}  ${rate}/s  ${say(language, ['left', '剩余'])} ${left}`;
  };
  const head = say(language, label);
  if (!terminal.live) {
    let told = 0;
    const line = () => tell(terminal, `${head} ${Math.floor(last.share * 100)}%  ${words()}`);
    return {
      to(pace) {
        first ??= pace;
        last = pace;
        const reached = Math.floor(pace.share * tenths);
        if (reached <= told || reached === tenths) return;
        told = reached;
        line();
      },
      end: line,
    };
  }
  const bar = movingBar(terminal, `${head} {bar} {percentage}%  {words}`);
  bar.start(whole, 0, { words: '' });
  return {
    to(pace) {
      first ??= pace;
      last = pace;
      bar.update(Math.round(pace.share * whole), { words: words() });
    },
    end: () => bar.stop(),
  };
}

/** `1:02:03` or `2:03`. */
function span(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
