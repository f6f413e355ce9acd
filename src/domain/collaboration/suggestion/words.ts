import type { Level } from '../../kernel/region.js';

/** The closed lists of words of a suggestion. They are in the log: a word may be added, none renamed. */
export const statuses = [
  'DRAFT',
  'COSIGNING',
  'SUBMITTED',
  'RETURNED',
  'NOT_ACCEPTED',
  'REGISTERED',
  'ASSIGNED',
  'RETURN_REQUESTED',
  'HANDLING',
  'REPLIED',
  'FEEDBACK_PENDING',
  'REHANDLING',
  'TRACKING',
  'CLOSED',
  'EVALUATED',
  'WITHDRAWN',
  'DISCARDED',
] as const;
export type Status = (typeof statuses)[number];

export const statusTerms: Readonly<Record<Status, string>> = {
  DRAFT: '草稿',
  COSIGNING: '联名中',
  SUBMITTED: '已提交',
  RETURNED: '退回修改',
  NOT_ACCEPTED: '不予受理',
  REGISTERED: '已立案',
  ASSIGNED: '已交办',
  RETURN_REQUESTED: '申请退回',
  HANDLING: '办理中',
  REPLIED: '已答复',
  FEEDBACK_PENDING: '待处理反馈',
  REHANDLING: '再次办理',
  TRACKING: '跟踪落实',
  CLOSED: '已办结',
  EVALUATED: '已评价',
  WITHDRAWN: '已撤回',
  DISCARDED: '已作废',
};

export const levelTerms: Readonly<Record<Level, string>> = {
  nation: '全国',
  autonomousRegion: '自治区',
  city: '市级',
  county: '旗县区',
  township: '苏木乡镇',
};

/** A solved or solvable this year; B planned, step by step; C cannot be solved now; D kept for reference. */
export const replyCategories = ['A', 'B', 'C', 'D'] as const;
export type ReplyCategory = (typeof replyCategories)[number];

export const satisfactions = ['SATISFIED', 'BASICALLY_SATISFIED', 'DISSATISFIED'] as const;

/** Inner Mongolia handling measures (2023) art. 8; OUTSIDE_REMIT: Shanghai provisions (2015) art. 8. */
export const notAcceptableReasons = [
  'AMENDS_AGENDA_ITEM',
  'PRIVATE_MATTER',
  'FORWARDED_LETTER',
  'CONCRETE_CASE',
  'ACADEMIC_OR_PROMOTION',
  'NO_REAL_CONTENT',
  'OUTSIDE_REMIT',
  'OTHER',
] as const;

export const revisionGrounds = ['SEVERAL_MATTERS', 'NOT_CONCRETE', 'FACTS_MISSING', 'OTHER'] as const;

export const contactWays = ['VISIT', 'MEETING', 'PHONE'] as const;

export const collaborationKinds = ['MATERIAL', 'SURVEY', 'ENDORSEMENT'] as const;

export const evidenceKinds = ['OPINION', 'SURVEY', 'TOPIC', 'ISSUE', 'OTHER'] as const;

/** The fixed vocabulary in which a higher level's handling is told to the origin (lessons U1). */
export const higherStatuses = ['RECEIVED', 'ASSIGNED', 'REPLIED', 'DECIDED', 'NOT_ACCEPTED', 'WITHDRAWN'] as const;
export type HigherStatus = (typeof higherStatuses)[number];
/** Nothing more happens there. */
export const higherEnds: readonly HigherStatus[] = ['DECIDED', 'NOT_ACCEPTED', 'WITHDRAWN'];

export const mainStatuses = ['HANDLING', 'REPLIED', 'REHANDLING', 'TRACKING', 'CLOSED', 'WITHDRAWN'] as const;
