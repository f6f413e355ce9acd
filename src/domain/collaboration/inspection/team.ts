import { z } from 'zod';
import { day, flag, listOf, oneOf, region, text } from '../../kernel/fields.js';
import type { Refusal } from '../../kernel/refusal.js';
import { isRefusal } from '../../kernel/refusal.js';
import { isWithin, levelOf } from '../../kernel/region.js';
import { invite, neededFor, partOf, party, partyOf } from '../../organization/joint-meeting/calling.js';
import type { Inspection } from './inspection.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { fits } from './roles.js';
import { memberRoles } from './shapes.js';
import { hostOffice, invitedDeputy, invitedOfficial } from './who.js';

/** Forming the team of an inspection, and changing it (domain.md S10, P4). */
const parties = listOf(party(['Mandate or post.', '代表职务或岗位']), 200, ['Whom.', '邀请对象']).min(1);

/** P4: deputies of the nation and of the region are entrusted by the region's standing committee, others by their own. */
function refusalOfEntrustment(
  state: Inspection,
  reference: string,
  of: { region: string; level: string | null },
): Refusal | undefined {
  const received = state.entrustments.find((one) => one.reference === reference);
  if (!received) return refusals.ENTRUSTMENT_UNKNOWN({ reference });
  const higher = of.level === 'nation' || of.level === 'autonomousRegion';
  const valid = higher
    ? levelOf(received.from) === 'autonomousRegion' && isWithin(state.region, received.from)
    : received.from === of.region;
  return valid ? undefined : refusals.ENTRUSTMENT_NOT_VALID_FOR({ reference, region: of.region });
}

export const teamActions = {
  formInspectionTeam: inspection.action({
    describe: ['Form the team by naming its leader: a member of the standing committee.', '组建检查组，确定组长。'],
    from: ['PLANNED'],
    by: [hostOffice],
    input: z.object({ leader: party(['Mandate or post of the leader.', '组长的代表职务或岗位']) }),
    needs: (input) => neededFor([input.leader]),
    decide: ({ input, state, facts }) => {
      const invited = invite(input.leader, facts, state, {});
      if (isRefusal(invited)) return invited;
      if (!fits(input.leader, 'scMember', facts, state)) return refusals.ROLE_MISMATCH({ role: 'scMember' });
      return [
        { type: 'MemberInvited', data: { ...invited, role: 'scMember' } },
        { type: 'InspectionTeamFormed', data: { leader: input.leader } },
      ];
    },
  }),
  nameInspectionLeader: inspection.action({
    describe: ['Name a new leader when the team has lost its own.', '组长缺位时另行确定组长。'],
    from: ['TEAM_FORMED', 'RUNNING'],
    by: [hostOffice],
    input: z.object({ leader: party(['Mandate or post of the leader.', '组长的代表职务或岗位']) }),
    needs: (input) => neededFor([input.leader]),
    requires: (state) => (state.leader === null ? undefined : refusals.LEADER_IN_PLACE()),
    decide: ({ input, state, facts }) => {
      const named = { type: 'InspectionLeaderNamed', data: input } as const;
      const known = partOf(state.members, input.leader);
      if (known?.role === 'scMember' && known.answer !== 'DECLINED') return [named];
      const invited = invite(input.leader, facts, state, {});
      if (isRefusal(invited)) return invited;
      if (!fits(input.leader, 'scMember', facts, state)) return refusals.ROLE_MISMATCH({ role: 'scMember' });
      return [{ type: 'MemberInvited', data: { ...invited, role: 'scMember' } }, named];
    },
  }),
  recordEntrustment: inspection.action({
    describe: [
      'Record an entrustment to call another congress’s deputies (Deputies Law art. 25, P4).',
      '登记组织其他层级代表的委托（代表法第二十五条）。',
    ],
    from: ['PLANNED', 'TEAM_FORMED', 'RUNNING'],
    by: [hostOffice],
    input: z.object({
      reference: text(100, ['Reference.', '委托文号']),
      from: region(['Region of the standing committee that entrusts.', '委托方所属区划']),
      on: day(['Received on.', '收到日期']),
    }),
    decide: ({ input, state }) =>
      state.entrustments.some((one) => one.reference === input.reference)
        ? []
        : [{ type: 'EntrustmentReceived', data: input }],
  }),
  inviteInspectionMembers: inspection.action({
    describe: [
      'Invite or call deputies of any level, experts and department heads into the team.',
      '邀请或召集各级代表、专家和部门领导参加。',
    ],
    from: ['TEAM_FORMED', 'RUNNING'],
    by: [hostOffice],
    input: z.object({
      parties,
      role: oneOf(memberRoles, ['In which role.', '成员身份']),
      basis: oneOf(['CALLED', 'INVITED'], ['Call or invite.', '召集或邀请']).nullish(),
      entrustmentRef: text(100, ['Entrustment under which they are called.', '委托文号']).nullish(),
    }),
    needs: (input) => neededFor(input.parties),
    decide: ({ input, state, facts }) => {
      const events = [];
      for (const id of new Set(input.parties)) {
        if (partOf(state.members, id)) continue;
        const wish = { basis: input.basis, entrustment: input.entrustmentRef };
        const invited = invite(id, facts, state, wish);
        if (isRefusal(invited)) return invited;
        if (!fits(id, input.role, facts, state)) return refusals.ROLE_MISMATCH({ role: input.role });
        const invalid = invited.entrustment && refusalOfEntrustment(state, invited.entrustment, invited);
        if (invalid) return invalid;
        events.push({ type: 'MemberInvited', data: { ...invited, role: input.role } } as const);
      }
      return events;
    },
  }),
  answerInspectionInvitation: inspection.action({
    describe: ['Accept or decline.', '接受或谢绝邀请。'],
    from: ['TEAM_FORMED', 'RUNNING'],
    by: [invitedDeputy, invitedOfficial],
    input: z.object({
      accept: flag(['Accept.', '是否接受']),
      reason: text(500, ['Why not.', '不参加的原因']).nullish(),
    }),
    decide: ({ input, state, ctx }) => {
      const id = partyOf(ctx.actor);
      const answer = input.accept ? 'ACCEPTED' : 'DECLINED';
      if (partOf(state.members, id)?.answer === answer) return [];
      return [{ type: 'MemberAnswered', data: { party: id, answer, answerReason: input.reason ?? null } }];
    },
  }),
  removeInspectionMember: inspection.action({
    describe: ['Take a member out; from then on he or she sees nothing further.', '移出成员，其此后不再看到后续内容。'],
    from: ['TEAM_FORMED', 'RUNNING', 'REPORTED', 'DELIBERATED', 'TRANSFERRED', 'RECTIFIED', 'PUBLISHED'],
    by: [hostOffice],
    input: z.object({ party: party(['Whom.', '成员']), reason: text(500, ['Why.', '原因']) }),
    decide: ({ input, state }) =>
      partOf(state.members, input.party) ? [{ type: 'MemberRemoved', data: input }] : refusals.NOT_INVITED(),
  }),
  beginInspection: inspection.action({
    describe: ['Begin the work; at least one member has accepted.', '开始监督活动，至少一名成员已接受邀请。'],
    from: ['TEAM_FORMED'],
    by: [hostOffice],
    input: z.object({}),
    requires: (state) =>
      state.members.some((one) => !one.removed && one.answer === 'ACCEPTED') ? undefined : refusals.TEAM_EMPTY(),
    decide: () => [{ type: 'InspectionBegan', data: {} }],
  }),
};
