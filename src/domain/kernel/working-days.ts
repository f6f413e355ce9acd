/** A day in Asia/Shanghai, `YYYY-MM-DD`. Two of them compare as strings, in time order. */
export type LocalDate = string;

/** The State Council's yearly holiday lists, as data from outside. */
export interface Calendar {
  /** Weekends swapped to work (调休) are working days; holidays on weekdays are not. Asked only up to `knownUntil`. */
  isWorkday(date: LocalDate): boolean;
  /** The last day for which a list is published. Beyond it only weekends are known. */
  readonly knownUntil: LocalDate;
}

const DAY = 86_400_000;
/** Asia/Shanghai has kept UTC+8 without summer time since 1992. */
const SHANGHAI = 8 * 3_600_000;

/** Midnight UTC stands for the day: date arithmetic must not depend on the zone of the machine. */
function toDay(date: LocalDate): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(time) || fromTime(time) !== date)
    throw new RangeError(`not a date: ${date}`);
  return time / DAY;
}

function fromTime(time: number): LocalDate {
  const date = new Date(time).toISOString().slice(0, 10);
  if (!/^\d{4}-/.test(date)) throw new RangeError('date beyond the year 9999');
  return date;
}

/** The day in Asia/Shanghai at an instant (ISO 8601 with a zone). */
export function shanghaiDate(instant: string): LocalDate {
  const time = /(Z|[+-]\d\d:\d\d)$/.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(time)) throw new RangeError(`not an instant: ${instant}`);
  return fromTime(time + SHANGHAI);
}

export const addDays = (date: LocalDate, days: number): LocalDate => fromTime((toDay(date) + days) * DAY);

/** From the first to the second: negative when the second is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => toDay(to) - toDay(from);

/** The same day number `months` later, or the last day of a month that has no such number (30 November + 3 = 28 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const from = new Date(toDay(date) * DAY);
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return fromTime(Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay)));
}

/** By the calendar as far as it is known, beyond that Monday to Friday. */
export function isWorkday(date: LocalDate, calendar: Calendar): boolean {
  if (date <= calendar.knownUntil) return calendar.isWorkday(date);
  const weekday = new Date(toDay(date) * DAY).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The day itself when it is a working day, else the first one after it. */
export function workdayFrom(date: LocalDate, calendar: Calendar): LocalDate {
  let day = date;
  while (!isWorkday(day, calendar)) day = addDays(day, 1);
  return day;
}

/** The n-th working day after `date`, which is not counted itself; before it when n is negative. */
export function addWorkdays(date: LocalDate, n: number, calendar: Calendar): LocalDate {
  const step = Math.sign(n);
  let day = date;
  for (let left = Math.abs(n); left > 0; ) {
    day = addDays(day, step);
    if (isWorkday(day, calendar)) left--;
  }
  return day;
}

/** Working days after `from` up to and with `to`: negative when `to` is earlier. */
export function workdaysBetween(from: LocalDate, to: LocalDate, calendar: Calendar): number {
  if (to < from) return -workdaysBetween(to, from, calendar);
  let n = 0;
  for (let day = from; day < to; ) {
    day = addDays(day, 1);
    if (isWorkday(day, calendar)) n++;
  }
  return n;
}
