import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { pauseClocks, resumeClocks, stopClocks } from '../../kernel/case-clocks.js';
import { day, text } from '../../kernel/fields.js';
import { person } from '../../organization/person.js';
import { dataSubject } from './data-subject.js';
import { dataSubjectRefusals as refusals } from './refusals.js';
import { answering, isOpen } from './requests.js';
import { heldBack, keptInOffice } from './retention.js';
import { categories, category, ground, reader, request } from './shapes.js';
import { allCategories, union } from './state.js';
import { dataOfficer } from './who.js';

const kept = ['ACTIVE', 'RESTRICTED'] as const;
const reason = text(500, ['Why, by which law.', '理由与法律依据']);
const ofErasure = ({ clock }: { readonly clock: string }): boolean => clock === 'T25:ERASURE';

/** What the personal-information officer decides, and what then is done (PIPL art. 47). */
export const erasureActions = {
  denyErasure: dataSubject.action({
    describe: ['Deny the erasure: a legal retention period runs.', '不予删除（法定保存期限未届满）。'],
    from: kept,
    by: [dataOfficer],
    input: z.object({ request, reason }),
    decide: ({ input, state }) =>
      isOpen(state, input.request, 'ERASURE')
        ? [{ type: 'ErasureDenied', data: input }, ...answering(state, input.request)]
        : refusals.REQUEST_NOT_OPEN(),
  }),
  orderErasure: dataSubject.action({
    describe: [
      'Erase: the keys are destroyed, and what they sealed can never be read again, in no copy.',
      '决定删除：销毁密钥，所有副本中的相关内容均不可恢复。',
    ],
    from: kept,
    by: [dataOfficer],
    input: z.object({
      categories: categories.min(1),
      request: request.nullish(),
      basis: reason,
    }),
    needs: (_, state) => ({ whose: person.at(state.subject) }),
    requires: (state) => heldBack(state),
    decide: ({ input, state, facts: { whose } }) => {
      if (input.request && !isOpen(state, input.request, 'ERASURE')) return refusals.REQUEST_NOT_OPEN();
      const done = [...state.erased, ...state.ordered];
      const left = [...new Set(input.categories)].filter((one) => !done.includes(one));
      if (left.length === 0) return refusals.ERASED_ALREADY();
      const kept = keptInOffice(whose, left);
      if (kept) return kept;
      const data = { subject: state.subject, request: input.request ?? null, categories: left, basis: input.basis };
      return [{ type: 'ErasureOrdered', data }, ...(input.request ? answering(state, input.request) : [])];
    },
  }),
  recordErasure: dataSubject.action({
    describe: ['Record that the keys are destroyed (by the system).', '记录密钥已销毁（系统）。'],
    from: kept,
    by: [systemWho],
    input: z.object({ categories }),
    decide: ({ input, state }) => {
      const done = input.categories.filter((one) => state.ordered.includes(one));
      if (done.length === 0) return [];
      const ends = union(state.erased, done).length === allCategories;
      return [
        { type: 'PersonalDataErased', data: { subject: state.subject, categories: done } },
        ...(ends ? stopClocks(state, () => true) : []),
      ];
    },
  }),
  restrictProcessing: dataSubject.action({
    describe: [
      'Restrict to storage and protection: nobody is shown the data (PIPL art. 47). Again: on another ground, or until another day.',
      '限制处理：仅存储和采取安全保护措施（第四十七条）；可再次办理以变更事由或期限。',
    ],
    from: kept,
    by: [dataOfficer],
    input: z.object({
      ground,
      until: day(['Until when; absent: until it is lifted.', '截止日期']).nullish(),
      reason,
    }),
    decide: ({ input, state, ctx }) => {
      const [now, until] = [state.restriction, input.until ?? null];
      if (until !== null && until < ctx.today) return refusals.UNTIL_HAS_PASSED({ until });
      if (now?.ground === input.ground && now.until === until) return [];
      const held = heldBack({ restriction: { ground: input.ground, until } });
      return [
        { type: 'ProcessingRestricted', data: { ...input, until } },
        ...(held ? pauseClocks(state, ofErasure, input.ground, ctx) : resumeClocks(state, ofErasure, ctx)),
      ];
    },
  }),
  liftRestriction: dataSubject.action({
    describe: ['Lift the restriction.', '解除限制。'],
    from: ['RESTRICTED'],
    by: [dataOfficer],
    input: z.object({ reason }),
    decide: ({ input, state, ctx }) => [
      { type: 'RestrictionLifted', data: input },
      ...resumeClocks(state, ofErasure, ctx),
    ],
  }),
  expireRestriction: dataSubject.action({
    describe: ['Record that the last day of a restriction is over (by the system).', '记录限制处理期满（系统）。'],
    from: ['RESTRICTED'],
    by: [systemWho],
    input: z.object({ until: day(['The day spoken of.', '所指截止日期']) }),
    decide: ({ input: { until }, state, ctx }) =>
      state.restriction?.until === until && until < ctx.today
        ? [{ type: 'RestrictionExpired', data: { until } }, ...resumeClocks(state, ofErasure, ctx)]
        : [],
  }),
  recordDataAccess: dataSubject.action({
    describe: ['Record who has read personal data (by the system).', '记录个人信息查阅（系统）。'],
    from: ['ACTIVE', 'RESTRICTED', 'ERASED'],
    by: [systemWho],
    input: z.object({
      reader,
      on: day(['On.', '日期']),
      category,
    }),
    decide: ({ input, state }) =>
      state.readings.some((one) => one.reader === input.reader && one.category === input.category && one.on >= input.on)
        ? []
        : [{ type: 'DataAccessed', data: input }],
  }),
};
