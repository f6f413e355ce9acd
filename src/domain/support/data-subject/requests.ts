import { z } from 'zod';
import { officialWho, systemWho } from '../../kernel/actor.js';
import type { Context } from '../../kernel/aggregate.js';
import { pauseClocks, startClock, stopClocks } from '../../kernel/case-clocks.js';
import { text } from '../../kernel/fields.js';
import { organ } from '../../organization/organ.js';
import { person } from '../../organization/person.js';
import { registerRefusals } from '../../organization/refusals.js';
import { anyDeputy, officeOf } from '../../organization/who.js';
import { dataSubject } from './data-subject.js';
import { dataSubjectRefusals as refusals } from './refusals.js';
import { heldBack } from './retention.js';
import { categories, digest, field, purpose, request, subject } from './shapes.js';
import type { DataSubject } from './state.js';
import { dataOfficer, subjectAsDeputy, subjectAsOfficial } from './who.js';

const anyOfficial = officialWho(['an official', '机关工作人员']);
const self = [subjectAsDeputy, subjectAsOfficial] as const;
const kept = ['ACTIVE', 'RESTRICTED'] as const;
const reason = text(500, ['Why, by which law.', '理由与法律依据']);
/** The platform's operator, as `bootstrap` enters it in the register. */
const operatorOrgan = 'ADM-150800';

