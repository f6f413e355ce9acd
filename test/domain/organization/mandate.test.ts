import { describe, expect, test } from 'vitest';
import { levelOf } from '../../../src/domain/kernel/region.js';
import { redact } from '../../../src/domain/kernel/visibility.js';
import { mandate, mandateActions } from '../../../src/domain/organization/mandate.js';
import { deputy, idOf, official, specOf } from '../../support/spec.js';

const dwc = official('DWC', '150802');
const city = official('DWC', '150800');
const holder = idOf('Saren');
const seat = { person: holder, region: '150802', term: 5 };

type Held = { congress: string; ended?: boolean };
const known = (...mandates: Held[]) => ({
  [`person-${holder}`]: {
    status: 'REGISTERED',
    region: '150802',
    code: 'P1',
    name: '萨仁',
    nameMn: null,
    mandates: mandates.map(({ congress, ended = false }) => ({ mandate: idOf(congress), congress, ended })),
  },
});
const spec = (...held: Held[]) => specOf(mandate, mandateActions, { known: known(...held) });
const elected = () => spec().after('registerMandate', seat, dwc);
const active = () => elected().after('confirmQualification', { on: '2026-01-05' }, dwc);
const suspended = () => active().after('suspendMandate', { reason: 'DETAINED_IN_CRIMINAL_CASE' }, dwc);
const ended = () => active().after('endMandate', { reason: 'RESIGNED', on: '2026-03-01' }, dwc);

describe('registering a mandate (S1)', () => {
  test('makes a deputy-elect; the level follows from the region', () => {
    spec()
      .when('registerMandate', { ...seat, constituency: '第3选区' }, dwc)
      .emits({ type: 'MandateRegistered', data: { ...seat, level: 'county', constituency: '第3选区' } });
  });

  test('with a confirmation date the mandate is in force at once', () => {
    spec()
      .when('registerMandate', { ...seat, confirmedOn: '2026-01-05' }, dwc)
      .emits('MandateRegistered', 'MandateQualificationConfirmed');
  });

  test('one per person, congress and term', () => {
    elected().when('registerMandate', seat, dwc).refused('ALREADY_EXISTS');
  });

  test('the person must be in the register', () => {
    spec()
      .when('registerMandate', { ...seat, person: idOf('nobody') }, dwc)
      .refused('UNKNOWN_PERSON');
  });

  test('a street has no congress and no deputies of its own (OL 59)', () => {
    spec()
      .when('registerMandate', { ...seat, region: '150802001' }, dwc)
      .refused('NO_CONGRESS_HERE');
  });

  test('not in an unknown region, and not in a region of somebody else’s charge', () => {
    spec()
      .when('registerMandate', { ...seat, region: '150899' }, dwc)
      .refused('UNKNOWN_REGION');
    spec()
      .when('registerMandate', { ...seat, region: '150821' }, dwc)
      .refused('NOT_YOUR_REGION');
    spec()
      .when('registerMandate', { ...seat, region: '150800' }, dwc)
      .refused('NOT_YOUR_REGION');
  });

  test('the city keeps those of its counties, and of national and regional deputies who were elected elsewhere', () => {
    for (const region of ['150802', '150802100', '150800', '150000', '000000'])
      spec()
        .when('registerMandate', { ...seat, region }, city)
        .emits({ type: 'MandateRegistered', data: { level: levelOf(region) } });
  });
});

describe('two mandates only in regions of which one lies within the other (EL 48)', () => {
  test.each([
    ['the county, of a township deputy', '150802100', '150802'],
    ['the township, of a county deputy', '150802', '150802100'],
    ['the city, of a township deputy', '150802100', '150800'],
    ['the same congress, of another term', '150802', '150802'],
  ])('%s', (_, congress, region) => {
    spec({ congress })
      .when('registerMandate', { ...seat, region }, city)
      .emits('MandateRegistered');
  });

  test.each([
    ['two counties', '150821', '150802'],
    ['two townships of one county', '150802101', '150802100'],
    ['a township of another county', '150821100', '150802'],
  ])('not %s', (_, congress, region) => {
    const no = spec({ congress })
      .when('registerMandate', { ...seat, region }, city)
      .refused('REGIONS_NOT_SUBORDINATE');
    expect(no.params).toEqual({ region: congress, asked: region });
  });

  test('every mandate that is held counts, not only the first', () => {
    spec({ congress: '150800' }, { congress: '150821' })
      .when('registerMandate', seat, city)
      .refused('REGIONS_NOT_SUBORDINATE');
  });

  test('a mandate that has ended does not stand in the way', () => {
    spec({ congress: '150821', ended: true }).when('registerMandate', seat, city).emits('MandateRegistered');
  });
});

