import { describe, expect, it } from 'vitest';
import { mayShow, regionsOf } from '../../../src/projections/boards/index.js';
import { city, county, town } from '../town.js';

describe('which boards a changed row may show on (domain.md §4)', () => {
  const joined = '150822';
  const touched = (row: unknown, boards: readonly string[]) =>
    boards.filter((watched) => regionsOf(row).some((named) => mayShow(watched, named)));

  it('those of its region, of all above it and of all below it', () => {
    const row = { state: { region: county } };
    expect(touched(row, ['000000', '150000', city, county, town])).toEqual(['000000', '150000', city, county, town]);
    expect(touched(row, ['150802', '150802100'])).toEqual([]);
  });

  it('of an issue also those of the host and of the regions that hold the inspection too', () => {
    const row = { state: { region: town, host: county, joinedRegions: [joined] } };
    expect(touched(row, [town, county, joined, '150822100', '150802'])).toEqual([town, county, joined, '150822100']);
    expect(touched({ state: { region: town, host: city, joinedRegions: [] } }, [joined])).toEqual([joined]);
  });

  it('of an invitation those of where the invited are from; of a row that is gone or names no region none', () => {
    expect(touched({ region: joined, party: 'x' }, [joined, county])).toEqual([joined]);
    expect(touched(undefined, [county])).toEqual([]);
    expect(touched({ state: { status: 'KEPT' } }, [county])).toEqual([]);
  });
});
