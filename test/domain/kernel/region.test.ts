import { describe, expect, test } from 'vitest';
import {
  ancestorsOf,
  compareLevels,
  isRegionCode,
  isWithin,
  levelOf,
  levels,
} from '../../../src/domain/kernel/region.js';

describe('regions by GB/T 2260: level and ancestors follow from the code', () => {
  test.each([
    ['000000', 'nation', ['000000']],
    ['150000', 'autonomousRegion', ['150000', '000000']],
    ['150800', 'city', ['150800', '150000', '000000']],
    ['150802', 'county', ['150802', '150800', '150000', '000000']],
    ['150802100', 'township', ['150802100', '150802', '150800', '150000', '000000']],
  ] as const)('%s is of level %s', (code, level, ancestors) => {
    expect([isRegionCode(code), levelOf(code), ancestorsOf(code)]).toEqual([true, level, ancestors]);
  });

  test.each(['', '1508', '15080', '1508021', '150802000', '15080210O', '１５０８０２', '150802 ', '150802100100'])(
    '"%s" is no code',
    (code) => expect(isRegionCode(code)).toBe(false),
  );

  test('a region lies within itself and within those above it, not beside them', () => {
    expect(isWithin('150802100', '150802')).toBe(true);
    expect(isWithin('150802', '150802')).toBe(true);
    expect(isWithin('150802', '000000')).toBe(true);
    expect(isWithin('150802', '150821')).toBe(false);
    expect(isWithin('150800', '150802')).toBe(false);
  });

  test('levels compare from the nation down', () => {
    expect(levels.map((level) => compareLevels(level, 'city'))).toEqual([-1, -1, 0, 1, 1]);
  });
});
