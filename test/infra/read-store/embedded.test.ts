import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openDatabase } from 'lmdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { damagedRowsContract } from '../../contract/damaged-rows.contract.js';
import { readStoreContract } from '../../contract/read-store.contract.js';

const base = mkdtempSync(join(tmpdir(), 'wuji-read-store-'));
afterAll(() => rmSync(base, { recursive: true }));
let made = 0;
const newFolder = () => join(base, String(made++));
const onProblem = (problem: unknown) => {
  throw problem;
};
const refuse = (reason: string) => {
  throw new Error(reason);
};

for (const holds of [false, true])
  readStoreContract(`embedded${holds ? ', holding commits in memory' : ''}`, async () =>
    openEmbeddedReadStore({
      folder: newFolder(),
      epoch: 'log-1',
      onDropped: refuse,
      holds: holds ? { onProblem } : undefined,
    }),
  );

damagedRowsContract('embedded', async () => {
  const folder = newFolder();
  const open = () => openEmbeddedReadStore({ folder, epoch: 'log-1', onDropped: refuse });
  const store = open();
  return {
    store,
    async harm(table, key, bytes) {
      await store.close();
      const root = openDatabase({ path: folder });
      root.openDB({ name: 'rows', encoding: 'binary' }).putSync(`${table} ${key}`, Buffer.from(bytes));
      await root.close();
      return open();
    },
  };
});

describe('embedded read store on disk', () => {
  let folder: string;
  let dropped: string[];
  const open = (epoch = 'log-1') => openEmbeddedReadStore({ folder, epoch, onDropped: (why) => dropped.push(why) });
  const fill = (store: ReadStore) =>
    store.commit([
      {
        table: 'note@1.0',
        from: null,
        to: { position: '1', events: 1 },
        rows: new Map(Array.from({ length: 500 }, (_, i) => [`row ${i}`, { text: 'x'.repeat(200) }])),
        indexes: new Map(),
        counters: new Map(),
      },
    ]);
  beforeEach(() => {
    folder = newFolder();
    dropped = [];
  });

  it('is there again after closing', async () => {
    const first = open();
    await fill(first);
    await first.close();
    const second = open();
    expect((await second.stats('note@1.0')).rows).toBe(500);
    expect(dropped).toEqual([]);
    await second.close();
  });

  it('a table whose drop was broken off is not there, and its next life begins empty', async () => {
    const first = open();
    await fill(first);
    await first.close();
    const root = openDatabase({ path: folder });
    root.openDB('meta', { encoding: 'json' }).removeSync('checkpoint note@1.0');
    await root.close();
    const second = open();
    expect(await second.tables()).toEqual([]);
    expect((await second.stats('note@1.0')).rows).toBe(500);
    const next = { table: 'note@1.0', from: null, to: { position: '1', events: 1 }, rows: new Map([['a', {}]]) };
    await second.commit([{ ...next, indexes: new Map(), counters: new Map() }]);
    expect((await second.stats('note@1.0')).rows).toBe(1);
    await second.close();
  });

  it('throws away the tables of another log, and says so', async () => {
    const first = open();
    await fill(first);
    await first.close();
    const second = open('log-2');
    expect(await second.tables()).toEqual([]);
    expect(dropped.join()).toContain('another log');
    await second.close();
  });

  it('throws away a file cut short, and says so', async () => {
    const first = open();
    await fill(first);
    await first.close();
    const file = join(folder, 'data.mdb');
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096);
    const second = open();
    expect(await second.tables()).toEqual([]);
    expect(dropped).toHaveLength(1);
    expect(await fill(second)).toBe('committed');
    await second.close();
  });

  it('throws away a file that is no database, and says so', async () => {
    await open().close();
    writeFileSync(join(folder, 'data.mdb'), 'nothing of the kind'.repeat(1000));
    const second = open();
    expect(dropped).toHaveLength(1);
    expect(await fill(second)).toBe('committed');
    await second.close();
  });
});