describe('the life of a mandate (S1; DL 61–63)', () => {
  const on = '2026-03-01';
  const suspend = { reason: 'SERVING_SENTENCE' };
  const end = { reason: 'MOVED_AWAY', on };

  test('elected: confirmed or ended, neither suspended nor resumed', () => {
    elected().when('confirmQualification', { on }, dwc).emits('MandateQualificationConfirmed');
    elected().when('endMandate', end, dwc).emits('MandateEnded');
    elected().when('suspendMandate', suspend, dwc).refused('WRONG_STATE');
    elected().when('resumeMandate', {}, dwc).refused('WRONG_STATE');
  });

  test('active: suspended or ended (DL 61, 62)', () => {
    active().when('suspendMandate', suspend, dwc).emits('MandateSuspended');
    active().when('endMandate', end, dwc).emits('MandateEnded');
    active().when('confirmQualification', { on }, dwc).refused('WRONG_STATE');
    active().when('resumeMandate', {}, dwc).refused('WRONG_STATE');
  });

  test('suspended: resumed or ended (DL 61, 62)', () => {
    suspended().when('resumeMandate', {}, dwc).emits('MandateResumed');
    suspended().when('endMandate', end, dwc).emits('MandateEnded');
    suspended().when('suspendMandate', suspend, dwc).refused('WRONG_STATE');
  });

  test('ended is for good', () => {
    for (const [action, input] of [
      ['confirmQualification', { on }],
      ['suspendMandate', suspend],
      ['resumeMandate', {}],
      ['endMandate', end],
    ] as const)
      ended().when(action, input, dwc).refused('WRONG_STATE');
  });

  test.each(['DETAINED_IN_CRIMINAL_CASE', 'SERVING_SENTENCE'])('suspended for %s (DL 61)', (reason) => {
    active().when('suspendMandate', { reason }, dwc).emits({ type: 'MandateSuspended', data: { reason } });
  });

  test.each([
    'MOVED_AWAY',
    'RESIGNED',
    'ABSENT_FROM_TWO_SESSIONS',
    'RECALLED',
    'LOST_NATIONALITY',
    'DEPRIVED_OF_POLITICAL_RIGHTS',
    'LOST_CAPACITY',
    'DIED',
    'TERM_OVER',
  ])('ended for %s (DL 62; DL 2)', (reason) => {
    active().when('endMandate', { reason, on }, dwc).emits({ type: 'MandateEnded', data: { reason, on } });
  });

  test('for no other reason', () => {
    active().when('suspendMandate', { reason: 'RUDE' }, dwc).refused('INVALID_INPUT');
    active().when('endMandate', { reason: 'RUDE', on }, dwc).refused('INVALID_INPUT');
    active().when('endMandate', { reason: 'DIED', on: '2026-02-30' }, dwc).refused('INVALID_INPUT');
  });

  test('none of it begins on a day that has not come: it takes effect at once (DL 61, 62)', () => {
    const later = { on: '2026-03-03' };
    elected().when('confirmQualification', later, dwc).refused('DATE_IN_FUTURE');
    active()
      .when('endMandate', { ...end, ...later }, dwc)
      .refused('DATE_IN_FUTURE');
    spec()
      .when('registerMandate', { ...seat, confirmedOn: later.on }, dwc)
      .refused('DATE_IN_FUTURE');
    elected().when('confirmQualification', { on: '2026-03-02' }, dwc).emits('MandateQualificationConfirmed');
  });

  test('by those who keep the register of the region, not by others, not by the deputy', () => {
    active().when('suspendMandate', suspend, official('DWC', '150821')).refused('NOT_ALLOWED');
    active().when('suspendMandate', suspend, official('ORG', '150802')).refused('NOT_ALLOWED');
    active().when('endMandate', end, deputy('Saren', '150802')).refused('NOT_ALLOWED');
  });

  test('a township’s endings are recorded by its presidium, a county’s by its standing committee (DL 63)', () => {
    active().when('endMandate', end, official('SC', '150802')).emits('MandateEnded');
    spec()
      .after('registerMandate', { ...seat, region: '150802100' }, dwc)
      .when('endMandate', end, official('PRES', '150802100'))
      .emits('MandateEnded');
  });

  test('everybody sees that it is suspended or ended; why is for the office and the deputy', () => {
    const state = suspended().state();
    expect(redact(mandate.state, state, 'public')).toMatchObject({ status: 'SUSPENDED' });
    expect(redact(mandate.state, state, 'participant')).not.toHaveProperty('reason');
    expect(redact(mandate.state, state, 'office')).toHaveProperty('reason', 'DETAINED_IN_CRIMINAL_CASE');
    expect(active().audience()).toEqual({
      public: 'public',
      [`mandate:${idOf('the mandate')}`]: 'office',
      'office:150802': 'office',
    });
  });
});
