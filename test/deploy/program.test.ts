import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readAuditKey } from '../../src/infra/audit-keys.js';
import { refusalOfBallotKey } from '../../src/infra/ballot-box/ballot-key.js';
import { readSettings, settingsHelp } from '../../src/infra/config.js';
import { wuji } from '../cli/support/terminal.js';
import { buildProgram } from '../support/build.js';
import type { ServerProcess } from '../support/server-process.js';
import { serveProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { every, stagesOf } from './support/dockerfile.js';
import { composeWith, filledExample, textOf } from './support/files.js';

/** What the deployment asks of the program is what the program does: issue 3, part 5. */
const { services } = composeWith(filledExample);
const ofWuji = Object.entries(services).filter(([, { image }]) => image.startsWith('wuji:'));
const nodes = ofWuji.filter(([, { command }]) => command === undefined);
const environmentOf = (name: string): Record<string, string> => services[name]?.environment ?? {};
const imageStage = stagesOf('Dockerfile').at(-1);
const imageEnvironment = Object.fromEntries(
  every(imageStage, 'ENV').flatMap((rest) =>
    [...rest.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  ),
);

describe('the settings of a Wuji node', () => {
  const known = new Set([...settingsHelp().matchAll(/^ {2}([A-Z_]+) {2}\(/gm)].map(([, name]) => name));

  it.each(ofWuji)('%s is given settings that the program knows, and nothing else', (_, { environment }) => {
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(ofWuji)('%s is given values that the program accepts, without a warning', (_, { environment }) => {
    const read = readSettings({ ...imageEnvironment, ...environment });
    expect(read).toMatchObject({ ok: true, warnings: [] });
    expect(read.ok && refusalOfBallotKey(read.settings)).toBeUndefined();
  });

  it('differ between the nodes in nothing: any node can do the work of another (issue 3, part 4)', () => {
    expect(nodes.length).toBe(2);
    expect(nodes[0]?.[1].environment).toEqual(nodes[1]?.[1].environment);
  });

  it('of the image alone: known, and fit for production', () => {
    const ofNode = new Set(['NODE_ENV']);
    expect(Object.keys(imageEnvironment).filter((name) => !known.has(name) && !ofNode.has(name))).toEqual([]);
    expect(imageEnvironment).toMatchObject({ WUJI_MODE: 'production', NODE_ENV: 'production' });
  });

  it('name one audit key, which `audit-key` makes and the nodes can only read (issue 5 part 1)', async () => {
    const { environment = {}, command = [], volumes = [] } = services['audit-key'] ?? {};
    const key = environment.WUJI_AUDIT_KEY ?? '';
    expect(dirname(key)).toBe('/audit');
    expect(every(imageStage, 'RUN')[0]?.split(' ')).toContain('/audit');
    expect(volumes).toEqual(['audit-key:/audit']);
    for (const [, node] of nodes) {
      expect(node.environment.WUJI_AUDIT_KEY).toBe(key);
      expect(node.volumes.filter((mount) => mount.includes('/audit'))).toEqual(['audit-key:/audit:ro']);
    }
    const folder = await temporaryFolder();
    const env = { ...imageEnvironment, ...environment, WUJI_AUDIT_KEY: join(folder, basename(key)) };
    expect(await wuji(command, { env })).toMatchObject({ code: 0, err: '' });
    expect(await readAuditKey(join(folder, basename(key)))).toHaveProperty('publicKey');
  });

  it('lead to the log: the client reads user, password, cluster name and authority out of EVENTSTORE_URL', () => {
    expect(parseConnectionString(environmentOf('wuji1').EVENTSTORE_URL ?? '')).toEqual({
      dnsDiscover: true,
      hosts: [{ address: 'eventstore', port: 2113 }],
      defaultCredentials: { username: 'admin', password: filledExample.EVENTSTORE_ADMIN_PASSWORD },
      tls: true,
      tlsCAFile: '/trusted/ca.crt',
    });
    expect(environmentOf('eventstore').EVENTSTORE_DEFAULT_ADMIN_PASSWORD).toBe(filledExample.EVENTSTORE_ADMIN_PASSWORD);
    for (const [, { volumes }] of nodes) expect(volumes).toContain('trusted:/trusted:ro');
  });

  it('lead to Redis: host, port and password of the service', () => {
    const { options } = new Redis(environmentOf('wuji1').REDIS_URL ?? '', { lazyConnect: true });
    expect(options).toMatchObject({ host: 'redis', port: 6379, password: environmentOf('redis').REDISCLI_AUTH });
  });
});

describe('the command of the image', () => {
  it('is one of the command line', async () => {
    const entrypoint: string[] = JSON.parse(every(imageStage, 'ENTRYPOINT')[0] ?? '[]');
    const command: string[] = JSON.parse(every(imageStage, 'CMD')[0] ?? '[]');
    const { bin } = JSON.parse(textOf('package.json')) as { readonly bin: { readonly wuji: string } };
    expect(entrypoint).toEqual(['node', bin.wuji]);
    const program = join(await buildProgram(), bin.wuji.replace(/^dist\//, ''));
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...command, '--help']);
    // An unknown command gets the help of the whole program.
    expect(stdout).toMatch(new RegExp(`Usage:\\s+\\S+ ${command.join(' ')} `));
  });
});

describe('the paths that the deployment names', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wuji-deploy-'));
    server = await serveProcess({ WUJI_DATA: folder, PORT: '0' });
    return async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    };
  });

  const caddyfile = textOf('deploy/proxy/Caddyfile');
  const checks = [
    ...nodes.flatMap(([, { healthcheck }]) => healthcheck?.test ?? []),
    ...every(imageStage, 'HEALTHCHECK'),
  ].flatMap((text) => [...text.matchAll(/:(?:4000|\$\{process\.env\.PORT\})(\/[\w/]+)/g)].map(([, path]) => path));
  const ofProxy = [...caddyfile.matchAll(/^\s*(?:health_uri|@operators path) (.+)$/gm)]
    .flatMap(([, paths = '']) => paths.split(' '))
    .map((path) => path.replace(/\*$/, 'live'));

  it('are found in each of the three files', () => {
    expect(checks).toEqual(['/health/ready', '/health/ready', '/health/live']);
    expect(ofProxy).toEqual(['/metrics', '/health/live', '/health/ready']);
  });

  it.each([...new Set([...checks, ...ofProxy])])('%s is served', async (path) => {
    const response = await fetch(`${server.url}${path}`);
    expect([200, 503]).toContain(response.status); // 503: not ready yet
    await response.body?.cancel();
  });

  it('the streams that the proxy carries are served: a WebSocket and server-sent events', async () => {
    const [, socketPath = '', streamPath = ''] =
      /WebSocket \((\S+)\) and server-sent events \((\S+)\)/.exec(caddyfile) ?? [];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${socketPath}`, 'graphql-transport-ws');
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
    const asked = await fetch(`${server.url}${streamPath}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(asked.status).toBe(400); // no query: but it is the door of the streams that says so
  });
});
