import { defineRefusals } from '../../kernel/refusal.js';

/** Refusals about personal data (domain.md §6; Personal Information Protection Law, PIPL). */
export const dataSubjectRefusals = defineRefusals({
  NOT_THE_SUBJECT: {
    message: ['Only the person whose data it is may do this.', '此操作仅限信息主体本人。'],
    next: ['Ask the person to do it.', '请由本人办理。'],
  },
  KEPT_DURING_TERM: {
    message: [
      'The name and performance of a deputy are public by law and may not be erased while a mandate in {region} is held.',
      '代表的姓名和履职情况依法公开，担任{region}人大代表期间不得删除。',
    ],
    next: [
      'Deny the request with this reason (Deputies Law art. 58), or erase the contact data only.',
      '请以此为由答复（代表法第五十八条），或仅删除联系方式。',
    ],
  },
  KEPT_IN_POST: {
    message: [
      'The name of a person who holds a post stands in the register while it is held: what the office does is recorded under it.',
      '任职期间，岗位人员姓名须保留在名册中，机关的工作以其名义记录。',
    ],
    next: [
      'Deny the request with this reason (PIPL art. 47, item 1), erase the contact data only, or end the post first.',
      '请以此为由答复（个人信息保护法第四十七条第一项），或仅删除联系方式，或先解除岗位。',
    ],
  },
  LEGAL_HOLD: {
    message: [
      'The data is under a legal hold until {until}: it is kept, and nothing else is done with it.',
      '该信息依法保全至{zhUntil}，仅作存储和保护。',
    ],
    next: [
      'A hold ends by itself after its day; lift one without a day when its ground has gone. Then erase (PIPL art. 47).',
      '保全期满自行解除；未定期限的，事由消失后请先解除限制，再行删除（个人信息保护法第四十七条）。',
    ],
  },
  UNTIL_HAS_PASSED: {
    message: ['The day {until} has passed already.', '截止日期{until}已过。'],
    next: [
      'Give today or a later day, or none: then it stands until it is lifted.',
      '请填写今天或以后的日期，或不填（至解除为止）。',
    ],
  },
  ERASED_ALREADY: {
    message: ['This data has been erased.', '该信息已被删除。'],
    next: ['Nothing is left to be done.', '无需再处理。'],
  },
  REQUEST_NOT_OPEN: {
    message: ['There is no open request with this id.', '没有该编号的待办申请。'],
    next: ['Look at the requests of the data subject.', '请查看该信息主体的申请列表。'],
  },
  REQUEST_OPEN: {
    message: ['The same request is open already.', '已有同类申请正在办理。'],
    next: ['Wait for the answer to it.', '请等待答复。'],
  },
});
