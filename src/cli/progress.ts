import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';
import { tell } from './terminal.js';

export type Progress = { to(done: number): void; end(): void };

/** A bar on the standard error; where nobody sees it move, one line at the end. */
export function progress(terminal: Terminal, label: string, total: number): Progress {
  let at = 0;
  if (!terminal.live)
    return {
      to: (done) => {
        at = done;
      },
      end: () => tell(terminal, `${label} ${at}/${total}`),
    };
  const bar = movingBar(terminal, `${label} {bar} {percentage}% {value}/{total}`);
  bar.start(total, 0);
  return {
    to: (done) => bar.update(Math.min(done, total)),
    end: () => bar.stop(),
  };
}

/** A number that grows, when nobody knows how far; nothing where nobody sees it move. */
export function counting(terminal: Terminal, label: string): Progress {
  if (!terminal.live) return { to: () => undefined, end: () => undefined };
  const bar = movingBar(terminal, `${label} {value}`);
  bar.start(0, 0);
  return { to: (done) => bar.update(done), end: () => bar.stop() };
}

/** For a terminal that is `live`. */
export const movingBar = (terminal: Terminal, format: string): SingleBar =>
  new SingleBar({
    stream: terminal.stderr as NodeJS.WritableStream,
    format,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    // Nothing that a Ctrl-C would leave behind: the cursor is not hidden, lines are wrapped as ever.
    hideCursor: false,
    linewrap: true,
    fps: 20,
  });
