import type { z } from 'zod';
import { caseClock } from '../../kernel/case-clocks.js';
import { count, day, flag, listOf, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import { levels } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import * as part from './shapes.js';

/**
 * What is kept of a suggestion; also the row of its read model. Public fields are seen by the public only after the
 * reply is published: before that nobody holds the public class.
 */
export const suggestionState = facts({
  public: {
    status: part.status,
    region: region(['Region of the lead signer’s congress (P2).', '提出人所属人大的区划']),
    level: oneOf(levels, ['Level of that congress.', '层级']),
    title: part.title,
    year: count(9999, ['Year of the number.', '编号年份']).nullable(),
    number: count(1_000_000, ['Number in that year.', '建议编号']).nullable(),
    category: part.category.nullable().describe('The weakest category of the replies now in force. 办理结果类别'),
    publication: part.publication.nullable().describe('The reply as released. 答复公开'),
  },
  follower: {
    lead: ref('mandate', ['Lead signer.', '领衔代表']),
    congress: ref('congress', ['The congress it goes to.', '所属人大']),
    occasion: oneOf(
      ['IN_SESSION', 'INTERSESSION'],
      ['Handed in at a session before its cut-off, or between sessions.', '大会期间或闭会期间'],
    ).nullable(),
    session: count(30, ['Number of the session.', '会次']).nullable(),
    submittedOn: day(['Submitted on.', '提交日期']).nullable(),
    registeredOn: day(['Registered on.', '立案日期']).nullable(),
    field: storedText(['Field of work.', '类别']).nullable(),
    crossRegion: flag(['Reaches beyond the region or the level.', '跨区域或跨层级']),
    assignedBy: part.organKind.nullable().describe('Kind of the office that assigned it. 交办机关类别'),
    firstAssignedOn: day(['First assigned on.', '首次交办日期']).nullable(),
    assignedOn: day(['Assigned on.', '本次交办日期']).nullable(),
    mode: part.mode.nullable(),
    difficult: flag(['Wide-ranging or difficult: T6 applies.', '涉及面广、处理难度大']),
    organs: listOf(part.handling, 20, ['Handling organs.', '承办单位']),
    round: part.round,
    leader: ref('post', ['Supervises it as a key suggestion.', '重点督办领导']).nullable(),
    topic: ref('topic', ['Topic it stems from.', '所属议题']).nullable(),
    issue: ref('issue', ['Issue it stems from.', '来源问题']).nullable(),
    escalatedFrom: ref('suggestion', ['The lower level’s suggestion that it adopts.', '来源建议（下级）']).nullable(),
    originRegion: region(['Region of that suggestion.', '来源区划']).nullable(),
    mergedInto: ref('suggestion', ['The suggestion it is handled with.', '并入的建议']).nullable(),
    mainStatus: oneOf(part.mainStatuses, ['Where that one stands.', '主案状态']).nullable(),
    mergedFrom: listOf(part.suggestionRef, 500, ['Suggestions handled with this one.', '并入本案的建议']),
    external: part.external.nullable().describe('Handling outside this platform (nation, autonomous region). 外部办理'),
    closedOn: day(['Closed on.', '办结日期']).nullable(),
    clocks: listOf(caseClock, 1000, ['Time limits.', '时限']),
  },
  participant: {
    ...part.textParts,
    version: part.version,
    leadPerson: ref('person', ['The lead signer in person.', '领衔代表本人']),
    cosigners: listOf(part.cosigner, 500, ['Invited co-signers.', '受邀联名代表']),
    signatories: listOf(part.signatory, 1000, [
      'All who are to be answered: lead first, then co-signers, then the signers of merged suggestions.',
      '应予答复的代表',
    ]),
    collaborators: listOf(part.collaborator, 100, ['Deputies of other congresses who help.', '协同代表']),
    contributions: listOf(part.contribution, 500, ['What they contributed.', '协同内容']),
    evidence: listOf(part.evidence, 200, ['Evidence.', '依据']),
    reviewNote: storedText(['What the review asked for.', '审核意见']).nullable(),
    notAccepted: part.notAcceptable.nullable(),
    letterOn: day(['Passed on as a deputy’s letter on.', '转为代表来信日期']).nullable(),
    returns: listOf(part.returnRequest, 100, ['Return requests.', '退回申请']),
    objections: listOf(part.objection, 200, ['Deputies’ objections to the assignment.', '代表对交办的异议']),
    contacts: listOf(part.contact, 1000, ['Contacts with the deputies.', '与代表的联系沟通']),
    opinions: listOf(part.coOpinion, 20, ['Co-handlers’ opinions.', '会办意见']),
    disputes: listOf(part.dispute, 100, ['Disputes co-ordinated.', '分歧协调']),
    extensions: listOf(part.extension, 100, ['Extensions asked for.', '延期申请']),
    replies: listOf(part.reply, 200, ['Replies of all rounds.', '历次答复']),
    feedbacks: listOf(part.feedback, 5000, ['Each signer’s rating of each round.', '代表评价']),
    explained: listOf(part.mandateRef, 1000, ['Whose dissatisfaction of this round was explained.', '已说明的']),
    promises: listOf(part.promise, 200, ['Promises.', '承诺事项']),
    visits: listOf(part.visit, 200, ['Key supervision visits.', '重点督办活动']),
    withdrawalAskedBy: listOf(part.mandateRef, 1000, ['Who asked to withdraw it.', '申请撤回的代表']),
    escalations: listOf(part.escalation, 100, ['Proposals to higher deputies.', '提请上级代表']),
    quality: part.score.nullable().describe('Quality of the suggestion, by the office. 建议质量评价'),
    effect: part.score.nullable().describe('Effect of the handling, by the deputy. 办理实效评价'),
  },
  office: {
    similar: listOf(part.suggestionRef, 50, ['Found by the duplicate check.', '查重结果']),
    openness: part.openness.nullable().describe('Openness review. 公开审查'),
    supervision: listOf(part.progress, 50, [
      'Supervision after the last round, by the council or the government.',
      '督办记录',
    ]),
  },
});
export type SuggestionState = z.infer<typeof suggestionState>;
