import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { ref, text } from '../../kernel/fields.js';
import type { JointMeeting } from './joint-meeting.js';
import { jointMeeting } from './joint-meeting.js';
import { meetingRefusals as refusals } from './refusals.js';
import { hostOffice } from './who.js';

/** After the joint meeting: each result becomes a measure before the meeting is archived (invariant 13). */
const withoutMeasure = (state: JointMeeting, also?: string) =>
  state.results.find((one) => one.id !== also && !state.measures.some((m) => m.result === one.id));

export const followUpActions = {
  linkMeasure: jointMeeting.action({
    describe: ['Link a measure to the result that it carries out (by the system).', '关联成果与措施。'],
    from: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
    by: [systemWho],
    input: z.object({
      result: z.uuid().describe('Result. 成果'),
      measure: ref('measure', ['Measure.', '措施']),
    }),
    decide: ({ input, state }) => {
      if (!state.results.some((one) => one.id === input.result)) return refusals.UNKNOWN_RESULT();
      if (state.measures.some((one) => one.measure === input.measure)) return [];
      const complete = state.status === 'CLOSED' && !withoutMeasure(state, input.result);
      return [
        { type: 'MeasureLinked', data: input },
        ...(complete ? [{ type: 'MeetingResultsTracked', data: {} } as const] : []),
      ];
    },
  }),
  noteMeasureVerified: jointMeeting.action({
    describe: ['Note that a measure of the meeting is verified (by the system).', '记录措施已验收。'],
    from: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
    by: [systemWho],
    input: z.object({ measure: ref('measure', ['Measure.', '措施']) }),
    decide: ({ input, state }) => {
      const linked = state.measures.find((one) => one.measure === input.measure);
      if (!linked) return refusals.MEASURE_NOT_LINKED();
      return linked.verified ? [] : [{ type: 'MeasureOutcomeNoted', data: input }];
    },
  }),
  publishMeeting: jointMeeting.action({
    describe: ['Publish a summary: results and attendance become public.', '公开会议摘要、成果和出席情况。'],
    from: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
    by: [hostOffice],
    input: z.object({ summary: text(5000, ['Summary.', '摘要']) }),
    decide: ({ input, state }) => (state.summary === input.summary ? [] : [{ type: 'MeetingPublished', data: input }]),
  }),
  archiveJointMeeting: jointMeeting.action({
    describe: [
      'Archive the meeting, once every result has a measure (invariant 13).',
      '归档会议；每项成果均须已转化为措施。',
    ],
    from: ['CLOSED', 'RESULTS_TRACKED'],
    by: [hostOffice],
    input: z.object({}),
    requires: (state) => {
      const open = withoutMeasure(state);
      return open && refusals.RESULT_WITHOUT_MEASURE({ result: open.text });
    },
    decide: () => [{ type: 'JointMeetingArchived', data: {} }],
  }),
};
