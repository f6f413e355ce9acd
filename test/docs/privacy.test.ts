import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { holdsPersonal, personalCategories } from '../../src/domain/kernel/personal.js';
import { wuji as registry } from '../../src/domain/wuji.js';
import { masterKeysOf } from '../../src/infra/seals/master-key.js';
import { wuji } from '../cli/support/terminal.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const docs = resolve(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'privacy.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n([^`]+)```/gm)].flatMap(([, block = '']) => block.trim().split('\n'));

it('the commands of docs/privacy.md do what it says (issue 5, part 3)', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'master.key');
  const [make = '', serve = '', rotate = '', copy = ''] = commands.map((line) => line.replace(/ +#.*$/, ''));
  expect(spawnSync('sh', ['-c', make], { cwd: folder }).status).toBe(0);
  expect(masterKeysOf(await readFile(file, 'utf8'), file)).toHaveLength(1);
  expect(serve).toMatch(/^WUJI_MASTER_KEY_FILE=master\.key wuji serve$/);
  await mkdir(join(folder, 'data'));
  const env = { WUJI_MODE: 'production', WUJI_DATA: join(folder, 'data'), WUJI_MASTER_KEY_FILE: file };
  for (const line of [rotate, copy]) {
    const [setting = '', program, ...args] = line.split(' ').filter((word) => word !== '');
    expect([setting, program]).toEqual(['WUJI_MASTER_KEY_FILE=master.key', 'wuji']);
    const placed = args.map((word) => (word.startsWith('./') ? join(folder, word) : word));
    expect(await wuji(placed, { env }), line).toMatchObject({ code: 0, err: '' });
  }
  expect(commands).toHaveLength(4);
});

it('every action, event and file that it names is there, and every category', () => {
  const named = [...page.matchAll(/`([A-Za-z]+)`/g)].map(([, name = '']) => name);
  const known = (name: string) =>
    registry.actions.has(name) || registry.events.has(name) || registry.aggregates.has(name);
  const others = [...personalCategories, 'makeAccessFile', 'ERASED', 'BGREWRITEAOF', 'KeyWrapper'];
  expect(named.filter((name) => !known(name) && !others.includes(name))).toEqual([]);
  for (const category of personalCategories) expect(named).toContain(category);
  for (const [, file = ''] of page.matchAll(/\]\(([^)#]+)\)/g)) expect(existsSync(join(docs, file)), file).toBe(true);
});

it('what is marked personal is what it says: names, contact data, and what people write in requests', () => {
  const marked = [...registry.events].filter(([, { schema }]) => holdsPersonal(schema)).map(([type]) => type);
  expect(marked.sort()).toEqual([
    'ContactRecorded',
    'CorrectionApplied',
    'CorrectionRequested',
    'PersonRegistered',
    'PersonRenamed',
  ]);
});
