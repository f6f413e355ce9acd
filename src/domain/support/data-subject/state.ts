import type { z } from 'zod';
import { caseClock } from '../../kernel/case-clocks.js';
import { listOf, oneOf, ref, region } from '../../kernel/fields.js';
import { personalCategories } from '../../kernel/personal.js';
import { facts } from '../../kernel/visibility.js';
import { categories, consent, email, ground, reading, requested, subject, telephone, until } from './shapes.js';

const status = oneOf(
  ['ACTIVE', 'RESTRICTED', 'ERASED'],
  ['In use; restricted to storage and protection; all erased.', '正常、限制处理、已全部删除'],
);
export const officer = ref('organ', ['Whose officer answers for the data.', '个人信息保护负责机构']);
export const state = facts({
  follower: {
    status,
    region: region(['Where the person is registered.', '登记区划']),
    subject,
    telephone,
    email,
  },
  office: {
    officer,
    consents: listOf(consent, 10, ['By purpose.', '各项同意']),
    requests: listOf(requested, 1000, ['What was asked for.', '申请']),
    restriction: facts({ office: { ground, until } })
      .nullable()
      .describe('Why, and until when, it is only stored. 限制处理的事由与期限'),
    clocks: listOf(caseClock, 10, ['By when each request is to be answered (T25).', '各类申请的答复时限']),
    readings: listOf(reading, 10_000, ['Who read last when, by category.', '最近查阅情况']),
    ordered: categories.describe('To be erased: the keys are being destroyed. 正在删除的类别'),
    erased: categories.describe('Erased. 已删除的类别'),
  },
});

export type DataSubject = z.infer<typeof state>;
type Asked = Omit<z.infer<typeof requested>, 'status' | 'reason'>;
export const allCategories = personalCategories.length;

export const consented = (s: DataSubject, given: z.infer<typeof consent>): DataSubject => ({
  ...s,
  consents: [...s.consents.filter((one) => one.purpose !== given.purpose), given],
});
export const asked = (s: DataSubject, one: Asked): DataSubject => ({
  ...s,
  requests: [...s.requests, { ...one, status: 'OPEN', reason: null }],
});
const answered = (s: DataSubject, id: string, answer: Partial<z.infer<typeof requested>>): DataSubject => ({
  ...s,
  requests: s.requests.map((one) => (one.id === id ? { ...one, ...answer } : one)),
});
export const done = (s: DataSubject, id: string): DataSubject => answered(s, id, { status: 'DONE' });
export const denied = (s: DataSubject, e: { readonly request: string; readonly reason: string }): DataSubject =>
  answered(s, e.request, { status: 'DENIED', reason: e.reason });
export const unrestricted = (s: DataSubject): DataSubject => ({ ...s, status: 'ACTIVE', restriction: null });
export const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
