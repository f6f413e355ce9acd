import { describe, expect, it } from 'vitest';
import { inputFieldsOf } from '../../src/cli/inputs.js';
import { width } from '../../src/cli/width.js';
import { wuji as registry } from '../../src/domain/wuji.js';
import { settingsHelp } from '../../src/infra/config.js';
import { wuji } from './support/terminal.js';

const commands = [
  ['serve'],
  ['token'],
  ['import'],
  ['do'],
  ['history'],
  ['watch'],
  ['projections'],
  ['projections', 'status'],
  ['projections', 'rebuild'],
  ['export'],
  ['documents'],
  ['audit', 'export'],
  ['audit', 'verify'],
  ['audit', 'head'],
  ['audit', 'witness'],
  ['audit', 'key'],
];

describe('help that a clerk understands (issue 2 part 12)', () => {
  it.each([[[]], ...commands.map((command) => [command])])(
    '%j --help is in Chinese and English, with an example',
    async (command) => {
      const { code, out, err } = await wuji([...command, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/用法 Usage: wuji/);
      expect(out).toMatch(/示例 Examples:\n {2}\S*.*wuji/);
      for (const line of out.split('\n').filter((each) => /^ {2}-/.test(each)))
        expect(line).toMatch(/\p{Script=Han}|--json/u);
    },
  );

  it('lists every command', async () => {
    const { out } = await wuji(['--help']);
    for (const [name] of commands) expect(out).toMatch(new RegExp(`^ {2}${name} .*\\p{Script=Han}.* [A-Z]`, 'mu'));
  });

  it.each([[[]], [['watch']], [['projections', 'status']]])(
    '%j --help says how to call it before `npm link`, and only then',
    async (command) => {
      const said = 'Not linked: npm run -s wuji -- …';
      expect((await wuji([...command, '--help'], { program: 'npm run -s wuji --' })).out).toContain(said);
      expect((await wuji([...command, '--help'])).out).not.toContain('Not linked');
    },
  );

  it('says commander’s own words in both languages too, and keeps to the terminal', async () => {
    const { out } = await wuji(['import', '--help'], { columns: 80 });
    expect(out).toMatch(/可选 choices: "organs"/);
    expect(out).toMatch(/默认\s+default: "both"/);
    for (const line of out.split('\n')) expect(width(line), line).toBeLessThanOrEqual(80);
  });

  it('`watch --help` says from where it watches', async () => {
    expect((await wuji(['watch', '--help'])).out).toMatch(/--after.*不填则从现在开始 .*Left out: from now/);
  });

  it('`serve --help` lists every setting', async () => {
    expect((await wuji(['serve', '--help'])).out).toContain(settingsHelp());
  });

  it('`import --help` names the columns of each kind', async () => {
    expect((await wuji(['import', '--help'])).out).toContain('deputies: 编号 code*, 姓名 name*');
  });
});

describe('`do --list`', () => {
  it('lists the actions that people can take, and not those of the system', async () => {
    const { out, code } = await wuji(['do', '--list']);
    expect(code).toBe(0);
    expect(out).toContain('registerOrgan\n');
    expect(out).toContain('renameOrgan --id <caseId>\n');
    expect(out).not.toContain('takeUpMandate');
  });

  it('describes each field: whether it is needed, its form, its meaning', async () => {
    const { out } = await wuji(['do', '--list', 'suspendMandate', '--lang', 'zh']);
    expect(out).toContain('reason*  DETAINED_IN_CRIMINAL_CASE | SERVING_SENTENCE  原因');
    expect(out).toContain('共1项操作');
  });

  it('finds actions by a word in Chinese', async () => {
    expect((await wuji(['do', '--list', '机关更名'])).out).toContain('renameOrgan');
  });

  it('calls an id by what it is of, in both languages', async () => {
    const forms = [...registry.actions.values()].flatMap(({ input }) => inputFieldsOf(input).map(({ form }) => form));
    for (const [en, zh] of forms) {
      expect(en).not.toMatch(/ a [aeiou]/);
      expect(zh).not.toMatch(/[A-Za-z]编号/);
    }
    expect(forms).toContainEqual(['id of an issue', '监督发现问题编号']);
  });

  it('counts one as one', async () => {
    expect((await wuji(['do', '--list', 'renameOrgan', '--lang', 'en'])).out).toMatch(/^1 action; /m);
  });

  it('keeps to the width of the terminal', async () => {
    for (const line of (await wuji(['do', '--list', 'Suggestion'], { columns: 80 })).out.split('\n'))
      expect(width(line), line).toBeLessThanOrEqual(80);
  });

  it('knows a description of every field of every action', () => {
    for (const [name, { input }] of registry.actions)
      for (const field of inputFieldsOf(input)) expect(field.about.every(Boolean), `${name}.${field.name}`).toBe(true);
  });
});

describe('wrong use', () => {
  it.each([
    [['histry'], 'unknown command', '没有此命令', 'wuji --help'],
    [['history'], 'missing required argument', '缺少参数', 'wuji history --help'],
    [['watch', '--afer', 'x'], 'unknown option', '没有此选项', 'wuji watch --help'],
    [['export', '--lang', 'fr', '--out', 'x'], 'Allowed choices', '取值不在允许范围内', 'wuji export --help'],
    [['import', 'cars', 'x.csv'], 'Allowed choices', '取值不在允许范围内', 'wuji import --help'],
    [['token'], 'one of --mandate', '须指定', 'wuji token --help'],
    [['token', '--mandate', 'a', '--operator'], 'cannot be used with', '选项不能同时使用', 'wuji token --help'],
  ])('%j is told in both languages, with what to do next, and ends with 2', async (args, en, zh, next) => {
    const { code, out, err } = await wuji(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^WRONG_USE {2}/);
    for (const text of [en, zh, next]) expect(err).toContain(text);
  });

  it('--lang chooses the language of errors', async () => {
    expect((await wuji(['histry', '--lang', 'zh'])).err).not.toContain('cannot be read');
    expect((await wuji(['histry', '--lang=en'])).err).not.toContain('命令有误');
  });

  it.each([
    [['do', 'renameOrgn'], 'NO_SUCH_ACTION', 'Did you mean renameOrgan?'],
    [['do', 'renameOrgan', '{}'], 'CASE_NEEDED', '--id'],
    [['do', 'registerOrgan', '{}', '--id', 'x'], 'BEGINS_A_CASE', '--id'],
    [
      ['do', 'renameOrgan', '{}', '--id', 'x', '--token', 't'],
      'INPUT_DOES_NOT_FIT',
      '- name  缺少 missing · 文本 text',
    ],
    [['do', 'renameOrgan', '{}', '--id', 'x', '--token', 't'], '请补全', `wuji do renameOrgan '{"name":"…"}' --id x\n`],
  ])('%j is refused before the server is asked', async (args, code, text) => {
    const ran = await wuji(args);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(code);
    expect(ran.err).toContain(text);
  });

  it.each([
    [Buffer.from('{"name":'), 'Unexpected end'],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'UTF-8'],
  ])('input that is not JSON is told as such', async (stdin, problem) => {
    const ran = await wuji(['do', 'renameOrgan', '-', '--id', 'x', '--token', 't'], { stdin });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('NOT_JSON');
    expect(ran.err).toContain(problem);
  });

  it('no line of the help is wider than the terminal, unless a word is', async () => {
    const { out } = await wuji(['watch', '--help']);
    for (const line of out.split('\n').filter((each) => !each.includes('wuji')))
      expect(width(line)).toBeLessThanOrEqual(100);
  });
});

describe('a server that is not there', () => {
  it('is told with how to start it, and ends with 3', async () => {
    const ran = await wuji(['history', 'x', '--url', 'http://127.0.0.1:1']);
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('SERVER_UNREACHABLE');
    expect(ran.err).toContain('wuji serve');
  });
});
