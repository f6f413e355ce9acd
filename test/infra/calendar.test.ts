import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addDays, daysBetween, isWorkday } from '../../src/domain/kernel/clock.js';
import { chineseCalendar } from '../../src/infra/calendar.js';

const calendar = chineseCalendar();

const daysOff = (from: string, to: string): string[] => {
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i));
  return days.filter((day) => !calendar.isWorkday(day));
};

describe('working days against the lists of the State Council', () => {
  test.each([
    // 2025, 国办发明电〔2024〕12号
    ['New Year 2025', '2025-01-01', '2025-01-01'],
    ['Spring Festival 2025', '2025-01-28', '2025-02-04'],
    ['Tomb-sweeping Day 2025', '2025-04-04', '2025-04-06'],
    ['Labour Day 2025', '2025-05-01', '2025-05-05'],
    ['Dragon Boat Festival 2025', '2025-05-31', '2025-06-02'],
    ['National Day and Mid-autumn Festival 2025', '2025-10-01', '2025-10-08'],
    // 2026, 国办发明电〔2025〕7号
    ['New Year 2026', '2026-01-01', '2026-01-03'],
    ['Spring Festival 2026', '2026-02-15', '2026-02-23'],
    ['Tomb-sweeping Day 2026', '2026-04-04', '2026-04-06'],
    ['Labour Day 2026', '2026-05-01', '2026-05-05'],
    ['Dragon Boat Festival 2026', '2026-06-19', '2026-06-21'],
    ['Mid-autumn Festival 2026', '2026-09-25', '2026-09-27'],
    ['National Day 2026', '2026-10-01', '2026-10-07'],
  ])('%s is off from %s to %s, and no day longer', (_, from, to) => {
    expect(daysOff(from, to)).toHaveLength(daysBetween(from, to) + 1);
    const weekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    for (const next of [addDays(from, -1), addDays(to, 1)])
      expect(calendar.isWorkday(next) || weekend(next), next).toBe(true);
  });

  test.each([
    '2025-01-26',
    '2025-02-08',
    '2025-04-27',
    '2025-09-28',
    '2025-10-11',
    '2026-01-04',
    '2026-02-14',
    '2026-02-28',
    '2026-05-09',
    '2026-09-20',
    '2026-10-10',
  ])('%s is a weekend swapped to work (调休)', (date) => {
    expect(calendar.isWorkday(date)).toBe(true);
  });

  test('2025 has 248 working days and 2026 has 248', () => {
    expect(365 - daysOff('2025-01-01', '2025-12-31').length).toBe(248);
    expect(365 - daysOff('2026-01-01', '2026-12-31').length).toBe(248);
  });

  test('every day of the known years is what the package itself says, in the zone in which it is right', async () => {
    // West of Greenwich the package mixes the machine's zone with UTC and is a day off: why only its data is used.
    const script = `console.log(JSON.stringify(require('chinese-days').getWorkdaysInRange('2004-01-01', '2026-12-31')))`;
    const ran = await promisify(execFile)(process.execPath, ['-e', script], { env: { TZ: 'UTC' } });
    const worked = new Set(z.array(z.string()).parse(JSON.parse(ran.stdout)));
    const days = Array.from({ length: daysBetween('2004-01-01', '2026-12-31') + 1 }, (_, i) =>
      addDays('2004-01-01', i),
    );
    expect(worked.size).toBeGreaterThan(5000);
    expect(days.filter((day) => calendar.isWorkday(day) !== worked.has(day))).toEqual([]);
  });

  test('the calendar is known to the end of the last published year, beyond it only weekends are known', () => {
    expect(calendar.knownUntil).toBe('2026-12-31');
    expect(isWorkday('2027-01-01', calendar)).toBe(true); // a Friday; the list of 2027 will say it is off
    expect(isWorkday('2027-01-02', calendar)).toBe(false);
  });
});
