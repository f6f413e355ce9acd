import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { logRefusals } from '../../src/cli/log-refusals.js';
import { apiRefusalTables } from '../../src/graphql/api.js';
import { ballotKeyRefusals } from '../../src/infra/ballot-box/ballot-key.js';
import { settingsHelp } from '../../src/infra/config.js';
import { secretRefusals } from '../../src/infra/secrets.js';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const found = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, one = '']) => one))];

it('every test that SECURITY.md says holds a promise is there, and every file of attacks is named (issue 5 part 6)', () => {
  const page = read('SECURITY.md');
  const rows = page.split('\n').filter((line) => /^\| .*`test\//.test(line));
  expect(rows.length).toBeGreaterThan(12);
  const named = rows.flatMap((row) => {
    let folder = '';
    return found(row.slice(row.lastIndexOf(' | ')), /`([\w/-]+)`/g).map((path) => {
      // `test/attacks/tokens`, `sockets`: the second lies beside the first.
      if (path.startsWith('test/')) folder = path.slice(0, path.lastIndexOf('/'));
      return path.startsWith('test/') ? path : `${folder}/${path}`;
    });
  });
  const exists = (path: string) => existsSync(join(root, path)) || existsSync(join(root, `${path}.test.ts`));
  expect(named.filter((path) => !exists(path))).toEqual([]);
  const attacks = readdirSync(join(root, 'test/attacks')).flatMap((name) => name.match(/^(\w+)\.test\.ts$/)?.[1] ?? []);
  expect(attacks.filter((name) => !named.includes(`test/attacks/${name}`))).toEqual([]);
});

it('every setting and code of the chapters on the door and on secrets exists', () => {
  const page = read('docs/operations.md');
  const chapters = page.slice(page.indexOf('## 门口的限度'), page.indexOf('## 可信文档'));
  const help = settingsHelp();
  const settings = [...found(chapters, /`(WUJI_\w+)`/g), ...found(chapters, /`(\w+_FILE)`/g)];
  expect(settings.length).toBeGreaterThan(6);
  expect(settings.filter((name) => !help.includes(`  ${name}`))).toEqual([]);
  const table = Object.assign(
    {},
    ...apiRefusalTables,
    secretRefusals.table,
    ballotKeyRefusals.table,
    logRefusals.table,
  );
  const codes = found(chapters, /`([A-Z]+(?:_[A-Z]+)+)`/g).filter((code) => !/^(WUJI_|EVENTSTORE|REDIS)/.test(code));
  expect(codes.length).toBeGreaterThan(4);
  expect(codes.filter((code) => !(code in table))).toEqual([]);
});
