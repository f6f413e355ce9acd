import { z } from 'zod';
import { deputyWho, officialWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { event, opening } from '../kernel/event.js';
import { storedText } from '../kernel/fields.js';
import { facts } from '../kernel/visibility.js';
import { ballotRefusals } from './refusals.js';
import { asked, outcome, roll, status, statusTerms, why } from './shapes.js';

const box = z.uuid().describe('The box that was set up empty; another one is not this ballot’s. 票箱标识');
const reason = storedText(['Why withdrawn.', '撤回原因']).nullable();

/** Before version 2 an organ was rated on its first report, or on none. */
const ofFirstReport = (data: unknown) => {
  const before = z.looseObject({ inspection: z.unknown() }).parse(data);
  return { ...before, round: before.inspection === null ? null : 1 };
};

/**
 * 无记名投票: a question, choices, an electorate and a last day. Who has voted, and what, is no event: it lies in the
 * ballot box (`ports.ts`), outside the log, until all ballots are published at once in an order of chance. So the log
 * has nothing by which a voter and a ballot could be joined. docs/ballots.md; invariant 11.
 */
export const ballot = defineAggregate({
  category: 'ballot',
  term: ['secret ballot', '无记名投票'],
  state: facts({
    public: { status, ...asked, annulled: why.nullable() },
    follower: {
      box: box.nullable(),
      ballots: outcome.ballots.nullable(),
      receipts: outcome.receipts.nullable(),
      tally: outcome.tally.nullable(),
      spoiled: outcome.spoiled.nullable(),
      verdict: outcome.verdict,
      reason,
    },
    office: { roll },
  }),
  events: {
    BallotOpened: opening(
      ['Secret ballot called', '已发起无记名投票'],
      { public: asked, office: { roll } },
      { version: 2, upcasts: { 1: ofFirstReport } },
    ),
    BallotBoxReadied: event(['Empty box set up: voting is open', '票箱已检查封好，开始投票'], { follower: { box } }),
    BallotClosed: event(['Voting closed', '投票结束'], {}, { politeness: 'assertive' }),
    BallotCounted: event(['Ballots counted', '已计票'], { follower: outcome }, { politeness: 'assertive' }),
    BallotAnnulled: event(
      ['Ballot annulled', '投票已作废'],
      { public: { why }, follower: { reason } },
      { politeness: 'assertive' },
    ),
  },
  evolve: {
    BallotOpened: (_, e) => ({
      status: 'PREPARED',
      ...e,
      annulled: null,
      box: null,
      ballots: null,
      receipts: null,
      tally: null,
      spoiled: null,
      verdict: null,
      reason: null,
    }),
    BallotBoxReadied: (s, e) => ({ ...s, status: 'OPEN', box: e.box }),
    BallotClosed: (s) => ({ ...s, status: 'CLOSED' }),
    BallotCounted: (s, e) => ({ ...s, ...e, status: 'COUNTED' }),
    BallotAnnulled: (s, e) => ({ ...s, status: 'ANNULLED', annulled: e.why, reason: e.reason }),
  },
  audience: (s) => ({
    ...Object.fromEntries(s.roll.flatMap(({ party }) => [`mandate:${party}`, `post:${party}`].map(asParticipant))),
    ...(s.electorate === 'CONGRESS' ? { [`deputies:${s.region}`]: 'follower' } : {}),
    [`office:${s.region}`]: 'office',
  }),
  refusals: ballotRefusals,
  statusTerms,
});
export type Ballot = z.infer<typeof ballot.state>;

/** Ids of mandates and posts never meet, so that either tag of a party reaches the right one alone. */
const asParticipant = (tag: string) => [tag, 'participant'] as const;

/** The one who votes in person: under a mandate of this congress, or as the roll names him or her. */
const isOnRoll = ({ roll }: Ballot, id: string): boolean => roll.some(({ party }) => party === id);
export const votingDeputy = deputyWho<Ballot>(['a deputy entitled to vote', '有投票权的代表'], (deputy, state) =>
  state.electorate === 'CONGRESS' ? deputy.congress === state.region : isOnRoll(state, deputy.mandate),
);
export const votingOfficial = officialWho<Ballot>(['a member on the roll', '名册所列人员'], (official, state) =>
  isOnRoll(state, official.post),
);
