import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { inputFieldsOf } from '../../src/cli/inputs.js';
import { systemWho } from '../../src/domain/kernel/actor.js';
import { holdsPersonal, personalCategories } from '../../src/domain/kernel/personal.js';
import { person } from '../../src/domain/organization/person.js';
import { dataSubjectActions } from '../../src/domain/support/data-subject/actions.js';
import { dataSubject } from '../../src/domain/support/data-subject/data-subject.js';
import { restrictionGrounds } from '../../src/domain/support/data-subject/shapes.js';
import { wuji as registry } from '../../src/domain/wuji.js';
import { masterKeysOf } from '../../src/infra/seals/master-key.js';
import { wuji } from '../cli/support/terminal.js';
import { startRedisServer } from '../support/redis-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const docs = resolve(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'privacy.md'), 'utf8');
const linesIn = (text: string) =>
  [...text.matchAll(/^```sh\n([^`]+)```/gm)].flatMap(([, block = '']) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/ +#.*$/, '')),
  );
const [rights = '', keys = ''] = page.split('## Keys');

it('the commands of docs/privacy.md do what it says (issue 5, part 3)', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'master.key');
  const [make = '', serve = '', ...others] = linesIn(keys);
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  expect(spawnSync('sh', ['-c', make], { cwd: folder }).status).toBe(0);
  expect(masterKeysOf(await readFile(file, 'utf8'), file)).toHaveLength(1);
  expect(serve).toMatch(/^WUJI_MASTER_KEY_FILE=master\.key wuji serve$/);
  await mkdir(join(folder, 'data'));
  const env = { WUJI_MODE: 'production', WUJI_DATA: join(folder, 'data'), WUJI_MASTER_KEY_FILE: file };
  for (const line of others) {
    const [setting = '', program, ...args] = line.split(' ').filter((word) => word !== '');
    expect([setting, program]).toEqual(['WUJI_MASTER_KEY_FILE=master.key', 'wuji']);
    const placed = args.map((word) =>
      word.startsWith('./') ? join(folder, word) : word.startsWith('redis:') ? redis.url : word,
    );
    expect(await wuji(placed, { env }), line).toMatchObject({ code: 0, err: '' });
  }
  expect(others).toHaveLength(3);
});

it('every right has its actions in the table, all that the person and the officer can do, and the commands fit', () => {
  const asked = Object.entries(dataSubjectActions).filter(([, { by }]) => by.some((who) => who !== systemWho));
  const named = new Set([...rights.matchAll(/`([A-Za-z]+)`/g)].map(([, name]) => name));
  const inTable = asked.map(([name]) => name).filter((name) => name !== 'openDataSubject');
  expect(inTable.filter((name) => !named.has(name))).toEqual([]);
  const lines = linesIn(rights);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const [, action = '', json = ''] = /^wuji do (\w+) '(.*)'/.exec(line) ?? [];
    const fields = inputFieldsOf(registry.actions.get(action)?.input ?? z.never()).map(({ name }) => name);
    for (const field of Object.keys(JSON.parse(json))) expect(fields, line).toContain(field);
  }
});

it('every action, event and file that it names is there, and every category', () => {
  const named = [...page.matchAll(/`([A-Za-z]+)`/g)].map(([, name = '']) => name);
  const known = (name: string) =>
    registry.actions.has(name) ||
    registry.events.has(name) ||
    registry.aggregates.has(name) ||
    [dataSubject, person].some(({ state }) => name in state.shape);
  const others = [
    ...[...personalCategories, ...restrictionGrounds],
    'makeAccessFile',
    'reason',
    'DONE',
    'DENIED',
    'ERASED',
    'BGREWRITEAOF',
    'KeyWrapper',
  ];
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
