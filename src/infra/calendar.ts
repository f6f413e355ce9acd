import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Calendar } from '../domain/kernel/clock.js';

// The package's functions are a day off where the machine's zone lies west of Greenwich, and do not say up to which
// year they know the holidays. So only its published data is used: `holidays` are days off, `workdays` are weekends
// swapped to work (调休).
const published = z.object({
  holidays: z.record(z.iso.date(), z.string()),
  workdays: z.record(z.iso.date(), z.string()),
});

/** The State Council's holiday lists as `chinese-days` carries them. A new year's list comes with an update of the package. */
export function chineseCalendar(): Calendar {
  const data = published.parse(createRequire(import.meta.url)('chinese-days/dist/chinese-days.json'));
  const holidays = new Set(Object.keys(data.holidays));
  const swapped = new Set(Object.keys(data.workdays));
  // National Day tells that the year's list is there: a lone New Year's holiday can already stand in the list before.
  const lastYear = [...holidays]
    .filter((date) => date.endsWith('-10-01'))
    .sort()
    .at(-1)
    ?.slice(0, 4);
  if (lastYear === undefined) throw new Error('chinese-days has no holiday list');
  return {
    knownUntil: `${lastYear}-12-31`,
    isWorkday(date) {
      if (swapped.has(date)) return true;
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      return weekday !== 0 && weekday !== 6 && !holidays.has(date);
    },
  };
}
