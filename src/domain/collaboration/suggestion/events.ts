import { z } from 'zod';
import { clockEvents } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { count, flag, listOf, oneOf } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import * as part from './shapes.js';
import { suggestionState } from './state.js';

const kept = suggestionState.shape;
const who = { mandate: part.mandateRef };
const assignment = {
  follower: {
    by: part.organKind,
    mode: part.mode,
    organs: listOf(facts({ follower: { organ: part.organRef, role: part.organRole } }), 20, [
      'Handling organs.',
      '承办单位',
    ]),
    difficult: kept.difficult,
    on: part.on,
  },
};

/** What happens to a suggestion. These types and fields are the storage format. */
export const suggestionEvents = {
  ...clockEvents,

  // Drafting and co-signing
  SuggestionDrafted: opening(['Suggestion drafted', '建议已起草'], {
    public: { region: kept.region, level: kept.level, title: part.title },
    follower: {
      lead: kept.lead,
      congress: kept.congress,
      topic: kept.topic,
      issue: kept.issue,
      escalatedFrom: kept.escalatedFrom,
      originRegion: kept.originRegion,
    },
    participant: { leadPerson: kept.leadPerson, ...part.textParts },
  }),
  SuggestionEdited: event(['Text edited: confirmations are void', '文本已修改，原联名确认失效'], {
    public: { title: part.title },
    participant: { ...part.textParts, version: part.version },
  }),
  CosignInvited: event(['Invited to co-sign', '已邀请联名'], {
    participant: { ...who, person: part.personRef },
  }),
  CosignConfirmed: event(['Co-signature confirmed', '已确认联名'], {
    participant: { ...who, version: part.version },
  }),
  CosignDeclined: event(['Co-signature declined', '已谢绝联名'], { participant: who }),
  CosignerRemoved: event(['Co-signer removed', '已移除联名'], { participant: who }),
  CollaboratorAdded: event(['Collaborator added', '已邀协同代表'], {
    participant: part.collaborator.shape,
  }),
  CollaboratorRemoved: event(['Collaborator removed', '已移除协同代表'], { participant: who }),
  CollaborationGiven: event(['Collaborator contributed', '协同代表已提供支持'], {
    participant: part.contribution.shape,
  }),
  EvidenceLinked: event(['Evidence linked', '依据已关联'], { participant: part.evidence.shape }),

  // Review
  SuggestionSubmitted: event(['Suggestion submitted', '建议已提交'], {
    follower: {
      occasion: oneOf(['IN_SESSION', 'INTERSESSION'], ['At a session or between sessions.', '大会期间或闭会期间']),
      session: kept.session,
      on: part.on,
    },
    participant: { signatories: kept.signatories, version: part.version },
  }),
  SuggestionRegistered: event(['Suggestion registered', '建议已立案'], {
    follower: { field: kept.field, crossRegion: kept.crossRegion, on: part.on },
    office: { similar: kept.similar },
  }),
  SuggestionNumbered: event(['Suggestion numbered', '建议已编号'], {
    public: { year: count(9999, ['Year.', '年份']), number: count(1_000_000, ['Number.', '编号']) },
  }),
  SuggestionClassified: event(['Suggestion classified', '建议已分类'], {
    follower: { field: kept.field, crossRegion: kept.crossRegion },
  }),
  SuggestionReturnedForRevision: event(
    ['Returned for revision', '退回修改'],
    {
      follower: { on: part.on },
      participant: { ground: oneOf(part.revisionGrounds, ['Ground.', '退回原因']), reason: part.reason },
    },
    { politeness: 'assertive' },
  ),
  SuggestionNotAccepted: event(
    ['Not accepted', '不予受理'],
    {
      follower: { on: part.on },
      participant: {
        ground: oneOf(part.notAcceptableReasons, ['Ground.', '不予受理原因']),
        explanation: part.note,
        deputyToldOn: part.on,
      },
    },
    { politeness: 'assertive' },
  ),
  ConvertedToDeputyLetter: event(['Passed on as a deputy’s letter', '转为代表来信'], {
    follower: { on: part.on },
  }),
  SuggestionMerged: event(['Merged into another suggestion', '已并案'], {
    follower: { into: part.suggestionRef, on: part.on },
    participant: { signatories: kept.signatories },
  }),
  SuggestionTakenIn: event(['Another suggestion merged into this one', '已接收并案'], {
    follower: { suggestion: part.suggestionRef },
    participant: { signatories: kept.signatories },
  }),
  MainFollowed: event(['Follows the suggestion it is merged into', '随主案推进'], {
    follower: { status: oneOf(part.mainStatuses, ['Where that one stands.', '主案状态']) },
    participant: { reply: part.reply.nullable().describe('The reply given there. 主案答复') },
  }),

  // Assignment
  SuggestionAssigned: event(['Suggestion assigned', '建议已交办'], assignment),
  AssignmentReceived: event(['Assignment signed for', '承办单位已签收'], {
    follower: { organ: part.organRef, on: part.on },
  }),
  HandlerNamed: event(['Handler named', '已确定承办人'], {
    participant: { organ: part.organRef, post: part.postRef },
  }),
  ReturnRequested: event(['Return requested', '承办单位申请退回'], {
    follower: { organ: part.organRef, on: part.on },
    participant: { reasons: part.reason, proposed: part.returnRequest.shape.proposed },
  }),
  ReturnApproved: event(['Return agreed', '同意退回'], {
    follower: { organ: part.organRef, on: part.on },
    participant: { answer: part.note.nullable() },
  }),
  SuggestionReassigned: event(['Suggestion reassigned', '建议已改交'], assignment, { politeness: 'assertive' }),
  ReturnRejected: event(['Return not agreed', '不同意退回'], {
    follower: { organ: part.organRef, on: part.on },
    participant: { answer: part.note },
  }),
  AssignmentObjected: event(['Deputy objects to the assignment', '代表对交办提出异议'], {
    participant: part.objection.shape,
  }),
  HandlingTransferred: event(['Handling moved to the successor organ', '办理已移交承接单位'], {
    follower: { organ: part.organRef, to: part.organRef },
  }),
  KeySuggestionDesignated: event(['Designated as a key suggestion', '确定为重点督办建议'], {
    follower: { leader: part.postRef },
  }),
  KeySupervisionVisit: event(['Key supervision visit', '重点督办活动'], { participant: part.visit.shape }),

  // Handling
  DeputyContacted: event(['Deputy contacted', '已与代表沟通'], { participant: part.contact.shape }),
  CoHandlingOpinionSubmitted: event(['Co-handler’s opinion submitted', '会办意见已提交'], {
    participant: part.coOpinion.shape,
  }),
  DisputeCoordinated: event(['Dispute co-ordinated', '分歧已协调'], { participant: part.dispute.shape }),
  ExtensionRequested: event(['Extension asked for', '申请延期'], {
    follower: { organ: part.organRef, until: part.extension.shape.until, on: part.on },
    participant: { reasons: part.reason },
  }),
  ExtensionGranted: event(
    ['Extension granted', '同意延期'],
    {
      follower: { organ: part.organRef, until: part.extension.shape.until, on: part.on },
      participant: { answer: part.note.nullable() },
    },
    { politeness: 'assertive' },
  ),
  ExtensionRefused: event(['Extension refused', '不同意延期'], {
    follower: { organ: part.organRef, on: part.on },
    participant: { answer: part.note },
  }),

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
    participant: { promise: z.uuid(), ...part.progress.shape },
  }),
  PromiseFulfilled: event(['Promise kept', '承诺已兑现'], {
    participant: { promise: z.uuid(), ...part.progress.shape },
  }),
  PromiseSlipped: event(
    ['Promise put off', '承诺未按期兑现'],
    {
      participant: {
        promise: z.uuid(),
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
