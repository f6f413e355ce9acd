import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { freePort } from './server-process.js';

/** A real `redis-server` of its own on 127.0.0.1. It keeps nothing on disk unless it is told to `SAVE`. */
export type RedisServer = {
  readonly port: number;
  readonly url: string;
  /** One command from outside the program under test. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown>;
  flush(): Promise<void>;
  /** SIGKILL by default: nothing is closed, nothing is saved. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGSTOP: it takes connections and says nothing. SIGCONT: it goes on. */
  signal(signal: NodeJS.Signals): void;
  /** On the same port, after `kill`: empty, but for what was saved. Resolves when it listens, which may be before it has loaded. */
  restart(...options: readonly string[]): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
};

export async function startRedisServer(...options: readonly string[]): Promise<RedisServer> {
  if (spawnSync('redis-server', ['--version']).error)
    throw new Error('these tests need the command redis-server: apt-get install redis-server');
  const folder = await mkdtemp(join(tmpdir(), 'wuji-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(more: readonly string[]) {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
    child = spawn('redis-server', [...fixed, ...options, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        said.push(line);
        // Between the two lines the socket is opened and what was saved is loaded.
        if (/Server initialized|Ready to accept connections/.test(line)) resolve();
      });
      lines.on('close', () => reject(new Error(`redis-server did not start:\n${said.join('\n')}`)));
    });
  }
  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  const password = options[options.indexOf('--requirepass') + 1];
  const auth = options.includes('--requirepass') ? { password } : {};

  await start([]);
  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async ask(command, ...args) {
      const client = new Redis({ host: '127.0.0.1', port, enableReadyCheck: false, ...auth });
      try {
        return await client.call(command, ...args);
      } finally {
        client.disconnect();
      }
    },
    async flush() {
      await server.ask('FLUSHALL');
    },
    kill,
    signal(signal) {
      child?.kill(signal);
    },
    restart: (...more) => start(more),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return server;
}
