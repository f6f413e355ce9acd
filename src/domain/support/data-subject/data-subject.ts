import { defineAggregate } from '../../kernel/aggregate.js';
import { clockEvents, clockFolds } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { day, region } from '../../kernel/fields.js';
import { dataSubjectRefusals as refusals } from './refusals.js';
import {
  categories,
  contact,
  digest,
  email,
  field,
  ground,
  identity,
  purpose,
  reader,
  reason,
  request,
  subject,
  telephone,
  until,
  wish,
} from './shapes.js';
import { allCategories, asked, consented, denied, done, officer, state, union, unrestricted } from './state.js';

/**
 * 个人信息主体: what a person has decided about the personal data that is kept of him or her, what was asked for, and
 * what was done (domain.md §6, PIPL arts 44–50). One for each person, from the first decision on.
 */

export const dataSubject = defineAggregate({
  category: 'dataSubject',
  term: ['data subject', '个人信息主体'],
  state,
  events: {
    DataSubjectOpened: opening(['Record of personal data opened', '个人信息档案已建立'], {
      follower: { region: region(['Where.', '登记区划']), subject },
      office: { officer },
    }),
    ContactRecorded: event(['Contact data recorded', '联系方式已登记'], { follower: { subject, telephone, email } }),
    ContactHidden: event(['Contact data hidden', '联系方式已隐藏'], {}),
    ConsentGiven: event(['Consent given', '已同意'], { office: { purpose } }),
    ConsentWithdrawn: event(['Consent withdrawn', '已撤回同意'], { office: { purpose } }),
    AccessRequested: event(['Access requested', '已申请查阅复制'], { office: { request } }),
    AccessFulfilled: event(['Access given', '已提供查阅复制'], { office: { request, digest } }),
    CorrectionRequested: event(['Correction requested', '已申请更正'], { office: { request, field, subject, wish } }),
    CorrectionApplied: event(['Correction applied', '已更正'], {
      follower: { subject },
      office: { request, field, identity, contact },
    }),
    CorrectionDenied: event(['Correction denied', '不予更正'], { office: { request, reason } }),
    ErasureRequested: event(['Erasure requested', '已申请删除'], { office: { request, categories } }),
    ErasureDenied: event(['Erasure denied', '不予删除'], { office: { request, reason } }),
    ErasureOrdered: event(['Erasure ordered', '已决定删除'], {
      follower: { subject },
      office: { request: request.nullable(), categories, basis: reason },
    }),
    PersonalDataErased: event(['Personal data erased', '个人信息已删除'], {
      follower: { subject },
      office: { categories },
    }),
    ProcessingRestricted: event(['Processing restricted', '已限制处理'], { office: { ground, until, reason } }),
    RestrictionLifted: event(['Restriction lifted', '已解除限制'], { office: { reason } }),
    RestrictionExpired: event(['Restriction ended with its date', '限制处理期满解除'], {
      office: { until: day(['Its last day.', '截止日期']) },
    }),
    DataAccessed: event(
      ['Personal data read', '个人信息被查阅'],
      { office: { reader, on: day(['On.', '日期']), category: categories.element } },
      { politeness: 'off' },
    ),
    ...clockEvents,
  },
  evolve: {
    DataSubjectOpened: (_, { region: where, subject: whose, officer: by }) => ({
      ...{ status: 'ACTIVE', region: where, subject: whose, officer: by },
      ...{
        telephone: null,
        email: null,
        consents: [],
        requests: [],
        restriction: null,
        clocks: [],
        readings: [],
        ordered: [],
        erased: [],
      },
    }),
    ContactRecorded: (s, e) => ({ ...s, telephone: e.telephone, email: e.email }),
    ContactHidden: (s) => ({ ...s, telephone: null, email: null }),
    ConsentGiven: (s, e, { at }) => consented(s, { purpose: e.purpose, given: true, at }),
    ConsentWithdrawn: (s, e, { at }) => consented(s, { purpose: e.purpose, given: false, at }),
    AccessRequested: (s, e, { at }) => asked(s, { id: e.request, kind: 'ACCESS', at, categories: [], field: null }),
    AccessFulfilled: (s, e) => done(s, e.request),
    CorrectionRequested: (s, e, { at }) =>
      asked(s, { id: e.request, kind: 'CORRECTION', at, categories: [], field: e.field }),
    CorrectionApplied: (s, e) => ({
      ...done(s, e.request),
      ...(e.field === 'TELEPHONE' && { telephone: e.contact }),
      ...(e.field === 'EMAIL' && { email: e.contact }),
    }),
    CorrectionDenied: denied,
    ErasureRequested: (s, e, { at }) =>
      asked(s, { id: e.request, kind: 'ERASURE', at, categories: e.categories, field: null }),
    ErasureDenied: denied,
    ErasureOrdered: (s, e) => {
      const ordered = { ...s, ordered: union(s.ordered, e.categories) };
      return e.request === null ? ordered : done(ordered, e.request);
    },
    PersonalDataErased: (s, e) => {
      const erased = union(s.erased, e.categories);
      const ordered = s.ordered.filter((one) => !e.categories.includes(one));
      return { ...s, erased, ordered, status: erased.length === allCategories ? 'ERASED' : s.status };
    },
    ProcessingRestricted: (s, e) => ({ ...s, status: 'RESTRICTED', restriction: { ground: e.ground, until: e.until } }),
    RestrictionLifted: unrestricted,
    RestrictionExpired: unrestricted,
    DataAccessed: (s, { reader: by, category: of, on }) => ({
      ...s,
      readings: [
        ...s.readings.filter((one) => one.reader !== by || one.category !== of),
        { reader: by, category: of, on },
      ],
    }),
    ...clockFolds,
  },
  audience: (s) => ({
    [`organ:${s.officer}`]: 'office',
    [`audit:${s.region}`]: 'office',
    [`office:${s.region}`]: 'follower',
    [`person:${s.subject}`]: 'office',
  }),
  refusals,
  statusTerms: { ACTIVE: '正常', RESTRICTED: '限制处理', ERASED: '已删除' },
});
