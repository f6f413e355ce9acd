import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { CaseClock } from '../../domain/kernel/case-clocks.js';
import { caseClock, clockEvents } from '../../domain/kernel/case-clocks.js';
import { alarmsOf } from '../../domain/kernel/clock.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import { day, storedText } from '../../domain/kernel/fields.js';
import type { Rules } from '../../domain/kernel/rules.js';
import { facts } from '../../domain/kernel/visibility.js';
import type { LocalDate } from '../../domain/kernel/working-days.js';
import { query } from '../kernel/query.js';
import type { ReadModel } from '../kernel/read-model.js';
import type { DueCommand, SchedulerDeps } from '../kernel/scheduler.js';

/** A clock that still counts, and the day on which something is to be said about it next. */
export type Deadline = { readonly stream: string; readonly clock: CaseClock; readonly next: LocalDate | null };

/** How many commands one round asks for; the scheduler asks again until nothing is due. */
const defaultRound = 2_000;
const datesKnown = 10_000;

/**
 * All clocks of all cases, one row for each: whatever kind of case has clocks is here without a word said. The next day
 * is kept in the row, so that an index entry never depends on a calendar that has changed since; a newer holiday list
 * makes a newer version, which is folded anew.
 */
export function deadlines(
  rules: Pick<Rules, 'calendar'>,
  roundSize = defaultRound,
): ReadModel<Deadline> & { readonly due: SchedulerDeps['due'] } {
  const { calendar } = rules;
  const known = new Map<string, LocalDate | null>();

  /** Thousands of clocks run from one day to another: it is worked out once for them all. */
  function nextOf(clock: CaseClock): LocalDate | null {
    const { status, armedOn, dueOn, warnedFor, lapses, overdueFor } = clock;
    const name = `${status} ${armedOn} ${dueOn} ${warnedFor.join()} ${lapses} ${overdueFor}`;
    let next = known.get(name);
    if (next === undefined) {
      const days = alarmsOf(clock, calendar).map(({ on }) => on);
      next = days.sort()[0] ?? null;
      if (known.size >= datesKnown) known.clear();
      known.set(name, next);
    }
    return next;
  }

  const model: ReadModel<Deadline> = {
    name: 'deadlines',
    version: 10_000 + Number(calendar.knownUntil.slice(0, 4)),
    shape: facts({
      internal: {
        stream: storedText(['Stream of the case.', '事项']),
        clock: caseClock,
        next: day(['When something is to be said next.', '下次提示日期']).nullable(),
      },
    }),
    concerns: { types: new Set(Object.keys(clockEvents)) },
    keysOf: (event) => (event.type in clockEvents ? [`${event.stream} ${clockIn(event).clock}`] : []),
    fold(_, event) {
      const clock = clockIn(event);
      if (clock.status === 'STOPPED') return undefined;
      return { stream: event.stream, clock, next: nextOf(clock) };
    },
    indexes: { byNext: ({ next }) => (next === null ? [] : [[next]]) },
    rollups: {},
  };
  return {
    ...model,
    /** Everything that was to be said until today, the oldest first; after a standstill, all that was missed. */
    async due(today, view, tried) {
      const found: DueCommand[] = [];
      for (let after: string | undefined; found.length < roundSize; ) {
        const page = { prefix: [], through: today, limit: roundSize, after };
        const { rows, more } = await query(view, model).page('byNext', page);
        const commands = rows.flatMap(({ row: { stream, clock } }) =>
          alarmsOf(clock, calendar)
            .filter(({ on }) => on <= today)
            .map(({ mark }) => commandOf(stream, clock, mark)),
        );
        found.push(...commands.filter(({ commandId }) => !tried.has(commandId)));
        after = rows.at(-1)?.cursor;
        if (!more) break;
      }
      return found;
    },
  };
}

/**
 * One id for a case, clock, due date and mark, so it is said once; `armedOn` tells a clock that was set again for the
 * same day from the one before.
 */
function commandOf(stream: string, clock: CaseClock, mark: string): DueCommand {
  const { category, id } = refOfStream(stream);
  const name = category.charAt(0).toUpperCase() + category.slice(1);
  const about = { clock: clock.clock, dueOn: clock.dueOn };
  const commandId = `${stream} ${clock.clock} ${clock.dueOn} ${clock.armedOn} ${mark}`;
  return mark === 'overdue'
    ? { action: `mark${name}Overdue`, id, input: about, commandId }
    : { action: `warn${name}Due`, id, input: { ...about, mark }, commandId };
}

function clockIn({ data }: RecordedEvent): CaseClock {
  const { mark: _, reason: __, ...clock } = data as CaseClock & { mark?: string; reason?: string };
  return clock;
}
