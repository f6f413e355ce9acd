import { defineRefusals } from '../../kernel/refusal.js';
import { inspectionRefusals } from '../inspection/refusals.js';

/** Refusals of issues found by inspections (domain.md S10, P1, P3). */
export const issueRefusals = defineRefusals({
  DUE_DATE_PAST: inspectionRefusals.table.DUE_DATE_PAST,
  NOT_OWN_LEVEL: inspectionRefusals.table.NOT_OWN_LEVEL,
  OUTSIDE_INSPECTION: inspectionRefusals.table.OUTSIDE_INSPECTION,
  SUCCESSOR_NOT_IN_FORCE: inspectionRefusals.table.SUCCESSOR_NOT_IN_FORCE,
  UNKNOWN_PARTY: inspectionRefusals.table.UNKNOWN_PARTY,
  TEAM_MEMBERS_ONLY: {
    message: ['You take part in no such inspection that is going on.', '您未参加该监督活动，或活动不在进行中。'],
    next: ['Ask the inspection’s office to invite you.', '请联系组织单位邀请参加。'],
  },
  LEFT_THE_TEAM: {
    message: ['This deputy has left the inspection’s team.', '该代表已退出检查组。'],
    next: ['Invite the deputy into the team again, or ask another one.', '请重新邀请其加入检查组，或另选代表。'],
  },
  OPINION_REQUIRED: {
    message: ['No opinion has been proposed on this issue.', '尚未就该问题提出意见。'],
    next: ['Propose an opinion first (proposeIssueOpinion).', '请先提出意见（proposeIssueOpinion）。'],
  },
  ISSUE_ORGAN_UNKNOWN: {
    message: ['There is no such handling organ in force.', '没有该承办机关，或其已被撤并。'],
    next: ['Choose an organ from the directory.', '请从机关名录中选择。'],
  },
  NOT_HIGHER_LEVEL: {
    message: ['An issue is taken up by a deputy of a level above {level}.', '问题须由高于{level}层级的代表提出建议。'],
    next: ['Name a deputy of a higher level.', '请选择上级人大代表。'],
  },
  ASKED_BEFORE: {
    message: ['This deputy was asked and declined.', '该代表已被提请，未予采纳。'],
    next: ['Ask another deputy of a higher level.', '请提请其他上级代表。'],
  },
  ALREADY_TRANSFERRED: {
    message: ['The issue is with an organ already.', '该问题已转交机关。'],
    next: ['Wait for its report on the rectification.', '请等待其整改报告。'],
  },
  NOT_TRANSFERRED: {
    message: ['The issue has not been transferred to an organ.', '该问题尚未转交机关。'],
    next: ['Transfer it first (transferIssue).', '请先转交（transferIssue）。'],
  },
  SUGGESTION_NOT_LINKED: {
    message: ['This suggestion is not linked to the issue.', '该建议未与此问题关联。'],
    next: ['Link it first.', '请先关联该建议。'],
  },
  ESCALATION_OPEN: {
    message: ['The higher level has not answered yet.', '上级尚未答复。'],
    next: ['Wait for the reply to the suggestion.', '请等待建议的答复。'],
  },
});
