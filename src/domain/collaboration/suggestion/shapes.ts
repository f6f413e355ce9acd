import { z } from 'zod';
import { organKinds } from '../../kernel/actor.js';
import { count, day, flag, listOf, oneOf, ref, storedText } from '../../kernel/fields.js';
import { levels } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import {
  collaborationKinds,
  contactWays,
  evidenceKinds,
  higherStatuses,
  notAcceptableReasons,
  replyCategories,
  revisionGrounds,
  satisfactions,
  statuses,
} from './words.js';

export * from './words.js';

/**
 * The parts of a suggestion that its state and its events share. Four axes are kept apart (a closed suggestion is not a
 * solved one): status of handling, category of the outcome, satisfaction of each signer, state of each promise.
 */
export const status = oneOf(statuses, [
  'Where the handling stands. An extension is a fact of the clock, not a status.',
  '办理状态（延期见时限）',
]);

export const category = oneOf(replyCategories, [
  'A solved or solvable this year, B planned, C not solvable now, D for reference. Measures the result, not the satisfaction.',
  '办理结果类别',
]);
export const satisfaction = oneOf(satisfactions, [
  'Satisfied, basically satisfied or dissatisfied.',
  '满意、基本满意、不满意',
]);

export const suggestionRef = ref('suggestion', ['Suggestion.', '建议']);
export const mandateRef = ref('mandate', ['Mandate of the deputy.', '代表职务']);
export const personRef = ref('person', ['Person.', '本人']);
export const organRef = ref('organ', ['Organ.', '机关']);
export const postRef = ref('post', ['Post.', '岗位']);
export const on = day(['On.', '日期']);
export const reason = storedText(['Why.', '理由']);
export const note = storedText(['Note.', '说明']);
export const organKind = oneOf(organKinds, ['Kind of the office.', '机关类别']);
export const round = count(9, ['Round of handling, from 1.', '办理轮次']);

/** Each ground in clear: it is what the deputy reads (Inner Mongolia handling measures art. 8). */
export const notAcceptable = oneOf(notAcceptableReasons, [
  'Amends an agenda item, private matter, forwarded letter, concrete case, academic or promotion, no real content, outside the remit, other.',
  '修改会议议题、个人或亲属私事、转递来信、具体案件、学术探讨或产品推介、无实际内容、不属本行政区域职权、其他',
]);
export const revisionGround = oneOf(revisionGrounds, [
  'Several matters in one, not concrete, facts missing, other.',
  '一事多议、意见不具体、事实不清、其他',
]);

export const textParts = {
  situation: storedText(['The real situation (Deputies Law art. 24, 36).', '实际情况']),
  analysis: storedText(['Analysis of the problem.', '问题分析']),
  advice: storedText(['Clear and concrete advice.', '具体意见']),
};
export const title = storedText(['One matter per suggestion.', '标题（一事一议）']);
export const version = count(10_000, ['Version of the text: a confirmation is for one version.', '文本版本']);

