import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/domain/kernel/canonical.js';

/** Written a second time, as plainly as the RFC's text: unit by unit. */
function plainly(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map((item) => plainly(item)).join(',')}]`;
  const object: object = Object(value);
  const keys = Object.keys(object).sort(byUnits);
  return `{${keys.map((key) => `${quoted(key)}:${plainly(Reflect.get(object, key))}`).join(',')}}`;
}

function byUnits(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.charCodeAt(i) - b.charCodeAt(i);
  return a.length - b.length;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
function quoted(text: string): string {
  let out = '"';
  for (const character of text) {
    const code = character.charCodeAt(0);
    const alone = character.length === 1 && code >= 0xd800 && code <= 0xdfff;
    out += short[character] ?? (code < 0x20 || alone ? `\\u${code.toString(16).padStart(4, '0')}` : character);
  }
  return `${out}"`;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', '\ud83d'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, -0, 1e21, 1e-7, 0.1 + 0.2),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('canonical JSON (issue 5 part 1, RFC 8785)', () => {
  it('is what a second, plain implementation gives', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonical(value)).toBe(plainly(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('says the same JSON, whatever the order in which its keys were written', () => {
    fc.assert(
      fc.property(json, (value) => {
        const again: unknown = JSON.parse(canonical(value));
        expect(JSON.stringify(again)).toBe(JSON.stringify(JSON.parse(canonical(again))));
        expect(canonical(again)).toBe(canonical(value));
        expect(canonical(shuffled(value))).toBe(canonical(value));
      }),
    );
  });

  it('gives the RFC’s own example (§3.2.2)', () => {
    const given: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonical(given)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts keys as the RFC’s example does (§3.2.3): by UTF-16 units, not by code points', () => {
    const given: unknown = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    expect(Object.values(JSON.parse(canonical(given)) as object).slice(1)).toEqual([
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonical(given).startsWith('{"\\r":"Carriage Return","1":"One",')).toBe(true);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s of the RFC’s appendix B as %s', (bits, text) => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigUint64(0, BigInt(`0x${bits}`));
    expect(canonical(bytes.getFloat64(0))).toBe(text);
  });

  it('leaves out a field that is not set, and takes nothing that JSON cannot say', () => {
    expect(canonical({ b: undefined, a: 1 })).toBe('{"a":1}');
    const hole = new Array(1);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, undefined, [undefined], hole, 1n, () => 1, Symbol('s')])
      expect(() => canonical(wrong)).toThrow(TypeError);
  });

  it('takes nothing in whose place JSON.stringify would write something else', () => {
    for (const other of [new Date(0), { toJSON: () => 1 }, [{ at: new Date(0) }]])
      expect(() => canonical(other)).toThrow(TypeError);
    expect(canonical({ toJSON: 'a word' })).toBe('{"toJSON":"a word"}');
  });

  it('has keys in order however many there are', () => {
    const keys = Array.from({ length: 40 }, (_, n) => `k${n}`);
    for (let most = 0; most <= keys.length; most++) {
      const some = keys.slice(0, most);
      const text = canonical(Object.fromEntries(some.map((key) => [key, 1])));
      expect(text).toBe(`{${some.toSorted().map((key) => `"${key}":1`)}}`);
    }
  });
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item)]),
  );
}
