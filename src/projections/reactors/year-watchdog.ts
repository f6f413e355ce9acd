import type { LocalDate } from '../../domain/kernel/working-days.js';
import { jointMeetingModel, yearDutyModel } from '../cases/joint-meeting.js';
import { congressModel } from '../cases/registry.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { DueCommand } from '../kernel/scheduler.js';
import { keysUnder } from './scan.js';

const duty = 'T10';

/**
 * The yearly duties (T10, invariant 16): each city with a congress has one for each year; on 1 December it is told when
 * no meeting was held, and the year ends with a word: met or missing.
 */
export async function yearDutiesDue(today: LocalDate, view: ReadView): Promise<readonly DueCommand[]> {
  return [...(await toOpen(today, view)), ...(await toFollow(today, view))];
}

async function toOpen(today: LocalDate, view: ReadView): Promise<readonly DueCommand[]> {
  const year = Number(today.slice(0, 4));
  const congresses = await query(view, congressModel).rows(await keysUnder(view, congressModel, 'byLevel', ['city']));
  const opened = await Promise.all(
    congresses.map(async (seat) => {
      if (!seat) return [];
      const { region } = seat.state;
      if ((await keysUnder(view, yearDutyModel, 'byYear', [region, year])).length > 0) return [];
      return [{ action: 'openYearDuty', input: { region, year, duty }, commandId: `open ${region} ${year} ${duty}` }];
    }),
  );
  return opened.flat();
}

async function toFollow(today: LocalDate, view: ReadView): Promise<readonly DueCommand[]> {
  const open = await query(view, yearDutyModel).rows(await keysUnder(view, yearDutyModel, 'open', []));
  const due = await Promise.all(
    open.map(async (row): Promise<DueCommand[]> => {
      if (!row) return [];
      const { id, state } = row;
      const { region, year, status } = state;
      const command = (action: string, input: object = {}) => [{ action, id, input, commandId: `${action} ${id}` }];
      // A meeting that was closed before the duty was there, or a moment ago, comes first: it must not be called missing.
      const held = status === 'MET' ? undefined : await heldIn(view, region, year);
      if (held) return command('meetYearDuty', { by: held });
      if (today > `${year}-12-31`) return command('closeYearDuty');
      return status === 'OPEN' && today >= `${year}-12-01` ? command('reportYearDutyMissing') : [];
    }),
  );
  return due.flat();
}

async function heldIn(view: ReadView, region: string, year: number): Promise<string | undefined> {
  const { rows } = await query(view, jointMeetingModel).page('byHeld', {
    prefix: [region],
    from: `${year}-01-01`,
    through: `${year}-12-31`,
    limit: 1,
  });
  return rows[0]?.key;
}
