import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram } from '../support/build.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('`npm run demo` when it does not come to its end (issue 2 part 12)', () => {
  let program: string;
  beforeAll(async () => {
    program = join(await buildProgram(), 'demo/main.js');
  }, 120_000);

  function demo(folder: string, port: string) {
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, TMPDIR: folder, PORT: port },
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
    return { child, written, ended: once(child, 'close').then(([code]) => ({ code, ...written })) };
  }

  it('Ctrl-C in the middle of the year closes in order and leaves no folder behind', async () => {
    const folder = await temporaryFolder();
    const { child, written, ended } = demo(folder, '0');
    while (!written.out.includes('建议已提交'))
      if ((await Promise.race([once(child.stdout, 'data'), ended.then(() => 'gone')])) === 'gone') break;
    expect(await readdir(folder)).toHaveLength(1);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err.trim()).toBe('正在停止；再按一次将强制停止。Stopping; once more to force it.');
    expect(await readdir(folder)).toEqual([]);
  });

  it('a port that was asked for and is taken is told with what to do, and no folder stays', async () => {
    const folder = await temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { code, err } = await demo(folder, String(port)).ended;
    expect(code).toBe(2);
    expect(err).toContain('Another program listens on');
    expect(err).not.toContain('    at ');
    expect(await readdir(folder)).toEqual([]);
  });
});
