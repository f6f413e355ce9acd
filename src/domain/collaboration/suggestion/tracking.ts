import { z } from 'zod';
import type { CaseClock } from '../../kernel/case-clocks.js';
import { stopClocks } from '../../kernel/case-clocks.js';
import { day, text } from '../../kernel/fields.js';
import type { Refusal } from '../../kernel/refusal.js';
import { post } from '../../organization/post.js';
import {
  allButPublishing,
  openPromises,
  promiseClock,
  repliesWithoutPromise,
  startPromiseClock,
  stillToAnswer,
} from './limits.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { signatureOf } from './reply.js';
import { postRef } from './shapes.js';
import type { SuggestionState } from './state.js';
import { suggestion } from './suggestion.js';
import { answered, notMerged, officeInCharge, replyingOrgan } from './who.js';

const promiseId = z.uuid().describe('Id of the promise. 承诺编号');
const on = day(['On.', '日期']);
const noteText = text(1000, ['What was done.', '情况']);
type Kept = SuggestionState['promises'][number];

function ownPromise(state: SuggestionState, id: string, organ: string): Kept | Refusal {
  const found = state.promises.find((p) => p.id === id && p.organ === organ);
  return found ?? refusals.NO_SUCH_PROMISE();
}
const clockFor = (id: string) => (clock: CaseClock) => clock.clock === promiseClock(id);
const reported = (p: Kept, step: { on: string; note: string }): boolean =>
  p.progress.some((x) => x.on === step.on && x.note === step.note);

/** The promise ledger: what a B reply promised is followed past the year and past the term (Shanghai provisions art. 22). */
export const trackingActions = {
  registerPromise: suggestion.action({
    describe: ['Register a promise made in or after the reply.', '登记承诺事项。'],
    from: answered,
    by: [replyingOrgan],
    input: z.object({ text: text(500, ['What is promised.', '承诺事项']), dueOn: day(['For when.', '承诺时限']) }),
    requires: notMerged,
    decide: ({ input, state, ctx }) => {
      const { organ } = ctx.actor;
      if (state.promises.some((p) => p.organ === organ && p.text === input.text && p.dueOn === input.dueOn)) return [];
      if (input.dueOn < ctx.today) return refusals.PROMISE_IN_THE_PAST();
      const promise = { id: ctx.newId(), ...input, organ };
      return [{ type: 'PromiseRegistered', data: promise }, startPromiseClock(ctx, promise)];
    },
  }),
  reportPromiseProgress: suggestion.action({
    describe: ['Report progress on a promise.', '报告承诺进展。'],
    from: answered,
    by: [replyingOrgan],
    input: z.object({ promise: promiseId, on, note: noteText }),
    decide: ({ input, state, ctx }) => {
      const p = ownPromise(state, input.promise, ctx.actor.organ);
      if ('refused' in p) return p;
      if (reported(p, input)) return [];
      if (p.state !== 'OPEN') return refusals.PROMISE_SETTLED();
      if (input.on > ctx.today) return refusals.DATE_NOT_POSSIBLE({ on: input.on });
      return [{ type: 'PromiseProgressReported', data: input }];
    },
  }),
  fulfilPromise: suggestion.action({
    describe: ['Report that a promise is kept.', '报告承诺已兑现。'],
    from: answered,
    by: [replyingOrgan],
    input: z.object({ promise: promiseId, on, note: noteText }),
    decide: ({ input, state, ctx }) => {
      const p = ownPromise(state, input.promise, ctx.actor.organ);
      if ('refused' in p) return p;
      if (p.state !== 'OPEN') return refusals.PROMISE_SETTLED();
      if (input.on > ctx.today) return refusals.DATE_NOT_POSSIBLE({ on: input.on });
      return [{ type: 'PromiseFulfilled', data: input }, ...stopClocks(state, clockFor(p.id))];
    },
  }),
  slipPromise: suggestion.action({
    describe: [
      'Put a promise off, or give it up, with a letter to the deputy signed by the organ’s head.',
      '承诺延后或不能兑现，须有负责人签发的致代表函。',
    ],
    from: answered,
    by: [replyingOrgan],
    input: z.object({
      promise: promiseId,
      dueOn: day(['New date; absent when it will not be kept.', '新时限']).nullish(),
      letter: text(5000, ['The letter to the deputy.', '致代表函']),
      signedBy: postRef.nullish().describe('Post of the head who signed; absent when the head acts. 签发负责人'),
    }),
    needs: (input) => ({ heads: input.signedBy ? [post.at(input.signedBy)] : [] }),
    decide: ({ input, state, ctx, facts: { heads } }) => {
      const p = ownPromise(state, input.promise, ctx.actor.organ);
      if ('refused' in p) return p;
      if (p.state !== 'OPEN') return refusals.PROMISE_SETTLED();
      const dueOn = input.dueOn ?? null;
      if (dueOn !== null && dueOn <= p.dueOn) return refusals.NOT_LATER_THAN_PROMISED({ dueOn: p.dueOn });
      const signedBy = signatureOf(ctx.actor, input.signedBy, heads[0]?.state);
      if (!signedBy) return refusals.HEAD_MUST_SIGN();
      return [
        { type: 'PromiseSlipped', data: { promise: p.id, dueOn, letter: input.letter, signedBy, on: ctx.today } },
        ...(dueOn ? [startPromiseClock(ctx, { ...p, dueOn })] : stopClocks(state, clockFor(p.id))),
      ];
    },
  }),
  closeSuggestion: suggestion.action({
    describe: [
      'Close it: every signer has answered or let T7 pass, what was planned was promised, every promise is settled.',
      '办结建议。',
    ],
    from: ['REPLIED', 'TRACKING'],
    by: [officeInCharge],
    input: z.object({}),
    requires: (state, ctx) => {
      const silent = stillToAnswer(state, ctx.today).length;
      const open = openPromises(state);
      if (state.mergedInto) return notMerged(state);
      if (silent > 0) return refusals.SIGNERS_STILL_TO_ANSWER({ count: silent });
      if (open > 0) return refusals.PROMISES_OPEN({ count: open });
      const bare = repliesWithoutPromise(state);
      return bare > 0 ? refusals.PROMISE_REQUIRED({ count: bare }) : undefined;
    },
    decide: ({ state, ctx }) => [
      { type: 'SuggestionClosed', data: { on: ctx.today } },
      ...stopClocks(state, allButPublishing),
    ],
  }),
};
