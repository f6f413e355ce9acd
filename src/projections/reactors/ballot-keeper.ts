import { ballot } from '../../domain/ballots/ballot.js';
import type { BallotBox, RandomBelow } from '../../domain/ballots/ports.js';
import { leastVoters, picks } from '../../domain/ballots/shapes.js';
import { shuffled } from '../../domain/ballots/shuffle.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { LocalDate } from '../../domain/kernel/working-days.js';
import { ballotModel } from '../cases/ballot.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { PolicyCommand } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import type { DueCommand } from '../kernel/scheduler.js';
import { keysUnder, rowOf } from './scan.js';

export type Keeping = { readonly box: BallotBox; readonly randomBelow: RandomBelow };

/**
 * Sets up the box of each ballot, empties it into one event at the close, and destroys it afterwards. Each step can be
 * done twice without harm: the box gives the same ballots until it is destroyed, it is destroyed only when they stand in
 * the log, and a command of this policy has the id of the event that it follows from.
 */
export const ballotKeeper = ({ box, randomBelow }: Keeping) => {
  const destroy = async ({ stream }: { readonly stream: string }): Promise<readonly PolicyCommand[]> => {
    await box.destroy(refOfStream(stream).id);
    return [];
  };
  return defineReactor({
    name: 'ballot-keeper',
    from: [ballot],
    on: {
      BallotOpened: async ({ stream }, { view }) => {
        const { id } = refOfStream(stream);
        // Told once more of an old ballot it makes no new box.
        if ((await rowOf(view, ballotModel, id))?.state.status !== 'PREPARED') return [];
        return [{ action: 'readyBallotBox', id, input: { box: await box.make(id) } }];
      },
      BallotClosed: async ({ stream }, { view }) => {
        const { id } = refOfStream(stream);
        const state = (await rowOf(view, ballotModel, id))?.state;
        if (state?.status !== 'CLOSED' || !state.box) return [];
        const found = await box.shut(id, state.box);
        if (!found) return [{ action: 'annulBallot', id, input: { why: 'BOX_LOST' } }];
        const { ballots, receipts } = found;
        if (ballots.length < leastVoters) return [{ action: 'annulBallot', id, input: { why: 'TOO_FEW' } }];
        const read = ballots.map((content) => ({ picks: picks.parse(JSON.parse(content)) }));
        return [{ action: 'countBallots', id, input: { ballots: shuffled(read, randomBelow), receipts } }];
      },
      BallotCounted: destroy,
      BallotAnnulled: destroy,
    },
  });
};

/** Ballots whose last day is over. */
export async function ballotsDue(today: LocalDate, view: ReadView): Promise<readonly DueCommand[]> {
  const open = await query(view, ballotModel).rows(await keysUnder(view, ballotModel, 'open', []));
  return open
    .flatMap((row) => (row && row.state.closesOn < today ? [row.id] : []))
    .map((id) => ({ action: 'closeBallot', id, input: {}, commandId: `close ${id}` }));
}
