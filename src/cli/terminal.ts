import type { Readable, Writable } from 'node:stream';

/** Where a command runs: what it reads, where it writes, and what it is told by its surroundings. */
export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the standard output. */
  readonly columns: number;
  /** Whether a moving bar on the standard error is seen by somebody. */
  readonly live: boolean;
  /** Resolves with the next SIGINT or SIGTERM, or when `signal` ends the listening. */
  readonly interrupted: (signal?: AbortSignal) => Promise<'interrupted' | 'aborted'>;
  /** At once, whatever is still open. */
  readonly exit: (code: number) => void;
};

export const print = ({ stdout }: Terminal, text: string): void => void stdout.write(`${text}\n`);
export const tell = ({ stderr }: Terminal, text: string): void => void stderr.write(`${text}\n`);

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
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
    columns: stdout.isTTY ? Math.max(40, stdout.columns) : 120,
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
