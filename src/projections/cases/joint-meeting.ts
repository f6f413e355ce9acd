import type { z } from 'zod';
import { ancestorsOf } from '../../domain/kernel/region.js';
import { jointMeeting } from '../../domain/organization/joint-meeting/joint-meeting.js';
import { measure } from '../../domain/organization/joint-meeting/measure.js';
import { yearDuty } from '../../domain/organization/joint-meeting/year-duty.js';
import { caseModel } from '../kernel/case-model.js';
import { openClock, worstStanding } from './clocks.js';
import type { Waiting } from './waiting.js';
import { inboxOfCase, waits } from './waiting.js';

/** Joint meetings, the measures that come of them, and the duty to hold one a year (domain.md S3, T10). */
export const jointMeetingModel = caseModel(jointMeeting, {
  version: 2,
  filters: ['status', 'region'],
  indexes: { byHeld: ({ state }) => (state.heldOn ? [[state.region, state.heldOn]] : []) },
  rollups: {
    /** Meetings held, by the levels that came. */
    attended: ({ state }) =>
      state.heldOn
        ? ancestorsOf(state.region).flatMap((above) =>
            state.attendance.filter(({ present }) => present > 0).map(({ level }) => [above, level]),
          )
        : [],
  },
});

const measureWaits = (s: z.infer<typeof measure.state>): readonly Waiting[] => {
  if (s.status === 'VERIFIED') return [];
  if (s.status === 'DONE') return [waits(`office:${s.region}`, 'VERIFY_MEASURE')];
  const tag = `organ:${s.owner}`;
  return [waits(tag, 'CARRY_OUT_MEASURE', { clock: openClock(s, ({ owner }) => owner === tag), dueOn: s.dueOn })];
};
const measureInbox = inboxOfCase(measureWaits);

export const measureModel = caseModel(measure, {
  version: 2,
  filters: ['status', 'region', 'owner', 'meeting'],
  indexes: {
    inbox: measureInbox.index,
    /** Also what is verified: the organ that succeeds an owner takes over its records too. */
    byOrgan: ({ state }) => [[state.owner]],
    byMeeting: ({ state }) => [[state.meeting]],
  },
  rollups: {
    inbox: measureInbox.rollup,
    standing: ({ state }) => ancestorsOf(state.region).map((above) => [above, state.status, worstStanding(state)]),
  },
});

const dutyWaits = (s: z.infer<typeof yearDuty.state>): readonly Waiting[] =>
  s.status === 'OPEN' || s.status === 'WARNED'
    ? [waits(`office:${s.region}`, 'HOLD_MEETING', { clock: openClock(s, () => true), dueOn: `${s.year}-12-31` })]
    : [];
const dutyInbox = inboxOfCase(dutyWaits);

export const yearDutyModel = caseModel(yearDuty, {
  version: 1,
  filters: ['status', 'region', 'year'],
  indexes: {
    inbox: dutyInbox.index,
    byYear: ({ state }) => [[state.region, state.year]],
    /** Years that have not been closed. */
    open: ({ state }) => (state.status === 'CLOSED' ? [] : [[state.year, state.region]]),
  },
  rollups: {
    inbox: dutyInbox.rollup,
    standing: ({ state }) =>
      ancestorsOf(state.region).map((above) => [above, String(state.year), state.outcome ?? state.status]),
  },
});

/** By kind of case: what waits for whom. */
export const jointMeetingWaits = { measure: measureWaits, yearDuty: dutyWaits };
