import { z } from 'zod';
import { day, flag, oneOf, storedText } from './fields.js';
import type { Bilingual, Refusal } from './refusal.js';
import { defineRefusals } from './refusal.js';
import type { Calendar, LocalDate } from './working-days.js';
import { addDays, addMonths, addWorkdays, daysBetween, workdayFrom, workdaysBetween } from './working-days.js';

export * from './working-days.js';

/**
 * `year`: within the calendar year (1 = by 31 December of the year of the start).
 * `hour`: clocks are kept by date, so hours are rounded up to whole days.
 */
export const limitUnits = ['hour', 'day', 'workday', 'month', 'year'] as const;
export type LimitUnit = (typeof limitUnits)[number];
export type Duration = { readonly value: number; readonly unit: LimitUnit };

/** The number of the limit in the table of time limits: `T5` is the reply. */
export type LimitKey = string;

/** A time limit is data: the same code runs for every region and every version of its regulation. */
export type Limit = Duration & {
  readonly key: LimitKey;
  readonly label: Bilingual;
  /** The event type that starts the clock; `YearBegan` is 1 January. */
  readonly startEvent: string;
  readonly basis: Bilingual;
  /** A regulation may set it `freely`, or only `tighter` because a law gives the number. */
  readonly configurable: 'freely' | 'tighter';
  /** A right that ends when it is not used, no duty that is missed: nobody is overdue. */
  readonly lapses?: true;
  /** The farthest that extensions and pauses may move the due date, counted from the start. */
  readonly atMost?: Duration;
};

export type Due = { readonly dueOn: LocalDate; readonly provisional: boolean };

/** Civil Code art. 201: the start day is not counted; 202: a month ends on the same day number or the month's last day. */
function endOf({ value, unit }: Duration, start: LocalDate, calendar: Calendar): LocalDate {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`a limit of ${value} ${unit}`);
  switch (unit) {
    case 'hour':
      return addDays(start, Math.ceil(value / 24));
    case 'day':
      return addDays(start, value);
    case 'workday':
      return addWorkdays(start, value, calendar);
    case 'month':
      return addMonths(start, value);
    case 'year':
      return addMonths(`${start.slice(0, 4)}-12-31`, 12 * (value - 1));
  }
}

/** Civil Code art. 203: an end on a holiday moves to the next working day. Hours and calendar years end where they end. */
const moved = (end: LocalDate, unit: LimitUnit, calendar: Calendar): LocalDate =>
  unit === 'hour' || unit === 'year' ? end : workdayFrom(end, calendar);

/** `provisional`: past the known calendar, so a holiday list still to be published may move it. */
export function dueOn(limit: Duration, start: LocalDate, calendar: Calendar): Due {
  const due = moved(endOf(limit, start, calendar), limit.unit, calendar);
  return { dueOn: due, provisional: due > calendar.knownUntil };
}

export const warningMarks = ['half', 'fourFifths', 'fiveWorkdays'] as const;
export type WarningMark = (typeof warningMarks)[number];

/**
 * One clock of a case. It holds what it needs of its limit, so a case keeps the rules that were in force at its start.
 * It goes into events as it is: the functions below run when an action decides, a fold only copies the result.
 */
export const clockState = z.strictObject({
  limit: storedText(['Number of the time limit, such as T5', '时限编号，如T5']),
  unit: oneOf(limitUnits, ['What the limit is counted in', '计算单位']),
  rules: storedText(['Version of the rules at the start', '起算时适用的制度版本']),
  status: oneOf(['RUNNING', 'PAUSED', 'STOPPED'], ['Status of the clock', '计时状态']),
  startedOn: day(['Day of the start, not counted', '起算日（不计入）']),
  endsOn: day(['Where the count ends, before it moves to a working day', '届满日（顺延前）']),
  dueOn: day(['Due date', '到期日']),
  latestOn: day(['The farthest due date that the limit allows', '最迟到期日']).nullable(),
  provisional: flag(['The due date lies past the published holiday lists', '到期日超出已公布的放假安排，为暂定']),
  armedOn: day(['Warnings are counted from this day', '预警起算日']),
  warnedFor: z
    .array(oneOf(warningMarks, ['Warning mark', '预警节点']))
    .describe('Warnings given for this due date 已发预警'),
  lapses: flag(['At its end a right lapses, and nobody is overdue', '期满即失权，不作逾期']),
  overdueFor: day(['The due date that was reported as missed', '已记逾期的到期日']).nullable(),
  pausedOn: day(['Day of the pause', '暂停日']).nullable(),
});
export type ClockState = z.infer<typeof clockState>;

export const clockRefusals = defineRefusals({
  CLOCK_NOT_RUNNING: {
    message: ['The time limit {limit} is not running.', '时限{limit}未在计时。'],
    next: ['Resume it first, or look at the case again.', '请先恢复计时，或重新查看该事项。'],
  },
  DUE_DATE_NOT_LATER: {
    message: ['{to} is not later than the due date {dueOn}.', '{to}不晚于现到期日{dueOn}。'],
    next: ['Name a later date.', '请填写更晚的日期。'],
  },
  DUE_DATE_BEYOND_MAXIMUM: {
    message: ['{to} is beyond {latest}, the latest date that the law allows.', '{to}超过法定最迟日期{latest}。'],
    next: ['Name a date not later than {latest}.', '请填写不晚于{latest}的日期。'],
  },
});

type RulesAtStart = { readonly version: string; readonly calendar: Calendar };

