import { z } from 'zod';
import { systemWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { everybody } from '../kernel/audience.js';
import { shanghaiDate } from '../kernel/clock.js';
import { event, opening } from '../kernel/event.js';
import { count, day, instant, listOf, oneOf, ref, region } from '../kernel/fields.js';
import { levelOf, levels } from '../kernel/region.js';
import { facts } from '../kernel/visibility.js';
import { hasCongress, isKnownRegion } from './divisions.js';
import { registerRefusals as refusals } from './refusals.js';
import { anyRegistrar, keepsRegisterOf, registrar } from './who.js';

/** 人民代表大会: one per region; its terms and sessions, and the numbers it has given out. */
const term = z.int().min(1).max(99).describe('Number of the term. 届次');
const session = facts({
  public: {
    number: z.int().min(1).max(30).describe('Number of the session in its term. 会次'),
    opensOn: day(['Opens on.', '开幕日期']),
    closesOn: day(['Closes on.', '闭幕日期']),
    cutoff: instant(['Suggestions handed in after this are between sessions.', '建议截止时间']),
  },
});
const year = z.int().describe('Year of the number; 0: none given out yet. 编号年度，0为尚未编号');
const numbered = facts({
  public: {
    suggestion: ref('suggestion', ['Suggestion.', '建议']),
    year,
    number: z.int().describe('Number within the year. 年度内编号'),
  },
});

export const congress = defineAggregate({
  category: 'congress',
  term: ['congress', '人民代表大会'],
  state: facts({
    public: {
      status: oneOf(['SEATED'], ['A congress is always seated.', '状态']),
      region: region(['Its region.', '区划']),
      level: oneOf(levels, ['Its level.', '层级']),
      term,
      termBeganOn: day(['First session of the term opened on (Deputies Law art. 2).', '本届第一次会议开幕日期']),
      sessions: listOf(session, 30, ['Sessions of this term.', '本届历次会议']),
    },
    internal: {
      year,
      taken: count(1_000_000, ['Numbers given out in that year.', '本年已编号数']),
      recent: z.array(numbered).describe('Numbers of that year: a suggestion gets one only. 本年已编号的建议'),
    },
  }),
  events: {
    CongressRegistered: opening(['Congress registered', '人大已登记'], {
      public: {
        region: region(['Its region.', '区划']),
        level: oneOf(levels, ['Its level.', '层级']),
        term,
        on: day(['Term began on.', '本届开始日期']),
      },
    }),
    TermBegan: event(['New term began', '新一届开始'], { public: { term, on: day(['On.', '日期']) } }),
    SessionScheduled: event(['Session scheduled', '会议已排定'], { public: session.shape }),
    NumberTaken: event(['Number given', '已编号'], { public: numbered.shape }),
  },
  evolve: {
    CongressRegistered: (_, { on, ...e }) => ({
      status: 'SEATED',
      ...e,
      termBeganOn: on,
      sessions: [],
      year: 0,
      taken: 0,
      recent: [],
    }),
    TermBegan: (s, e) => ({ ...s, term: e.term, termBeganOn: e.on, sessions: [] }),
    SessionScheduled: (s, e) => ({ ...s, sessions: [...s.sessions.filter((x) => x.number !== e.number), e] }),
    NumberTaken: (s, e) => ({
      ...s,
      year: e.year,
      taken: e.number,
      recent: [...(e.year === s.year ? s.recent : []), e],
    }),
  },
  audience: everybody(),
  refusals,
});

export const congressActions = {
  registerCongress: congress.create({
    describe: ['Register the congress of a region, once.', '登记区划的人民代表大会，每区划一个。'],
    by: [anyRegistrar, systemWho],
    input: z.object({ region: region(['Its region.', '区划']), term, on: day(['Term began on.', '本届开始日期']) }),
    id: (input, ctx) => ctx.idFor('congress', input.region),
    decide: ({ input, ctx }) => {
      if (!isKnownRegion(input.region)) return refusals.UNKNOWN_REGION({ region: input.region });
      if (!hasCongress(input.region)) return refusals.NO_CONGRESS_HERE({ region: input.region });
      if (ctx.actor.kind === 'official' && !keepsRegisterOf(ctx.actor, input.region))
        return refusals.NOT_YOUR_REGION({ region: input.region });
      if (input.on > ctx.today) return refusals.DATE_IN_FUTURE({ on: input.on });
      return [{ type: 'CongressRegistered', data: { ...input, level: levelOf(input.region) } }];
    },
  }),
  beginTerm: congress.action({
    describe: [
      'Begin the next term: mandates of the old one end (Deputies Law art. 2).',
      '换届：上届代表职务终止（代表法第二条）。',
    ],
    from: ['SEATED'],
    by: [registrar, systemWho],
    input: z.object({ term, on: day(['First session opened on.', '第一次会议开幕日期']) }),
    decide: ({ input, state, ctx }) => {
      if (input.term === state.term) return [];
      if (input.on > ctx.today) return refusals.DATE_IN_FUTURE({ on: input.on });
      if (input.term !== state.term + 1)
        return refusals.TERM_NOT_OPEN({ region: state.region, current: state.term, asked: input.term });
      return [{ type: 'TermBegan', data: input }];
    },
  }),
  scheduleSession: congress.action({
    describe: ['Schedule a session, or change its dates.', '排定会议或更改日期。'],
    from: ['SEATED'],
    by: [registrar, systemWho],
    input: z.object(session.shape),
    decide: ({ input, state }) => {
      const cutoff = shanghaiDate(input.cutoff);
      if (input.opensOn > cutoff || cutoff > input.closesOn) return refusals.SESSION_DATES();
      const present = state.sessions.find((x) => x.number === input.number);
      return present && JSON.stringify(present) === JSON.stringify(input)
        ? []
        : [{ type: 'SessionScheduled', data: input }];
    },
  }),
  takeNumber: congress.action({
    describe: ['Give a registered suggestion the next number of the year (by the system).', '为立案建议编号。'],
    from: ['SEATED'],
    by: [systemWho],
    input: z.object({
      suggestion: numbered.shape.suggestion,
      registeredOn: day(['The number is one of this year.', '立案日期，决定编号年度']),
    }),
    decide: ({ input: { suggestion, registeredOn }, state }) => {
      if (state.recent.some((x) => x.suggestion === suggestion)) return [];
      // A year that has begun stays: its numbers go on, whatever is registered late.
      const year = Math.max(Number(registeredOn.slice(0, 4)), state.year);
      const number = year === state.year ? state.taken + 1 : 1;
      return [{ type: 'NumberTaken', data: { suggestion, year, number } }];
    },
  }),
};