/** What people decide and ask for about their own data (PIPL arts 15, 44–48). */
export const requestActions = {
  openDataSubject: dataSubject.create({
    describe: [
      'Open the record of what is decided about a person’s data: by the person, or by the officer.',
      '建立个人信息档案（本人或个人信息保护负责人）。',
    ],
    by: [anyDeputy, anyOfficial, systemWho],
    input: z.object({ subject }),
    id: (input, ctx) => ctx.idFor('dataSubject', input.subject),
    needs: (input, _, ctx) => ({
      whose: person.at(input.subject),
      operator: organ.at(ctx.idFor('organ', operatorOrgan)),
    }),
    decide: ({ input, ctx, facts: { whose } }) => {
      const { actor } = ctx;
      const own = actor.kind !== 'system' && actor.person === input.subject;
      const officer = actor.kind === 'system' || dataOfficer.allows(actor, undefined);
      if (!own && !officer) return refusals.NOT_THE_SUBJECT();
      if (!whose) return registerRefusals.UNKNOWN_PERSON();
      const data = {
        subject: input.subject,
        region: whose.region,
        officer: ctx.idFor('organ', operatorOrgan),
      };
      return [{ type: 'DataSubjectOpened', data }];
    },
  }),
  recordContact: dataSubject.action({
    describe: [
      'Record how to reach the person; shown to the office of the region, and to nobody else.',
      '登记本人联系方式，仅供所在区划的工作机构使用。',
    ],
    from: ['ACTIVE'],
    by: [...self, officeOf('DWC', 'PRES')],
    input: z.object({
      telephone: text(40, ['Telephone.', '电话']).nullish(),
      email: text(200, ['E-mail address.', '电子邮箱']).nullish(),
    }),
    decide: ({ input, state }) => {
      const [telephone, email] = [input.telephone ?? null, input.email ?? null];
      return telephone === state.telephone && email === state.email
        ? []
        : [{ type: 'ContactRecorded', data: { subject: state.subject, telephone, email } }];
    },
  }),
  hideContact: dataSubject.action({
    describe: ['Show the contact data to nobody any more.', '隐藏联系方式。'],
    from: kept,
    by: [...self, dataOfficer],
    input: z.object({}),
    decide: ({ state }) =>
      state.telephone === null && state.email === null ? [] : [{ type: 'ContactHidden', data: {} }],
  }),
  giveConsent: dataSubject.action({
    describe: ['Consent to one purpose (PIPL art. 13).', '同意为该目的处理个人信息（个人信息保护法第十三条）。'],
    from: ['ACTIVE'],
    by: self,
    input: z.object({ purpose }),
    decide: ({ input, state }) => (consents(state, input.purpose) ? [] : [{ type: 'ConsentGiven', data: input }]),
  }),
  withdrawConsent: dataSubject.action({
    describe: ['Withdraw the consent (PIPL art. 15).', '撤回同意（个人信息保护法第十五条）。'],
    from: kept,
    by: self,
    input: z.object({ purpose }),
    decide: ({ input, state }) => (consents(state, input.purpose) ? [{ type: 'ConsentWithdrawn', data: input }] : []),
  }),
  requestAccess: dataSubject.action({
    describe: ['Ask for a copy of all that is kept (PIPL art. 45).', '申请查阅、复制个人信息（第四十五条）。'],
    from: kept,
    by: self,
    input: z.object({}),
    decide: ({ state, ctx }) =>
      openOf(state, 'ACCESS')
        ? refusals.REQUEST_OPEN()
        : [{ type: 'AccessRequested', data: { request: ctx.newId() } }, toAnswer(state, 'ACCESS', ctx)],
  }),
  fulfilAccess: dataSubject.action({
    describe: ['Record that the copy was given (by the system, with the file).', '记录已提供个人信息副本。'],
    from: kept,
    by: [systemWho],
    input: z.object({ request, digest }),
    decide: ({ input, state }) =>
      isOpen(state, input.request, 'ACCESS')
        ? [{ type: 'AccessFulfilled', data: input }, ...answering(state, input.request)]
        : refusals.REQUEST_NOT_OPEN(),
  }),
  requestCorrection: dataSubject.action({
    describe: ['Ask that something be corrected (PIPL art. 46).', '申请更正个人信息（第四十六条）。'],
    from: ['ACTIVE'],
    by: self,
    input: z.object({ field, wish: text(200, ['What it should say.', '应更正为']) }),
    decide: ({ input, state, ctx }) =>
      state.requests.some((one) => one.status === 'OPEN' && one.field === input.field)
        ? refusals.REQUEST_OPEN()
        : [
            { type: 'CorrectionRequested', data: { ...input, request: ctx.newId(), subject: state.subject } },
            toAnswer(state, `CORRECTION:${input.field}`, ctx),
          ],
  }),
  applyCorrection: dataSubject.action({
    describe: [
      'Correct what was asked for; a name is corrected in the register too.',
      '按申请更正；姓名同时在名册中更正。',
    ],
    from: ['ACTIVE'],
    by: [dataOfficer],
    input: z.object({ request, wish: text(200, ['What it now says.', '更正后的内容']) }),
    decide: ({ input, state }) => {
      const found = state.requests.find((one) => one.id === input.request);
      if (!found?.field || !isOpen(state, input.request, 'CORRECTION')) return refusals.REQUEST_NOT_OPEN();
      const isName = found.field === 'NAME' || found.field === 'NAME_MN';
      const corrected = isName ? { identity: input.wish, contact: null } : { identity: null, contact: input.wish };
      const { request: of } = input;
      return [
        { type: 'CorrectionApplied', data: { request: of, field: found.field, subject: state.subject, ...corrected } },
        ...answering(state, of),
      ];
    },
  }),
  denyCorrection: dataSubject.action({
    describe: [
      'Deny a correction: what stands was found right, or a law keeps it so. The person is told why (PIPL arts 46, 50).',
      '不予更正，并向本人说明理由（第四十六条、第五十条）。',
    ],
    from: kept,
    by: [dataOfficer],
    input: z.object({ request, reason }),
    decide: ({ input, state }) =>
      isOpen(state, input.request, 'CORRECTION')
        ? [{ type: 'CorrectionDenied', data: input }, ...answering(state, input.request)]
        : refusals.REQUEST_NOT_OPEN(),
  }),
  requestErasure: dataSubject.action({
    describe: ['Ask that data of these categories be erased (PIPL art. 47).', '申请删除个人信息（第四十七条）。'],
    from: kept,
    by: self,
    input: z.object({ categories: categories.min(1) }),
    decide: ({ input, state, ctx }) => {
      if (openOf(state, 'ERASURE')) return refusals.REQUEST_OPEN();
      const left = input.categories.filter((one) => !state.erased.includes(one));
      if (left.length === 0) return refusals.ERASED_ALREADY();
      const clock = toAnswer(state, 'ERASURE', ctx);
      // While the data is held back nobody can erase it: the time to answer runs when it is free again.
      const { restriction } = state;
      const waits =
        heldBack(state) && restriction
          ? pauseClocks({ clocks: [clock.data] }, () => true, restriction.ground, ctx)
          : [];
      return [
        { type: 'ErasureRequested', data: { request: ctx.newId(), categories: [...new Set(left)] } },
        clock,
        ...waits,
      ];
    },
  }),
};

/** T25: by when the officer is to answer. Of each kind one request is open, of corrections one for each field. */
const toAnswer = (state: DataSubject, what: string, ctx: Context) =>
  startClock(ctx, {
    clock: `T25:${what}`,
    limit: 'T25',
    owner: `organ:${state.officer}`,
    region: state.region,
  });
/** With the answer to a request its time limit is done. */
export function answering(state: DataSubject, id: string) {
  const one = state.requests.find((each) => each.id === id);
  const what = one?.field ? `${one.kind}:${one.field}` : one?.kind;
  return stopClocks(state, ({ clock }) => clock === `T25:${what}`);
}

const consents = (state: DataSubject, of: string): boolean =>
  state.consents.some(({ purpose, given }) => purpose === of && given);
const openOf = (state: DataSubject, kind: string): boolean =>
  state.requests.some((one) => one.status === 'OPEN' && one.kind === kind);
export const isOpen = (state: DataSubject, id: string, kind: string): boolean =>
  state.requests.some((one) => one.id === id && one.status === 'OPEN' && one.kind === kind);
