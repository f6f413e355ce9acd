import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/**
 * Faults in the system calls of a process that runs (Debian's strace): `inject` as strace takes it, like
 * `pwrite64:error=EIO` or `fdatasync:delay_enter=200000` (microseconds). Resolves when they are in place; the process
 * has its own calls again when `end` resolves.
 */
export function withFaults(pid: number, inject: string): Promise<{ end(): Promise<void> }> {
  const calls = inject.split(':')[0] ?? '';
  return attached(pid, ['-e', `trace=${calls}`, '-e', `inject=${inject}`, '-o', '/dev/null']);
}

/** The system calls of a process until `end`, one a line, each with the path of its file: `fdatasync(21</data/…>) = 0`. */
export async function traced(pid: number, calls: string): Promise<{ end(): Promise<readonly string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-trace-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'calls');
  const tracer = await attached(pid, ['-y', '-e', `trace=${calls}`, '-o', file]);
  return {
    async end() {
      await tracer.end();
      return (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('('));
    },
  };
}

async function attached(pid: number, options: readonly string[]): Promise<{ end(): Promise<void> }> {
  const tracer: ChildProcess = spawn('strace', ['-f', '-p', String(pid), ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (!tracer.stderr) throw new Error('strace has no output');
  onTestFinished(() => void tracer.kill('SIGKILL'));
  const ended = once(tracer, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: tracer.stderr })) {
    said.push(line);
    if (/Process \d+ attached/.test(line))
      return {
        async end() {
          tracer.kill('SIGINT');
          await ended;
        },
      };
  }
  throw new Error(`strace did not attach:\n${said.join('\n')}`);
}
