import { expect, it } from 'vitest';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import { ReadsUnavailable } from '../../src/projections/kernel/ports.js';
import { commitOf, rows } from './read-store-commits.js';

/** `harm` puts these bytes in the place of a row that is stored, and gives the store that finds them there. */
export function damagedRowsContract(
  name: string,
  open: () => Promise<{ store: ReadStore; harm: (table: string, key: string, bytes: string) => Promise<ReadStore> }>,
): void {
  it(`${name}: a stored row that is none is named in both languages, with what to do; others are read, and the table's next life is whole (issue 5 part 7)`, async () => {
    const { store: before, harm } = await open();
    await before.commit([commitOf(null, 1, rows({ a: 1, b: 2 }))]);
    const whole = await before.row('note@1.0', 'b');
    const store = await harm('note@1.0', 'a', '{"n":1');
    for (const read of [
      store.row('note@1.0', 'a'),
      store.rows('note@1.0', ['b', 'a']),
      store.snapshot((view) => view.row('note@1.0', 'a')),
    ]) {
      const error = await read.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ReadsUnavailable);
      expect(error).toMatchObject({
        text: [
          expect.stringMatching(/Row a of the read model note@1\.0.+rebuild note/),
          expect.stringMatching(/行a已损坏/),
        ],
      });
    }
    expect(await store.row('note@1.0', 'b')).toEqual(whole);
    await store.drop('note@1.0');
    await store.commit([commitOf(null, 1, rows({ a: 1, b: 2 }))]);
    expect(await store.rows('note@1.0', ['a', 'b'])).toEqual([1, 2]);
    await store.close();
  });
}
