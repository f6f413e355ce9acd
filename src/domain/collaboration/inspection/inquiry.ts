import { z } from 'zod';
import { deputyWho, officialWho, supervisedKinds } from '../../kernel/actor.js';
import { day, flag, listOf, oneOf, ref, text } from '../../kernel/fields.js';
import { partyOf } from '../../organization/joint-meeting/calling.js';
import { post } from '../../organization/post.js';
import type { Inspection } from './inspection.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { hostOffice, inTeam, teamDeputy } from './who.js';

/**
 * 专题询问 (Supervision Law arts 46–50): members of the standing committee ask, the heads of the organs must come and
 * answer. Deputies who attend speak by invitation (Deputies Law art. 33); they do not ask.
 */
const asks = (state: Inspection, id: string): boolean =>
  inTeam(state, id) && state.members.some((m) => m.party === id && !m.removed && m.role === 'scMember');
const askers = [
  deputyWho<Inspection>(['a member of the standing committee', '常委会组成人员'], (deputy, state) =>
    asks(state, deputy.mandate),
  ),
  officialWho<Inspection>(['a member of the standing committee', '常委会组成人员'], (official, state) =>
    asks(state, official.post),
  ),
] as const;
const summonedHead = officialWho<Inspection>(['a head who has to attend', '应到会的负责人'], (official, state) =>
  state.heads.some((one) => one.post === official.post),
);
const words = text(2000, ['Question.', '询问内容']);
const inquiryOnly = (state: Inspection) => (state.kind === 'SPECIAL_INQUIRY' ? undefined : refusals.NOT_AN_INQUIRY());
const onceScheduled = (state: Inspection) =>
  inquiryOnly(state) ?? (state.inquiry ? undefined : refusals.INQUIRY_NOT_SCHEDULED());

