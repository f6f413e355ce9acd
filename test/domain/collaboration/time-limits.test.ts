import { describe, expect, test } from 'vitest';
import { defaultRules, timeLimits } from '../../../src/domain/collaboration/time-limits.js';
import { dueOn, start } from '../../../src/domain/kernel/clock.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';

const rules = defaultRules(chineseCalendar());

describe('the table of time limits (domain.md §2)', () => {
  test.each([
    ['T1', 10, 'day', 'CongressSessionClosed'],
    ['T2', 7, 'day', 'SuggestionSubmitted'],
    ['T3', 7, 'workday', 'AssignmentReceived'],
    ['T4', 1, 'month', 'AssignmentReceived'],
    ['T5', 3, 'month', 'SuggestionAssigned'],
    ['T6', 6, 'month', 'SuggestionAssigned'],
    ['T7', 20, 'workday', 'ReplyIssued'],
    ['T8', 1, 'month', 'RehandlingOrdered'],
    ['T9', 20, 'workday', 'ReplyIssued'],
    ['T10', 1, 'year', 'YearBegan'],
    ['T25', 15, 'workday', 'ErasureRequested'],
  ])('%s is %i %s(s) from %s', (key, value, unit, startEvent) => {
    expect(rules.limit(key)).toMatchObject({ key, value, unit, startEvent });
  });

  test('the table has T1 to T10 and T25 once each, every one with a legal basis in both languages', () => {
    const numbers = [...Array.from({ length: 10 }, (_, i) => i + 1), 25];
    expect(timeLimits.map(({ key }) => key)).toEqual(numbers.map((number) => `T${number}`));
    for (const { basis } of timeLimits) {
      expect(basis[0]).toMatch(/^[\x20-\x7e’]+$/);
      expect(basis[1]).toMatch(/\p{Script=Han}/u);
    }
  });

  test('what a law or the mechanism prescribes may only be tightened (S2)', () => {
    const bound = timeLimits.filter(({ configurable }) => configurable === 'tighter').map(({ key }) => key);
    expect(bound).toEqual(['T5', 'T6', 'T10']);
  });

  test('a reply is never due later than six months from assignment (T5, T6, Deputies Law 51, invariant 3)', () => {
    for (const key of ['T5', 'T6']) expect(start(rules.limit(key), '2026-01-20', rules).latestOn).toBe('2026-07-20');
  });

  test('assigned on one day, a reply is due after 3 months and a difficult one after 6 (T5, T6)', () => {
    expect(start(rules.limit('T5'), '2026-01-20', rules).dueOn).toBe('2026-04-20');
    expect(start(rules.limit('T6'), '2026-01-20', rules).dueOn).toBe('2026-07-20');
  });

  test('the joint meeting is due within the calendar year (T10)', () => {
    expect(dueOn(rules.limit('T10'), '2026-01-01', rules.calendar)).toEqual({
      dueOn: '2026-12-31',
      provisional: false,
    });
  });

  test('a key that the rules do not have is a broken rule', () => {
    expect(() => rules.limit('T99')).toThrow('T99');
  });
});
