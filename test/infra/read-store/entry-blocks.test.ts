import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import type { Blocks } from '../../../src/infra/read-store/entry-blocks.js';
import { createEntryWriter, scanBlocks } from '../../../src/infra/read-store/entry-blocks.js';
import type { Changes } from '../../../src/infra/read-store/entry-order.js';
import type { IndexTuple } from '../../../src/projections/kernel/index-key.js';
import { entryOf, rangeOf, rowKeyOf } from '../../../src/projections/kernel/index-key.js';
import type { EntryChanges, ReadStore } from '../../../src/projections/kernel/ports.js';
import { commitOf } from '../../contract/read-store-commits.js';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wuji-entries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
const openIn = (folder: string) =>
  openEmbeddedReadStore({
    ...{ folder: join(folder, 'read'), epoch: 'log' },
    onDropped(reason) {
      throw new Error(reason);
    },
  });

const inBytes = (entries: Iterable<string>) =>
  [...entries]
    .map((entry) => Buffer.from(entry))
    .sort(Buffer.compare)
    .map(String);
/** Long keys, so that a record is full after some forty of them. */
const keyOf = (n: number) => `${String(n).padStart(3, '0')}${'k'.repeat(70)}`;

// Above U+D7FF the order of JavaScript is not that of the bytes.
const group = fc.constantFrom('mandate:a', 'mandate:ab', '会', '\u{20BB7}', '\uFFFD', null, 7);
const change = fc.record({
  of: group,
  second: fc.constantFrom('', 'x', '\u{20BB7}', '\uFFFD'),
  from: fc.nat({ max: 250 }),
  count: fc.integer({ min: 1, max: 120 }),
  remove: fc.boolean(),
});
type Change = { readonly of: string | number | null; readonly second: string } & {
  readonly from: number;
  readonly count: number;
  readonly remove: boolean;
};
const entriesOf = ({ of, second, from, count }: Change) =>
  Array.from({ length: count }, (_, i) => {
    const tuple: IndexTuple = second === '' ? [of] : [of, second];
    return entryOf(tuple, keyOf(from + i));
  });

/** What one commit does to the entries, and to a plain set of them. */
function changesOf(changes: readonly Change[], present: Set<string>): EntryChanges {
  const remove = changes.filter((one) => one.remove).flatMap(entriesOf);
  const add = changes.filter((one) => !one.remove).flatMap(entriesOf);
  for (const entry of remove) present.delete(entry);
  for (const entry of add) present.add(entry);
  return { add, remove };
}

async function expectEntries(store: ReadStore, present: ReadonlySet<string>) {
  const scan = (range: Parameters<typeof rangeOf>[0]) =>
    store.scan('note@1.0', 'i', { ...rangeOf(range), reverse: range.reverse ?? false, limit: 10_000 });
  const sorted = inBytes(present);
  expect(await scan({})).toEqual(sorted);
  expect(await scan({ reverse: true })).toEqual([...sorted].reverse());
  const ofOne = sorted.filter((entry) => entry.startsWith(entryOf(['mandate:a'], '').slice(0, -2)));
  const after = ofOne[Math.floor(ofOne.length / 2)];
  expect(await scan({ prefix: ['mandate:a'], after })).toEqual(
    after === undefined ? ofOne : ofOne.slice(ofOne.indexOf(after) + 1),
  );
  expect(await scan({ prefix: ['mandate:a'], after, reverse: true })).toEqual(
    (after === undefined ? ofOne : ofOne.slice(0, ofOne.indexOf(after))).reverse(),
  );
  expect((await store.stats('note@1.0')).entries).toBe(present.size);
}

