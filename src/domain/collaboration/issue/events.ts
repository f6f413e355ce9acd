import { z } from 'zod';
import { clockEvents } from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { storedText } from '../../kernel/fields.js';
import {
  escalation,
  follower,
  found,
  level,
  link,
  organ,
  reason,
  remark,
  report,
  seen,
  seenStatus,
  suggestion,
  supervisor,
  team,
  transfer,
  verdict,
} from './shapes.js';

/** What happens to an issue. These types and fields are the storage format. */
export const issueEvents = {
  IssueFound: opening(['Issue found', '发现问题'], { public: found, participant: seen, internal: { team } }),
  IssueTeamChanged: event(['Team changed', '成员有变动'], { internal: { team } }, { politeness: 'off' }),
  IssueConfirmed: event(['Issue confirmed', '问题已确认'], {}),
  IssueDismissed: event(['Issue dismissed', '问题不予确认'], { participant: { reason } }),
  IssueFollowed: event(['Deputy follows the issue', '代表关注问题'], { participant: follower }, { politeness: 'off' }),
  IssueDiscussed: event(['Issue discussed', '已讨论问题'], { participant: remark }),
  OpinionProposed: event(['Opinion proposed', '已提出意见'], { participant: remark }),
  IssueTransferred: event(
    ['Issue transferred', '问题已转交'],
    { follower: { ...transfer, supervisor: supervisor.nullable() } },
    {
      politeness: 'assertive',
      // Version 1 did not say at which level: any office of the case may judge it, as it could then.
      version: 2,
      upcasts: { 1: (data) => ({ ...z.looseObject({}).parse(data), supervisor: null }) },
    },
  ),
  IssueOrganSucceeded: event(['Issue moved to the successor organ', '问题已转由承接单位整改'], {
    follower: { organ, to: organ },
  }),
  RectificationBegan: event(['Rectification began', '整改已开始'], {
    participant: { plan: storedText(['How.', '整改方案']) },
  }),
  RectificationReported: event(['Rectification reported', '整改情况已报告'], { participant: report }),
  RectificationVerified: event(['Rectification verified', '整改已核实'], { participant: { verdict } }),
  RectificationRejected: event(
    ['Rectification rejected', '整改未通过'],
    { follower: { dueOn: transfer.dueOn }, participant: { verdict } },
    { politeness: 'assertive' },
  ),
  IssueReopened: event(
    ['Issue reopened', '问题重新办理'],
    { follower: { dueOn: transfer.dueOn }, participant: { verdict } },
    { politeness: 'assertive' },
  ),
  IssueClosed: event(['Issue closed', '问题已办结'], { participant: { verdict } }),
  IssueEscalationProposed: event(['Escalation proposed', '已提请上级代表'], { participant: escalation }),
  IssueEscalationDeclined: event(['Higher deputy declined', '上级代表未采纳'], {
    participant: { to: escalation.to, reason },
  }),
  IssueSuggestionLinked: event(['Suggestion on the issue', '已有相关建议'], { follower: link }),
  IssueEscalated: event(
    ['Issue taken up at a higher level', '问题已由上级代表提出建议'],
    { follower: { suggestion, level } },
    { politeness: 'assertive' },
  ),
  IssueSuggestionStatusNoted: event(['Suggestion’s status', '相关建议办理状态'], {
    follower: { suggestion, status: seenStatus },
  }),
  IssuePublished: event(['Issue made public', '问题已公开'], {
    public: { summary: storedText(['Summary.', '摘要']) },
  }),
  ...clockEvents,
};
