import type { Calendar, Limit, LimitKey } from './clock.js';
import type { RegionCode } from './region.js';

/** The rules in force: a version is never changed, so a case that names it can be judged by it later. */
export type Rules = {
  readonly version: string;
  readonly calendar: Calendar;
  /** The limit of a region, by default the city's. Throws for a key that the rules do not have. */
  limit(key: LimitKey, region?: RegionCode): Limit;
};
