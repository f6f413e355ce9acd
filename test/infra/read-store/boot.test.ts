import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let base: string;
beforeEach(async () => {
  base = await temporaryFolder();
});

const commit = {
  table: 'note@1.0',
  from: null,
  to: { position: '1', events: 1 },
  rows: new Map([['a', { text: 'kept' }]]),
  indexes: new Map(),
  counters: new Map(),
};

/** A store as it lies there when the program did not close it: a copy of an open one, opened at a boot of that name. */
async function leftOpen(boot: string | null): Promise<string> {
  const [folder, left] = [join(base, 'open'), join(base, 'left')];
  const store = openEmbeddedReadStore({ folder, epoch: 'log', onDropped: fail, boot });
  await store.commit([commit]);
  await cp(folder, left, { recursive: true });
  await store.close();
  return left;
}

async function reopened(folder: string, boot: string | null) {
  const dropped: string[] = [];
  const store = openEmbeddedReadStore({ folder, epoch: 'log', onDropped: (why) => dropped.push(why), boot });
  const tables = (await store.tables()).map(({ table }) => table);
  await store.close();
  return { dropped, tables };
}

const fail = (why: string) => {
  throw new Error(why);
};

it('a program that dies while the machine runs on loses nothing of its read models (issue 4 part 4)', async () => {
  expect(await reopened(await leftOpen('boot 1'), 'boot 1')).toEqual({ dropped: [], tables: ['note@1.0'] });
});

it('after a power cut, when pages may be torn, read models are thrown away and say why (issue 4 part 4)', async () => {
  const { dropped, tables } = await reopened(await leftOpen('boot 1'), 'boot 2');
  expect(dropped).toEqual([expect.stringContaining('the machine went down while it was open')]);
  expect(tables).toEqual([]);
});

it('where boots have no names, what was not closed is not trusted (issue 4 part 4)', async () => {
  expect((await reopened(await leftOpen(null), null)).dropped).toHaveLength(1);
});

it('what was closed is kept over a restart of the machine, with or without a name (issue 4 part 4)', async () => {
  const folder = join(base, 'closed');
  const store = openEmbeddedReadStore({ folder, epoch: 'log', onDropped: fail, boot: 'boot 1' });
  expect(existsSync(join(folder, 'open'))).toBe(true);
  await store.commit([commit]);
  await store.close();
  expect(await reopened(folder, 'boot 2')).toEqual({ dropped: [], tables: ['note@1.0'] });
  expect(await reopened(folder, null)).toEqual({ dropped: [], tables: ['note@1.0'] });
});

it('what was made anew after a power cut and closed is kept at the next one (issue 4 part 4)', async () => {
  const folder = await leftOpen('boot 1');
  expect((await reopened(folder, 'boot 2')).dropped).toHaveLength(1);
  expect((await reopened(folder, 'boot 3')).dropped).toEqual([]);
});
