import { PassThrough, Readable } from 'node:stream';
import { run } from '../../../src/cli/program.js';
import type { Terminal } from '../../../src/cli/terminal.js';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

type Surroundings = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Buffer;
  /** Somebody sits there and types these lines where nothing is shown. */
  readonly hidden?: readonly string[];
  readonly program?: string;
  readonly columns?: number;
  readonly errorColumns?: number;
  /** Ends a command that goes on until it is interrupted. */
  readonly interrupt?: Promise<void>;
};

/** A command line in this process, at a terminal that keeps what is written. */
export async function wuji(
  args: readonly string[],
  {
    env = {},
    stdin = '',
    hidden,
    program = 'wuji',
    columns = 100,
    errorColumns = Number.POSITIVE_INFINITY,
    interrupt,
  }: Surroundings = {},
): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [stdout, stderr].map(textOf);
  const terminal: Terminal = {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    env,
    program,
    columns,
    errorColumns,
    ...(hidden && { askHidden: answering(hidden) }),
    live: false,
    interrupted: (signal) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve('aborted'), { once: true });
        void interrupt?.then(() => resolve('interrupted'));
      }),
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await run(args, terminal);
  stdout.end();
  stderr.end();
  return { code, out: (await out) ?? '', err: (await err) ?? '' };
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function answering(lines: readonly string[]): NonNullable<Terminal['askHidden']> {
  const left = [...lines];
  return async () => left.shift();
}
