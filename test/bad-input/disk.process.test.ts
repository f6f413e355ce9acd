import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createApi, Refused } from '../../demo/api.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { openAuth } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import { nameId } from '../../src/infra/ids.js';
import { buildProgram } from '../support/build.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let program: string;
beforeAll(async () => {
  program = join(await buildProgram(), 'src/cli.js');
}, 120_000);

/** Root may write anywhere; without these two rights it may write what its permissions say, as everybody. */
const asEverybody =
  process.getuid?.() === 0
    ? 'setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search '
    : '';

/** `wuji serve` in a process of its own. `blocks`: the largest file that it may write, in units of 512 bytes. */
function serve(folder: string, options: { blocks?: number } = {}) {
  const { blocks } = options;
  const limit = blocks === undefined ? '' : `ulimit -f ${blocks}; `;
  const command = `${limit}exec ${asEverybody}"$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, program, 'serve', '--lang', 'en'], {
    env: { PATH: process.env.PATH, WUJI_LOG_LEVEL: 'error', PORT: '0', WUJI_DATA: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    said,
    ended,
    async url(): Promise<string> {
      for (;;) {
        const [url] = /http:\/\/[\d.]+:\d+/.exec(said.out) ?? [];
        if (url) return url;
        const gone = await Promise.race([once(child.stdout, 'data'), ended.then(() => 'gone' as const)]);
        if (gone === 'gone') throw new Error(`it did not start: ${said.err}`);
      }
    },
  };
}

async function operatorOf(folder: string): Promise<string> {
  const read = readSettings({ WUJI_DATA: folder });
  if (!read.ok) throw new Error('settings');
  const auth = await openAuth(read.settings, { now: () => new Date() });
  if (isRefusal(auth)) throw new Error(auth.refused);
  const { person, post } = operatorIds(nameId);
  const token = await auth.issueToken({ person, post, ttlSeconds: 3600 });
  if (isRefusal(token)) throw new Error(token.refused);
  return token;
}

describe('a disk that takes no more (issue 2 “Bad input”)', () => {
  it('full: the action is refused, the process lives and answers, and after a restart every acknowledged event is there and writing goes on', async () => {
    const folder = await temporaryFolder();
    const first = serve(folder);
    await first.url();
    first.child.kill('SIGTERM');
    await first.ended;
    const operator = await operatorOf(folder);

    const full = serve(folder, { blocks: 1_500 });
    const url = await full.url();
    const api = createApi(url);
    const register = (code: string) =>
      api.act(operator, 'registerPerson', null, { code, region: '150802', name: '水' });
    const people = await Promise.all(Array.from({ length: 50 }, (_, n) => register(`P-${n}`)));
    // Renaming fills the log and not the read models, so that it is the log that is full.
    const acknowledged = people.map(({ caseId, revision }) => `person-${caseId}@${revision}`);
    let refused: Refused | undefined;
    for (let round = 0; refused === undefined; round++) {
      const name = `${round}`.padEnd(50, '长');
      const commands = people.map(({ caseId }) => api.act(operator, 'renamePerson', caseId, { name }));
      for (const result of await Promise.allSettled(commands))
        if (result.status === 'fulfilled') acknowledged.push(`person-${result.value.caseId}@${result.value.revision}`);
        else if (result.reason instanceof Refused) refused ??= result.reason;
        else throw result.reason;
    }
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(refused?.code).toBe('NOT_RECORDED');
    expect(full.said.err).toMatch(/The disk of .+ (is full|did not take the write); nothing was written/);
    expect(await api.ask(operator, '{ viewer { kind } }')).toEqual({ viewer: { kind: 'official' } });
    const readable = await logOf(url, operator);
    expect(readable).toEqual(expect.arrayContaining(acknowledged));
    full.child.kill('SIGTERM');
    expect(await full.ended).toBe(0);

    const again = serve(folder);
    const roomy = createApi(await again.url());
    expect(await logOf(await again.url(), operator)).toEqual(readable);
    const after = await roomy.act(operator, 'registerPerson', null, {
      code: 'Z-1',
      region: '150802',
      name: '有空间了',
    });
    expect(after.revision).toBe(0);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('an empty data folder that cannot be written: a clear message, and the end', async () => {
    const folder = await temporaryFolder();
    await permit(folder, 0o555, 0o444);
    await refusesToStart(folder);
  });

  it('a data folder that cannot be written: a clear message and the end, nothing of the data touched', async () => {
    const folder = await temporaryFolder();
    const first = serve(folder);
    await first.url();
    const operator = await operatorOf(folder);
    const api = createApi(await first.url());
    const { caseId } = await api.act(operator, 'registerPerson', null, { code: 'P-1', region: '150802', name: '水' });
    first.child.kill('SIGTERM');
    await first.ended;

    await permit(folder, 0o555, 0o444);
    await refusesToStart(folder);
    await permit(folder, 0o755, 0o644);
    const again = serve(folder);
    expect(await logOf(await again.url(), operator)).toContain(`person-${caseId}@0`);
    again.child.kill('SIGTERM');
    await again.ended;
  });
});

async function refusesToStart(folder: string): Promise<void> {
  const refused = serve(folder);
  expect(await refused.ended).toBe(1);
  expect(refused.said.err).toMatch(/The data folder .+ cannot be written/);
  expect(refused.said.err).not.toMatch(/^\s+at /m);
}

const below = (folder: string) => readdir(folder, { recursive: true, withFileTypes: true });

async function permit(folder: string, ofFolders: number, ofFiles: number): Promise<void> {
  for (const entry of await below(folder))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? ofFolders : ofFiles);
  await chmod(folder, ofFolders);
}

async function logOf(url: string, operator: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/export`, { headers: { authorization: `Bearer ${operator}` } });
  return (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { stream, revision } = JSON.parse(line) as { stream: string; revision: number };
      return `${stream}@${revision}`;
    });
}
