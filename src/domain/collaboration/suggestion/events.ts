import { clockEvents } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { count, listOf, oneOf } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import { laterEvents } from './later-events.js';
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

/** What happens to a suggestion; from the reply on, in `later-events.ts`. These types and fields are the storage format. */
export const suggestionEvents = {
  ...clockEvents,
  ...laterEvents,

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
    // The title too: the new text is the signers' own affair until it is handed in again.
    participant: { title: part.title, ...part.textParts, version: part.version },
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
  SuggestionDiscarded: event(['Draft discarded', '草稿已作废'], { participant: { on: part.on } }),

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
      participant: { ground: part.revisionGround, reason: part.reason },
    },
    { politeness: 'assertive' },
  ),
  SuggestionNotAccepted: event(
    ['Not accepted', '不予受理'],
    {
      follower: { on: part.on },
      participant: {
        ground: part.notAcceptable,
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
  MainPromisesFollowed: event(['What is promised in the suggestion it is merged into', '主案承诺事项'], {
    participant: { promises: kept.promises },
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
  DeputyContacted: event(['Deputy contacted', '已与代表沟通'], { participant: part.contactMade }),
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
};