export const cosigner = facts({
  participant: {
    mandate: mandateRef,
    person: personRef,
    answer: oneOf(['INVITED', 'CONFIRMED', 'DECLINED'], ['Where the invitation stands.', '联名答复']),
    version: version.nullable(),
  },
});
export const signatory = facts({
  participant: {
    mandate: mandateRef,
    person: personRef,
    from: suggestionRef.nullable().describe('The merged suggestion that brought this signer. 来自并案建议'),
  },
});
export const collaborator = facts({
  participant: {
    mandate: mandateRef,
    level: oneOf(levels, ['Level of the congress.', '层级']),
  },
});
export const contribution = facts({
  participant: {
    mandate: mandateRef,
    kind: oneOf(collaborationKinds, ['Material, survey or endorsement.', '材料、调研、赞同']),
    text: note,
    on,
  },
});
export const evidence = facts({
  participant: {
    kind: oneOf(evidenceKinds, ['Kind of the evidence.', '依据类别']),
    id: z.uuid().nullable().describe('The case it is in. 所在事项'),
    note,
  },
});
export const organRole = oneOf(
  ['LEAD', 'CO', 'SEPARATE'],
  ['Lead, co-handler, or replying separately.', '主办、会办、分别办理'],
);
export const mode = oneOf(
  ['LEAD_AND_CO', 'SEPARATE'],
  ['One lead with co-handlers, or each replies.', '主办会办或分别办理'],
);
export const handling = facts({
  follower: {
    organ: organRef,
    role: organRole,
    assignedOn: day(['Assigned on.', '交办日期']),
    receivedOn: day(['Signed for on.', '签收日期']).nullable(),
    repliedRound: round,
  },
  participant: { handler: postRef.nullable().describe('Who handles it there. 承办人') },
});
export type Handling = z.infer<typeof handling>;
export const decision = oneOf(
  ['PENDING', 'GRANTED', 'REFUSED'],
  ['Pending, granted or refused.', '待定、同意、不同意'],
);
export const returnRequest = facts({
  participant: {
    organ: organRef,
    reasons: reason,
    proposed: organRef.nullable().describe('Organ whose remit it is, in the returning organ’s view. 建议改交单位'),
    on,
    decision,
    answer: note.nullable(),
    held: listOf(storedText(['Time limit.', '时限']), 5, [
      'Time limits held until it is decided.',
      '待定期间中止的时限',
    ]),
  },
});
export const objection = facts({ participant: { mandate: mandateRef, reason, on } });
export const contactMade = {
  organ: organRef,
  mandate: mandateRef,
  way: oneOf(contactWays, ['Visit, meeting or telephone.', '走访、座谈、电话']),
  on,
  summary: storedText(['What was said.', '沟通内容']),
};
export const contact = facts({ participant: { ...contactMade, round } });
export const coOpinion = facts({
  participant: {
    organ: organRef,
    text: storedText(['Co-handler’s opinion.', '会办意见']),
    on,
    late: flag(['After T4.', '逾期']),
  },
});
export const dispute = facts({
  participant: { organs: listOf(organRef, 20, ['Organs in dispute.', '争议单位']), result: note, on },
});
export const extension = facts({
  participant: {
    organ: organRef,
    until: day(['Reply by.', '延期至']),
    reasons: reason,
    on,
    decision,
    answer: note.nullable(),
  },
});
export const promised = {
  id: z.uuid().describe('Id of the promise. 承诺编号'),
  text: storedText(['What is promised.', '承诺事项']),
  dueOn: day(['Promised for.', '承诺时限']),
};
export const promiseDraft = facts({ participant: promised });
export const progress = facts({ participant: { on, note } });
export const promise = facts({
  participant: {
    ...promised,
    organ: organRef,
    state: oneOf(['OPEN', 'FULFILLED', 'GIVEN_UP'], ['State of the promise.', '承诺状态']),
    progress: listOf(progress, 200, ['Reports.', '进展']),
    slips: count(100, ['Times put off.', '推迟次数']),
  },
});
export const reply = facts({
  participant: {
    organ: organRef,
    round,
    category,
    text: storedText(['Text of the reply.', '答复内容']),
    signedBy: postRef,
    on,
    missingOpinions: listOf(organRef, 20, ['Co-handlers whose opinion was overdue.', '会办意见逾期未交的单位']),
  },
});
export const feedback = facts({
  participant: {
    mandate: mandateRef,
    round,
    attitude: satisfaction,
    result: satisfaction,
    comment: note.nullable(),
    on,
  },
});
export const visit = facts({
  participant: { on, place: storedText(['Where.', '地点']), findings: note },
});
export const extent = oneOf(['FULL', 'SUMMARY', 'WITHHELD'], ['Full, summary or withheld.', '全文、摘要、不公开']);
export const openness = facts({ office: { round, extent, reason, organ: organRef, on } });
export const publication = facts({
  public: {
    round,
    extent,
    text: storedText(['The text as released.', '公开文本']).nullable(),
    on,
  },
  follower: { reason },
});
export const higherStatus = oneOf(higherStatuses, [
  'Received, assigned, replied, decided, not accepted or withdrawn at the higher level.',
  '上级已收、已交办、已答复、已决定、不予受理、已撤回',
]);
export const escalation = facts({
  participant: {
    mandate: mandateRef,
    level: oneOf(levels, ['The next higher level.', '上一级']),
    reason,
    on,
    answer: oneOf(['PROPOSED', 'DECLINED', 'ADOPTED'], ['Proposed, declined or adopted.', '已提议、已婉拒、已采纳']),
    newId: suggestionRef.nullable(),
    higherStatus: higherStatus.nullable(),
    externalNumber: storedText(['Number at the higher level.', '上级编号']).nullable(),
    statusOn: day(['Status as of.', '状态日期']).nullable(),
  },
});
export const external = facts({
  follower: { number: storedText(['Number in the external system.', '外部编号']).nullable(), status: higherStatus, on },
});
export const score = facts({
  participant: {
    value: count(100, ['0 to 100.', '0至100分']),
    note: note.nullable(),
    on,
  },
});
