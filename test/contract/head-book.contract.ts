import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditKey, HeadBook } from '../../src/projections/ledger/ports.js';
import { headBy, newKey } from '../support/audit-keys.js';

/** Where heads are kept, for one test. */
export type HeadBookPlace = {
  /** The book of a node, as it starts. */
  open(): HeadBook;
  /** The node's own file. */
  readonly path: string;
};

/** The rules that every book of heads keeps. */
export function headBookContract(name: string, place: () => Promise<HeadBookPlace>): void {
  describe(`${name} keeps the rules of a book of heads (issue 5 part 1)`, () => {
    let at: HeadBookPlace;
    let book: HeadBook;
    let key: AuditKey;
    const head = (size: number, more = {}) => headBy(key, { size, ...more });
    const sizes = async (log = 'log') => (await book.heads(log)).map(({ size }) => size);
    const add = async (...all: ReturnType<typeof head>[]) => {
      for (const one of all) expect(await book.add(one, await book.heads(one.log))).toBe(true);
    };
    beforeEach(async () => {
      at = await place();
      book = at.open();
      key = await newKey();
    });

    test('what was added is there after a restart, as it was signed', async () => {
      expect(await book.heads('log')).toEqual([]);
      await add(head(1), head(2));
      expect(await at.open().heads('log')).toEqual([head(1), head(2)]);
    });

    test('the smallest tree comes first, of one tree the earliest, in whatever order they came', async () => {
      const early = head(2, { time: '2026-03-01T00:00:00.000Z' });
      await add(head(3), head(2), head(1), early);
      expect(await book.heads('log')).toEqual([head(1), early, head(2), head(3)]);
      expect(await at.open().heads('log')).toEqual(await book.heads('log'));
    });

    test('heads of another log are kept apart', async () => {
      await add(head(1), head(7, { log: 'other' }));
      expect([await sizes('log'), await sizes('other')]).toEqual([[1], [7]]);
    });

    test('of two who have seen the same heads one adds; the other is told to look again', async () => {
      await add(head(1));
      const known = await book.heads('log');
      const added = await Promise.all([book.add(head(2), known), book.add(head(3), known)]);
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await sizes()).toHaveLength(2);
      expect(await at.open().heads('log')).toHaveLength(2);
    });

    test('a line that a power cut has torn is passed over, and what comes next stands on a line of its own', async () => {
      await add(head(1));
      await appendFile(at.path, JSON.stringify(head(2)).slice(0, 50));
      book = at.open();
      expect(await sizes()).toEqual([1]);
      await add(head(2));
      expect(await at.open().heads('log')).toEqual([head(1), head(2)]);
    });

    test('a line that was changed is named, and nothing is told of the rest', async () => {
      await add(head(1), head(2));
      const text = await readFile(at.path, 'utf8');
      for (const changed of [text.replace('"size":2', '"size":3'), text.replace('"root"', '"toor"')]) {
        await writeFile(at.path, changed);
        await expect(at.open().heads('log')).rejects.toThrow(/line [12] of .* was changed/);
      }
    });
  });
}
