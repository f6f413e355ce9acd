import { z } from 'zod';
import { day, listOf, oneOf, region, text } from '../../kernel/fields.js';
import { isWithin, levelOf } from '../../kernel/region.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { inspectionKinds } from './shapes.js';
import { hostOffice, organiser } from './who.js';

/** Planning an inspection, moving it to other days, and cancelling it (domain.md S10, Supervision Law art. 63). */
const dates = { beginsOn: day(['Begins on.', '开始日期']), endsOn: day(['Ends on.', '结束日期']) };
const refusalOfDates = ({ beginsOn, endsOn }: { beginsOn: string; endsOn: string }, today: string) =>
  endsOn < beginsOn || endsOn < today ? refusals.INSPECTION_DATES() : undefined;
const beforeReport = ['PLANNED', 'TEAM_FORMED', 'RUNNING'] as const;

export const planningActions = {
  planInspection: inspection.create({
    describe: [
      'Plan a survey, law-enforcement inspection or special inquiry from the published annual plan.',
      '依据已公开的年度监督计划安排调查研究、执法检查或专题询问。',
    ],
    by: [organiser],
    input: z.object({
      kind: oneOf(inspectionKinds, ['Which.', '形式']),
      title: text(100, ['Title.', '名称']),
      laws: listOf(text(100, ['Law.', '法律法规']), 20, ['Laws whose carrying out is looked at.', '所检查的法律法规']),
      planReference: text(200, ['Item of the published annual plan.', '年度监督计划依据']),
      ...dates,
      joinedRegions: listOf(region(['Region.', '地区']), 20, ['Regions that hold it too.', '联动地区']),
    }),
    decide: ({ input, ctx }) => {
      const own = ctx.actor.region;
      if (input.kind === 'SPECIAL_INQUIRY' && levelOf(own) === 'township') return refusals.NO_STANDING_COMMITTEE();
      const refused = refusalOfDates(input, ctx.today);
      if (refused) return refused;
      const stranger = input.joinedRegions.find(
        (at) => at === own || !(isWithin(at, own) || levelOf(at) === levelOf(own)),
      );
      if (stranger) return refusals.CANNOT_JOIN_REGION({ region: stranger });
      return [
        {
          type: 'InspectionPlanned',
          data: { ...input, region: own, joinedRegions: [...new Set(input.joinedRegions)] },
        },
      ];
    },
  }),
  publishInspectionPlan: inspection.action({
    describe: ['Make the plan public.', '公开监督方案。'],
    from: beforeReport,
    by: [hostOffice],
    input: z.object({}),
    decide: ({ state }) => (state.planPublished ? [] : [{ type: 'InspectionPlanPublished', data: {} }]),
  }),
  postponeInspection: inspection.action({
    describe: ['Move the inspection to other days.', '监督活动改期。'],
    from: beforeReport,
    by: [hostOffice],
    input: z.object({ ...dates, reason: text(500, ['Why.', '改期原因']) }),
    decide: ({ input, state, ctx }) => {
      if (input.beginsOn === state.beginsOn && input.endsOn === state.endsOn) return [];
      // What has begun began on its day.
      if (state.status === 'RUNNING' && input.beginsOn !== state.beginsOn) return refusals.INSPECTION_HAS_BEGUN();
      return refusalOfDates(input, ctx.today) ?? [{ type: 'InspectionPostponed', data: input }];
    },
  }),
  cancelInspection: inspection.action({
    describe: [
      'Cancel an inspection that has not reported; issues that it found live on.',
      '取消尚未报告的监督活动，已发现的问题继续办理。',
    ],
    from: beforeReport,
    by: [hostOffice],
    input: z.object({ reason: text(500, ['Why.', '取消原因']) }),
    decide: ({ input }) => [{ type: 'InspectionCancelled', data: input }],
  }),
};
