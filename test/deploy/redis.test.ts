import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { composeWith, filledExample, root } from './support/files.js';

const { redis } = composeWith(filledExample).services;

/** The command of the compose file, with this machine's paths and a free port. */
async function startAsInCompose(): Promise<{ readonly port: number; readonly folder: string }> {
  if (spawnSync('redis-server', ['--version']).error)
    throw new Error('this test needs the command redis-server: apt-get install redis-server');
  const folder = await temporaryFolder();
  const port = await freePort();
  const [shell = '', flag = '', script = ''] = redis?.command ?? [];
  const mounted = './deploy/redis:/etc/redis:ro';
  expect(redis?.volumes).toContain(mounted);
  const here = script.replaceAll('/etc/redis/', `${join(root, 'deploy/redis')}/`);
  const child = spawn(shell, [flag, `${here} --dir ${folder} --port ${port} --bind 127.0.0.1`], {
    env: { PATH: process.env.PATH, ...redis?.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.includes('Ready to accept connections')) return { port, folder };
  }
  throw new Error(`redis-server did not start:\n${said.join('\n')}`);
}

/** What Redis says to who does not sign in. */
async function answerToStranger(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

it('Redis runs as docker-compose.yml says: append-only file, no eviction, password (issue 3, part 5)', async () => {
  const { port, folder } = await startAsInCompose();
  const client = new Redis(`redis://:${filledExample.REDIS_PASSWORD}@127.0.0.1:${port}`);
  onTestFinished(() => client.disconnect());
  expect(await client.ping()).toBe('PONG');
  const setting = async (name: string): Promise<unknown> => {
    const found: unknown = await client.config('GET', name);
    return Array.isArray(found) ? found[1] : undefined;
  };
  expect(await setting('appendonly')).toBe('yes');
  expect(await setting('appendfsync')).toBe('everysec');
  expect(await setting('maxmemory-policy')).toBe('noeviction');
  expect(await setting('save')).toBe('');
  expect(await setting('dir')).toContain(folder);
  // A rewrite of the file may hold a second copy.
  const [, gigabytes] = /^(\d+)g$/.exec(redis?.deploy?.resources.limits.memory ?? '') ?? [];
  expect(Number(await setting('maxmemory')) * 2).toBeLessThanOrEqual(Number(gigabytes) * 1024 ** 3);
  expect(Number(await setting('maxmemory'))).toBeGreaterThan(0);

  expect(await answerToStranger(port)).toMatch(/^-NOAUTH /);
});
