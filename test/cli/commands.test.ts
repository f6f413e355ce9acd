import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { width } from '../../src/cli/width.js';
import type { Wuji } from '../../src/main.js';
import { serving } from './support/server.js';
import { wuji } from './support/terminal.js';

const organs = `机关编号,机关名称,类别,区划
DWC-150802,临河区人大代表工委,代表工委,150802
XX,哪里的单位,ORG,999999
SC-150802,,常委会,150802
"ORG-1,临河区水利局,ORG,150802
ORG-2,临河区教育局,ORG,150802
`;

describe('the commands, against a server', () => {
  let folder: string;
  let server: Wuji;
  let env: Record<string, string>;
  const path = (name: string) => join(folder, name);
  const go = (...args: string[]) => wuji(args, { env });
  const caseOf = (out: string): string => JSON.parse(out).caseId;
  const register = async (code: string, name: string) =>
    caseOf(
      (await go('do', 'registerOrgan', JSON.stringify({ code, region: '150802', kind: 'ORG', name }), '--json')).out,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wuji-test-'));
    afterAll(() => rm(folder, { recursive: true, force: true }));
    server = await serving(path('data'));
    const token = await wuji(['token', '--operator'], { env: { WUJI_DATA: path('data') } });
    expect(token).toEqual({ code: 0, err: '', out: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/) });
    env = { WUJI_URL: server.url, WUJI_TOKEN: token.out.trim(), WUJI_DATA: path('data') };
  });

  describe('import (issue 2 part 5: two steps)', () => {
    it('shows a state per row and a reason with its line, and writes nothing', async () => {
      await writeFile(path('organs.csv'), organs);
      const before = await go('export', '--out', path('before.jsonl'));
      const { code, out } = await go('import', 'organs', path('organs.csv'));
      expect(code).toBe(1);
      expect(out).toMatch(/^ +2 {2}新增 new +DWC-150802 \| 临河区人大代表工委/m);
      expect(out).toMatch(/^ +3 {2}错误 error +XX/m);
      expect(out).toMatch(/第3行 line 3\n {2}UNKNOWN_REGION .*999999/);
      expect(out).toMatch(/第4行 line 4\n {2}MISSING_CELL /);
      expect(out).toMatch(/第5行 line 5\n {2}BROKEN_ROW /);
      expect(out).toMatch(/→ Use the code of GB\/T 2260/);
      expect(out).toContain('--commit');
      const after = await go('export', '--out', path('after.jsonl'));
      expect(after.out.replace('after', 'before')).toBe(before.out);
    });

    it('carries out the good rows, tells each bad one, and does nothing the second time', async () => {
      const first = await go('import', 'organs', path('organs.csv'), '--commit', '--lang', 'zh');
      expect(first.code).toBe(1);
      expect(first.out).toMatch(/已完成 2, 无变化 0, 被拒 0, 错误 3/);
      const again = await go('import', 'organs', path('organs.csv'), '--commit', '--lang', 'zh');
      expect(again.out).toMatch(/已完成 0, 无变化 2, 被拒 0, 错误 3/);
    });

    it('goes on behind its first part, and ends with 0 when every row is good', async () => {
      const rows = Array.from({ length: 60 }, (_, i) => `P-${i},第${i}单位,ORG,150802`);
      await writeFile(path('many.csv'), ['code,name,kind,region', ...rows].join('\r\n'));
      const { code, out, err } = await go('import', 'organs', path('many.csv'), '--commit', '--lang', 'en');
      expect({ code, err }).toEqual({ code: 0, err: 'rows 60/60\n' });
      expect(out).toContain('60 rows: done 60, unchanged 0, refused 0, error 0');
      const preview = await go('import', 'organs', path('many.csv'), '--lang', 'en');
      expect(preview.code).toBe(0);
      expect(preview.out).toContain('… and 20 more rows');
      expect(preview.out).toContain('new 0, changed 0, unchanged 60, error 0');
    });

    it('the sample of the README is good as it stands', async () => {
      const [, sample = ''] = /<<'CSV'\n([\s\S]*?)^CSV$/m.exec(await readFile('README.md', 'utf8')) ?? [];
      await writeFile(path('sample.csv'), sample);
      const { code, out } = await go('import', 'organs', path('sample.csv'), '--lang', 'en');
      expect(out).toContain('3 rows: new 3, changed 0, unchanged 0, error 0');
      expect(code).toBe(0);
    });

    it('counts one row as one', async () => {
      await writeFile(path('one.csv'), 'code,name,kind,region\nONE-1,一局,ORG,150802\n');
      const { out } = await go('import', 'organs', path('one.csv'), '--lang', 'en');
      expect(out).toContain('1 row: new 1');
      expect(out).toContain('the 1 good row: wuji import');
    });

    it('a file that is not there, or is no table, is told as such', async () => {
      expect(await go('import', 'organs', path('none.csv'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('ENOENT'),
      });
      await writeFile(path('empty.csv'), '');
      expect(await go('import', 'organs', path('empty.csv'))).toMatchObject({
        code: 1,
        err: expect.stringContaining('FILE_EMPTY'),
      });
    });
  });

  describe('do', () => {
    it('takes an action, and the same command id again has no second effect', async () => {
      const args = [
        'do',
        'registerOrgan',
        `{"code":"R-1","region":"150802","kind":"ORG","name":"甲局"}`,
        '--command-id',
        'c1',
      ];
      const [first, second] = [await go(...args), await go(...args)];
      expect(first).toMatchObject({ code: 0, out: expect.stringContaining('机关已登记 Organ registered') });
      expect(second).toMatchObject({ code: 0, out: expect.stringContaining('had been carried out before') });
    });

    it('reads its input from a file', async () => {
      const id = await register('R-2', '乙局');
      await writeFile(path('name.json'), '\uFEFF{"name":"乙委"}');
      expect(await go('do', 'renameOrgan', `@${path('name.json')}`, '--id', id)).toMatchObject({ code: 0 });
    });

    it('a stale revision is refused with what has changed since', async () => {
      const id = await register('R-3', '丙局');
      await go('do', 'renameOrgan', '{"name":"丙委"}', '--id', id);
      const { code, err } = await go('do', 'renameOrgan', '{"name":"丙办"}', '--id', id, '--expected-revision', '0');
      expect(code).toBe(1);
      expect(err).toMatch(/^REVISION_CONFLICT/);
      expect(err).toMatch(/- 1 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}机关已更名 Organ renamed/);
    });
  });

  it('history tells a case from its beginning, and as JSON one event a line', async () => {
    const id = await register('H-1', '丁局');
    for (let i = 0; i < 60; i++) await go('do', 'renameOrgan', JSON.stringify({ name: `丁局${i}` }), '--id', id);
    const { out } = await go('history', id, '--lang', 'zh');
    expect(out).toMatch(
      /^ {3}0 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}机关已登记\n +操作人: 平台运维（巴彦淖尔市平台运维）\n/,
    );
    expect(out).toContain('名称: 丁局59');
    const events = (await go('history', id, '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 61 }, (_, i) => i));
    expect(await go('history', '00000000-0000-4000-8000-000000000000')).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT_FOUND'),
    });
  });

  it('watch goes on behind its cursor: nothing missed, nothing twice', async () => {
    const id = await register('W-1', '戊局');
    const first = await go('watch', id, '--once');
    const [, cursor = ''] = /--after (\S+)/.exec(first.err) ?? [];
    expect(first.code).toBe(0);
    for (const name of ['戊一', '戊二']) await go('do', 'renameOrgan', JSON.stringify({ name }), '--id', id);
    const second = await go('watch', id, '--once', '--after', cursor, '--json');
    expect(
      second.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).data.name),
    ).toEqual(['戊一', '戊二']);
    const [, newer = ''] = /--after (\S+)/.exec(second.err) ?? [];
    expect(await go('watch', id, '--once', '--after', newer)).toMatchObject({ code: 0, out: '' });
  });

  it('watch ends with the server’s reason when the cursor is not one, told once, with what to do', async () => {
    const { code, err } = await go('watch', '--after', 'nonsense');
    expect(code).toBe(1);
    expect(err.match(/BAD_CURSOR/g)).toHaveLength(1);
    expect(err).toContain('→ Use a cursor exactly as it was received');
    expect(err).not.toContain('To go on from here');
  });

  it('watch on a case that is not to be seen says what to do', async () => {
    const { code, err } = await go('watch', '00000000-0000-4000-8000-000000000000');
    expect(code).toBe(1);
    expect(err.match(/NOT_FOUND/g)).toHaveLength(1);
    expect(err).toMatch(/→ Check the id\. .*--token.*leave the id out/);
    expect(err).toMatch(/→ 请核对编号。.*--token.*不填编号/);
  });

  describe('export (as of a position, byte for byte)', () => {
    it('gives the same bytes for the same position, also when the log has grown', async () => {
      const { out } = await go('export', '--out', path('one.jsonl'), '--lang', 'en');
      const [, position = ''] = /^position {2}(\S+)$/m.exec(out) ?? [];
      const [, sha256 = ''] = /^sha256 {2}(\S+)$/m.exec(out) ?? [];
      await register('E-1', '己局');
      const again = await go('export', '--out', path('two.jsonl'), '--until', position, '--lang', 'en');
      const [one, two] = [await readFile(path('one.jsonl')), await readFile(path('two.jsonl'))];
      expect(createHash('sha256').update(one).digest('hex')).toBe(sha256);
      expect(again.out).toContain(sha256);
      expect(two.equals(one)).toBe(true);
      const lines = one
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.at(-1).position).toBe(position);
      expect(out).toContain(`events  ${lines.length}`);
    });

    it('leaves no file behind when it cannot be whole', async () => {
      const before = await readdir(folder);
      expect(await go('export', '--out', path('late.jsonl'), '--until', 'f'.repeat(16))).toMatchObject({
        code: 1,
        err: expect.stringContaining('POSITION_AHEAD'),
      });
      for (const bad of ['a b', 'zzz'])
        expect(await go('export', '--out', path('bad.jsonl'), '--until', bad)).toMatchObject({
          code: 1,
          err: expect.stringContaining('BAD_POSITION'),
        });
      expect(await go('export', '--out', path('no/where.jsonl'))).toMatchObject({
        code: 1,
        err: expect.stringContaining('FILE_NOT_WRITTEN'),
      });
      expect(await readdir(folder)).toEqual(before);
    });
  });

  describe('projections', () => {
    it('status tells every read model and policy, and how far behind it is', async () => {
      const now = JSON.parse((await go('projections', 'status', '--json')).out);
      expect(now.state).toBe('live');
      expect(now.models.map(({ name }: { name: string }) => name)).toContain('organ');
      for (const model of now.models) expect(model).toMatchObject({ lagEvents: 0, position: now.head });
      expect((await go('projections', 'status')).out).toMatch(/^organ +\d+\.\d+ +\d+ +0 {2}\d+$/m);
    });

    it('status keeps one line for each on a narrow terminal: it leaves the positions out', async () => {
      const { out } = await wuji(['projections', 'status'], { env, columns: 80 });
      expect(out).toMatch(/^organ +\d+\.\d+ +\d+ +0$/m);
      expect(out).not.toContain('位置 position');
      for (const line of out.split('\n')) expect(width(line), line).toBeLessThanOrEqual(80);
    });

    it('rebuild makes a new version with the same rows', async () => {
      const versionOf = async () =>
        JSON.parse((await go('projections', 'status', '--json')).out).models.find(
          ({ name }: { name: string }) => name === 'organ',
        ).version;
      const id = await register('P-R', '庚局');
      const before = await versionOf();
      expect(await go('projections', 'rebuild', 'organ')).toMatchObject({ code: 0, err: 'organ 100/100\n' });
      expect(await versionOf()).not.toBe(before);
      expect((await go('history', id)).out).toContain('庚局');
    });

    it('a name that is none is told with those that are', async () => {
      expect(await go('projections', 'rebuild', 'nonsense')).toMatchObject({
        code: 1,
        err: expect.stringContaining('organ, post'),
      });
    });
  });

  describe('rights (default deny)', () => {
    /** A clerk of a county's deputies' work committee, entered by import. */
    async function clerk(): Promise<Record<string, string>> {
      await writeFile(path('posts.csv'), 'personCode,name,organCode,role\nC-1,赵敏,DWC-150802,clerk\n');
      await go('import', 'posts', path('posts.csv'), '--commit');
      await go('export', '--out', path('clerk.jsonl'));
      const events = (await readFile(path('clerk.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const assigned = events.findLast(({ type }) => type === 'PostAssigned');
      const token = await go('token', '--post', assigned.stream.slice('post-'.length), '--days', '1');
      expect(token).toMatchObject({ code: 0, err: '' });
      return { ...env, WUJI_TOKEN: token.out.trim() };
    }

    it('a clerk imports for the own region only, and neither exports nor rebuilds', async () => {
      const own = await clerk();
      await writeFile(path('two.csv'), 'code,name,kind,region\nK-1,近,ORG,150802\nK-2,远,ORG,150824\n');
      const read = await wuji(['import', 'organs', path('two.csv'), '--commit', '--lang', 'en'], { env: own });
      expect(read.out).toContain('done 1, unchanged 0, refused 0, error 1');
      expect(read.out).toMatch(/line 3\n {2}NOT_YOUR_REGION/);
      const refused = { code: 1, err: expect.stringMatching(/^NOT_ALLOWED.*平台运维人员/) };
      expect(await wuji(['export', '--out', path('x.jsonl')], { env: own })).toMatchObject(refused);
      expect(await wuji(['projections', 'status'], { env: own })).toMatchObject(refused);
      expect(await wuji(['projections', 'rebuild', 'organ'], { env: own })).toMatchObject(refused);
    });

    it('without a token nothing but what is public can be asked', async () => {
      const none = { WUJI_URL: server.url };
      for (const args of [
        ['export', '--out', path('x.jsonl')],
        ['projections', 'status'],
        ['watch'],
        ['do', 'registerOrgan', '{}'],
      ])
        expect(await wuji(args, { env: none })).toMatchObject({ code: 1, err: expect.stringMatching(/^TOKEN_NEEDED/) });
      expect((await fetch(`${server.url}/export`)).status).toBe(401);
    });

    it('a token for a post that nobody holds is not made', async () => {
      expect(await go('token', '--post', '00000000-0000-4000-8000-000000000000')).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('UNKNOWN_HOLDER'),
      });
    });
  });
});