describe('entries in records of many (embedded read store)', () => {
  it('are the set of what was added and not removed, in the order of their bytes, whatever the commits', async () => {
    const runs = fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(runs, fc.boolean(), async (commits, twoPrograms) => {
        const folder = newFolder();
        const stores = [openIn(folder), openIn(folder)];
        const present = new Set<string>();
        for (const [n, changes] of commits.entries()) {
          // What one program remembers of the records must not outlive a commit of another.
          const store = stores[twoPrograms ? n % 2 : 0];
          const indexes = new Map([['i', changesOf(changes, present)]]);
          expect(await store?.commit([commitOf(n === 0 ? null : n, n + 1, { indexes })])).toBe('committed');
        }
        for (const store of stores) await expectEntries(store, present);
        for (const store of stores) await store.close();
      }),
      { numRuns: 60 },
    );
  });

  it('a commit that is given up leaves nothing behind, in the store or in memory', async () => {
    const folder = newFolder();
    const [store, other] = [openIn(folder), openIn(folder)];
    const add = Array.from({ length: 200 }, (_, n) => entryOf(['a'], keyOf(n)));
    const indexes = (changes: Partial<EntryChanges>) => ({
      indexes: new Map([['i', { add: [], remove: [], ...changes }]]),
    });
    await store.commit([commitOf(null, 1, indexes({ add: add.slice(0, 20) }))]);
    const tooLong = new Map([['r', new Map([['x'.repeat(5_000), 1]])]]);
    await expect(store.commit([commitOf(1, 2, { ...indexes({ add }), counters: tooLong })])).rejects.toThrow();
    await other.commit([commitOf(1, 2)]);
    await store.commit([commitOf(2, 3, indexes({ add: add.slice(150) }))]);
    await expectEntries(store, new Set([...add.slice(0, 20), ...add.slice(150)]));
    await store.close();
    await other.close();
  });

  it('a group whose first record is emptied is found again by another program', async () => {
    const folder = newFolder();
    const [store, other] = [openIn(folder), openIn(folder)];
    const entries = Array.from({ length: 200 }, (_, n) => entryOf(['a'], keyOf(n)));
    const indexes = (add: string[], remove: string[]) => ({ indexes: new Map([['i', { add, remove }]]) });
    await store.commit([commitOf(null, 1, indexes(entries, []))]);
    await store.commit([commitOf(1, 2, indexes([], entries.slice(0, 80)))]);
    await other.commit([commitOf(2, 3, indexes(entries.slice(40, 41), entries.slice(190)))]);
    await expectEntries(store, new Set([...entries.slice(40, 41), ...entries.slice(80, 190)]));
    for (const one of [store, other]) await one.close();
  });

  it('a writer who remembers nothing looks at as many keys in a long group as in a short one', () => {
    const seen = [200, 20_000].map((count) => {
      const root = open<unknown, string>({ path: newFolder(), encoding: 'json', noSync: true });
      onTestFinished(() => root.close());
      const blocks: Blocks = root.openDB('entries', { encoding: 'string' });
      const numbered = (n: number) => String(n).padStart(90, '0');
      const writing = (writer: ReturnType<typeof createEntryWriter>, changes: Partial<Changes>) =>
        root.transactionSync(() => writer.write('t i ', new Map([['a ', { add: [], remove: [], ...changes }]])));
      const all = Array.from({ length: count }, (_, n) => numbered(2 * n));
      writing(createEntryWriter(blocks), { add: all });
      let keys = 0;
      const counting = (key: string) => {
        keys++;
        return key;
      };
      const counted: Blocks = Object.create(blocks, {
        getKeys: { value: (range: Parameters<Blocks['getKeys']>[0]) => blocks.getKeys(range).map(counting) },
      });
      const between = [10, count, count + 2].map((n) => numbered(n + 1));
      writing(createEntryWriter(counted), { add: between, remove: all.slice(0, 1) });
      const found = [...scanBlocks(blocks, 't i ', { from: 'a ', to: 'a ~', reverse: false }, {})];
      expect(found).toEqual([...all.slice(1), ...between].sort().map((rest) => `a ${rest}`));
      return keys;
    });
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[1]).toBe(seen[0]);
  });

  it('a table that begins anew has none of its former entries, nor one that was dropped', async () => {
    const store = openIn(newFolder());
    const of = (n: number) => ({ indexes: new Map([['i', { add: [entryOf(['a'], keyOf(n))], remove: [] }]]) });
    const keys = async () => (await store.scan('note@1.0', 'i', { ...rangeOf({}), limit: 9 })).map(rowKeyOf);
    await store.commit([commitOf(null, 1, of(1))]);
    await store.drop('note@1.0');
    await store.commit([commitOf(null, 1, of(2))]);
    expect(await keys()).toEqual([keyOf(2)]);
    await store.close();
  });
});
