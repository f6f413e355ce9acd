import { defineRefusals } from '../../kernel/refusal.js';
import { laterRefusals } from './later-refusals.js';

/** Refusals of the suggestion's chapters (domain.md S7, §3a, §8). */
export const suggestionRefusals = defineRefusals({
  // Drafting, co-signing, review
  ISSUE_OF_OTHER_REGION: {
    message: ['The issue lies in {region}, outside this congress’s region.', '该问题属于{region}，不在本级区划内。'],
    next: ['Leave it to a deputy of that region or of one above it.', '请由该区划或其上级区划的代表提出。'],
  },
  MANDATE_NOT_IN_FORCE: {
    message: ['That mandate is not in force.', '该代表职务不在任。'],
    next: ['Choose a deputy whose mandate is active.', '请选择在任代表。'],
  },
  COSIGNER_OF_OTHER_CONGRESS: {
    message: ['The deputy belongs to the congress of {region}.', '该代表属于{region}人大。'],
    next: [
      'Ask him or her as a collaborator: only deputies of the same congress co-sign.',
      '请邀请其为协同代表：联名限本级代表。',
    ],
  },
  COLLABORATOR_OF_OWN_CONGRESS: {
    message: ['The deputy belongs to the same congress.', '该代表属于同一人大。'],
    next: ['Invite him or her to co-sign.', '请邀请其联名。'],
  },
  SIGNER_ALREADY: {
    message: ['This person signs it already.', '该代表已在签名之列。'],
    next: ['A person counts once in a congress; choose another deputy.', '同一人在本级只计一次，请选择其他代表。'],
  },
  TEXT_HAS_CHANGED: {
    message: ['The text is now at version {version}.', '文本已更新为第{version}版。'],
    next: ['Read the present text and confirm version {version}.', '请阅读当前文本后确认第{version}版。'],
  },
  NO_SUCH_SUGGESTION: {
    message: ['There is no such suggestion in this congress.', '本级没有该建议。'],
    next: ['Check the id.', '请核对编号。'],
  },
  DUPLICATE_SUGGESTION: {
    message: [
      'The same suggestion of the same deputy is registered as {other}.',
      '同一代表的相同建议已立案（{other}）。',
    ],
    next: ['Return it for revision, or let the deputy take it back.', '请退回修改。'],
  },
  NUMBERED_ALREADY: {
    message: ['It has the number {number}.', '该建议编号为{number}。'],
    next: ['A number is given once.', '编号只给一次。'],
  },
  TELL_DEPUTY_FIRST: {
    message: [
      'The deputy must have been told between the submission and today.',
      '应在提交之后、今日之前（含）事先告知代表。',
    ],
    next: ['Tell the deputy, then give that date.', '请先告知代表，再填写告知日期。'],
  },
  HANDLED_WITH_MAIN: {
    message: ['It was merged and is handled with {main}.', '该建议已并入{main}办理。'],
    next: ['Act on that suggestion.', '请在主案中操作。'],
  },
  CANNOT_MERGE: {
    message: [
      'Neither may be merged itself or hold merged ones, and the other must be open: it is {status}.',
      '并案双方不得已并案，且主案应未答复；主案现为“{zhStatus}”。',
    ],
    next: ['Choose a suggestion that is registered or being handled.', '请选择已立案或办理中的建议。'],
  },

  // Assignment
  ROLES_NOT_CLEAR: {
    message: [
      'Name exactly one lead with co-handlers, or two or more organs that reply separately; each organ once.',
      '应明确一个主办单位及会办单位，或两个以上分别办理单位，且不重复。',
    ],
    next: ['Correct the roles.', '请更正承办分工。'],
  },
  NO_SUCH_HANDLING_ORGAN: {
    message: ['There is no such organ in force.', '没有该承办单位，或其已被撤并。'],
    next: ['Choose an organ from the directory.', '请从机关名录中选择。'],
  },
  ORGAN_OF_OTHER_LEVEL: {
    message: ['The organ belongs to {region}, outside this congress’s region.', '该机关属于{region}，不在本级区划内。'],
    next: [
      'Choose an organ of the own region; for a higher one, escalate (P1, P3).',
      '请选择本区划机关；涉及上级的请提请上级代表。',
    ],
  },
  NOT_A_DEPARTMENT: {
    message: ['The government office assigns to departments only.', '政府办公室只向政府部门交办。'],
    next: ['Let the deputies’ work committee assign it.', '请由代表工委交办。'],
  },
  NOT_A_POST_THERE: {
    message: ['The post is not held in your organ.', '该岗位不在本单位。'],
    next: ['Choose a post of your own organ.', '请选择本单位岗位。'],
  },
  RETURNED_ONCE_ALREADY: {
    message: ['Your organ has asked to return it before.', '本单位已申请过退回。'],
    next: ['Handle it, or ask the office to co-ordinate.', '请办理，或申请协调。'],
  },
  RETURN_TOO_LATE: {
    message: ['It could be returned until {dueOn}.', '退回期限为{dueOn}，已过。'],
    next: ['Handle it, or ask the office to co-ordinate.', '请办理，或申请协调。'],
  },
  NAME_ANOTHER_ORGAN: {
    message: ['That organ handles it already, or has returned it.', '该单位已在承办或已退回。'],
    next: ['Name another organ.', '请指定其他单位。'],
  },

  // Handling and reply
  NOT_SIGNED_FOR: {
    message: ['Your organ has not signed for it.', '本单位尚未签收。'],
    next: ['Sign for the assignment first.', '请先签收。'],
  },
  NOT_A_SIGNER: {
    message: ['That deputy is not one of the signers.', '该代表不在签名之列。'],
    next: ['Choose one of the signers.', '请选择签名代表。'],
  },
  NOT_HANDLING_IT: {
    message: ['That organ does not handle it, or has not replied in this round.', '该单位未承办，或本轮尚未答复。'],
    next: ['Choose one of the handling organs.', '请选择承办单位。'],
  },
  DATE_NOT_POSSIBLE: {
    message: [
      '{on} is in the future, or before the assignment or the present round.',
      '日期{on}在未来，或早于交办、本轮办理。',
    ],
    next: ['Correct the date.', '请更正日期。'],
  },
  NOTHING_TO_EXTEND: {
    message: ['No time for the reply is running.', '没有正在计算的答复时限。'],
    next: ['Look at the clocks of the case.', '请查看时限。'],
  },
  EXTENSION_TOO_LATE: {
    message: ['An extension had to be asked for by {dueOn}.', '延期应在{dueOn}前提出。'],
    next: ['Reply as soon as possible.', '请尽快答复。'],
  },
  EXTENSION_ASKED_ALREADY: {
    message: ['An extension is waiting for a decision.', '已有延期申请待定。'],
    next: ['Wait for the decision.', '请等待决定。'],
  },
  NO_EXTENSION_ASKED: {
    message: ['That organ has no extension waiting for a decision.', '该单位没有待定的延期申请。'],
    next: ['Look at the case again.', '请重新查看该事项。'],
  },
  CONTACT_REQUIRED: {
    message: ['Your organ has not contacted the deputy in this round.', '本单位在本轮办理中尚未与代表沟通。'],
    next: [
      'Hear the deputy and record the contact first (Deputies Law art. 51).',
      '请先听取代表意见并记录（代表法第五十一条）。',
    ],
  },
  CO_OPINIONS_AWAITED: {
    message: ['{count} co-handlers still have time for their opinion.', '尚有{count}个会办单位的意见未到且未逾期。'],
    next: ['Wait for their opinion, or until T4 has passed.', '请等待会办意见或其逾期。'],
  },
  HEAD_MUST_SIGN: {
    message: ['The head of your organ must sign.', '须由本单位负责人签发。'],
    next: ['Let the head act, or name the head’s post as signer.', '请由负责人操作，或填写签发负责人。'],
  },
  CATEGORY_NOT_USED: {
    message: ['Category {category} is not in use here.', '本地不使用{category}类。'],
    next: ['Choose a category in use.', '请选择适用类别。'],
  },
  REPLIED_ALREADY: {
    message: ['Your organ has replied in round {round}.', '本单位已作第{round}轮答复。'],
    next: ['Wait for the other organs and the feedback.', '请等待其他单位答复及代表反馈。'],
  },

  // Feedback
  COMMENT_REQUIRED: {
    message: ['Dissatisfied needs a comment.', '评价“不满意”须说明意见。'],
    next: ['Say what is not satisfactory.', '请填写不满意的具体意见。'],
  },
  FEEDBACK_GIVEN_ALREADY: {
    message: ['You have rated round {round}.', '您已反馈第{round}轮答复。'],
    next: ['A reply is rated once by each signer.', '每轮答复每位代表反馈一次。'],
  },
  ROUNDS_EXHAUSTED: {
    message: ['It has been handled {max} times.', '已办理{max}轮。'],
    next: [
      'Let the council of chairpersons or the government supervise it, or explain.',
      '请提请主任会议或政府督办，或向代表说明。',
    ],
  },
  ROUNDS_LEFT: {
    message: ['{left} more rounds of handling are possible.', '尚可再次办理{left}轮。'],
    next: ['Order re-handling first.', '请先交由再次办理。'],
  },
  ONLY_B_TO_A: {
    message: [
      'An organ changes only its own category, and only from B to A.',
      '承办单位只能将本单位答复由B类调整为A类。',
    ],
    next: ['Ask the office to change it.', '请由代表工委调整。'],
  },

  ...laterRefusals,
});