export const inquiryActions = {
  scheduleInquiry: inspection.action({
    describe: [
      'Schedule the special inquiry, or move it before it has begun; name the heads who must attend.',
      '安排专题询问并确定应到会负责人；询问开始前可以改期。',
    ],
    from: ['TEAM_FORMED', 'RUNNING'],
    by: [hostOffice],
    requires: inquiryOnly,
    input: z.object({
      on: day(['On.', '日期']),
      place: text(200, ['Place.', '地点']),
      meeting: oneOf(['PLENARY', 'JOINT_GROUP', 'GROUP'], ['Kind of meeting.', '会议形式']),
      heads: listOf(ref('post', ['Post of a head.', '负责人岗位']), 50, ['Who must attend.', '应到会负责人']).min(1),
    }),
    needs: (input) => ({ posts: input.heads.map((id) => post.at(id)) }),
    decide: ({ input, state, ctx, facts: { posts } }) => {
      if (state.questions.length > 0) return refusals.INQUIRY_IN_PROGRESS();
      if (input.on < ctx.today) return refusals.DUE_DATE_PAST({ on: input.on });
      const heads: { post: string; organ: string }[] = [];
      for (const { id, state: held } of posts) {
        if (held?.status !== 'HELD' || (held.role !== 'head' && held.role !== 'leader')) return refusals.NOT_A_HEAD();
        const organ = supervisedKinds.includes(held.organKind);
        // Supervision Law art. 6: each congress supervises the organs of its own level (P1).
        if (!organ || held.region !== state.region) return refusals.NOT_OWN_LEVEL({ region: state.region });
        if (!heads.some((one) => one.post === id)) heads.push({ post: id, organ: held.organ });
      }
      const { inquiry } = state;
      const same =
        inquiry?.on === input.on &&
        inquiry.place === input.place &&
        inquiry.meeting === input.meeting &&
        heads.length === state.heads.length &&
        heads.every((one) => state.heads.some((old) => old.post === one.post));
      return same ? [] : [{ type: 'InquiryScheduled', data: { ...input, heads } }];
    },
  }),
  recordHeadAttendance: inspection.action({
    describe: ['Record whether a head came; absence is on record.', '记录负责人是否到会，缺席予以记录。'],
    from: ['RUNNING'],
    by: [hostOffice],
    requires: onceScheduled,
    input: z.object({
      post: ref('post', ['Head’s post.', '负责人岗位']),
      present: flag(['Came.', '是否到会']),
      reason: text(500, ['Why absent.', '缺席原因']).nullish(),
    }),
    decide: ({ input, state }) => {
      const head = state.heads.find((one) => one.post === input.post);
      if (!head) return refusals.HEAD_NOT_SUMMONED();
      const reason = input.reason ?? null;
      if (input.present) return head.attended === true ? [] : [{ type: 'HeadAttended', data: { post: head.post } }];
      if (head.attended === false && head.reason === reason) return [];
      return [{ type: 'HeadAbsent', data: { post: head.post, reason } }];
    },
  }),
  askQuestion: inspection.action({
    describe: ['Ask the head of an organ.', '向机关负责人提出询问。'],
    from: ['RUNNING'],
    by: askers,
    requires: onceScheduled,
    input: z.object({ organ: ref('organ', ['Organ that is asked.', '应询机关']), text: words }),
    decide: ({ input, state, ctx }) => {
      if (!state.heads.some((one) => one.organ === input.organ)) return refusals.HEAD_NOT_SUMMONED();
      const asker = partyOf(ctx.actor);
      if (state.questions.some((q) => q.asker === asker && q.organ === input.organ && q.text === input.text)) return [];
      return [{ type: 'QuestionAsked', data: { id: ctx.newId(), follows: null, asker, ...input } }];
    },
  }),
  askFollowUpQuestion: inspection.action({
    describe: ['Follow up on the answer to one’s own question.', '就本人询问的答复进行追问。'],
    from: ['RUNNING'],
    by: askers,
    requires: onceScheduled,
    input: z.object({ question: z.uuid().describe('Question followed up. 所追问的问题'), text: words }),
    decide: ({ input, state, ctx }) => {
      const asker = partyOf(ctx.actor);
      const first = state.questions.find((q) => q.id === input.question);
      if (first?.asker !== asker || first.answer === null) return refusals.UNKNOWN_QUESTION();
      if (state.questions.some((q) => q.follows === first.id && q.text === input.text)) return [];
      const data = { id: ctx.newId(), follows: first.id, asker, organ: first.organ, text: input.text };
      return [{ type: 'FollowUpAsked', data }];
    },
  }),
  speakAtInquiry: inspection.action({
    describe: ['Speak at the inquiry as an attending deputy, by invitation.', '列席代表应邀在专题询问中发言。'],
    from: ['RUNNING'],
    by: [teamDeputy],
    requires: onceScheduled,
    input: z.object({ text: text(2000, ['What is said.', '发言内容']) }),
    decide: ({ input, state, ctx }) => {
      const by = ctx.actor.mandate;
      if (state.speeches.some((one) => one.by === by && one.text === input.text)) return [];
      return [{ type: 'DeputySpoke', data: { id: ctx.newId(), by, text: input.text } }];
    },
  }),
  answerQuestion: inspection.action({
    describe: ['Answer for one’s organ: by its head, in person.', '机关负责人到会答复询问。'],
    from: ['RUNNING'],
    by: [summonedHead],
    requires: onceScheduled,
    input: z.object({
      question: z.uuid().describe('Question answered. 所答复的问题'),
      text: text(5000, ['Answer.', '答复']),
    }),
    decide: ({ input, state, ctx }) => {
      const asked = state.questions.find((q) => q.id === input.question);
      if (asked?.organ !== ctx.actor.organ || asked.answer !== null) return refusals.QUESTION_NOT_YOURS();
      return [{ type: 'QuestionAnswered', data: { id: asked.id, answeredBy: ctx.actor.post, answer: input.text } }];
    },
  }),
};
