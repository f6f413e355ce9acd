import { defineRefusals } from '../kernel/refusal.js';

/** Refusals of secret ballots (domain.md S10, S17; invariant 11). */
export const ballotRefusals = defineRefusals({
  BALLOT_CHOICES: {
    message: [
      'A satisfaction test has its own three choices, of which one is ticked; any other ballot names 2 to 10 that differ.',
      '满意度测评使用固定的三个选项并单选；其他投票须列出2至10个互不相同的选项。',
    ],
    next: ['Correct the choices, and how many may be ticked.', '请更正选项及可选项数。'],
  },
  BALLOT_DAY_PAST: {
    message: ['The last day of voting, {on}, is past.', '投票截止日期{on}已过。'],
    next: ['Name today or a later day.', '请填写今日或以后的日期。'],
  },
  ROLL_REQUIRED: {
    message: [
      'A satisfaction test is measured by all members: it needs the roll of them.',
      '满意度测评以全体组成人员为基数，须提供名册。',
    ],
    next: ['Give the mandates or posts of the members.', '请列出组成人员的代表职务或岗位。'],
  },
  ELECTORATE_TOO_SMALL: {
    message: [
      'The roll has {members} persons; with fewer than {least} no ballot stays secret.',
      '名册仅{members}人，少于{least}人时投票无法保密。',
    ],
    next: ['Ask more members, or decide in another form.', '请扩大投票人范围，或改用其他方式表决。'],
  },
  NOT_A_VOTER_HERE: {
    message: [
      'Only deputies of this congress and members of its standing committee or presidium, in force, can be on the roll.',
      '名册只能列入本级现任人大代表以及常委会、主席团组成人员。',
    ],
    next: ['Take the others off the roll.', '请将其他人员移出名册。'],
  },
  NOTHING_TO_RATE: {
    message: [
      'There is no such inspection of yours with an answer of this organ to rate.',
      '没有该监督活动，或该机关尚未报告研究处理情况，无法测评。',
    ],
    next: [
      'Name your own inspection and an organ that has reported (reportHandling), in a satisfaction test.',
      '请在满意度测评中填写本级监督活动及已报告（reportHandling）的机关。',
    ],
  },
  REPORT_ALREADY_RATED: {
    message: [
      'The last report of this organ has had its satisfaction test; each report has one.',
      '该机关最近一次报告已经测评，每次报告只测评一次。',
    ],
    next: [
      'If it ended dissatisfied, order a new report (orderReReport) and rate that.',
      '结果为不满意的，请责成重新报告（orderReReport），再对新报告测评。',
    ],
  },
  BALLOT_NOT_DUE: {
    message: ['Voting goes on until the end of {on}.', '投票至{on}结束。'],
    next: ['Wait for that day to pass; the office can close it earlier.', '请等待截止，或由组织机关提前结束。'],
  },
  BALLOT_OVER: {
    message: ['Voting is over: the box takes nothing more.', '投票已结束，票箱不再接收选票。'],
    next: ['Wait for the result.', '请等待计票结果。'],
  },
  ALREADY_VOTED: {
    message: [
      'Your ballot is in the box already; it cannot be changed or taken out.',
      '您已投票，选票不能更改或撤回。',
    ],
    next: [
      'Ask for your receipt (myBallot), and look for it in the result.',
      '可查询回执（myBallot），并在结果中核对。',
    ],
  },
  UNKNOWN_CHOICE: {
    message: ['There is no such choice on this ballot.', '选票上没有该选项。'],
    next: ['Tick choices of the list, numbered from 0.', '请按列表序号（从0起）选择。'],
  },
  BALLOT_BOX_LOST: {
    message: ['The box of this ballot is lost, with all that was in it.', '本次投票的票箱已丢失，其中选票无法找回。'],
    next: [
      'The office will annul the ballot; vote again when it is held anew.',
      '组织机关将作废本次投票，请待重新组织后投票。',
    ],
  },
  BALLOT_UNCERTAIN: {
    message: ['The box did not answer: it may or may not have taken the ballot.', '票箱未响应，选票是否投入尚不确定。'],
    next: [
      'Ask whether you have voted (myBallot); if not, vote again.',
      '请查询是否已投票（myBallot），未投入的请重新投票。',
    ],
  },
  BALLOT_COUNT_WRONG: {
    message: [
      'Ballots, receipts and voters do not agree, or a ballot has a choice that does not exist.',
      '选票、回执与投票人数不符，或选票含有不存在的选项。',
    ],
    next: ['Look into the box; annul the ballot if it stays so.', '请检查票箱，仍不符的应作废本次投票。'],
  },
  TOO_FEW_BALLOTS: {
    message: [
      'Fewer than {least} ballots are not counted: they would not stay secret.',
      '少于{least}票不予计票，以免泄露投票内容。',
    ],
    next: ['Hold the ballot again with more voters present.', '请在更多投票人到场时重新组织投票。'],
  },
});
