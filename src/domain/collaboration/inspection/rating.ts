import { z } from 'zod';
import { systemWho } from '../../kernel/actor.js';
import { startClockUntil } from '../../kernel/case-clocks.js';
import { day, ref, text } from '../../kernel/fields.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { lastReport, reportClock } from './reports.js';
import { satisfaction, status } from './shapes.js';
import { hostOffice } from './who.js';

/** 满意度测评: what the secret ballot on an organ's report came to, and the report that is due again when it fails. */
export const ratingActions = {
  recordSatisfaction: inspection.action({
    describe: [
      'Record what a secret satisfaction test of an organ’s handling came to (by the system).',
      '登记对研究处理情况的满意度测评结果。',
    ],
    from: status.options,
    by: [systemWho],
    input: z.object(satisfaction),
    decide: ({ input, state }) => {
      const known = state.satisfaction.some((one) => one.ballot === input.ballot);
      const last = lastReport(state, input.organ);
      // Of two ballots on one report the first that is counted stands.
      const late = last !== undefined && (input.round < last.round || last.rated);
      return known || late ? [] : [{ type: 'SatisfactionRecorded', data: input }];
    },
  }),
  orderReReport: inspection.action({
    describe: [
      'After a satisfaction test that ended dissatisfied: order the organ to put it right and to report again by a day.',
      '满意度测评结果为不满意的，责成该机关限期整改并重新报告。',
    ],
    from: ['TRANSFERRED', 'RECTIFIED', 'PUBLISHED', 'CLOSED'],
    by: [hostOffice],
    input: z.object({
      organ: ref('organ', ['Organ that was rated.', '被测评机关']),
      text: text(5000, ['What is to be put right.', '整改要求']),
      dueOn: day(['To be reported by.', '重新报告期限']),
    }),
    decide: ({ input, state, ctx }) => {
      const { organ, dueOn } = input;
      const last = lastReport(state, organ);
      if (!last?.failed) {
        const ordered = state.opinions.find((one) => one.organ === organ && one.round === last?.round && one.round > 1);
        return ordered?.text === input.text && ordered.dueOn === dueOn ? [] : refusals.NO_REREPORT_OWED();
      }
      if (dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: dueOn });
      const round = last.round + 1;
      return [
        { type: 'ReReportOrdered', data: { ...input, round, ballot: last.failed.ballot } },
        startClockUntil(ctx, { clock: reportClock(organ, round), owner: `organ:${organ}`, on: dueOn }),
      ];
    },
  }),
};
