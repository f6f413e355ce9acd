import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf, touches } from '../../../src/projections/replay/difference.js';
import { applied } from '../../support/json-changes.js';

const key = fc.constantFrom('a', 'b', 'c/d', 'e~f', '~1', '0');
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 1, '', 'x'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { noNullPrototype: true }),
  ),
}));
const record = fc.dictionary(key, json.value, { noNullPrototype: true });

describe('the difference of two states (issue 5 part 2)', () => {
  it('carried out on the first gives the second', () => {
    fc.assert(
      fc.property(record, record, (before, after) => {
        expect(applied(before, differenceOf(before, after))).toEqual(after);
      }),
    );
  });

  it('of a state and itself is nothing', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(differenceOf(one, structuredClone(one))).toEqual([]);
      }),
    );
  });

  it('names what is new, what is other and what is gone, by JSON pointers', () => {
    expect(differenceOf({ a: 1, l: [{ x: 1 }, 2], gone: 0 }, { a: 2, l: [{ x: 3 }], 'n/e~w': null })).toEqual([
      { path: '/a', kind: 'CHANGED', before: 1, after: 2 },
      { path: '/gone', kind: 'REMOVED', before: 0 },
      { path: '/l/0/x', kind: 'CHANGED', before: 1, after: 3 },
      { path: '/l/1', kind: 'REMOVED', before: 2 },
      { path: '/n~1e~0w', kind: 'ADDED', after: null },
    ]);
  });

  it('a path is touched by what stands above and below it, not by what is only called alike', () => {
    expect([touches('/a/b', '/a'), touches('/a', '/a/b'), touches('/a', '/a'), touches('/ab', '/a')]).toEqual([
      ...[true, true, true, false],
    ]);
  });
});
