import { ballot } from '../../domain/ballots/ballot.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { ballotModel } from '../cases/ballot.js';
import { defineReactor } from '../kernel/reactor.js';
import { rowOf } from './scan.js';

/** An inspection knows what the satisfaction test of an organ's handling came to: its sums, and none of its ballots. */
export const satisfaction = defineReactor({
  name: 'satisfaction',
  from: [ballot],
  on: {
    BallotCounted: async ({ stream, data: { tally, spoiled, verdict } }, { view }) => {
      const { id } = refOfStream(stream);
      const asked = (await rowOf(view, ballotModel, id))?.state;
      if (!asked?.inspection || !asked.organ || asked.members === null || verdict === null) return [];
      const [satisfied, basically, dissatisfied] = tally.map(({ votes }) => votes);
      const sums = { satisfied, basically, dissatisfied, spoiled, members: asked.members };
      const input = { ballot: id, organ: asked.organ, verdict, ...sums };
      return [{ action: 'recordSatisfaction', id: asked.inspection, input }];
    },
  },
});
