import type { Deputy, Official } from '../../../../src/domain/kernel/actor.js';
import { classIn, tagsOf } from '../../../../src/domain/kernel/actor.js';
import type { Audience } from '../../../../src/domain/kernel/event.js';
import { deputy, official } from '../../../support/spec.js';

/** People and offices of one city at five levels, and the register's records of them. */
export const city = '150800';
export const county = '150826';
export const township = '150826101';

export const deputies = {
  nation: deputy('national deputy', '000000'),
  autonomousRegion: deputy('regional deputy', '150000'),
  city: deputy('city deputy', city),
  county: deputy('county deputy', county),
  township: deputy('township deputy', township),
};
export const { nation, autonomousRegion } = deputies;
export const cityDeputy = deputies.city;
export const countyDeputy = deputies.county;
export const townshipDeputy = deputies.township;
export const everyDeputy: readonly Deputy[] = Object.values(deputies);
/** A deputy of another city of the region: not in line with this city (P4). */
export const strangerDeputy = deputy('deputy of another city', '150200');
export const suspendedDeputy = deputy('suspended deputy', city, 'suspended');

export const sc = official('SC', city);
/** A second member of the city's standing committee. */
export const nextMember = official('SC', city, { name: 'second member' });
export const dwc = official('DWC', city);
export const spc = official('SPC', city);
export const countySc = official('SC', county);
export const countyDwc = official('DWC', county);
export const otherCountySc = official('SC', '150821');
export const presidium = official('PRES', township);
export const regionSc = official('SC', '150000');
export const expert = official('ORG', '150100', { name: 'water expert', role: 'expert' });
export const bureauHead = official('ORG', city, { name: 'water bureau', role: 'head' });
export const secondBureauHead = official('ORG', city, { name: 'farming bureau', role: 'head' });
export const countyBureau = official('ORG', county, { name: 'county water bureau', role: 'head' });

const seat = (one: Deputy) => ({
  status: one.standing === 'active' ? 'ACTIVE' : 'SUSPENDED',
  person: one.person,
  region: one.congress,
  level: one.level,
  term: 5,
  constituency: null,
  confirmedOn: '2022-01-10',
  endedOn: null,
  reason: null,
});
const held = (one: Official) => ({
  status: 'HELD',
  person: one.person,
  organ: one.organ,
  role: one.role,
  region: one.region,
  organKind: one.organKind,
});
const office = (one: Official) => ({
  status: 'ACTIVE',
  region: one.region,
  kind: one.organKind,
  code: one.organ,
  name: one.organ,
  nameMn: null,
  successor: null,
});
const officials = [
  sc,
  nextMember,
  dwc,
  spc,
  countySc,
  countyDwc,
  presidium,
  expert,
  bureauHead,
  secondBureauHead,
  countyBureau,
] as const;

/** What the log would answer when an action reads another case. */
export const register: Readonly<Record<string, unknown>> = Object.fromEntries([
  ...[...everyDeputy, strangerDeputy, suspendedDeputy].map((one) => [`mandate-${one.mandate}`, seat(one)]),
  ...officials.flatMap((one) => [
    [`post-${one.post}`, held(one)],
    [`organ-${one.organ}`, office(one)],
  ]),
]);

/** As what `actor` sees a case with this audience; undefined: not even that it exists. */
export const seenBy = (audience: Audience, actor: Deputy | Official) => classIn(audience, tagsOf(actor));
