import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { encodeTuple, entryOf, rangeOf } from '../../../src/projections/kernel/index-key.js';
import type { ReadStore, ReadView, TableCommit } from '../../../src/projections/kernel/ports.js';
import { commitOf, position } from '../../contract/read-store-commits.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** LMDB shows a reader what another has written in its next turn. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve));

const onProblem = (problem: unknown) => {
  throw problem;
};
/** Commits that are held in memory can be seen by nobody but through what they cost and what a crash takes. */
const openIn = (folder: string, holds: boolean) =>
  openEmbeddedReadStore({
    ...{ folder: join(folder, holds ? 'held' : 'plain'), epoch: 'log', holds: holds ? { onProblem } : undefined },
    onDropped(reason) {
      throw new Error(reason);
    },
  });

const tables = ['note@1.0', 'other@1.0'] as const;
const keys = ['a', 'b', 'c'] as const;
const all = rangeOf({});

const change = fc.record({
  key: fc.constantFrom(...keys),
  row: fc.option(fc.record({ text: fc.string(), gone: fc.constant(undefined) })),
  tag: fc.constantFrom('x', '会'),
  isThere: fc.boolean(),
  delta: fc.integer({ min: -2, max: 2 }),
});
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;
/** `snapshot`: what one that begins before the commit has read by then; `read`: whether all is read after it. */
const step = fc.record({
  changes: fc.tuple(fc.array(change, { maxLength: 4 }), fc.array(change, { maxLength: 4 })),
  snapshot: fc.constantFrom('none', 'row', 'scan'),
  read: fc.boolean(),
});

function commitsOf(n: number, changes: readonly (readonly Change[])[]): TableCommit[] {
  return tables.map((table, i) => {
    const of = changes[i] ?? [];
    const present = new Map(of.map(({ key, tag, isThere }) => [entryOf([tag], key), isThere]));
    const entries = (isThere: boolean) => [...present].flatMap(([entry, there]) => (there === isThere ? [entry] : []));
    return commitOf(n === 0 ? null : n, n + 1, {
      table,
      rows: new Map(of.map(({ key, row }) => [key, row])),
      indexes: new Map([['i', { add: entries(true), remove: entries(false) }]]),
      counters: new Map([['c', new Map(of.map(({ tag, delta }) => [encodeTuple([tag]), delta]))]]),
    });
  });
}

async function allOf(view: ReadView): Promise<unknown> {
  const found: unknown[] = [];
  for (const table of tables)
    found.push(
      await view.checkpoint(table),
      await view.rows(table, keys),
      await view.scan(table, 'i', { ...all, limit: 99 }),
      await view.counters(table, 'c', [encodeTuple(['x'])]),
      await view.countersIn(table, 'c', all),
    );
  return found;
}

/** Reads something, lets the other commit, then reads all: it must be what was there when it began. */
async function acrossCommit(store: ReadStore, begun: 'row' | 'scan', commit: () => Promise<void>): Promise<unknown> {
  return store.snapshot(async (view) => {
    await (begun === 'row' ? view.row('note@1.0', 'a') : view.scan('note@1.0', 'i', { ...all, limit: 1 }));
    await commit();
    return allOf(view);
  });
}

it('whatever is committed and read, a store that holds commits answers as one that writes each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const folder = await temporaryFolder();
      const [held, plain] = [openIn(folder, true), openIn(folder, false)];
      for (const [n, { changes, snapshot, read }] of steps.entries()) {
        const commit = (store: ReadStore) => async () => {
          expect(await store.commit(commitsOf(n, changes))).toBe('committed');
        };
        if (snapshot === 'none') for (const store of [held, plain]) await commit(store)();
        else {
          const seen = await acrossCommit(held, snapshot, commit(held));
          expect(seen).toEqual(await acrossCommit(plain, snapshot, commit(plain)));
        }
        const rows = async (store: ReadStore) =>
          Promise.all(tables.map(async (table) => [await store.checkpoint(table), await store.rows(table, keys)]));
        expect(await rows(held)).toEqual(await rows(plain));
        if (read) expect(await allOf(held)).toEqual(await allOf(plain));
      }
      await held.close();
      const again = openIn(folder, true);
      for (const table of tables) expect(await linesOf(again, table)).toEqual(await linesOf(plain, table));
      for (const store of [again, plain]) await store.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('many commits are written as one: the folder is where the first of them found it until somebody has to look there', async () => {
  const folder = await temporaryFolder();
  const held = openIn(folder, true);
  await held.commit([commitOf(null, 1)]);
  for (let n = 1; n < 50; n++)
    expect(await held.commit([commitOf(n, n + 1, { rows: new Map([['a', { n }]]) })])).toBe('committed');
  // A second opening of the folder sees what is written: what a program that is killed now would leave.
  const onDisk = openIn(folder, true);
  expect(await onDisk.checkpoint('note@1.0')).toEqual({ position: position(1), events: 1 });
  expect(await held.row('note@1.0', 'a')).toEqual({ n: 49 });
  expect(await held.snapshot((view) => view.checkpoint('note@1.0'))).toMatchObject({ events: 50 });
  await nextTurn();
  expect(await onDisk.checkpoint('note@1.0')).toMatchObject({ events: 1 });
  await held.scan('note@1.0', 'i', { ...all, limit: 1 });
  await nextTurn();
  expect(await onDisk.checkpoint('note@1.0')).toMatchObject({ events: 50 });
  for (const store of [onDisk, held]) await store.close();
});

it('what is held is written by itself before long, and when it has become much', async () => {
  const folder = await temporaryFolder();
  const held = openIn(folder, true);
  const onDisk = openIn(folder, true);
  await held.commit([commitOf(null, 1)]);
  await held.commit([commitOf(1, 2, { rows: new Map([['a', 1]]) })]);
  await expect.poll(() => onDisk.row('note@1.0', 'a')).toBe(1);
  const rowsOf = (from: number) => new Map(Array.from({ length: 200 }, (_, i) => [String(from + i), i]));
  for (const n of [2, 3, 4]) await held.commit([commitOf(n, n + 1, { rows: rowsOf(n * 200) })]);
  await nextTurn();
  expect(await onDisk.checkpoint('note@1.0')).toMatchObject({ events: 4 });
  for (const store of [onDisk, held]) await store.close();
});

async function linesOf(store: ReadStore, table: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of store.dump(table)) lines.push(line);
  return lines;
}
