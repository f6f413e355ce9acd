import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar, Duration } from '../../../src/domain/kernel/clock.js';
import {
  addDays,
  addMonths,
  addWorkdays,
  daysBetween,
  dueOn,
  isWorkday,
  shanghaiDate,
  workdaysBetween,
} from '../../../src/domain/kernel/clock.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';

const calendar = chineseCalendar();
const due = (value: number, unit: Duration['unit'], from: string) => dueOn({ value, unit }, from, calendar).dueOn;

describe('days in Asia/Shanghai', () => {
  test('a day begins at 16:00 UTC of the day before', () => {
    expect(shanghaiDate('2026-01-31T15:59:59.999Z')).toBe('2026-01-31');
    expect(shanghaiDate('2026-01-31T16:00:00.000Z')).toBe('2026-02-01');
    expect(shanghaiDate('2026-02-01T00:30:00+08:00')).toBe('2026-02-01');
  });

  test('an instant without a zone and a date that does not exist are broken rules', () => {
    for (const bad of ['2026-01-31T15:59:59', '2026-01-31', 'soon', ''])
      expect(() => shanghaiDate(bad), bad).toThrow(RangeError);
    for (const bad of ['2025-02-29', '2026-13-01', '2026-1-1', '2026-01-01T00:00:00Z', ''])
      expect(() => addDays(bad, 1), bad).toThrow(RangeError);
  });

  test('working days are counted after the first day up to and with the last', () => {
    // 2025-01-24 is a Friday; Sunday 26 (swapped) and Monday 27 work, then Spring Festival to 4 February.
    expect(workdaysBetween('2025-01-24', '2025-02-05', calendar)).toBe(3);
    expect(workdaysBetween('2025-02-05', '2025-01-24', calendar)).toBe(-3);
    expect(addWorkdays('2025-01-24', 3, calendar)).toBe('2025-02-05');
    expect(addWorkdays('2025-02-05', -3, calendar)).toBe('2025-01-24');
  });
});

