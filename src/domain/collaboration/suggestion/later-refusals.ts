import type { RefusalTable } from '../../kernel/refusal.js';

/** Refusals of what comes after the reply, and of what goes across levels (domain.md S7, P3). */
export const laterRefusals = {
  NO_SUCH_PROMISE: {
    message: ['Your organ made no such promise here.', '本单位没有该承诺事项。'],
    next: ['Look at the promises of the case.', '请查看承诺事项。'],
  },
  PROMISE_SETTLED: {
    message: ['The promise is settled.', '该承诺已了结。'],
    next: ['Register a new promise when there is one.', '如有新承诺请另行登记。'],
  },
  PROMISE_IN_THE_PAST: {
    message: ['A promise is for today or later.', '承诺时限不得早于今日。'],
    next: ['Correct the date.', '请更正时限。'],
  },
  NOT_LATER_THAN_PROMISED: {
    message: ['It was promised for {dueOn}.', '原承诺时限为{dueOn}。'],
    next: ['Name a later date.', '请填写更晚的日期。'],
  },
  SIGNERS_STILL_TO_ANSWER: {
    message: ['{count} signers still have time for their feedback.', '尚有{count}位代表未反馈且未逾期。'],
    next: ['Wait for their feedback, or until T7 has passed.', '请等待反馈或其逾期。'],
  },
  PROMISE_REQUIRED: {
    message: [
      'A reply of category B says what is promised, and {count} of them have no promise recorded.',
      'B类答复应有承诺事项，尚有{count}件答复未登记承诺。',
    ],
    next: [
      'Let the organ register its promise, or correct the category.',
      '请由承办单位登记承诺事项，或由代表工委调整类别。',
    ],
  },
  PROMISES_OPEN: {
    message: ['{count} promises are open.', '尚有{count}项承诺未了结。'],
    next: ['Track them until they are kept or given up with a letter.', '请跟踪至兑现或致函说明。'],
  },
  NO_SUCH_LEADER: {
    message: ['There is no such post in force in this region.', '本级没有该岗位。'],
    next: ['Choose a leader’s post of the own region.', '请选择本级领导岗位。'],
  },
  NOT_A_KEY_SUGGESTION: {
    message: ['It is not a key suggestion.', '不是重点督办建议。'],
    next: ['Let the council of chairpersons designate it first.', '请先由主任会议确定。'],
  },
  OPENNESS_REVIEW_REQUIRED: {
    message: ['The openness of this round’s reply has not been reviewed.', '本轮答复尚未进行公开审查。'],
    next: ['Review it first.', '请先审查。'],
  },
  RELEASED_TEXT_REQUIRED: {
    message: ['The text to release is missing.', '缺少公开文本。'],
    next: ['Give the text, with secrets, privacy and contact data cut.', '请填写已去除秘密、隐私和联系方式的文本。'],
  },
  PUBLISHED_ALREADY: {
    message: ['This round’s reply has been dealt with already.', '本轮答复公开事宜已处理。'],
    next: ['Open the published reply.', '请查看已公开内容。'],
  },
  SCORED_ALREADY: {
    message: ['This score has been given.', '该项评价已作出。'],
    next: ['Wait for the other score.', '请等待另一方评价。'],
  },

  LEAD_SIGNER_SPEAKS: {
    message: [
      'The lead signer does this; when that mandate has ended, the next signer.',
      '此操作由领衔代表进行；其代表职务终止的，由顺位签名代表进行。',
    ],
    next: ['Ask the first signer whose mandate has not ended.', '请联系代表职务未终止的首位签名代表。'],
  },

  // Across levels
  NOT_FOR_HIGHER_LEVEL: {
    message: [
      'Only a matter that cannot be solved now (C), or that reaches beyond the region or level, goes higher.',
      '仅C类或跨区域、跨层级事项可提请上级。',
    ],
    next: ['Let the office classify it as cross-region, if it is.', '如属跨区域事项，请代表工委调整分类。'],
  },
  NOT_THE_NEXT_LEVEL: {
    message: [
      'The deputy is not of the congress one level above {level} in whose region this lies.',
      '该代表不属于{zhLevel}的上一级人大，或本区划不在其内。',
    ],
    next: ['Choose a deputy of the next higher congress.', '请选择上一级人大代表。'],
  },
  DECLINED_BEFORE: {
    message: ['That deputy has declined.', '该代表已婉拒。'],
    next: ['Choose another deputy.', '请选择其他代表。'],
  },
  NOT_OFFERED_TO_YOU: {
    message: ['The matter was not offered to that mandate.', '该事项未提请此代表职务。'],
    next: ['Ask the lead signer to offer it.', '请由领衔代表提请。'],
  },
  HANDLED_ON_THIS_PLATFORM: {
    message: [
      'Only suggestions of the nation and the autonomous region are handled elsewhere.',
      '仅全国、自治区代表建议在外部系统办理。',
    ],
    next: ['Follow it here.', '请在本平台办理。'],
  },
} as const satisfies RefusalTable;