export function start(limit: Limit, on: LocalDate, rules: RulesAtStart): ClockState {
  const { calendar } = rules;
  return {
    ...begun(limit.key, on, rules),
    unit: limit.unit,
    endsOn: endOf(limit, on, calendar),
    ...dueOn(limit, on, calendar),
    latestOn: limit.atMost ? dueOn(limit.atMost, on, calendar).dueOn : null,
    lapses: limit.lapses ?? false,
  };
}

/** A due date that somebody has named, and no limit gives. On a holiday it moves to the next working day. */
export function startUntil(name: string, until: LocalDate, on: LocalDate, rules: RulesAtStart): ClockState {
  const due = workdayFrom(until, rules.calendar);
  const provisional = due > rules.calendar.knownUntil;
  return { ...begun(name, on, rules), endsOn: until, dueOn: due, provisional };
}

const begun = (limit: string, on: LocalDate, { version }: RulesAtStart): ClockState => ({
  limit,
  unit: 'day',
  rules: version,
  status: 'RUNNING',
  startedOn: on,
  endsOn: on,
  dueOn: on,
  latestOn: null,
  provisional: false,
  armedOn: on,
  warnedFor: [],
  lapses: false,
  overdueFor: null,
  pausedOn: null,
});

const earlier = (a: LocalDate, b: LocalDate): LocalDate => (b < a ? b : a);

/** Moves the end, never past the legal maximum. */
function endingOn(clock: ClockState, endsOn: LocalDate, calendar: Calendar): ClockState {
  const due = moved(endsOn, clock.unit, calendar);
  const to = earlier(due, clock.latestOn ?? due);
  return { ...clock, endsOn: earlier(endsOn, to), dueOn: to, provisional: to > calendar.knownUntil };
}

/** Only a running clock pauses: the caller's own state says so, anything else is a broken rule. */
export function pause(clock: ClockState, on: LocalDate): ClockState {
  if (clock.status !== 'RUNNING' || on < clock.startedOn) throw new Error(`clock ${clock.limit} cannot pause on ${on}`);
  return { ...clock, status: 'PAUSED', pausedOn: on };
}

/** The due date moves by the days paused (working days where the limit counts those), and the warnings not yet given with it. */
export function resume(clock: ClockState, on: LocalDate, calendar: Calendar): ClockState {
  const from = clock.pausedOn;
  if (clock.status !== 'PAUSED' || from === null || on < from)
    throw new Error(`clock ${clock.limit} cannot resume on ${on}`);
  const days = daysBetween(from, on);
  const endsOn =
    clock.unit === 'workday'
      ? addWorkdays(clock.endsOn, workdaysBetween(from, on, calendar), calendar)
      : addDays(clock.endsOn, days);
  const running: ClockState = { ...clock, status: 'RUNNING', pausedOn: null, armedOn: addDays(clock.armedOn, days) };
  return endingOn(running, endsOn, calendar);
}

/** A later due date granted on day `on`. Warnings and overdue start again for it, counted from that day. */
export function extend(clock: ClockState, to: LocalDate, on: LocalDate, calendar: Calendar): ClockState | Refusal {
  if (clock.status !== 'RUNNING') return clockRefusals.CLOCK_NOT_RUNNING({ limit: clock.limit });
  if (to <= clock.dueOn) return clockRefusals.DUE_DATE_NOT_LATER({ to, dueOn: clock.dueOn });
  if (clock.latestOn !== null && to > clock.latestOn)
    return clockRefusals.DUE_DATE_BEYOND_MAXIMUM({ to, latest: clock.latestOn });
  return endingOn({ ...clock, armedOn: on, warnedFor: [] }, to, calendar);
}

/** The duty is done, or gone. A stopped clock stays stopped. */
export const stop = (clock: ClockState): ClockState => ({ ...clock, status: 'STOPPED', pausedOn: null });

export const warn = (clock: ClockState, mark: WarningMark): ClockState =>
  clock.warnedFor.includes(mark) ? clock : { ...clock, warnedFor: [...clock.warnedFor, mark] };

export const overdue = (clock: ClockState): ClockState => ({ ...clock, overdueFor: clock.dueOn });

export type Alarm = { readonly mark: WarningMark | 'overdue'; readonly on: LocalDate };

/** The days to warn on: at 50 % and 80 % of the time and five working days before the end; one a day, before the due date. */
export function warningDates(clock: ClockState, calendar: Calendar): readonly Alarm[] {
  const total = daysBetween(clock.armedOn, clock.dueOn);
  const dates: Record<WarningMark, LocalDate> = {
    half: addDays(clock.armedOn, Math.floor(total / 2)),
    fourFifths: addDays(clock.armedOn, Math.floor((total * 4) / 5)),
    fiveWorkdays: addWorkdays(clock.dueOn, -5, calendar),
  };
  return warningMarks
    .map((mark) => ({ mark, on: dates[mark] }))
    .filter(({ on }) => on > clock.armedOn && on < clock.dueOn)
    .sort((a, b) => a.on.localeCompare(b.on))
    .filter(({ on }, i, all) => all[i - 1]?.on !== on);
}

/**
 * What a deadline reactor has still to say about this clock, by date; it is due when its date is today or past. Overdue
 * comes on the day after the due date, once for each due date.
 */
export function alarmsOf(clock: ClockState, calendar: Calendar): readonly Alarm[] {
  if (clock.status !== 'RUNNING') return [];
  const given: readonly string[] = clock.warnedFor;
  const open = warningDates(clock, calendar).filter(({ mark }) => !given.includes(mark));
  if (clock.lapses) return open;
  return clock.overdueFor === clock.dueOn ? [] : [...open, { mark: 'overdue', on: addDays(clock.dueOn, 1) }];
}
