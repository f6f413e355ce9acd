import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './port.js';

const DEBIAN = '/usr/lib/postgresql';
/** The server refuses to run as root. */
const NOBODY = 65_534;

export type PostgresServer = { readonly url: string; stop(): Promise<void> };

/** A real PostgreSQL of its own, as Debian installs it, with its defaults: each commit is flushed. */
export async function startPostgres(folder: string): Promise<PostgresServer> {
  const programs = join(DEBIAN, await newestVersion(), 'bin');
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, 'postgres');
  await mkdir(data);
  for (const each of as.uid ? [folder, data] : []) await chown(each, NOBODY, NOBODY);
  await promisify(execFile)(join(programs, 'initdb'), ['-D', data, '-U', 'bench', '-E', 'UTF8', '--auth', 'trust'], as);
  const port = await freePort();
  const options = ['-D', data, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-k', data];
  const child = spawn(join(programs, 'postgres'), options, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGINT'); // does not wait for its clients
  process.once('exit', kill); // also when the run is broken off
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    ended.then(() => reject(new Error(`postgres did not start: ${said}`)), reject);
  });
  return {
    url: `postgresql://bench@127.0.0.1:${port}/postgres`,
    async stop() {
      child.kill('SIGTERM'); // waits until its clients have gone
      await ended;
      process.off('exit', kill);
    },
  };
}

async function newestVersion(): Promise<string> {
  const versions = await readdir(DEBIAN).catch((): string[] => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw Object.assign(new Error('there is no PostgreSQL'), { code: 'SERVER_NOT_FOUND' });
  return newest;
}
