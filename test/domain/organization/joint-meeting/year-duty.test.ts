import { describe, expect, it } from 'vitest';
import { yearDuty, yearDutyActions } from '../../../../src/domain/organization/joint-meeting/year-duty.js';
import { idOf, specOf, system } from '../../../support/spec.js';
import { city, cityDeputy, countyDeputy, sc, seenBy, strangerDeputy, townshipDeputy } from './cast.js';
import { transitionTests } from './transitions.js';

const held = (heldOn: string | null, region = city) => ({
  [`jointMeeting-${idOf('meeting')}`]: { status: heldOn ? 'CLOSED' : 'IN_SESSION', region, heldOn },
});
const duty = { region: city, year: 2026, duty: 'T10' };
const opened = (meeting = held('2026-11-05')) =>
  specOf(yearDuty, yearDutyActions, { known: meeting }).at('2026-01-04').after('openYearDuty', duty, system);
const warned = () => opened(held('2026-12-20')).at('2026-12-01').after('reportYearDutyMissing', {}, system);
const by = { by: idOf('meeting') };
const met = () => opened().at('2026-11-05').after('meetYearDuty', by, system);

describe('the city holds a joint meeting each year (domain.md T10, invariant 16)', () => {
  it('is a duty of the city, opened with a clock up to 31 December', () => {
    specOf(yearDuty, yearDutyActions)
      .at('2026-01-04')
      .when('openYearDuty', duty, system)
      .emits('YearDutyOpened', { type: 'ClockStarted', data: { clock: 'T10', dueOn: '2026-12-31' } });
    specOf(yearDuty, yearDutyActions)
      .when('openYearDuty', { ...duty, region: '150826' }, system)
      .refused('YEAR_DUTY_OF_CITY_ONLY');
    specOf(yearDuty, yearDutyActions)
      .when('openYearDuty', { ...duty, year: 2027 }, system)
      .refused('YEAR_NOT_BEGUN');
    specOf(yearDuty, yearDutyActions).when('openYearDuty', duty, sc).refused('NOT_ALLOWED');
  });
  it('is one case per city, year and duty', () => {
    opened().when('openYearDuty', duty, system).refused('ALREADY_EXISTS');
  });
  it('is met by a meeting that was held in that city and year', () => {
    opened()
      .at('2026-11-05')
      .when('meetYearDuty', by, system)
      .emits({ type: 'YearDutyMet', data: { on: '2026-11-05' } }, 'ClockStopped');
    opened(held(null)).when('meetYearDuty', by, system).refused('MEETING_NOT_CLOSED');
    opened(held('2025-12-30')).when('meetYearDuty', by, system).refused('MEETING_OF_OTHER_YEAR');
    opened(held('2026-11-05', '150200')).when('meetYearDuty', by, system).refused('MEETING_OF_OTHER_YEAR');
  });
  it('is reported missing from 1 December on, exactly once', () => {
    const spec = opened().at('2026-11-30');
    spec.when('reportYearDutyMissing', {}, system).refused('YEAR_DUTY_NOT_YET');
    spec.at('2026-12-01').when('reportYearDutyMissing', {}, system).emits('AnnualJointMeetingMissing');
    spec.when('reportYearDutyMissing', {}, system).refused('WRONG_STATE');
  });
  it('is not reported missing when the meeting was held', () => {
    met().at('2026-12-01').when('reportYearDutyMissing', {}, system).refused('WRONG_STATE');
  });
  it('is met by a meeting held after the warning', () => {
    const spec = warned().at('2026-12-20');
    spec.when('meetYearDuty', by, system).emits('YearDutyMet', 'ClockStopped');
    spec
      .at('2027-01-01')
      .when('closeYearDuty', {}, system)
      .emits({ type: 'YearDutyClosed', data: { outcome: 'MET' } });
  });
  it('every year ends with a word: met or missing', () => {
    met().at('2026-12-31').when('closeYearDuty', {}, system).refused('YEAR_DUTY_NOT_YET');
    met()
      .at('2027-01-01')
      .when('closeYearDuty', {}, system)
      .emits({ type: 'YearDutyClosed', data: { outcome: 'MET' } });
    warned()
      .at('2027-01-01')
      .when('closeYearDuty', {}, system)
      .emits({ type: 'YearDutyClosed', data: { outcome: 'MISSING' } }, 'ClockStopped');
  });
  it('is for the city’s offices and all deputies in the city to see', () => {
    const audience = opened().audience();
    expect([sc, cityDeputy, countyDeputy, townshipDeputy, strangerDeputy].map((one) => seenBy(audience, one))).toEqual([
      'office',
      'follower',
      'follower',
      'follower',
      undefined,
    ]);
  });
});

const all = ['OPEN', 'WARNED', 'MET', 'CLOSED'];
transitionTests('transition table of the year’s duty (invariant 16)', {
  actions: yearDutyActions,
  begins: ['openYearDuty'],
  table: {
    meetYearDuty: ['OPEN', 'WARNED'],
    reportYearDutyMissing: ['OPEN'],
    closeYearDuty: ['OPEN', 'WARNED', 'MET'],
    warnYearDutyDue: all,
    markYearDutyOverdue: all,
  },
  reach: {
    OPEN: () => opened().at('2027-01-01'),
    WARNED: () => warned().at('2027-01-01'),
    MET: () => met().at('2027-01-01'),
    CLOSED: () => met().at('2027-01-01').after('closeYearDuty', {}, system),
  },
  inputs: {
    meetYearDuty: () => [by, system],
    reportYearDutyMissing: () => [{}, system],
    closeYearDuty: () => [{}, system],
    warnYearDutyDue: () => [{ clock: 'T10', dueOn: '2026-12-31', mark: 'half' }, system],
    markYearDutyOverdue: () => [{ clock: 'T10', dueOn: '2026-12-31' }, system],
  },
  // The clock of a duty that is met has stopped.
  guarded: {
    'warnYearDutyDue MET': null,
    'warnYearDutyDue CLOSED': null,
    'markYearDutyOverdue MET': null,
    'markYearDutyOverdue CLOSED': null,
  },
});
