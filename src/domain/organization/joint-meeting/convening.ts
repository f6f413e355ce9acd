import { z } from 'zod';
import { day, flag, listOf, oneOf, text } from '../../kernel/fields.js';
import { isRefusal } from '../../kernel/refusal.js';
import { invite, neededFor, partOf, party, partyOf } from './calling.js';
import { jointMeeting } from './joint-meeting.js';
import { meetingRefusals as refusals } from './refusals.js';
import {
  cityOffice,
  hostOffice,
  invitedDeputy,
  invitedOfficial,
  participatingDeputy,
  participatingOfficial,
  standingCommittee,
} from './who.js';

/** Before the joint meeting: planning, calling and inviting, problems, agenda (domain.md S3, P4). */
export const conveningActions = {
  planJointMeeting: jointMeeting.create({
    describe: [
      'Plan a five-level joint meeting: the city’s standing committee.',
      '筹备五级代表联席会议，由市人大常委会牵头。',
    ],
    by: [cityOffice],
    input: z.object({
      title: text(100, ['Title.', '会议名称']),
      purpose: text(2000, ['What it is to deal with.', '会议目的']),
    }),
    decide: ({ input, ctx }) => [{ type: 'JointMeetingPlanned', data: { ...input, region: ctx.actor.region } }],
  }),
  conveneJointMeeting: jointMeeting.action({
    describe: ['Convene the meeting for a day.', '召集联席会议。'],
    from: ['PLANNED'],
    by: [standingCommittee],
    input: z.object({ on: day(['For.', '日期']), place: text(200, ['Place.', '地点']) }),
    decide: ({ input, ctx }) =>
      input.on < ctx.today
        ? refusals.MEETING_DATE_PAST({ on: input.on })
        : [{ type: 'JointMeetingConvened', data: input }],
  }),
  postponeJointMeeting: jointMeeting.action({
    describe: ['Move a convened meeting to another day.', '联席会议改期。'],
    from: ['CONVENED'],
    by: [standingCommittee],
    input: z.object({
      on: day(['To.', '改期至']),
      place: text(200, ['Place, when that changes too.', '地点（有变动时填写）']).nullish(),
      reason: text(500, ['Why.', '改期原因']),
    }),
    decide: ({ input, state, ctx }) => {
      const place = input.place ?? state.place ?? '';
      if (input.on === state.convenedFor && place === state.place) return [];
      if (input.on < ctx.today) return refusals.MEETING_DATE_PAST({ on: input.on });
      return [{ type: 'JointMeetingPostponed', data: { ...input, place } }];
    },
  }),
  cancelJointMeeting: jointMeeting.action({
    describe: ['Cancel a meeting that has adopted nothing.', '取消尚未形成成果的联席会议。'],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION'],
    by: [standingCommittee],
    input: z.object({ reason: text(500, ['Why.', '取消原因']) }),
    requires: (state) => (state.results.length > 0 ? refusals.MEETING_HAS_RESULTS() : undefined),
    decide: ({ input }) => [{ type: 'JointMeetingCancelled', data: input }],
  }),
  inviteParticipants: jointMeeting.action({
    describe: [
      'Call the city’s own deputies; invite those of other levels, or call them on an entrustment (P4); invite experts and officials.',
      '召集本级代表，邀请或受委托召集其他层级代表，邀请专家和有关人员。',
    ],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION'],
    by: [hostOffice],
    input: z.object({
      parties: listOf(party(['Mandate or post.', '代表职务或岗位']), 200, ['Whom.', '邀请对象']).min(1),
      basis: oneOf(['CALLED', 'INVITED'], ['Call or invite.', '召集或邀请']).nullish(),
      entrustment: text(100, ['Entrustment under which they are called.', '委托文号']).nullish(),
    }),
    needs: (input) => neededFor(input.parties),
    decide: ({ input, state, facts }) => {
      const events = [];
      for (const id of new Set(input.parties)) {
        if (partOf(state.participants, id)) continue;
        const invited = invite(id, facts, { region: state.region, joinedRegions: [] }, input);
        if (isRefusal(invited)) return invited;
        events.push({ type: 'ParticipantInvited', data: invited } as const);
      }
      return events;
    },
  }),
  answerMeetingInvitation: jointMeeting.action({
    describe: ['Accept or decline the invitation.', '接受或谢绝邀请。'],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION'],
    by: [invitedDeputy, invitedOfficial],
    input: z.object({
      accept: flag(['Accept.', '是否接受']),
      reason: text(500, ['Why not.', '不参加的原因']).nullish(),
    }),
    decide: ({ input, state, ctx }) => {
      const id = partyOf(ctx.actor);
      const answer = input.accept ? 'ACCEPTED' : 'DECLINED';
      if (partOf(state.participants, id)?.answer === answer) return [];
      return [{ type: 'InvitationAnswered', data: { party: id, answer, answerReason: input.reason ?? null } }];
    },
  }),
  removeParticipant: jointMeeting.action({
    describe: [
      'Take a participant out; from then on he or she sees nothing further.',
      '移出参加人员，其此后不再看到后续内容。',
    ],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION', 'CLOSED', 'RESULTS_TRACKED'],
    by: [hostOffice],
    input: z.object({ party: party(['Whom.', '参加人员']), reason: text(500, ['Why.', '原因']) }),
    decide: ({ input, state }) =>
      partOf(state.participants, input.party) ? [{ type: 'ParticipantRemoved', data: input }] : refusals.NOT_INVITED(),
  }),
  submitProblem: jointMeeting.action({
    describe: ['Submit a problem met in performing duties.', '提交履职中遇到的问题。'],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION'],
    by: [participatingDeputy, participatingOfficial, hostOffice],
    input: z.object({ title: text(100, ['In a line.', '标题']), text: text(5000, ['What was met.', '问题内容']) }),
    decide: ({ input, state, ctx }) => {
      const by = partyOf(ctx.actor);
      if (state.problems.some((one) => one.by === by && one.title === input.title && one.text === input.text))
        return [];
      const level = ctx.actor.kind === 'deputy' ? ctx.actor.level : null;
      return [{ type: 'ProblemSubmitted', data: { id: ctx.newId(), by, level, ...input } }];
    },
  }),
  setMeetingAgenda: jointMeeting.action({
    describe: ['Set the agenda, or change it.', '确定或调整议程。'],
    from: ['PLANNED', 'CONVENED', 'IN_SESSION'],
    by: [hostOffice],
    input: z.object({
      items: listOf(
        z.object({
          title: text(200, ['Item.', '议程']),
          problems: listOf(z.uuid(), 50, ['Problems taken up under it.', '所议问题']),
        }),
        50,
        ['Items, in order.', '议程'],
      ).min(1),
    }),
    decide: ({ input, state }) => {
      const unknown = input.items.some((item) => item.problems.some((id) => !state.problems.some((p) => p.id === id)));
      if (unknown) return refusals.UNKNOWN_PROBLEM();
      const same =
        input.items.length === state.agenda.length &&
        input.items.every((item, n) => {
          const old = state.agenda[n];
          return old?.title === item.title && old.problems.join() === item.problems.join();
        });
      return same ? [] : [{ type: 'AgendaSet', data: { items: input.items } }];
    },
  }),
};
