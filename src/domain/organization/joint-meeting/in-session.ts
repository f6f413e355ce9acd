import { z } from 'zod';
import { count, listOf, text } from '../../kernel/fields.js';
import { partOf, party, partyOf } from './calling.js';
import { jointMeeting } from './joint-meeting.js';
import { meetingRefusals as refusals } from './refusals.js';
import { hostOffice, participatingDeputy, participatingOfficial, standingCommittee } from './who.js';

/** The joint meeting itself: opening, attendance, statements, countermeasures, results (domain.md S3). */
export const inSessionActions = {
  openJointMeeting: jointMeeting.action({
    describe: [
      'Open the meeting. A level from which nobody has accepted is a warning, no obstacle.',
      '会议开幕；某层级无人接受邀请时仅作提示。',
    ],
    from: ['CONVENED'],
    by: [hostOffice],
    input: z.object({}),
    decide: ({ state }) => {
      const levels = state.attendance.filter((row) => row.accepted === 0).map((row) => row.level);
      return [
        { type: 'JointMeetingOpened', data: {} },
        ...(levels.length > 0 ? [{ type: 'LevelMissing', data: { levels } } as const] : []),
      ];
    },
  }),
  checkInToMeeting: jointMeeting.action({
    describe: ['Check in: a participant, or the office for a participant.', '签到：本人，或由会务代为签到。'],
    from: ['CONVENED', 'IN_SESSION'],
    by: [participatingDeputy, participatingOfficial, hostOffice],
    input: z.object({ party: party(['For whom, by the office.', '代签对象（会务填写）']).nullish() }),
    decide: ({ input, state, ctx }) => {
      const own = partyOf(ctx.actor);
      const isHost = ctx.actor.kind === 'official' && hostOffice.allows(ctx.actor, state);
      const id = isHost ? (input.party ?? own) : own;
      const one = partOf(state.participants, id);
      if (!one) return refusals.NOT_INVITED();
      return one.present ? [] : [{ type: 'ParticipantCheckedIn', data: { party: id } }];
    },
  }),
  recordStatement: jointMeeting.action({
    describe: ['Record what a participant said and how long it took.', '记录发言人、时长和要点。'],
    from: ['IN_SESSION'],
    by: [hostOffice],
    input: z.object({
      speaker: party(['Who spoke.', '发言人']),
      minutes: count(600, ['How long, in minutes.', '时长（分钟）']),
      text: text(5000, ['What was said, in substance.', '发言要点']),
    }),
    decide: ({ input, state, ctx }) => {
      const speaker = partOf(state.participants, input.speaker);
      if (!speaker) return refusals.NOT_INVITED();
      if (!speaker.present) return refusals.SPEAKER_NOT_PRESENT();
      if (state.statements.some((one) => one.speaker === input.speaker && one.text === input.text)) return [];
      return [{ type: 'StatementRecorded', data: { id: ctx.newId(), level: speaker.level, ...input } }];
    },
  }),
  proposeCountermeasure: jointMeeting.action({
    describe: ['Propose a countermeasure, to a problem or in general.', '提出对策。'],
    from: ['IN_SESSION'],
    by: [participatingDeputy, participatingOfficial, hostOffice],
    input: z.object({
      problem: z.uuid().nullish().describe('Problem it answers. 所针对的问题'),
      text: text(5000, ['What is proposed.', '对策内容']),
    }),
    decide: ({ input, state, ctx }) => {
      const problem = input.problem ?? null;
      if (problem && !state.problems.some((one) => one.id === problem)) return refusals.UNKNOWN_PROBLEM();
      const by = partyOf(ctx.actor);
      const known = state.countermeasures.some(
        (one) => one.by === by && one.problem === problem && one.text === input.text,
      );
      const level = ctx.actor.kind === 'deputy' ? ctx.actor.level : null;
      return known
        ? []
        : [{ type: 'CountermeasureProposed', data: { id: ctx.newId(), problem, by, level, text: input.text } }];
    },
  }),
  adoptMeetingResult: jointMeeting.action({
    describe: [
      'Adopt a result of the meeting; it must become a measure (invariant 13).',
      '形成会议成果，须转化为措施。',
    ],
    from: ['IN_SESSION'],
    by: [standingCommittee],
    input: z.object({
      text: text(5000, ['What is adopted.', '成果内容']),
      countermeasures: listOf(z.uuid(), 50, ['Countermeasures it takes up.', '采纳的对策']),
    }),
    decide: ({ input, state, ctx }) => {
      if (!input.countermeasures.every((id) => state.countermeasures.some((one) => one.id === id)))
        return refusals.UNKNOWN_COUNTERMEASURE();
      if (state.results.some((one) => one.text === input.text)) return [];
      return [{ type: 'MeetingResultAdopted', data: { id: ctx.newId(), ...input } }];
    },
  }),
  closeJointMeeting: jointMeeting.action({
    describe: ['Close the meeting. A level from which nobody came is a warning.', '结束会议；某层级无人到会时作提示。'],
    from: ['IN_SESSION'],
    by: [hostOffice],
    input: z.object({}),
    requires: (state) => (state.participants.some((one) => one.present) ? undefined : refusals.NOBODY_PRESENT()),
    decide: ({ state, ctx }) => {
      const levels = state.attendance.filter((row) => row.present === 0).map((row) => row.level);
      return [
        ...(levels.length > 0 ? [{ type: 'LevelMissing', data: { levels } } as const] : []),
        { type: 'JointMeetingClosed', data: { on: ctx.today } },
      ];
    },
  }),
};
