import { z } from 'zod';
import type { Actor } from '../kernel/actor.js';
import { contextOf } from '../kernel/context.js';
import type { Loader } from '../kernel/load.js';
import type { Clock, NameId } from '../kernel/ports.js';
import type { Refusal } from '../kernel/refusal.js';
import { kernelRefusals } from '../kernel/refusals.js';
import type { Registry } from '../kernel/registry.js';
import { refusalOf } from '../kernel/rights.js';
import type { Rules } from '../kernel/rules.js';
import { type Ballot, ballot, votingDeputy, votingOfficial } from './ballot.js';
import type { BallotBox } from './ports.js';
import { ballotRefusals as refusals } from './refusals.js';
import { picks } from './shapes.js';

export const castInput = z.object({ picks });

/**
 * Casting, written as any action: who, from which state, with what input. But it is in no registry: `handle` makes
 * events of what it does and keeps its commands, and a ballot must become neither.
 */
export const castBallot = ballot.action({
  describe: [
    'Put a ballot into the box, once; it cannot be changed. Nobody learns how it was filled in.',
    '投票，每人一次，不得更改；任何人不能得知其内容。',
  ],
  from: ['OPEN'],
  by: [votingDeputy, votingOfficial],
  requires: (state, ctx) => (ctx.today > state.closesOn ? refusals.BALLOT_OVER() : undefined),
  input: castInput,
  decide: ({ input, state }) => refusalOfPicks(state, input) ?? [],
});

/** What is done as an action and recorded as none. */
export const unrecorded = { castBallot };

const refusalOfPicks = ({ choices }: Ballot, input: { readonly picks: readonly number[] }): Refusal | undefined =>
  input.picks.some((pick) => pick >= choices.length) ? refusals.UNKNOWN_CHOICE() : undefined;

export type CastingDeps = {
  readonly registry: Registry;
  readonly loader: Loader;
  readonly box: BallotBox;
  readonly clock: Clock;
  readonly nameId: NameId;
  readonly rules: Rules;
};

/** What a voter is told of himself or herself, and nobody else. */
export type OwnBallot = {
  /** Why no ballot can be cast now; also after one was. */
  readonly refusal: Refusal | undefined;
  /** By which the voter finds himself or herself counted; none: has not voted, or the box was emptied. */
  readonly receipt: string | undefined;
};
export type Casting = ReturnType<typeof createCasting>;

/**
 * The one door to the box: the same rights as any action, and nothing kept of the command. No id of a command, no time
 * and no input goes further than the box; a try that is repeated finds the mark of the first.
 */
export function createCasting({ registry, loader, box, clock, nameId, rules }: CastingDeps) {
  /** The case, when the actor may vote in it now. */
  async function admitted(actor: Actor, id: string) {
    const ref = ballot.at(id);
    const found = await loader.load(ref);
    const ctx = contextOf({ nameId, rules }, actor, 'castBallot', clock.now().toISOString());
    const state = found.state === undefined ? undefined : ballot.state.parse(found.state);
    const refusal = refusalOf(registry, castBallot, ctx, ref, state);
    if (actor.kind === 'system' || refusal || !state?.box) return { refusal: refusal ?? kernelRefusals.NOT_FOUND() };
    return { refusal: undefined, state, slip: { ballot: id, box: state.box, voter: actor.person } };
  }

  return {
    /** Resolves to the voter's receipt once mark and ballot are durable. */
    async cast(actor: Actor, id: string, input: unknown): Promise<string | Refusal> {
      const at = await admitted(actor, id);
      if (at.refusal) return at.refusal;
      const parsed = castInput.safeParse(input);
      // Not what zod says of it: that could quote the ballot.
      if (!parsed.success) return refusals.UNKNOWN_CHOICE();
      const unknown = refusalOfPicks(at.state, parsed.data);
      if (unknown) return unknown;
      // In the order of the list: how it was ticked says nothing of who ticked it.
      const content = JSON.stringify([...new Set(parsed.data.picks)].sort((a, b) => a - b));
      const cast = await box.cast({ ...at.slip, content });
      switch (cast) {
        case 'again':
          return refusals.ALREADY_VOTED();
        case 'shut':
          return refusals.BALLOT_OVER();
        case 'lost':
          return refusals.BALLOT_BOX_LOST();
        default:
          return cast.receipt;
      }
    },

    async own(actor: Actor, id: string): Promise<OwnBallot> {
      const at = await admitted(actor, id);
      if (at.refusal) return { refusal: at.refusal, receipt: undefined };
      const receipt = await box.receiptOf(at.slip);
      return { refusal: receipt === undefined ? undefined : refusals.ALREADY_VOTED(), receipt };
    },
  };
}
