import { z } from 'zod';
import { day, instant, listOf, oneOf, ref, storedText } from '../../kernel/fields.js';
import { personal, personalCategories } from '../../kernel/personal.js';
import { facts } from '../../kernel/visibility.js';

/**
 * How long what is recorded of a person must stay, by category; whatever the class, a legal hold keeps all of it.
 * IN_OFFICE: while a mandate or a post is held (`retention.ts`). NONE: until the person asks, or its purpose is done (PIPL
 * art. 47).
 */
export const retentionClasses = { IDENTITY: 'IN_OFFICE', CONTACT: 'NONE', STATEMENT: 'NONE' } as const satisfies Record<
  (typeof personalCategories)[number],
  'IN_OFFICE' | 'NONE'
>;

/** What no law allows without consent (PIPL arts 13, 25, 29). */
export const purposes = ['PUBLICITY', 'LIVE_BROADCAST', 'SENSITIVE_DATA'] as const;
export const requestKinds = ['ACCESS', 'CORRECTION', 'ERASURE'] as const;
/** What the register or this record shows of a person, and can be corrected. */
export const correctable = ['NAME', 'NAME_MN', 'TELEPHONE', 'EMAIL'] as const;
export const restrictionGrounds = ['LEGAL_HOLD', 'DISPUTED', 'RETENTION_RUNS', 'UNLAWFUL_HANDLING'] as const;

export const purpose = oneOf(purposes, [
  'Publicity, live broadcast, or sensitive data.',
  '宣传报道、直播、处理敏感个人信息',
]);
export const category = oneOf(personalCategories, [
  'Identity, contact data, or free text.',
  '身份信息、联系方式、自由文本',
]);
export const categories = listOf(category, personalCategories.length, ['Of which categories.', '信息类别']);
export const request = storedText(['The request.', '申请编号']);
export const field = oneOf(correctable, ['What is wrong.', '需更正的项目']);
export const ground = oneOf(restrictionGrounds, ['Why processing is restricted.', '限制处理的事由']);
export const until = day(['Until when; absent: until it is lifted.', '限制截止日期，不填则至解除为止']).nullable();
export const telephone = personal(storedText(['Telephone.', '电话']), 'CONTACT', { field: 'subject' }).nullable();
export const email = personal(storedText(['E-mail address.', '电子邮箱']), 'CONTACT', { field: 'subject' }).nullable();
export const wish = personal(storedText(['What it should say.', '应更正为']), 'STATEMENT', { field: 'subject' });
/** What a correction says: a name is sealed as identity, a telephone or address as contact data. */
export const identity = personal(storedText(['Corrected name.', '更正后的姓名']), 'IDENTITY', {
  field: 'subject',
}).nullable();
export const contact = personal(storedText(['Corrected contact data.', '更正后的联系方式']), 'CONTACT', {
  field: 'subject',
}).nullable();
export const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file that was given. 所提供文件的SHA-256');
export const reader = z
  .string()
  .regex(/^(mandate|post):[0-9a-f-]{36}$/)
  .describe('Who read: a mandate or a post. 查阅者的代表职务或岗位');
export const reading = facts({ office: { reader, category, on: day(['On.', '日期']) } });
export const subject = ref('person', ['Whose data it is.', '信息主体']);
export const reason = storedText(['Why, by which law.', '理由与法律依据']);

export const consent = facts({
  office: {
    purpose,
    given: z.boolean().describe('Given, or withdrawn. 已同意或已撤回'),
    at: instant(['Since.', '时间']),
  },
});
export const requested = facts({
  office: {
    id: request,
    kind: oneOf(requestKinds, ['Access, correction or erasure.', '查阅复制、更正、删除']),
    status: oneOf(['OPEN', 'DONE', 'DENIED'], ['Open, done or denied.', '待办、已办、不予办理']),
    at: instant(['Asked at.', '申请时间']),
    categories,
    field: field.nullable(),
    reason: reason.nullable().describe('Why it was denied. 不予办理的理由'),
  },
});
