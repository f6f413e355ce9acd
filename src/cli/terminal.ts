import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';

/** Where a command runs: what it reads, where it writes, and what it is told by its surroundings. */
export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the program is called here, so that what it tells to type can be pasted: `wuji`, or by way of npm. */
  readonly program: string;
  /**
   * A line of whoever sits there, which is not shown; `undefined` when the input ends first. Absent: nobody sits there,
   * the standard input is a file or another program.
   */
  readonly askHidden?: ((prompt: string) => Promise<string | undefined>) | undefined;
  /** Of the standard output. */
  readonly columns: number;
  /** Of the standard error; infinite when it goes to a file, where lines are searched. */
  readonly errorColumns: number;
  /** Whether a moving bar on the standard error is seen by somebody. */
  readonly live: boolean;
  /** Resolves with the next SIGINT or SIGTERM, or when `signal` ends the listening. */
  readonly interrupted: (signal?: AbortSignal) => Promise<'interrupted' | 'aborted'>;
  /** At once, whatever is still open. */
  readonly exit: (code: number) => void;
};

export const print = ({ stdout }: Terminal, text: string): void => void stdout.write(`${text}\n`);
export const tell = ({ stderr }: Terminal, text: string): void => void stderr.write(`${text}\n`);

/** What works in this folder before `npm link` has made the command `wuji`. */
export const unlinked = 'npm run -s wuji --';

/** A terminal whose size nobody knows says 0. */
const widthOf = ({ columns }: { readonly columns: number }): number => Math.max(40, columns || 80);

/** The terminal's own echo is off, and what would be written in its place goes nowhere. */
function hiddenLine(stdin: Readable, stderr: Writable, prompt: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  // Not before: what is typed at once would still be shown.
  stderr.write(prompt);
  return new Promise((resolve) => {
    reader.once('close', () => resolve(undefined));
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
    });
  }).finally(() => stderr.write('\n')) as Promise<string | undefined>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env, argv } = process;
  // Whoever reads us may have enough (`wuji history … | head`): that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    stdin,
    stdout,
    stderr,
    env,
    program: basename(argv[1] ?? '') === 'wuji' ? 'wuji' : unlinked,
    ...(stdin.isTTY && { askHidden: (prompt: string) => hiddenLine(stdin, stderr, prompt) }),
    columns: stdout.isTTY ? widthOf(stdout) : 120,
    errorColumns: stderr.isTTY ? widthOf(stderr) : Number.POSITIVE_INFINITY,
    live: stderr.isTTY === true && env.TERM !== 'dumb',
    interrupted: (signal) =>
      new Promise((resolve) => {
        const names = ['SIGINT', 'SIGTERM'] as const;
        const end = (how: 'interrupted' | 'aborted') => {
          for (const name of names) process.off(name, onSignal);
          resolve(how);
        };
        const onSignal = () => end('interrupted');
        for (const name of names) process.on(name, onSignal);
        signal?.addEventListener('abort', () => end('aborted'), { once: true });
      }),
    exit: (code) => process.exit(code),
  };
}
