import { event } from '../../kernel/event.js';
import { flag, listOf, oneOf } from '../../kernel/fields.js';
import * as part from './shapes.js';
import { suggestionState } from './state.js';

const kept = suggestionState.shape;
const who = { mandate: part.mandateRef };

/** What happens to a suggestion from the reply on. These types and fields are the storage format. */
export const laterEvents = {
  // Reply and feedback
  ReplyIssued: event(
    ['Reply issued', '已答复代表'],
    {
      follower: {
        organ: part.organRef,
        round: part.round,
        category: part.category,
        on: part.on,
        complete: flag(['Every replying organ has replied in this round.', '本轮答复已齐']),
      },
      participant: {
        text: part.reply.shape.text,
        signedBy: part.postRef,
        missingOpinions: part.reply.shape.missingOpinions,
        promises: listOf(part.promiseDraft, 50, ['Promises.', '承诺事项']),
      },
    },
    { politeness: 'assertive' },
  ),
  ReplyDelivered: event(['Reply delivered to the signers', '答复已送达代表'], {
    participant: { round: part.round, to: listOf(part.mandateRef, 1000, ['To whom.', '送达代表']) },
  }),
  FeedbackGiven: event(['Feedback given', '代表已反馈'], { participant: part.feedback.shape }),
  RehandlingOrdered: event(
    ['Re-handling ordered', '交由再次办理'],
    { follower: { round: part.round, on: part.on }, participant: { reason: part.reason } },
    { politeness: 'assertive' },
  ),
  DissatisfactionExplained: event(['Dissatisfaction explained', '已向代表说明'], {
    participant: { explanation: part.note, to: listOf(part.mandateRef, 1000, ['To whom.', '说明对象']), on: part.on },
  }),
  SupervisionNoted: event(['Supervision by the council or the government', '主任会议或政府督办'], {
    office: part.progress.shape,
  }),
  CategoryChanged: event(['Category of the outcome changed', '办理结果类别已调整'], {
    follower: { organ: part.organRef, category: part.category },
    participant: { reason: part.reason },
  }),

  // After the reply
  PromiseRegistered: event(['Promise registered', '承诺已登记'], {
    participant: { ...part.promised, organ: part.organRef },
  }),
  PromiseProgressReported: event(['Progress on a promise', '承诺进展'], {
    participant: { promise: part.promised.id, ...part.progress.shape },
  }),
  PromiseFulfilled: event(['Promise kept', '承诺已兑现'], {
    participant: { promise: part.promised.id, ...part.progress.shape },
  }),
  PromiseSlipped: event(
    ['Promise put off', '承诺未按期兑现'],
    {
      participant: {
        promise: part.promised.id,
        dueOn: part.promised.dueOn.nullable().describe('New date; none: it will not be kept. 新时限'),
        letter: part.note,
        signedBy: part.postRef,
        on: part.on,
      },
    },
    { politeness: 'assertive' },
  ),
  OpennessReviewed: event(['Openness reviewed', '公开审查已完成'], { office: part.openness.shape }),
  ReplyPublished: event(['Reply published', '答复已公开'], {
    public: {
      round: part.round,
      extent: part.extent,
      text: part.publication.shape.text,
      on: part.on,
    },
    follower: { reason: part.reason },
  }),
  WithdrawalAsked: event(['A signer asked to withdraw', '代表申请撤回'], {
    participant: { ...who, reason: part.reason, on: part.on },
  }),
  SuggestionWithdrawn: event(['Suggestion withdrawn', '建议已撤回'], { follower: { on: part.on } }),
  SuggestionClosed: event(['Suggestion closed', '建议已办结'], { follower: { on: part.on } }),
  SuggestionScored: event(['Scored', '已评分'], {
    participant: { part: oneOf(['QUALITY', 'EFFECT'], ['Of what.', '评价内容']), ...part.score.shape },
  }),
  SuggestionEvaluated: event(['Both scores are there', '双评价已完成'], {
    participant: { quality: part.score.shape.value, effect: part.score.shape.value },
  }),

  // Across levels
  EscalationProposed: event(['Offered to a higher deputy', '已提请上级代表'], {
    participant: { ...who, level: kept.level, reason: part.reason, on: part.on },
  }),
  EscalationDeclined: event(['Higher deputy declined', '上级代表未采纳'], { participant: who }),
  SuggestionEscalated: event(['A higher deputy adopted it', '上级代表已采纳'], {
    participant: { toLevel: kept.level, adoptedBy: part.mandateRef, newId: part.suggestionRef },
  }),
  HigherStatusNoted: event(['Status at the higher level', '上级办理状态'], {
    participant: {
      newId: part.suggestionRef,
      status: part.higherStatus,
      externalNumber: part.escalation.shape.externalNumber,
      on: part.on,
    },
  }),
  ExternalHandlingRecorded: event(['Handling in the external system', '外部办理情况'], {
    follower: part.external.shape,
  }),
};
