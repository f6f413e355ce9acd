import { defineRefusals } from './refusal.js';

/** The kernel's own refusals: those that any action can meet. */
export const kernelRefusals = defineRefusals({
  INVALID_INPUT: {
    message: ['The input is not valid: {problems}', '输入有误：{problems}'],
    next: ['Correct the named fields and send it again.', '请更正所列字段后重新提交。'],
  },
  NOT_FOUND: {
    message: ['There is no such case, or it is not yours to see.', '该事项不存在，或您无权查看。'],
    next: ['Check the id; open the case from your feed or inbox.', '请核对编号，或从履职动态、收件箱中打开。'],
  },
  NOT_ALLOWED: {
    message: ['Only {who} may do this.', '此操作仅限{zhWho}。'],
    next: ['Act under the mandate or post that has this right.', '请以具有相应权限的代表职务或岗位操作。'],
  },
  MANDATE_NOT_CONFIRMED: {
    message: ['The deputy’s qualification has not been confirmed yet.', '代表资格尚未确认。'],
    next: [
      'Wait until the congress or its standing committee has confirmed it.',
      '待人大主席团或常委会确认代表资格后再操作。',
    ],
  },
  MANDATE_SUSPENDED: {
    message: ['The mandate is suspended.', '该代表职务已暂停执行。'],
    next: [
      'Wait until the congress lifts the suspension (Deputies Law art. 61).',
      '待人大恢复其执行代表职务（代表法第六十一条）。',
    ],
  },
  MANDATE_ENDED: {
    message: ['The mandate has ended.', '该代表职务已终止。'],
    next: [
      'Act under a mandate that is in force (Deputies Law art. 62).',
      '请以有效的代表职务操作（代表法第六十二条）。',
    ],
  },
  POST_ENDED: {
    message: ['The post is no longer held.', '该岗位已不再担任。'],
    next: ['Ask your organ to assign the post again.', '请所在机关重新指派岗位。'],
  },
  WRONG_STATE: {
    message: [
      'This cannot be done while the case is {status}; it can when it is {allowed}.',
      '事项处于“{zhStatus}”状态，不能执行此操作；可执行的状态：{zhAllowed}。',
    ],
    next: ['Look at the actions that are open now (availableActions).', '请查看当前可执行的操作。'],
  },
  ALREADY_EXISTS: {
    message: ['This has been recorded already.', '该事项已登记。'],
    next: ['Open the existing record.', '请打开已有记录。'],
  },
  REVISION_CONFLICT: {
    message: [
      'The case has moved on: you saw revision {expected}, it is at {actual}.',
      '事项已更新：您看到的是第{expected}版，现为第{actual}版。',
    ],
    next: ['Look at what changed, then decide again.', '请查看变化内容后重新决定。'],
  },
  COMMAND_REUSED: {
    message: [
      'This commandId was already used for another action on this case.',
      '该commandId已用于此事项的其他操作。',
    ],
    next: ['Give each command its own id.', '每个命令请使用独立的编号。'],
  },
  PERSONAL_DATA_ERASED: {
    message: [
      'The personal data of this person was erased; no more of it is taken.',
      '该人员的个人信息已被删除，不再接收其个人信息。',
    ],
    next: [
      'Register the person anew under another code when the law asks for it.',
      '法律要求时，请以新的编号重新登记此人。',
    ],
  },
  BUSY: {
    message: ['Too many people act on this case at this moment.', '此刻操作该事项的人过多。'],
    next: ['Try again with the same commandId.', '请以相同的commandId重试。'],
  },
});