describe('due dates (domain.md §2 "Counting", Civil Code 201–203)', () => {
  test.each([
    ['a month ends on the same day number', 3, 'month', '2025-03-03', '2025-06-03'],
    ['3 months into National Day move to the first working day', 3, 'month', '2025-07-01', '2025-10-09'],
    ['6 months from the same day reach the next year', 6, 'month', '2025-07-03', '2026-01-04'],
    ['6 months into a Saturday move to Monday', 6, 'month', '2025-07-10', '2026-01-12'],
    ['3 months into Spring Festival move past its nine days', 3, 'month', '2025-11-15', '2026-02-24'],
    ['an end on a swapped working Sunday stays', 3, 'month', '2025-06-28', '2025-09-28'],
    [
      '30 November + 3 months is 28 February, in 2026 a swapped working Saturday',
      3,
      'month',
      '2025-11-30',
      '2026-02-28',
    ],
    ['30 November + 3 months is 28 February, in 2025 a Friday', 3, 'month', '2024-11-30', '2025-02-28'],
    ['30 November + 3 months is 29 February in a leap year', 3, 'month', '2023-11-30', '2024-02-29'],
    ['29 February + 6 months keeps its day number', 6, 'month', '2024-02-29', '2024-08-29'],
    ['a clamped end on a Saturday moves to Monday', 3, 'month', '2024-08-31', '2024-12-02'],
    ['a clamped end on a holiday moves past it', 1, 'month', '2025-12-31', '2026-02-02'],
    ['days count the weekend but not the start day', 10, 'day', '2026-01-09', '2026-01-19'],
    ['an end of days on National Day moves past it', 7, 'day', '2025-09-24', '2025-10-09'],
    ['7 working days count a swapped Sunday and skip National Day', 7, 'workday', '2025-09-24', '2025-10-10'],
    ['20 working days count both swapped days around Spring Festival 2025', 20, 'workday', '2025-01-13', '2025-02-14'],
    [
      '5 working days over Spring Festival 2026 count Saturday 14 and 28 February',
      5,
      'workday',
      '2026-02-12',
      '2026-02-26',
    ],
    ['hours are rounded up to days and do not move', 24, 'hour', '2026-05-01', '2026-05-02'],
    ['a calendar year ends on 31 December, working day or not', 1, 'year', '2023-01-01', '2023-12-31'],
  ] as const)('%s', (_, value, unit, from, expected) => {
    expect(due(value, unit, from)).toBe(expected);
  });

  test('past the known calendar only weekends count and the date is provisional (T13 of the lessons)', () => {
    expect(dueOn({ value: 3, unit: 'month' }, '2026-09-30', calendar)).toEqual({
      dueOn: '2026-12-30',
      provisional: false,
    });
    expect(dueOn({ value: 3, unit: 'month' }, '2026-10-01', calendar)).toEqual({
      dueOn: '2027-01-01',
      provisional: true,
    });
    expect(dueOn({ value: 3, unit: 'month' }, '2026-10-02', calendar)).toEqual({
      dueOn: '2027-01-04',
      provisional: true,
    });
    expect(dueOn({ value: 5, unit: 'workday' }, '2026-12-29', calendar)).toEqual({
      dueOn: '2027-01-05',
      provisional: true,
    });
  });

  test('the calendar is not asked about days that it does not know', () => {
    const strict: Calendar = {
      knownUntil: '2026-06-30',
      isWorkday(date) {
        if (date > '2026-06-30') throw new Error(`asked about ${date}`);
        return calendar.isWorkday(date);
      },
    };
    // From Monday 28 September; National Day is not known, so it does not count as days off.
    expect(dueOn({ value: 3, unit: 'workday' }, '2026-09-28', strict)).toEqual({
      dueOn: '2026-10-01',
      provisional: true,
    });
  });

  test('a limit that is not a whole number of at least 1 is a broken rule', () => {
    for (const value of [0, -1, 1.5, Number.NaN]) expect(() => due(value, 'day', '2026-01-05')).toThrow(RangeError);
  });

  const dates = fc
    .integer({ min: 0, max: daysBetween('2005-01-01', '2025-12-31') })
    .map((n) => addDays('2005-01-01', n));
  const values = fc.integer({ min: 1, max: 11 });
  const units = fc.constantFrom('day', 'workday', 'month');

  test('a due date is a working day after the start, whatever the start', () => {
    fc.assert(
      fc.property(dates, values, units, (from, value, unit) => {
        const { dueOn: to, provisional } = dueOn({ value, unit }, from, calendar);
        expect(to > from).toBe(true);
        expect(isWorkday(to, calendar)).toBe(true);
        expect(provisional).toBe(to > calendar.knownUntil);
      }),
    );
  });

  test('a later start or a longer limit never ends earlier', () => {
    fc.assert(
      fc.property(dates, fc.nat(40), values, fc.nat(10), units, (from, later, value, longer, unit) => {
        const to = due(value, unit, from);
        expect(due(value, unit, addDays(from, later)) >= to).toBe(true);
        expect(due(value + longer, unit, from) >= to).toBe(true);
      }),
    );
  });

  test('a month limit is the clamped day number or the first working day after it', () => {
    fc.assert(
      fc.property(dates, values, (from, value) => {
        const end = addMonths(from, value);
        const to = due(value, 'month', from);
        expect(to >= end).toBe(true);
        for (let day = end; day < to; day = addDays(day, 1)) expect(isWorkday(day, calendar)).toBe(false);
        const [, month, dayNumber] = end.split('-').map(Number);
        const [, startMonth, startNumber] = from.split('-').map(Number);
        expect(((startMonth ?? 0) + value - 1) % 12).toBe((month ?? 0) - 1);
        expect(dayNumber === startNumber || addDays(end, 1).endsWith('-01')).toBe(true);
      }),
    );
  });

  test('the n-th working day is n working days away', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -60, max: 60 }), (from, n) => {
        const base = addWorkdays(from, 1, calendar);
        expect(workdaysBetween(base, addWorkdays(base, n, calendar), calendar)).toBe(n);
      }),
    );
  });
});
