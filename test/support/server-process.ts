import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildProgram } from './build.js';

/** `wuji serve` as a process of its own, on a data folder that outlives it. */
export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  /** All that it has written to its standard output and error until now. */
  output(): string;
  /** Resolves once it has written this. */
  wrote(text: string): Promise<void>;
  /** The signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** SIGKILL: nothing is closed, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves to the exit code. */
  stop(): Promise<number | null>;
};

export async function serveProcess(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const program = await buildProgram();
  const child = spawn(process.execPath, [join(program, 'src/cli.js'), 'serve', '--lang', 'en'], {
    env: { PATH: process.env.PATH, WUJI_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(String(chunk)));
  const output = () => said.join('');
  const url = await greetingOf(child);
  const exit = once(child, 'exit');
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  };
  return {
    ...{ url, output, pid: child.pid ?? 0 },
    ended: exit.then(([, signal]) => signal as NodeJS.Signals | null),
    async wrote(text) {
      while (!output().includes(text))
        if (child.exitCode !== null) throw new Error(`it ended without writing ${text}:\n${output()}`);
        else await Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data'), exit]);
    },
    async kill() {
      await end('SIGKILL')();
    },
    stop: end('SIGTERM'),
  };
}

/** The address that it prints once it serves; its complaints when it does not. */
async function greetingOf(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('the server has no output');
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const [url] = /http:\/\/[\d.]+:\d+/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error(`the server did not start:\n${said.join('\n')}`);
}

/** Below the ports that the system hands out by itself: nobody takes it while its server is away for a moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = createServer();
    const taken = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(true));
      probe.listen(port, '127.0.0.1', () => resolve(false));
    });
    if (taken) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
