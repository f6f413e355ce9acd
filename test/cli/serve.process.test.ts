import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram } from '../support/build.js';
import { productionSecrets } from '../support/production.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('`wuji` as a process of its own (issue 2 parts 1 and 12)', () => {
  let program: string;
  beforeAll(async () => {
    program = join(await buildProgram(), 'src/cli.js');
  }, 120_000);

  function wuji(args: readonly string[], env: Record<string, string>) {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH, WUJI_LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const written = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      written.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      written.err += text;
    });
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...written }));
    return {
      child,
      ended,
      /** Waits until it has written this. */
      async wrote(pattern: RegExp): Promise<RegExpExecArray> {
        for (;;) {
          const found = pattern.exec(written.out) ?? pattern.exec(written.err);
          if (found) return found;
          const gone = await Promise.race([
            once(child.stdout, 'data'),
            once(child.stderr, 'data'),
            ended.then(() => 'gone'),
          ]);
          if (gone === 'gone') throw new Error(`ended without ${pattern}: ${written.out}${written.err}`);
        }
      },
    };
  }

  it('serves, tells how to come in, and closes in order on SIGTERM', async () => {
    const data = await temporaryFolder();
    const server = wuji(['serve'], { PORT: '0', WUJI_DATA: data });
    const [, url = ''] = await server.wrote(/(http:\S+)\/graphql/);
    const [, hint = ''] = await server.wrote(/npm run -s wuji -- (token --operator)/);
    const token = await wuji(hint.split(' '), { WUJI_DATA: data }).ended;
    expect(token).toMatchObject({ code: 0, err: '' });
    const client = { WUJI_URL: url, WUJI_TOKEN: token.out.trim() };
    const organ = '{"code":"A-1","region":"150802","kind":"ORG","name":"甲局"}';
    expect(await wuji(['do', 'registerOrgan', organ], client).ended).toMatchObject({ code: 0 });

    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });

    const again = wuji(['serve'], { PORT: '0', WUJI_DATA: data });
    const [, next = ''] = await again.wrote(/(http:\S+)\/graphql/);
    const refused = await wuji(['do', 'registerOrgan', organ], { ...client, WUJI_URL: next }).ended;
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('ALREADY_EXISTS') });
    again.child.kill('SIGINT');
    expect(await again.ended).toMatchObject({ code: 0 });
  });

  it('watch shows what happens while it looks, and prints its cursor on Ctrl-C', async () => {
    const data = await temporaryFolder();
    const server = wuji(['serve'], { PORT: '0', WUJI_DATA: data });
    const [, url = ''] = await server.wrote(/(http:\S+)\/graphql/);
    const token = await wuji(['token', '--operator'], { WUJI_DATA: data }).ended;
    const client = { WUJI_URL: url, WUJI_TOKEN: token.out.trim() };
    const organ = '{"code":"A-1","region":"150802","kind":"ORG","name":"甲局"}';
    const made = await wuji(['do', 'registerOrgan', organ, '--json'], client).ended;
    const { caseId } = JSON.parse(made.out);
    const watching = wuji(['watch', caseId], client);
    await watching.wrote(/已追平/);
    await wuji(['do', 'renameOrgan', '{"name":"甲委"}', '--id', caseId], client).ended;
    await watching.wrote(/名称 Name: 甲委/);
    watching.child.kill('SIGINT');
    expect(await watching.ended).toMatchObject({
      code: 0,
      err: expect.stringMatching(/npm run -s wuji -- watch \S+ --after \S+/),
    });
    server.child.kill('SIGTERM');
    await server.ended;
  });

  it('lists every bad setting at once, warns of an unknown one, and ends with 2', async () => {
    const env = { PORT: 'x', WUJI_MODE: 'q', WUJI_QUERY_DEPT: '3', WUJI_DATA: await temporaryFolder() };
    const { code, out, err } = await wuji(['serve'], env).ended;
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const text of ['PORT="x"', 'WUJI_MODE="q"', 'MISSPELT_SETTING', 'WUJI_QUERY_DEPTH'])
      expect(err).toContain(text);
  });

  it('production without an audit key does not start, says which command makes it, and starts with it (issue 5 part 1)', async () => {
    const { WUJI_MASTER_KEY } = await productionSecrets(await temporaryFolder());
    const env = {
      ...{ WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://127.0.0.1:9/jwks', WUJI_MASTER_KEY },
      ...{ WUJI_DATA: await temporaryFolder(), PORT: '0' },
    };
    const { code, err } = await wuji(['serve'], env).ended;
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('AUDIT_KEY_MISSING') });
    for (const text of ['wuji audit key', join(env.WUJI_DATA, 'keys/audit.json'), '生产模式须有'])
      expect(err).toContain(text);
    expect((await wuji(['audit', 'key'], env).ended).code).toBe(0);
    const server = wuji(['serve'], env);
    await server.wrote(/graphql/);
    server.child.kill('SIGTERM');
    await server.ended;
  });

  it('production on development keys, a folder in use and a taken port are each told, and it ends', async () => {
    const data = await temporaryFolder();
    expect(await wuji(['serve'], { WUJI_MODE: 'production', WUJI_DATA: data, PORT: '0' }).ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('DEVELOPMENT_KEYS_IN_PRODUCTION'),
    });
    const server = wuji(['serve'], { PORT: '0', WUJI_DATA: data });
    await server.wrote(/graphql/);
    expect(await wuji(['serve'], { PORT: '0', WUJI_DATA: data }).ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('is in use by another process'),
    });
    server.child.kill('SIGTERM');
    await server.ended;
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    expect(await wuji(['serve'], { PORT: String(port), WUJI_DATA: data }).ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('ADDRESS_IN_USE'),
    });
  });
});
