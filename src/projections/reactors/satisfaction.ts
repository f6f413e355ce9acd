import { ballot } from '../../domain/ballots/ballot.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { ballotModel } from '../cases/ballot.js';
import { defineReactor } from '../kernel/reactor.js';
import { organInForce } from './organ-succession.js';
import { rowOf } from './scan.js';

/** An inspection knows what the satisfaction test of an organ's handling came to: its sums, and none of its ballots. */
export const satisfaction = defineReactor({
  name: 'satisfaction',
  from: [ballot],
  on: {
    BallotCounted: async ({ stream, data: { tally, spoiled, verdict } }, { view }) => {
      const { id } = refOfStream(stream);
      const asked = (await rowOf(view, ballotModel, id))?.state;
      const { inspection, round, members } = asked ?? {};
      if (!inspection || !asked?.organ || !round || typeof members !== 'number' || verdict === null) return [];
      const [satisfied, basically, dissatisfied] = tally.map(({ votes }) => votes);
      // It may have been merged while the voting went on.
      const organ = await organInForce(view, asked.organ);
      const input = { ballot: id, organ, round, verdict, satisfied, basically, dissatisfied, spoiled, members };
      return [{ action: 'recordSatisfaction', id: inspection, input }];
    },
  },
});
