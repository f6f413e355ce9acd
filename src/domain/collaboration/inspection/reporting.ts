import { z } from 'zod';
import { officialWho, supervisedKinds, systemWho } from '../../kernel/actor.js';
import { handOverClocks, startClockUntil, stopClocks } from '../../kernel/case-clocks.js';
import { day, listOf, ref, text } from '../../kernel/fields.js';
import { successionInput } from '../../organization/joint-meeting/succession.js';
import { organ } from '../../organization/organ.js';
import type { Inspection } from './inspection.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { foundWanting, reportClock } from './reports.js';
import { status } from './shapes.js';
import { deliberators, hostOffice, leadingDeputy, leadingOfficial } from './who.js';

/** From the report to its publication (Supervision Law arts 35–37, 48–50). */
const organWithOpinions = officialWho<Inspection>(
  ['an organ that opinions were sent to', '收到意见的机关'],
  (official, state) => state.opinions.some((one) => one.organ === official.organ),
);

/** What an organ has to answer: its own, and what an organ that it succeeds has left to it. */
const openOpinions = (state: Inspection, id: string) =>
  state.opinions.filter((one) => one.organ === id && one.response === null);

/** A special inquiry is over when it was held and it is on record which heads came. */
function refusalOfInquiry(state: Inspection) {
  if (state.kind !== 'SPECIAL_INQUIRY') return undefined;
  if (!state.inquiry) return refusals.INQUIRY_NOT_SCHEDULED();
  return state.heads.some((one) => one.attended === null) ? refusals.HEADS_NOT_RECORDED() : undefined;
}

/** What was found wanting is reported again before it is published as handled, or closed (domain.md S10). */
const refusalOfWanting = (state: Inspection) => (foundWanting(state).length > 0 ? refusals.REREPORT_OWED() : undefined);

