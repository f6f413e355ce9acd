import { z } from 'zod';
import { systemWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { everybody } from '../kernel/audience.js';
import { event, opening } from '../kernel/event.js';
import { day, oneOf, ref, region, storedText, text } from '../kernel/fields.js';
import { ancestorsOf, levelOf, levels } from '../kernel/region.js';
import { facts } from '../kernel/visibility.js';
import { congress } from './congress.js';
import { hasCongress, isKnownRegion } from './divisions.js';
import { person } from './person.js';
import { registerRefusals as refusals } from './refusals.js';
import { anyRegistrar, keepsRegisterOf, registrar } from './who.js';

/** 代表职务: one seat of one person in one congress for one term (domain.md S1, P6). */
const status = oneOf(
  ['ELECTED', 'ACTIVE', 'SUSPENDED', 'ENDED'],
  ['Elected, active, suspended or ended.', '当选、在任、暂停执行、终止'],
);
/** Deputies Law art. 61. */
const suspensionReasons = ['DETAINED_IN_CRIMINAL_CASE', 'SERVING_SENTENCE'] as const;
/** Deputies Law art. 62; TERM_OVER: art. 2. */
const endReasons = [
  'MOVED_AWAY',
  'RESIGNED',
  'ABSENT_FROM_TWO_SESSIONS',
  'RECALLED',
  'LOST_NATIONALITY',
  'DEPRIVED_OF_POLITICAL_RIGHTS',
  'LOST_CAPACITY',
  'DIED',
  'TERM_OVER',
] as const;

const seatOf = {
  person: ref('person', ['Who holds it.', '代表本人']),
  region: region(['Region of the congress.', '所属人大的区划']),
  level: oneOf(levels, ['Level of the congress.', '层级']),
  term: z.int().min(1).max(99).describe('Number of the congress’s term. 届次'),
  constituency: storedText(['Constituency or electing unit.', '选区或选举单位']).nullable(),
};

export const mandate = defineAggregate({
  category: 'mandate',
  term: ['mandate', '代表职务'],
  state: facts({
    public: {
      status,
      ...seatOf,
      confirmedOn: day(['Qualification confirmed on.', '资格确认日期']).nullable(),
      endedOn: day(['Ended on.', '终止日期']).nullable(),
    },
    office: { reason: z.string().nullable().describe('Why suspended or ended. 暂停或终止的原因') },
  }),
  events: {
    MandateRegistered: opening(['Mandate registered', '代表职务已登记'], { public: seatOf }),
    MandateQualificationConfirmed: event(['Qualification confirmed', '代表资格已确认'], {
      public: { on: day(['On.', '日期']) },
    }),
    MandateSuspended: event(
      ['Mandate suspended', '代表职务暂停执行'],
      { office: { reason: oneOf(suspensionReasons, ['Deputies Law art. 61.', '代表法第六十一条']) } },
      { politeness: 'assertive' },
    ),
    MandateResumed: event(['Mandate resumed', '代表职务恢复执行'], {}),
    MandateEnded: event(
      ['Mandate ended', '代表职务终止'],
      {
        public: { on: day(['On.', '日期']) },
        office: { reason: oneOf(endReasons, ['Deputies Law art. 62.', '代表法第六十二条']) },
      },
      { politeness: 'assertive' },
    ),
  },
  evolve: {
    MandateRegistered: (_, e) => ({ status: 'ELECTED', ...e, confirmedOn: null, endedOn: null, reason: null }),
    MandateQualificationConfirmed: (s, e) => ({ ...s, status: 'ACTIVE', confirmedOn: e.on }),
    MandateSuspended: (s, e) => ({ ...s, status: 'SUSPENDED', reason: e.reason }),
    MandateResumed: (s) => ({ ...s, status: 'ACTIVE', reason: null }),
    MandateEnded: (s, e) => ({ ...s, status: 'ENDED', endedOn: e.on, reason: e.reason }),
  },
  audience: everybody((s, id) => ({ [`mandate:${id}`]: 'office', [`office:${s.region}`]: 'office' })),
  refusals,
});

export const mandateActions = {
  registerMandate: mandate.create({
    describe: [
      'Register the mandate of an elected deputy: one per person, congress and term.',
      '登记当选代表的职务：每人每届每级人大一项。',
    ],
    by: [anyRegistrar, systemWho],
    input: z.object({
      person: seatOf.person,
      region: region(['Region of the congress.', '所属人大的区划']),
      term: seatOf.term,
      constituency: text(100, ['Constituency or electing unit.', '选区或选举单位']).nullish(),
      confirmedOn: day(['Qualification confirmed on, when it already is.', '资格确认日期（如已确认）']).nullish(),
    }),
    id: (input, ctx) => ctx.idFor('mandate', seatKey(input)),
    needs: (input, _, ctx) => ({
      holder: person.at(input.person),
      seated: congress.at(ctx.idFor('congress', input.region)),
    }),
    decide: ({ input, ctx, facts: { holder, seated } }) => {
      const { confirmedOn, ...seat } = input;
      if (!isKnownRegion(seat.region)) return refusals.UNKNOWN_REGION({ region: seat.region });
      if (!hasCongress(seat.region)) return refusals.NO_CONGRESS_HERE({ region: seat.region });
      if (ctx.actor.kind === 'official' && !keepsRegisterOf(ctx.actor, seat.region))
        return refusals.NOT_YOUR_REGION({ region: seat.region });
      if (confirmedOn && confirmedOn > ctx.today) return refusals.DATE_IN_FUTURE({ on: confirmedOn });
      if (!holder) return refusals.UNKNOWN_PERSON();
      // Deputies Law art. 2: those elected for the next term are registered before it begins.
      const { region, term } = seat;
      if (seated && term !== seated.term && term !== seated.term + 1)
        return refusals.TERM_NOT_OPEN({ region, current: seated.term, asked: term });
      // Electoral Law art. 48: two mandates only in regions of which one lies within the other.
      const elsewhere = holder.mandates.find((m) => !m.ended && !inLine(m.congress, seat.region));
      if (elsewhere) return refusals.REGIONS_NOT_SUBORDINATE({ region: elsewhere.congress, asked: seat.region });
      const registered = {
        type: 'MandateRegistered',
        data: { ...seat, level: levelOf(seat.region), constituency: seat.constituency ?? null },
      } as const;
      return confirmedOn
        ? [registered, { type: 'MandateQualificationConfirmed', data: { on: confirmedOn } }]
        : [registered];
    },
  }),
  confirmQualification: mandate.action({
    describe: ['Confirm the deputy’s qualification; the mandate becomes active.', '确认代表资格，代表职务生效。'],
    from: ['ELECTED'],
    by: [registrar, systemWho],
    input: z.object({ on: day(['On.', '日期']) }),
    decide: ({ input, ctx }) =>
      input.on > ctx.today
        ? refusals.DATE_IN_FUTURE({ on: input.on })
        : [{ type: 'MandateQualificationConfirmed', data: input }],
  }),
  suspendMandate: mandate.action({
    describe: ['Suspend the mandate (Deputies Law art. 61).', '暂停执行代表职务（代表法第六十一条）。'],
    from: ['ACTIVE'],
    by: [registrar, systemWho],
    input: z.object({ reason: oneOf(suspensionReasons, ['Why.', '原因']) }),
    decide: ({ input }) => [{ type: 'MandateSuspended', data: input }],
  }),
  resumeMandate: mandate.action({
    describe: ['Lift the suspension.', '恢复执行代表职务。'],
    from: ['SUSPENDED'],
    by: [registrar, systemWho],
    input: z.object({}),
    decide: () => [{ type: 'MandateResumed', data: {} }],
  }),
  endMandate: mandate.action({
    describe: ['End the mandate (Deputies Law art. 62).', '终止代表职务（代表法第六十二条）。'],
    from: ['ELECTED', 'ACTIVE', 'SUSPENDED'],
    by: [registrar, systemWho],
    input: z.object({ reason: oneOf(endReasons, ['Why.', '原因']), on: day(['On.', '日期']) }),
    decide: ({ input, ctx }) =>
      input.on > ctx.today ? refusals.DATE_IN_FUTURE({ on: input.on }) : [{ type: 'MandateEnded', data: input }],
  }),
};

/** One of the regions lies within the other (Electoral Law art. 48). */
export const inLine = (a: string, b: string): boolean => ancestorsOf(a).includes(b) || ancestorsOf(b).includes(a);

/** What a mandate is the only one of. */
export const seatKey = (seat: { person: string; region: string; term: number }): string =>
  `${seat.person} ${seat.region} ${seat.term}`;
