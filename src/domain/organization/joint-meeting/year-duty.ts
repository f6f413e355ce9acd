import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { defineAggregate } from '../../kernel/aggregate.js';
import { caseClock, clockActions, clockEvents, clockFolds, startClock, stopClocks } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { day, listOf, oneOf, ref, region } from '../../kernel/fields.js';
import { levelOf } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { jointMeeting } from './joint-meeting.js';
import { meetingRefusals as refusals } from './refusals.js';

/**
 * 年度义务 (domain.md T10, invariant 16): one case per city, year and duty, so that each year ends with a word on whether
 * the duty was met. Everything in it is done by the system.
 */
const about = {
  region: region(['The city.', '所属市']),
  year: z.int().min(1954).max(2199).describe('Calendar year. 年度'),
  duty: oneOf(['T10'], ['T10: hold a five-level joint meeting.', 'T10：召开五级代表联席会议']),
};
const meeting = ref('jointMeeting', ['Meeting that meets it.', '据以完成的会议']);
const outcome = oneOf(['MET', 'MISSING'], ['Met or missing.', '已履行、未履行']);

export const yearDuty = defineAggregate({
  category: 'yearDuty',
  term: ['duty of the year', '年度义务'],
  state: facts({
    follower: {
      status: oneOf(
        ['OPEN', 'WARNED', 'MET', 'CLOSED'],
        ['Open, reported missing, met, closed with the year.', '待履行、已提示缺失、已履行、年度已结'],
      ),
      ...about,
      meeting: meeting.nullable(),
      metOn: day(['Met on.', '履行日期']).nullable(),
      warnedOn: day(['Reported missing on.', '提示日期']).nullable(),
      outcome: outcome.nullable(),
      clocks: listOf(caseClock, 5, ['Time limits.', '时限']),
    },
  }),
  events: {
    YearDutyOpened: opening(['Duty of the year opened', '年度义务已建立'], { follower: about }, { politeness: 'off' }),
    YearDutyMet: event(['Duty of the year met', '年度义务已履行'], {
      follower: { meeting, on: day(['On.', '日期']) },
    }),
    AnnualJointMeetingMissing: event(
      ['No joint meeting yet this year', '本年度尚未召开联席会议'],
      { follower: { on: day(['On.', '日期']) } },
      { politeness: 'assertive' },
    ),
    YearDutyClosed: event(['Year closed', '年度已结'], { follower: { outcome } }),
    ...clockEvents,
  },
  evolve: {
    YearDutyOpened: (_, e) => ({
      status: 'OPEN',
      ...e,
      meeting: null,
      metOn: null,
      warnedOn: null,
      outcome: null,
      clocks: [],
    }),
    YearDutyMet: (s, e) => ({ ...s, status: 'MET', meeting: e.meeting, metOn: e.on }),
    AnnualJointMeetingMissing: (s, e) => ({ ...s, status: 'WARNED', warnedOn: e.on }),
    YearDutyClosed: (s, e) => ({ ...s, status: 'CLOSED', outcome: e.outcome }),
    ...clockFolds,
  },
  audience: (s) => ({ [`office:${s.region}`]: 'office', [`deputies:${s.region}`]: 'follower' }),
  refusals,
});

export const yearDutyActions = {
  openYearDuty: yearDuty.create({
    describe: ['Open a city’s duty of a year, once (by the system).', '建立年度义务，每市每年每项一个。'],
    by: [systemWho],
    input: z.object(about),
    id: (input, ctx) => ctx.idFor('yearDuty', `${input.region} ${input.year} ${input.duty}`),
    decide: ({ input, ctx }) => {
      const { region, year, duty } = input;
      if (levelOf(region) !== 'city') return refusals.YEAR_DUTY_OF_CITY_ONLY({ region });
      if (ctx.today < `${year}-01-01`) return refusals.YEAR_NOT_BEGUN({ year });
      return [
        { type: 'YearDutyOpened', data: input },
        startClock(ctx, { limit: duty, owner: `office:${region}`, region, on: `${year}-01-01` }),
      ];
    },
  }),
  meetYearDuty: yearDuty.action({
    describe: ['Record that a joint meeting was held (by the system).', '记录已召开联席会议。'],
    from: ['OPEN', 'WARNED'],
    by: [systemWho],
    input: z.object({ by: meeting }),
    needs: (input) => ({ held: jointMeeting.at(input.by) }),
    decide: ({ input, state, facts: { held } }) => {
      if (!held?.heldOn) return refusals.MEETING_NOT_CLOSED();
      const { region, year } = state;
      if (held.region !== region || !held.heldOn.startsWith(`${year}-`))
        return refusals.MEETING_OF_OTHER_YEAR({ region, year });
      return [{ type: 'YearDutyMet', data: { meeting: input.by, on: held.heldOn } }, ...stopClocks(state, () => true)];
    },
  }),
  reportYearDutyMissing: yearDuty.action({
    describe: ['Report from 1 December on that no meeting was held yet (by the system).', '自12月1日起提示尚未召开。'],
    from: ['OPEN'],
    by: [systemWho],
    input: z.object({}),
    decide: ({ state, ctx }) => {
      const on = `${state.year}-12-01`;
      if (ctx.today < on) return refusals.YEAR_DUTY_NOT_YET({ on });
      return [{ type: 'AnnualJointMeetingMissing', data: { on: ctx.today } }];
    },
  }),
  closeYearDuty: yearDuty.action({
    describe: ['Close the year: met or missing (by the system).', '年度结束，记录是否履行。'],
    from: ['OPEN', 'WARNED', 'MET'],
    by: [systemWho],
    input: z.object({}),
    decide: ({ state, ctx }) => {
      const on = `${state.year + 1}-01-01`;
      if (ctx.today < on) return refusals.YEAR_DUTY_NOT_YET({ on });
      const outcome = state.status === 'MET' ? 'MET' : 'MISSING';
      return [{ type: 'YearDutyClosed', data: { outcome } }, ...stopClocks(state, () => true)];
    },
  }),
  ...clockActions(yearDuty),
};
