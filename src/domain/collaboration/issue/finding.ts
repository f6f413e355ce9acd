import { z } from 'zod';
import { deputyWho, officialWho, systemWho } from '../../kernel/actor.js';
import { oneOf, ref, region, text } from '../../kernel/fields.js';
import { isWithin } from '../../kernel/region.js';
import { partyOf } from '../../organization/joint-meeting/calling.js';
import { mandate } from '../../organization/mandate.js';
import { seesMore } from '../../organization/who.js';
import { inspection } from '../inspection/inspection.js';
import { inTeam } from '../inspection/who.js';
import { issue } from './issue.js';
import { issueRefusals as refusals } from './refusals.js';
import { status } from './shapes.js';
import { followingDeputy, hostOffice, joinedOffice, mayDiscuss, teamDeputy, teamOfficial, teamTags } from './who.js';

/** Finding an issue, and what deputies of five levels say of it (domain.md S10). */
const words = z.object({ text: text(2000, ['What.', '内容']) });
const open = ['CONFIRMED', 'TRANSFERRED', 'RECTIFYING', 'REPORTED', 'ESCALATED', 'REOPENED'] as const;

export const findingActions = {
  findIssue: issue.create({
    describe: ['Record a problem that the team has found.', '记录监督中发现的问题。'],
    by: [
      deputyWho(['a deputy of the team', '组内代表']),
      // Who reads what is addressed to others takes no part in the work: an auditor does nothing, nor does the operator.
      officialWho(['an official of the team', '组内人员'], ({ organKind }) => !seesMore(organKind)),
    ],
    input: z.object({
      inspection: ref('inspection', ['Inspection.', '监督活动']),
      region: region(['Where.', '问题所在地']),
      title: text(100, ['In a line.', '标题']),
      severity: oneOf(['MINOR', 'MODERATE', 'SERIOUS'], ['How grave.', '严重程度']),
      law: text(100, ['Law it goes against.', '所涉法律法规']).nullish(),
      article: text(100, ['Article.', '条款']).nullish(),
      evidence: text(5000, ['What was seen, without personal data.', '情况和依据（不含个人信息）']),
      suspectedOrgan: ref('organ', ['Organ that seems to be in charge.', '初步认定的责任机关']).nullish(),
    }),
    continues: (input) => inspection.at(input.inspection),
    needs: (input) => ({ activity: inspection.at(input.inspection) }),
    decide: ({ input, ctx, facts: { activity } }) => {
      const finder = partyOf(ctx.actor);
      const running = activity?.status === 'RUNNING' || activity?.status === 'REPORTED';
      // Who is not in the team does not learn that there is such an inspection.
      if (!running || !inTeam(activity, finder)) return refusals.TEAM_MEMBERS_ONLY();
      const { region: host, joinedRegions } = activity;
      if (![host, ...joinedRegions].some((scope) => isWithin(input.region, scope)))
        return refusals.OUTSIDE_INSPECTION({ region: input.region });
      const { law = null, article = null, suspectedOrgan = null, ...rest } = input;
      return [
        {
          type: 'IssueFound',
          data: { ...rest, law, article, suspectedOrgan, host, joinedRegions, finder, team: teamTags(activity) },
        },
      ];
    },
  }),
  refreshIssueTeam: issue.action({
    describe: ['Take over the inspection’s team as it now is (by the system).', '同步监督活动的成员变动。'],
    from: status.options,
    by: [systemWho],
    input: z.object({}),
    needs: (_, state) => ({ activity: inspection.at(state.inspection) }),
    decide: ({ state, facts: { activity } }) => {
      const team = activity ? teamTags(activity) : [];
      const same = team.length === state.team.length && team.every((tag) => state.team.includes(tag));
      return same ? [] : [{ type: 'IssueTeamChanged', data: { team } }];
    },
  }),
  confirmIssue: issue.action({
    describe: [
      'Confirm the issue; deputies of the region can follow it from now on.',
      '确认问题，此后本地区代表可以关注。',
    ],
    from: ['FOUND'],
    by: [hostOffice, joinedOffice],
    input: z.object({}),
    decide: () => [{ type: 'IssueConfirmed', data: {} }],
  }),
  dismissIssue: issue.action({
    describe: [
      'Drop what was found and is no issue; the team learns why.',
      '对不成立的问题不予确认，并向检查组说明理由。',
    ],
    from: ['FOUND'],
    by: [hostOffice, joinedOffice],
    input: z.object({ reason: text(2000, ['Why.', '理由']) }),
    decide: ({ input }) => [{ type: 'IssueDismissed', data: input }],
  }),
  followIssue: issue.action({
    describe: ['Follow the issue: read and join the discussion.', '关注问题，阅读并参加讨论。'],
    from: [...open, 'VERIFIED'],
    by: [deputyWho(['a deputy who sees the issue', '可以看到该问题的代表'])],
    input: z.object({}),
    decide: ({ state, ctx }) => {
      const { mandate, level, congress } = ctx.actor;
      const tag = `mandate:${mandate}`;
      if (state.team.includes(tag) || state.followers.some((one) => one.mandate === mandate)) return [];
      if (state.left.includes(tag)) return refusals.TEAM_MEMBERS_ONLY();
      // Anyone may read a published issue; the discussion is for deputies of regions above, in or joined to it.
      const near = [state.host, ...state.joinedRegions].some((at) => isWithin(congress, at) || isWithin(at, congress));
      return near
        ? [{ type: 'IssueFollowed', data: { mandate, level } }]
        : refusals.OUTSIDE_INSPECTION({ region: congress });
    },
  }),
  inviteIssueFollowers: issue.action({
    describe: ['Let deputies of higher levels follow the issue.', '邀请上级代表关注问题。'],
    from: [...open, 'VERIFIED'],
    by: [hostOffice],
    input: z.object({
      mandates: z
        .array(ref('mandate', ['Deputy.', '代表']))
        .min(1)
        .max(50)
        .describe('Whom. 代表'),
    }),
    needs: (input) => ({ seats: input.mandates.map((id) => mandate.at(id)) }),
    decide: ({ state, facts: { seats } }) => {
      const events = [];
      for (const { id, state: seat } of seats) {
        if (seat?.status !== 'ACTIVE') return refusals.UNKNOWN_PARTY();
        if (state.left.includes(`mandate:${id}`)) return refusals.LEFT_THE_TEAM();
        const near = [state.host, ...state.joinedRegions].some(
          (at) => isWithin(seat.region, at) || isWithin(at, seat.region),
        );
        if (!near) return refusals.OUTSIDE_INSPECTION({ region: seat.region });
        const known = [...state.followers, ...events.map((one) => one.data)].some((one) => one.mandate === id);
        if (!known) events.push({ type: 'IssueFollowed', data: { mandate: id, level: seat.level } } as const);
      }
      return events;
    },
  }),
  discussIssue: issue.action({
    describe: ['Say something on the issue: the team and the deputies who follow.', '讨论问题：检查组成员和关注代表。'],
    from: ['FOUND', ...open],
    by: [teamDeputy, teamOfficial, followingDeputy],
    input: words,
    needs: (_, state) => ({ activity: inspection.at(state.inspection) }),
    decide: ({ input, state, ctx, facts: { activity } }) => {
      if (!mayDiscuss(ctx.actor, state, activity)) return refusals.TEAM_MEMBERS_ONLY();
      const by = partyOf(ctx.actor);
      if (state.discussion.some((one) => one.by === by && one.text === input.text)) return [];
      const level = ctx.actor.kind === 'deputy' ? ctx.actor.level : null;
      return [{ type: 'IssueDiscussed', data: { id: ctx.newId(), by, level, on: ctx.today, text: input.text } }];
    },
  }),
  proposeIssueOpinion: issue.action({
    describe: [
      'Propose an opinion to the organ; deputies handle nothing themselves (P5).',
      '提出意见；代表不直接处理问题。',
    ],
    from: ['FOUND', ...open],
    by: [teamDeputy, teamOfficial, followingDeputy],
    input: words,
    needs: (_, state) => ({ activity: inspection.at(state.inspection) }),
    decide: ({ input, state, ctx, facts: { activity } }) => {
      if (!mayDiscuss(ctx.actor, state, activity)) return refusals.TEAM_MEMBERS_ONLY();
      const by = partyOf(ctx.actor);
      if (state.opinions.some((one) => one.by === by && one.text === input.text)) return [];
      const level = ctx.actor.kind === 'deputy' ? ctx.actor.level : null;
      return [{ type: 'OpinionProposed', data: { id: ctx.newId(), by, level, on: ctx.today, text: input.text } }];
    },
  }),
};
