import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import { suggestion } from '../../domain/collaboration/suggestion/suggestion.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { suggestionModel } from '../cases/suggestion.js';
import type { PolicyCommand, ReactorTools } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import { rowOf } from './scan.js';

/**
 * 并案: the main suggestion takes in the signers, and the merged ones go with it: where it stands, its replies and promises, so
 * that every signer is answered (invariant 2). What is carried over is how the main one now stands, not how it stood at
 * the event: then one that is merged late, or told twice, is brought to the same end.
 */
const carryOver = async ({ stream }: { readonly stream: string }, { view }: ReactorTools) => {
  const { id } = refOfStream(stream);
  const main = await rowOf(view, suggestionModel, id);
  const status = main && mainStatusOf(main.state);
  if (!main || !status) return [];
  const { mergedFrom, replies, promises } = main.state;
  return mergedFrom.flatMap((merged): PolicyCommand[] => {
    const told = replies.length > 0 ? replies : [null];
    return told.map((reply) => ({
      action: 'followMainSuggestion',
      id: merged,
      input: { main: id, status, reply, promises },
    }));
  });
};

/** The main one was itself merged at the same moment: the signers go on to the one that answers. */
const passOn = async (
  taken: { readonly stream: string; readonly data: { readonly suggestion: string; readonly signatories: unknown } },
  tools: ReactorTools,
) => {
  const main = await rowOf(tools.view, suggestionModel, refOfStream(taken.stream).id);
  const { suggestion, signatories } = taken.data;
  const further = main?.state.mergedInto;
  return [
    ...(further ? [{ action: 'takeInMerged', id: further, input: { suggestion, signatories } }] : []),
    ...(await carryOver(taken, tools)),
  ];
};

export const merging = defineReactor({
  name: 'merging',
  from: [suggestion],
  on: {
    SuggestionMerged: ({ stream, data }) => [
      {
        action: 'takeInMerged',
        id: data.into,
        input: { suggestion: refOfStream(stream).id, signatories: data.signatories },
      },
    ],
    SuggestionTakenIn: passOn,
    MainFollowed: carryOver,
    MainPromisesFollowed: carryOver,
    SuggestionAssigned: carryOver,
    ReplyIssued: carryOver,
    RehandlingOrdered: carryOver,
    DissatisfactionExplained: carryOver,
    CategoryChanged: carryOver,
    HandlingTransferred: carryOver,
    PromiseRegistered: carryOver,
    PromiseProgressReported: carryOver,
    PromiseFulfilled: carryOver,
    PromiseSlipped: carryOver,
    SuggestionClosed: carryOver,
    SuggestionWithdrawn: carryOver,
  },
});

/** `undefined`: there is nothing to follow yet. */
function mainStatusOf({ status }: SuggestionState) {
  switch (status) {
    case 'ASSIGNED':
    case 'RETURN_REQUESTED':
    case 'HANDLING':
      return 'HANDLING';
    case 'REPLIED':
    case 'FEEDBACK_PENDING':
      return 'REPLIED';
    case 'EVALUATED':
      return 'CLOSED';
    case 'REHANDLING':
    case 'TRACKING':
    case 'CLOSED':
    case 'WITHDRAWN':
      return status;
    default:
      return undefined;
  }
}
