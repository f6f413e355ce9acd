import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClockState, Duration, Limit } from '../../../src/domain/kernel/clock.js';
import {
  addDays,
  alarmsOf,
  clockRefusals,
  clockState,
  extend,
  overdue,
  pause,
  resume,
  start,
  stop,
  warn,
  warningDates,
} from '../../../src/domain/kernel/clock.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';

const calendar = chineseCalendar();
const rules = { version: 'test-1', calendar };

const limit = (value: number, unit: Duration['unit'], atMost?: Duration): Limit => ({
  key: 'T5',
  label: ['Reply', '答复代表'],
  value,
  unit,
  startEvent: 'SuggestionAssigned',
  basis: ['article 51', '第五十一条'],
  configurable: 'tighter',
  ...(atMost && { atMost }),
});
const granted = (clock: ClockState | ReturnType<typeof extend>): ClockState => {
  if (isRefusal(clock)) throw new Error(clock.message[0]);
  return clock;
};

describe('a clock of a case (architecture.md §5)', () => {
  const threeMonths = limit(3, 'month', { value: 6, unit: 'month' });
  const begun = start(threeMonths, '2026-03-02', rules); // due 2 June 2026, a Tuesday; at most 2 September

  test('it starts with its due date, its legal maximum and the version of the rules', () => {
    expect(begun).toEqual({
      limit: 'T5',
      unit: 'month',
      rules: 'test-1',
      status: 'RUNNING',
      startedOn: '2026-03-02',
      endsOn: '2026-06-02',
      dueOn: '2026-06-02',
      latestOn: '2026-09-02',
      lapses: false,
      provisional: false,
      armedOn: '2026-03-02',
      warnedFor: [],
      overdueFor: null,
      pausedOn: null,
    });
    expect(clockState.parse(JSON.parse(JSON.stringify(begun)))).toEqual(begun);
  });

  test('it warns at 50 %, 80 % and five working days before the due date', () => {
    expect(warningDates(begun, calendar)).toEqual([
      { mark: 'half', on: '2026-04-17' }, // 92 days: 46
      { mark: 'fourFifths', on: '2026-05-14' }, // 73
      { mark: 'fiveWorkdays', on: '2026-05-26' },
    ]);
  });

  test('a short limit warns once a day, after its start and before its end', () => {
    const short = start(limit(3, 'day'), '2026-03-02', rules); // due Thursday 5 March
    expect(warningDates(short, calendar)).toEqual([
      { mark: 'half', on: '2026-03-03' },
      { mark: 'fourFifths', on: '2026-03-04' },
    ]);
    expect(warningDates(start(limit(1, 'day'), '2026-03-02', rules), calendar)).toEqual([]);
  });

  test('each warning and the overdue are open until given, overdue from the day after the due date', () => {
    const marks = (clock: ClockState) => alarmsOf(clock, calendar).map((alarm) => alarm.mark);
    expect(alarmsOf(begun, calendar).at(-1)).toEqual({ mark: 'overdue', on: '2026-06-03' });
    expect(marks(warn(begun, 'half'))).toEqual(['fourFifths', 'fiveWorkdays', 'overdue']);
    expect(warn(warn(begun, 'half'), 'half')).toEqual(warn(begun, 'half'));
    expect(marks(overdue(begun))).toEqual([]);
  });

  test('a paused or stopped clock is silent', () => {
    expect(alarmsOf(pause(begun, '2026-04-01'), calendar)).toEqual([]);
    expect(alarmsOf(stop(begun), calendar)).toEqual([]);
    expect(stop(stop(begun))).toEqual(stop(begun));
  });

  test('a resumed clock ends later by the days paused, and so do its open warnings', () => {
    const resumed = resume(pause(warn(begun, 'half'), '2026-04-20'), '2026-05-06', calendar); // 16 days
    expect(resumed).toMatchObject({ status: 'RUNNING', dueOn: '2026-06-18', pausedOn: null, warnedFor: ['half'] });
    expect(alarmsOf(resumed, calendar)[0]).toEqual({ mark: 'fourFifths', on: '2026-05-30' });
  });

  test('a clock of working days ends later by the working days paused', () => {
    const clock = start(limit(7, 'workday'), '2025-09-22', rules); // 23–26 (4), Sunday 28, 29, 30
    expect(clock.dueOn).toBe('2025-09-30');
    // Paused with 3 working days left: after 9 October these are Friday 10, swapped Saturday 11, Monday 13.
    expect(resume(pause(clock, '2025-09-26'), '2025-10-09', calendar).dueOn).toBe('2025-10-13');
  });

  test('a pause over days off alone does not move a clock of working days', () => {
    const clock = start(limit(20, 'workday'), '2026-02-12', rules);
    expect(resume(pause(clock, '2026-02-14'), '2026-02-23', calendar).dueOn).toBe(clock.dueOn);
  });

  test('pauses add up: a due date that moved to a working day does not gain that day again', () => {
    const clock = start(limit(10, 'day'), '2026-03-04', rules); // ends Saturday 14 March, due Monday 16
    expect([clock.endsOn, clock.dueOn]).toEqual(['2026-03-14', '2026-03-16']);
    const once = resume(pause(clock, '2026-03-05'), '2026-03-06', calendar);
    expect([once.endsOn, once.dueOn]).toEqual(['2026-03-15', '2026-03-16']);
  });

  test('pausing and resuming on one day changes nothing', () => {
    expect(resume(pause(begun, '2026-04-01'), '2026-04-01', calendar)).toEqual(begun);
  });

  test('an extension arms the warnings and the overdue again, counted from the day it was granted', () => {
    const late = overdue(warn(warn(warn(begun, 'half'), 'fourFifths'), 'fiveWorkdays'));
    const extended = granted(extend(late, '2026-07-02', '2026-06-02', calendar)); // 30 days
    expect(extended).toMatchObject({ dueOn: '2026-07-02', warnedFor: [], overdueFor: '2026-06-02' });
    expect(alarmsOf(extended, calendar)).toEqual([
      { mark: 'half', on: '2026-06-17' },
      { mark: 'fiveWorkdays', on: '2026-06-25' },
      { mark: 'fourFifths', on: '2026-06-26' },
      { mark: 'overdue', on: '2026-07-03' },
    ]);
    expect(alarmsOf(overdue(extended), calendar)).toEqual([]);
  });

  test('an extension to a day off moves to the next working day', () => {
    expect(granted(extend(begun, '2026-06-20', '2026-05-20', calendar)).dueOn).toBe('2026-06-22');
  });

  test('no extension goes beyond six months from assignment (T6, invariant 3)', () => {
    expect(granted(extend(begun, '2026-09-02', '2026-05-20', calendar)).dueOn).toBe('2026-09-02');
    expect(extend(begun, '2026-09-03', '2026-05-20', calendar)).toEqual(
      clockRefusals.DUE_DATE_BEYOND_MAXIMUM({ to: '2026-09-03', latest: '2026-09-02' }),
    );
  });

  test('no pause goes beyond six months from assignment (T6, invariant 3)', () => {
    const resumed = resume(pause(begun, '2026-04-01'), '2026-12-01', calendar);
    expect([resumed.endsOn, resumed.dueOn]).toEqual(['2026-09-02', '2026-09-02']);
  });

  test('an extension must be later than the due date, and the clock must run', () => {
    expect(extend(begun, '2026-06-02', '2026-05-20', calendar)).toMatchObject({ refused: 'DUE_DATE_NOT_LATER' });
    for (const clock of [stop(begun), pause(begun, '2026-04-01')])
      expect(extend(clock, '2026-07-02', '2026-05-20', calendar)).toMatchObject({ refused: 'CLOCK_NOT_RUNNING' });
  });

  test('an extension past the known calendar is provisional', () => {
    const clock = start(limit(1, 'month'), '2026-11-02', rules);
    expect(granted(extend(clock, '2027-02-01', '2026-11-20', calendar))).toMatchObject({
      dueOn: '2027-02-01',
      provisional: true,
    });
  });

  test('pausing what does not run, resuming what is not paused, and going back in time are broken rules', () => {
    const paused = pause(begun, '2026-04-01');
    expect(() => pause(paused, '2026-04-02')).toThrow();
    expect(() => pause(begun, '2026-03-01')).toThrow();
    expect(() => resume(begun, '2026-04-02', calendar)).toThrow();
    expect(() => resume(paused, '2026-03-31', calendar)).toThrow();
    expect(() => resume(stop(paused), '2026-04-02', calendar)).toThrow();
  });

  test('whatever happens to a clock, its due date never goes back and never passes the maximum', () => {
    const step = fc.record({ kind: fc.constantFrom('pause', 'extend'), after: fc.nat(20), days: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        let clock = begun;
        let today = begun.startedOn;
        for (const { kind, after, days } of steps) {
          today = addDays(today, after);
          const before = clock.dueOn;
          if (kind === 'pause') {
            const paused = pause(clock, today);
            today = addDays(today, days);
            clock = resume(paused, today, calendar);
          } else {
            const next = extend(clock, addDays(clock.dueOn, days), today, calendar);
            if (!isRefusal(next)) clock = next;
          }
          expect(clock.dueOn >= before && clock.dueOn <= '2026-09-02').toBe(true);
        }
      }),
    );
  });
});

test('a right that lapses (T3) is warned of, and nobody is overdue when it ends unused', () => {
  const right = start({ ...limit(7, 'workday'), lapses: true }, '2026-03-02', rules);
  expect(alarmsOf(right, calendar).map(({ mark }) => mark)).toEqual(['fiveWorkdays', 'half', 'fourFifths']);
  const duty = start(limit(7, 'workday'), '2026-03-02', rules);
  expect(alarmsOf(duty, calendar).map(({ mark }) => mark)).toContain('overdue');
});
