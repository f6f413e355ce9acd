import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/domain/kernel/visibility.js';
import { congress, congressActions } from '../../../src/domain/organization/congress.js';
import { idOf, official, specOf, system } from '../../support/spec.js';

const dwc = official('DWC', '150802');
const begun = { region: '150802', term: 5, on: '2022-01-10' };
const spec = () => specOf(congress, congressActions);
const seated = () => spec().after('registerCongress', begun, dwc);
const session = {
  number: 5,
  opensOn: '2026-01-20',
  closesOn: '2026-01-23',
  cutoff: '2026-01-22T04:00:00.000Z',
};

describe('a congress and its terms (S1; DL 2)', () => {
  test('one per region that has a congress', () => {
    spec()
      .when('registerCongress', begun, dwc)
      .emits({ type: 'CongressRegistered', data: { ...begun, level: 'county' } });
    seated().when('registerCongress', begun, dwc).refused('ALREADY_EXISTS');
    spec()
      .when('registerCongress', { ...begun, region: '150802001' }, dwc)
      .refused('NO_CONGRESS_HERE');
    spec()
      .when('registerCongress', { ...begun, region: '150899' }, dwc)
      .refused('UNKNOWN_REGION');
    spec()
      .when('registerCongress', { ...begun, region: '150821' }, dwc)
      .refused('NOT_YOUR_REGION');
  });

  test('the next term begins once, and none is left out (DL 2)', () => {
    const next = { term: 6, on: '2027-01-12' };
    seated().when('beginTerm', next, dwc).refused('DATE_IN_FUTURE'); // all old mandates would end at once
    const after = seated().at('2027-01-12').when('beginTerm', next, dwc).emits('TermBegan');
    after.when('beginTerm', next, dwc).emits();
    after.when('beginTerm', { ...next, term: 5 }, dwc).refused('TERM_NOT_OPEN');
    after.when('beginTerm', { ...next, term: 8 }, dwc).refused('TERM_NOT_OPEN');
  });

  test('a new term begins without sessions', () => {
    const state = seated()
      .after('scheduleSession', session, dwc)
      .at('2027-01-12')
      .after('beginTerm', { term: 6, on: '2027-01-12' }, dwc)
      .state();
    expect(state).toMatchObject({ term: 6, termBeganOn: '2027-01-12', sessions: [] });
  });
});

describe('the sessions of a term', () => {
  test('a session is scheduled, and rescheduled under its number', () => {
    const moved = { ...session, closesOn: '2026-01-24' };
    const state = seated()
      .when('scheduleSession', session, dwc)
      .emits('SessionScheduled')
      .when('scheduleSession', session, dwc)
      .emits()
      .when('scheduleSession', moved, dwc)
      .emits('SessionScheduled')
      .state();
    expect(state).toMatchObject({ sessions: [moved] });
  });

  test.each([
    ['closes before it opens', { closesOn: '2026-01-19' }],
    ['takes suggestions until after it closed', { cutoff: '2026-01-24T04:00:00.000Z' }],
    ['takes suggestions until before it opened', { cutoff: '2026-01-19T04:00:00.000Z' }],
    ['takes suggestions until after it closed, by the day in Asia/Shanghai', { cutoff: '2026-01-23T16:00:00.000Z' }],
  ])('not one that %s', (_, change) => {
    seated()
      .when('scheduleSession', { ...session, ...change }, dwc)
      .refused('SESSION_DATES');
  });

  test('the last minute of the last day, in Asia/Shanghai, is within the session', () => {
    seated()
      .when('scheduleSession', { ...session, cutoff: '2026-01-23T15:59:59.000Z' }, dwc)
      .emits('SessionScheduled');
  });
});

describe('numbers of suggestions: one each, without gaps, from 1 every year', () => {
  const take = (name: string, registeredOn = '2026-03-02') =>
    ['takeNumber', { suggestion: idOf(name), registeredOn }, system] as const;
  const numbered = (number: number, year = 2026) => ({ type: 'NumberTaken', data: { number, year } });

  test('in the order in which they are asked for; asked again, nothing more', () => {
    seated()
      .when(...take('a'))
      .emits(numbered(1))
      .when(...take('b'))
      .emits(numbered(2))
      .when(...take('a'))
      .emits()
      .at('2027-01-04') // after a standstill over New Year: the day of registration counts
      .when(...take('c', '2026-12-31'))
      .emits(numbered(3))
      .when(...take('d', '2027-01-01'))
      .emits(numbered(1, 2027))
      .when(...take('e', '2026-12-31'))
      .emits(numbered(2, 2027));
  });

  test('only the system gives them', () => {
    seated().when('takeNumber', take('a')[1], dwc).refused('NOT_ALLOWED');
  });

  test('the counter is the house’s own affair', () => {
    const shown = redact(
      congress.state,
      seated()
        .after(...take('a'))
        .state(),
      'office',
    );
    expect(shown).not.toHaveProperty('taken');
    expect(shown).not.toHaveProperty('recent');
  });
});
