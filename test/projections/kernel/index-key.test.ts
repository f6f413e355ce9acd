import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndexValue } from '../../../src/projections/kernel/index-key.js';
import { decodeTuple, encodeTuple, entryOf, rangeOf, rowKeyOf } from '../../../src/projections/kernel/index-key.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('\u0000', '\u0001', ' ', '!', '"', '~', 'E', 'a', '会', '𠮷', '\uFFFF'),
    maxLength: 6,
  }),
);
const value = fc.oneof(
  text,
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -1, 1, 0.5, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY),
);
const tuple = fc.array(value, { maxLength: 4 });

const kind = (v: IndexValue) => (v === null ? 0 : v === false ? 1 : v === true ? 2 : typeof v === 'number' ? 3 : 4);
/** Stores compare bytes of UTF-8. */
const bytes = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
function compare(a: readonly IndexValue[], b: readonly IndexValue[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) return 1;
    if (kind(x) !== kind(y)) return Math.sign(kind(x) - kind(y));
    if (typeof x === 'string' && x !== y) return bytes(x, String(y));
    if (typeof x === 'number' && x !== y) return x < Number(y) ? -1 : 1;
  }
  return a.length === b.length ? 0 : -1;
}

describe('index keys (architecture.md §6)', () => {
  it('are ordered as the tuples are', () => {
    fc.assert(
      fc.property(tuple, tuple, (a, b) => {
        expect(bytes(encodeTuple(a), encodeTuple(b))).toBe(compare(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('give the tuple back', () => {
    fc.assert(
      fc.property(tuple, (a) => {
        const zeros = a.map((v) => (v === 0 ? 0 : v));
        expect(decodeTuple(encodeTuple(a))).toEqual(zeros);
      }),
    );
  });

  it('an entry gives its row back', () => {
    fc.assert(
      fc.property(tuple, text, (a, key) => {
        expect(rowKeyOf(entryOf(a, key))).toBe(key);
      }),
    );
  });

  it('a range has the entries whose tuples begin with its prefix, and no others', () => {
    fc.assert(
      fc.property(tuple, tuple, text, (prefix, a, key) => {
        const entry = entryOf(a, key);
        const { from, to } = rangeOf({ prefix });
        const begins = prefix.length <= a.length && compare(a.slice(0, prefix.length), prefix) === 0;
        const isKey = prefix.length === a.length + 1 && compare([...a, key], prefix) === 0;
        expect(bytes(from, entry) <= 0 && bytes(entry, to) < 0).toBe(begins || isKey);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a range keeps to its bounds, both inclusive', () => {
    fc.assert(
      fc.property(tuple, value, value, value, (prefix, from, through, next) => {
        const range = rangeOf({ prefix, from, through });
        const entry = entryOf([...prefix, next], 'key');
        const inside = compare([from], [next]) <= 0 && compare([next], [through]) <= 0;
        expect(bytes(range.from, entry) <= 0 && bytes(entry, range.to) < 0).toBe(inside);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a cursor of another prefix is not taken: it could show what the prefix hides', () => {
    const other = entryOf(['mandate:b', 1], 'case');
    expect(() => rangeOf({ prefix: ['mandate:a'], after: other })).toThrow(RangeError);
    expect(() => rangeOf({ prefix: ['mandate:b'], after: other + 'x'.repeat(1_000) })).toThrow(RangeError);
  });

  it('long text is ordered by its beginning, and broken text has a key too', () => {
    expect(encodeTuple(['x'.repeat(500)]).length).toBeLessThan(110);
    expect(encodeTuple([`${'x'.repeat(99)}𠮷`])).toBe(encodeTuple([`${'x'.repeat(99)}\uFFFD`]));
    expect(() => entryOf([], 'x'.repeat(101))).toThrow(RangeError);
    expect(() => encodeTuple([Number.NaN])).toThrow(RangeError);
  });
});