export const reportingActions = {
  submitInspectionReport: inspection.action({
    describe: ['Submit the report: evaluation, problems, advice.', '提交报告：评价、问题和建议。'],
    from: ['RUNNING'],
    by: [leadingDeputy, leadingOfficial, hostOffice],
    requires: refusalOfInquiry,
    input: z.object({
      evaluation: text(10_000, ['How the law or matter stands.', '总体评价']),
      problems: text(10_000, ['Problems.', '存在问题']),
      advice: text(10_000, ['Advice.', '意见建议']),
      lawAdvice: text(5000, ['Advice on amending the law.', '修改法律法规的建议']).nullish(),
    }),
    decide: ({ input }) => [{ type: 'ReportSubmitted', data: { ...input, lawAdvice: input.lawAdvice ?? null } }],
  }),
  deliberateReport: inspection.action({
    describe: [
      'Deliberate the report: the standing committee or presidium of the region.',
      '本级常委会或主席团审议报告。',
    ],
    from: ['REPORTED'],
    by: [deliberators],
    input: z.object({ deliberation: text(10_000, ['What was said of it.', '审议情况']) }),
    decide: ({ input }) => [{ type: 'ReportDeliberated', data: input }],
  }),
  transferOpinions: inspection.action({
    describe: [
      'Send the opinions to organs of the same level, each with a day by which it reports back.',
      '将审议意见转交本级机关研究处理，并确定报告期限。',
    ],
    from: ['DELIBERATED', 'TRANSFERRED'],
    by: [hostOffice],
    input: z.object({
      opinions: listOf(
        z.object({
          organ: ref('organ', ['Organ.', '机关']),
          text: text(5000, ['Opinions.', '审议意见']),
          dueOn: day(['To be answered by.', '报告期限']),
        }),
        20,
        ['To whom and what.', '转交内容'],
      ).min(1),
    }),
    needs: (input) => ({ organs: input.opinions.map((one) => organ.at(one.organ)) }),
    decide: ({ input, state, ctx, facts: { organs } }) => {
      const fresh = [];
      for (const opinion of input.opinions) {
        const sent = [...state.opinions, ...fresh].find((one) => one.organ === opinion.organ);
        if (sent?.text === opinion.text && sent.dueOn === opinion.dueOn) continue;
        if (sent) return refusals.OPINIONS_ALREADY_SENT();
        const to = organs.find((one) => one.id === opinion.organ)?.state;
        const handles = to?.status === 'ACTIVE' && supervisedKinds.includes(to.kind);
        // P1: each congress supervises the organs of its own level only.
        if (!handles || to.region !== state.region) return refusals.NOT_OWN_LEVEL({ region: state.region });
        if (opinion.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: opinion.dueOn });
        fresh.push(opinion);
      }
      return fresh.flatMap((data) => [
        { type: 'OpinionsTransferred', data } as const,
        startClockUntil(ctx, { clock: reportClock(data.organ, 1), owner: `organ:${data.organ}`, on: data.dueOn }),
      ]);
    },
  }),
  giveCommitteeView: inspection.action({
    describe: [
      'Say what the committee thinks of an organ’s draft report, before the organ reports (Supervision Law art. 37).',
      '在机关报告前，就其报告稿提出委员会意见（监督法第三十七条）。',
    ],
    from: ['TRANSFERRED'],
    by: [hostOffice],
    input: z.object({ organ: ref('organ', ['Organ.', '机关']), text: text(5000, ['View.', '意见']) }),
    decide: ({ input, state }) => {
      const open = openOpinions(state, input.organ);
      if (open.length === 0) return refusals.NO_OPINIONS_FOR_ORGAN();
      if (open.every((one) => one.committeeView === input.text)) return [];
      return [{ type: 'CommitteeViewGiven', data: input }];
    },
  }),
  reportHandling: inspection.action({
    describe: [
      'Report how the opinions were handled, after asking the committee.',
      '征求委员会意见后，报告研究处理情况。',
    ],
    from: ['TRANSFERRED'],
    by: [organWithOpinions],
    input: z.object({ text: text(10_000, ['How.', '研究处理情况']) }),
    decide: ({ input, state, ctx }) => {
      const own = ctx.actor.organ;
      const open = openOpinions(state, own);
      if (open.length === 0) return refusals.NO_OPINIONS_FOR_ORGAN();
      if (open.some((one) => one.committeeView === null)) return refusals.COMMITTEE_NOT_ASKED();
      const last = state.opinions.every((one) => one.organ === own || one.response !== null);
      return [
        { type: 'HandlingReported', data: { organ: own, text: input.text, on: ctx.today } },
        ...stopClocks(state, (clock) => clock.owner === `organ:${own}`),
        ...(last ? [{ type: 'InspectionRectified', data: {} } as const] : []),
      ];
    },
  }),
  adoptResolution: inspection.action({
    describe: ['Adopt a resolution on the report, where needed.', '必要时就报告作出决议。'],
    from: ['DELIBERATED', 'TRANSFERRED', 'RECTIFIED'],
    by: [deliberators],
    input: z.object({ text: text(5000, ['Resolution.', '决议']) }),
    decide: ({ input, state }) => (state.resolution === input.text ? [] : [{ type: 'ResolutionAdopted', data: input }]),
  }),
  orderFollowUpInspection: inspection.action({
    describe: ['Order that the matter be looked at again.', '决定开展跟踪检查。'],
    from: ['TRANSFERRED', 'RECTIFIED', 'PUBLISHED'],
    by: [hostOffice],
    input: z.object({ text: text(2000, ['What.', '跟踪检查内容']), on: day(['When.', '日期']) }),
    decide: ({ input, state, ctx }) => {
      if (state.followUps.some((one) => one.text === input.text && one.on === input.on)) return [];
      if (input.on <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.on });
      return [{ type: 'FollowUpInspectionOrdered', data: input }];
    },
  }),
  publishInspectionResult: inspection.action({
    describe: [
      'Publish report, opinions and handling to deputies and the public (Supervision Law art. 37); the report alone when the deliberation led to no opinions.',
      '向代表和社会公布报告、审议意见和研究处理情况（监督法第三十七条）；审议未形成意见的，只公布报告。',
    ],
    from: ['DELIBERATED', 'RECTIFIED'],
    by: [hostOffice],
    input: z.object({
      report: text(20_000, ['Report.', '公开的报告']),
      opinions: text(10_000, ['Opinions.', '公开的审议意见']).nullish(),
      response: text(10_000, ['Handling.', '公开的研究处理情况']).nullish(),
    }),
    requires: refusalOfWanting,
    decide: ({ input: { report, opinions = null, response = null }, state }) => {
      const sent = state.opinions.length > 0;
      if (sent && (opinions === null || response === null)) return refusals.NOT_ALL_PUBLISHED();
      if (!sent && (opinions !== null || response !== null)) return refusals.NOTHING_SENT_TO_PUBLISH();
      return [{ type: 'SupervisionResultPublished', data: { report, opinions, response } }];
    },
  }),
  closeInspection: inspection.action({
    describe: ['Close the inspection.', '结束监督活动。'],
    from: ['PUBLISHED'],
    by: [hostOffice],
    requires: refusalOfWanting,
    input: z.object({}),
    decide: () => [{ type: 'InspectionClosed', data: {} }],
  }),
  succeedOpinionOrgan: inspection.action({
    describe: [
      'Move what an organ was sent and asked to the organ that succeeds it (by the system).',
      '审议意见和询问转由承接单位办理。',
    ],
    from: status.options,
    by: [systemWho],
    input: successionInput,
    needs: (input) => ({ successor: organ.at(input.to) }),
    decide: ({ input, state, facts: { successor } }) => {
      const named = [...state.opinions, ...state.heads].some((one) => one.organ === input.organ);
      if (!named || input.organ === input.to) return [];
      if (successor?.status !== 'ACTIVE') return refusals.SUCCESSOR_NOT_IN_FORCE();
      return [{ type: 'OpinionOrganSucceeded', data: input }, ...handOverClocks(state, input.organ, input.to)];
    },
  }),
};
