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
] as const;
export type Status = (typeof statuses)[number];

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

/** The fixed vocabulary in which a higher level's handling is told to the origin. */
export const higherStatuses = ['RECEIVED', 'ASSIGNED', 'REPLIED', 'DECIDED'] as const;

export const mainStatuses = ['HANDLING', 'REPLIED', 'REHANDLING', 'TRACKING', 'CLOSED', 'WITHDRAWN'] as const;
