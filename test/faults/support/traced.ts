import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/**
 * Faults in the system calls of a process that runs (Debian's strace): `inject` as strace takes it, like
 * `pwrite64:error=EIO` or `fdatasync:delay_enter=200000` (microseconds). Resolves when they are in place; the process
 * has its own calls again when `end` resolves.
 */
export async function withFaults(pid: number, inject: string): Promise<{ end(): Promise<void> }> {
  const calls = inject.split(':')[0] ?? '';
  const tracer = spawn(
    'strace',
    ['-f', '-p', String(pid), '-e', `trace=${calls}`, '-e', `inject=${inject}`, '-o', '/dev/null'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
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
