import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RedisConnection } from '../../src/infra/redis/connection.js';
import { connectRedis } from '../../src/infra/redis/connection.js';
import { freePort } from '../harness/port.js';

export type RedisServer = {
  readonly version: string;
  readonly connection: RedisConnection;
  usedBytes(): Promise<number>;
  /** What the keys that match take, by Redis's own account. */
  bytesOf(pattern: string): Promise<number>;
  /** Microseconds that the server has worked on scripts since it started. */
  scriptMicroseconds(): Promise<number>;
  stop(): Promise<void>;
};

/** A real `redis-server` of its own that keeps nothing on disk; `undefined` when there is no such command. */
export async function startRedis(folder: string): Promise<RedisServer | undefined> {
  const said = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  if (said.error) return undefined;
  const port = await freePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill); // also when the run is broken off
  let ready = false;
  for await (const line of createInterface({ input: child.stdout })) {
    ready = /Ready to accept connections/.test(line);
    if (ready) break;
  }
  if (!ready) throw new Error('redis-server did not start');
  const connection = connectRedis(`redis://127.0.0.1:${port}`, {
    onProblem: (problem) => console.error(problem.message),
  });
  const sum = async (section: string, pattern: RegExp): Promise<number> => {
    const info = await connection.use('read', (redis) => redis.info(section));
    return [...info.matchAll(pattern)].reduce((total, [, found]) => total + Number(found), 0);
  };
  return {
    version: /v=([\d.]+)/.exec(said.stdout)?.[1] ?? 'unknown',
    connection,
    usedBytes: () => sum('memory', /^used_memory:(\d+)/gm),
    async bytesOf(pattern) {
      const keys = await connection.use('read', (redis) => redis.keys(pattern));
      let total = 0;
      for (const key of keys)
        total += Number(await connection.use('read', (redis) => redis.memory('USAGE', key, 'SAMPLES', 0)));
      return total;
    },
    scriptMicroseconds: () => sum('commandstats', /^cmdstat_eval(?:sha)?:.*?usec=(\d+)/gm),
    async stop() {
      await connection.close();
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}
