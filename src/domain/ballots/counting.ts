import { z } from 'zod';
import { systemWho } from '../kernel/actor.js';
import { oneOf, text } from '../kernel/fields.js';
import { facts } from '../kernel/visibility.js';
import { officeOf } from '../organization/who.js';
import { ballot } from './ballot.js';
import { ballotRefusals as refusals } from './refusals.js';
import { leastVoters, outcome, picks } from './shapes.js';
import { tallied } from './tally.js';

const office = officeOf('SC', 'COC', 'DWC', 'SPC', 'PRES');

/** The end of a ballot: closed by the office or the calendar, then counted from the box, all at once and once only. */
export const countingActions = {
  closeBallot: ballot.action({
    describe: ['Close the voting; the ballots are then counted.', '结束投票，随后计票。'],
    from: ['OPEN'],
    by: [office, systemWho],
    input: z.object({}),
    decide: ({ state, ctx }) =>
      ctx.actor.kind === 'system' && ctx.today <= state.closesOn
        ? refusals.BALLOT_NOT_DUE({ on: state.closesOn })
        : [{ type: 'BallotClosed', data: {} }],
  }),
  withdrawBallot: ballot.action({
    describe: [
      'Withdraw a ballot while nobody can know how it stands; what is in the box is destroyed unread.',
      '撤回尚未结束的投票，票箱内选票不予拆阅即行销毁。',
    ],
    from: ['PREPARED', 'OPEN'],
    by: [office],
    input: z.object({ reason: text(500, ['Why.', '原因']) }),
    decide: ({ input }) => [{ type: 'BallotAnnulled', data: { why: 'WITHDRAWN', reason: input.reason } }],
  }),
  countBallots: ballot.action({
    describe: [
      'Publish every ballot of the box in an order of chance, and what they come to (by the system).',
      '以随机次序公布全部选票及计票结果。',
    ],
    from: ['CLOSED'],
    by: [systemWho],
    input: z.object({
      ballots: z.array(facts({ follower: { picks } })).describe('Every ballot of the box. 全部选票'),
      receipts: outcome.receipts,
    }),
    decide: ({ input: { ballots, receipts }, state }) => {
      const voters = new Set(receipts).size;
      const known = ballots.every((one) => one.picks.every((pick) => pick < state.choices.length));
      const tooMany = state.members !== null && voters > state.members;
      if (!known || tooMany || voters !== receipts.length || voters !== ballots.length)
        return refusals.BALLOT_COUNT_WRONG();
      if (ballots.length < leastVoters) return refusals.TOO_FEW_BALLOTS({ least: leastVoters });
      return [{ type: 'BallotCounted', data: { ballots, receipts, ...tallied(state, ballots) } }];
    },
  }),
  annulBallot: ballot.action({
    describe: [
      'Annul a ballot that cannot be counted without telling who voted how, or whose box is lost (by the system).',
      '因票数过少无法保密或票箱丢失，作废本次投票。',
    ],
    from: ['CLOSED'],
    by: [systemWho],
    input: z.object({ why: oneOf(['TOO_FEW', 'BOX_LOST'], ['Why.', '原因']) }),
    decide: ({ input }) => [{ type: 'BallotAnnulled', data: { why: input.why, reason: null } }],
  }),
};
