/**
 * Divisions by GB/T 2260 code (townships: plus the three digits of GB/T 10114). Level and ancestors follow from the
 * code: 000000 nation, 150000 autonomous region, 150800 city, 150802 county or banner, 150802100 township or sumu.
 */
export type RegionCode = string;

export const levels = ['nation', 'autonomousRegion', 'city', 'county', 'township'] as const;
export type Level = (typeof levels)[number];

export const isRegionCode = (code: string): boolean => /^(\d{6}|\d{6}(?!000)\d{3})$/.test(code);

export function levelOf(code: RegionCode): Level {
  if (code.length === 9) return 'township';
  if (code === '000000') return 'nation';
  if (code.endsWith('0000')) return 'autonomousRegion';
  return code.endsWith('00') ? 'city' : 'county';
}

/** The region itself first, then each region above it up to the nation. */
export function ancestorsOf(code: RegionCode): readonly RegionCode[] {
  const chain = code.length === 9 ? [code, code.slice(0, 6)] : [code];
  const county = code.slice(0, 6);
  for (const above of [`${county.slice(0, 4)}00`, `${county.slice(0, 2)}0000`, '000000'])
    if (!chain.includes(above)) chain.push(above);
  return chain;
}

export const isWithin = (code: RegionCode, scope: RegionCode): boolean => ancestorsOf(code).includes(scope);

/** −1 when `a` is a higher level than `b` (nearer to the nation), 0 when equal, 1 when lower. */
export const compareLevels = (a: Level, b: Level): number => Math.sign(levels.indexOf(a) - levels.indexOf(b));
