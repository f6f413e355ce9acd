import type { RegionCode } from '../../domain/kernel/region.js';
import { isWithin } from '../../domain/kernel/region.js';

type Placed = {
  readonly region?: RegionCode;
  /** Of an issue: the region whose congress holds the inspection; it may lie above the place. */
  readonly host?: RegionCode;
  readonly joinedRegions?: readonly RegionCode[];
};

/** The regions that a row names as its own: a case by its state, an invitation by where the invited are from. */
export function regionsOf(row: unknown): readonly RegionCode[] {
  if (typeof row !== 'object' || row === null) return [];
  const { region, host, joinedRegions = [] }: Placed = 'state' in row ? (row.state as Placed) : row;
  return [region, host, ...joinedRegions].filter((one) => one !== undefined);
}

/**
 * Whether the board of `watched` may show something of a row that names `named`: counts go up to the regions above, and
 * boards below show what their own congress and those above it do (participation, issues found in them).
 */
export const mayShow = (watched: RegionCode, named: RegionCode): boolean =>
  isWithin(watched, named) || isWithin(named, watched);
