import type { z } from 'zod';
import { count, day, listOf, oneOf, ref, region, storedText } from '../kernel/fields.js';
import { facts } from '../kernel/visibility.js';
import { party } from '../organization/joint-meeting/calling.js';

/** What a secret ballot is made of: shapes that its state and its events share. */
export const statusTerms = {
  PREPARED: '票箱准备中',
  OPEN: '投票中',
  CLOSED: '投票结束、待计票',
  COUNTED: '已计票',
  ANNULLED: '已作废',
} as const;
export const status = oneOf(
  ['PREPARED', 'OPEN', 'CLOSED', 'COUNTED', 'ANNULLED'],
  ['Box not ready yet, open, closed but not counted, counted, annulled.', Object.values(statusTerms).join('、')],
);

/** SATISFACTION: 满意度测评, with choices and thresholds of its own. CHOICE: any other question. */
export const kinds = ['SATISFACTION', 'CHOICE'] as const;
export const satisfactionChoices = ['满意', '基本满意', '不满意'] as const;
export const verdicts = ['SATISFIED', 'BASICALLY_SATISFIED', 'DISSATISFIED'] as const;

/**
 * Fewer would show how each has voted: such an electorate is not asked, and so few ballots are not counted. A choice of
 * this house; no law names a number.
 */
export const leastVoters = 5;
export const mostVoters = 300;
export const mostChoices = 10;

export const choice = storedText(['Choice.', '选项']);
export const picks = listOf(count(mostChoices - 1, ['Number of a choice, from 0.', '选项序号，从0起']), mostChoices, [
  'Numbers of the choices ticked, from 0; none: a blank ballot.',
  '所选选项的序号（从0起），不选即为空白票',
]);

export const asked = {
  region: region(['Region of the congress.', '所属人大的区划']),
  kind: oneOf(kinds, ['Satisfaction test or any other question.', '满意度测评或其他表决']),
  question: storedText(['What is asked.', '投票事项']),
  choices: listOf(choice, mostChoices, ['Choices, in order.', '选项']),
  most: count(mostChoices, ['Most choices on a valid ballot.', '有效票最多可选项数']),
  closesOn: day(['Last day of voting.', '投票截止日期']),
  electorate: oneOf(
    ['CONGRESS', 'ROLL'],
    ['All deputies of the congress, or those on the roll.', '本级全体代表，或名册所列人员'],
  ),
  members: count(mostVoters, ['How many persons the roll has.', '名册人数']).nullable(),
  inspection: ref('inspection', ['Inspection whose handling is rated.', '所测评的监督活动']).nullable(),
  organ: ref('organ', ['Organ that is rated.', '被测评单位']).nullable(),
  round: count(50, ['Which of its reports is rated: 1 is the first.', '所测评的是第几次报告（首次为1）']).nullable(),
};
export const entry = facts({
  office: {
    party: party(['Mandate or post.', '代表职务或岗位']),
    person: ref('person', ['Who votes: once, whatever the mandates.', '投票人']),
  },
});
export const roll = listOf(entry, mostVoters, ['Those entitled to vote.', '投票人名册']);

export const outcome = {
  ballots: listOf(facts({ follower: { picks } }), 5_000, [
    'Every ballot, in an order of chance.',
    '全部选票，次序随机',
  ]),
  receipts: listOf(storedText(['Receipt of a voter.', '投票回执']), 5_000, [
    'Receipts of those who voted, sorted; none belongs to a ballot.',
    '投票回执，按字符排序，与选票无对应关系',
  ]),
  tally: listOf(
    facts({ follower: { choice, votes: count(5_000, ['Valid ballots for it.', '得票数']) } }),
    mostChoices,
    ['Votes for each choice.', '计票结果'],
  ),
  spoiled: count(5_000, ['Void ballots: blank, or with too many ticks.', '废票数：空白票或选项过多']),
  verdict: oneOf(verdicts, ['What a satisfaction test comes to.', '测评结论']).nullable(),
};
export type Outcome = z.infer<z.ZodObject<typeof outcome>>;

export const annulments = ['TOO_FEW', 'BOX_LOST', 'WITHDRAWN'] as const;
export const why = oneOf(annulments, [
  'Too few ballots to stay secret, the box is lost, or withdrawn by the office.',
  '票数过少无法保密、票箱丢失或由组织机关撤回',
]);
