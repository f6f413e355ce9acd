import fc from 'fast-check';

type Path = readonly (string | number)[];

const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);
const junk: readonly unknown[] = [
  ...[null, true, '', ' ', 'null', '😀', '\ud800', '\u0000', '\u202e', '__proto__', 'x'.repeat(20_000)],
  ...[0, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, '0', '1e400', '-0'],
  ...['0000-00-00', '9999-12-31', '2026-02-30', '275760-09-13T00:00:00.001Z', '2026-02-03T01:00:00+99:99'],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '../../etc/passwd'],
  ...[[], {}, [null], [[[]]], nested(60), { toString: null }, { constructor: { prototype: {} } }],
];

/** Whatever JSON can say, the worst of it more often. */
export const junkOf = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...junk) },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  );

/** A JSON value like this one in which one place is missing, is something else, twice there, or has something beside it. */
export function brokenOf(value: unknown): fc.Arbitrary<unknown> {
  const place = fc.constantFrom(...placesIn(value));
  return fc.tuple(place, junkOf(), fc.constantFrom('replace', 'remove', 'add', 'repeat')).map(([at, other, how]) =>
    changed(value, at, (present) => {
      if (how === 'remove') return undefined;
      if (how === 'repeat') return Array.isArray(present) ? [...present, ...present, ...present] : [present];
      if (how === 'add' && typeof present === 'object' && present !== null && !Array.isArray(present))
        return { ...present, [typeof other === 'string' ? other : 'more']: other };
      return other;
    }),
  );
}

function placesIn(value: unknown, at: Path = []): Path[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((item, index) => placesIn(item, [...at, index]))];
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...at, key]))];
}

function changed(value: unknown, [key, ...rest]: Path, change: (present: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changed(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, item]) => [name, name === key ? changed(item, rest, change) : item]),
  );
}
