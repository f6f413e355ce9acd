import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';
import { freePort } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { root } from './files.js';

export const caddyfile = join(root, 'deploy/proxy/Caddyfile');

/** Throws with what to do when the program is missing: these tests never pass without it. */
export function needCaddy(): void {
  if (spawnSync('caddy', ['version']).error)
    throw new Error('these tests need the command caddy: apt-get install caddy');
}

export type RunningProxy = {
  /** `https://localhost:…`, with a certificate of its own authority. */
  readonly url: string;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
};

/** The real proxy with the real configuration on free ports, in front of these nodes; ended with the test. */
export async function startProxy(nodes: readonly string[]): Promise<RunningProxy> {
  needCaddy();
  const folder = await temporaryFolder();
  const [http, https, admin] = [await freePort(), await freePort(), await freePort()];
  const child = spawn('caddy', ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
    env: {
      ...{ PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      ...{ PROXY_HTTP_PORT: String(http), PROXY_HTTPS_PORT: String(https), PROXY_ADMIN: `localhost:${admin}` },
      ...{ WUJI_SITE: 'localhost', WUJI_TLS: 'internal', PROXY_NODES: nodes.join(' ') },
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL'); // open streams would hold it for its grace period
    await ended;
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));

  const url = `https://localhost:${https}`;
  const get: RunningProxy['get'] = (path) =>
    new Promise((resolve, reject) => {
      const asked = request(
        `${url}${path}`,
        { rejectUnauthorized: false, agent: false, timeout: 10_000 },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        },
      );
      asked
        .once('error', reject)
        .once('timeout', () => asked.destroy(new Error(`no answer for ${path}`)))
        .end();
    });
  // That its certificate was obtained it says a moment before it is served. This path is answered by the proxy itself.
  await vi
    .waitFor(() => get('/health/live'), { timeout: 30_000, interval: 50 })
    .catch((error: unknown) => {
      throw new Error(`caddy does not answer:\n${said.join('\n')}`, { cause: error });
    });
  return { url, get };
}
