import { ID } from 'type-graphql';
import type { Casting } from '../../domain/ballots/casting.js';
import { castBallot, castInput } from '../../domain/ballots/casting.js';
import { ballotRefusals } from '../../domain/ballots/refusals.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { instance, objectType } from '../derive/classes.js';
import { refused } from '../errors.js';
import type { HandMade } from '../schema.js';
import { isId } from '../services.js';
import { actorOf } from '../visible.js';

export type CastingServices = {
  readonly casting: Casting;
  readonly onProblem: (problem: Error) => void;
};

/**
 * The door for casting: a mutation that takes no `commandId`, waits for no read model and gives no event, because a
 * ballot leaves no trace but in the box. What is sent is named in no log, span or error.
 */
export const ballotOperations =
  (services: () => CastingServices): HandMade =>
  ({ kit, inputs, actions }) => {
    const { names } = kit;
    const receipt = {
      type: () => String,
      description:
        'Found among the `receipts` once the ballots are counted: it shows that a ballot of yours was counted, and not how it was filled in. 投票回执',
    };
    const Slip = objectType(names.claim('BallotSlip'), 'The box has taken the ballot. 投票回执', { receipt });
    const Own = objectType(
      names.claim('OwnBallot'),
      'A ballot as it concerns you; shown to nobody else. 本人投票情况',
      {
        open: { type: () => Boolean, description: 'You can vote now. 当前是否可投票' },
        refusal: {
          type: () => actions.RefusalType,
          nullable: true,
          description: 'Why not; ALREADY_VOTED when you have. 不可投票的原因',
        },
        receipt: { ...receipt, nullable: true },
      },
    );
    const input = inputs.inputOf(castInput, 'CastBallotInput', undefined);
    const [en, zh] = castBallot.describe;
    const ballotArgument = { type: () => ID, description: 'The ballot. 投票编号' };
    const idOf = (id: unknown): string => {
      if (!isId(id)) throw refused(kernelRefusals.NOT_FOUND());
      return id;
    };

    /** Whether the box has done what it was asked is not known when it fails. The operator learns why, and nothing else. */
    async function asked<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (cause) {
        services().onProblem(new Error('the ballot box did not answer', { cause }));
        throw refused(ballotRefusals.BALLOT_UNCERTAIN());
      }
    }

    return {
      mutations: {
        castBallot: {
          type: () => Slip,
          description: `${en} ${zh}`,
          args: { id: ballotArgument, input: { type: () => input } },
          async resolve(args, context) {
            const actor = actorOf(context);
            const id = idOf(args.id);
            const result = await asked(() => services().casting.cast(actor, id, args.input));
            if (isRefusal(result)) throw refused(result);
            return instance(Slip, { receipt: result });
          },
        },
      },
      queries: {
        myBallot: {
          type: () => Own,
          description: 'Whether you can vote, and your receipt when you have. 本人投票情况',
          args: { id: ballotArgument },
          async resolve(args, context) {
            const actor = actorOf(context);
            const id = idOf(args.id);
            const { refusal, receipt: own = null } = await asked(() => services().casting.own(actor, id));
            return instance(Own, {
              open: refusal === undefined,
              refusal: refusal ? actions.refusalView(refusal) : null,
              receipt: own,
            });
          },
        },
      },
    };
  };
