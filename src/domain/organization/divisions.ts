import type { RegionCode } from '../kernel/region.js';
import { ancestorsOf } from '../kernel/region.js';
import { bayannur } from './bayannur.js';

/**
 * Township-level kinds: town 镇, sumu 苏木, township 乡, street 街道; `other` is a farm, pasture, fishery or office that
 * statistics treat as a township.
 */
export type DivisionKind =
  | 'nation'
  | 'autonomousRegion'
  | 'city'
  | 'county'
  | 'town'
  | 'sumu'
  | 'township'
  | 'street'
  | 'other';

/** `name` is the official Chinese name. */
export type Division = { readonly code: RegionCode; readonly name: string; readonly kind: DivisionKind };

/** Every division this house knows, higher levels first, then by code. */
export const divisions: readonly Division[] = bayannur.map(([code, name, kind]) => ({ code, name, kind }));

const byCode: ReadonlyMap<RegionCode, Division> = new Map(divisions.map((d) => [d.code, d]));

const childrenByCode = new Map<RegionCode, Division[]>();
for (const division of divisions) {
  const parent = ancestorsOf(division.code)[1];
  if (parent === undefined) continue;
  const siblings = childrenByCode.get(parent);
  if (siblings) siblings.push(division);
  else childrenByCode.set(parent, [division]);
}

export const divisionOf = (code: RegionCode): Division | undefined => byCode.get(code);

export const isKnownRegion = (code: RegionCode): boolean => byCode.has(code);

/** The Chinese name; `undefined` for a region that is not known. */
export const nameOf = (code: RegionCode): string | undefined => byCode.get(code)?.name;

/** The divisions one level below, by code; none for a township and for a region that is not known. */
export const childrenOf = (code: RegionCode): readonly Division[] => childrenByCode.get(code) ?? [];

/**
 * Whether the region has a congress, and so deputies, of its own. A street has only a work organ of the county's
 * standing committee (Organic Law of Local Congresses and Governments, article 59).
 */
export function hasCongress(code: RegionCode): boolean {
  const kind = byCode.get(code)?.kind;
  return kind !== undefined && kind !== 'street' && kind !== 'other';
}
