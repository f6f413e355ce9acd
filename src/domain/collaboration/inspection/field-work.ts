import { z } from 'zod';
import { count, day, region, text } from '../../kernel/fields.js';
import type { Bilingual } from '../../kernel/refusal.js';
import { isWithin } from '../../kernel/region.js';
import { inspection } from './inspection.js';
import { inspectionRefusals as refusals } from './refusals.js';
import { hostOffice, teamDeputy, teamOfficial } from './who.js';

/** Work on the ground (Supervision Law art. 34): each form is recorded by a member of the team or by its office. */
type Recorded = 'SiteVisited' | 'SymposiumHeld' | 'QuestionnaireClosed' | 'SpotCheckDone' | 'ThirdPartyReportFiled';
const kinds = {
  SiteVisited: 'SITE_VISIT',
  SymposiumHeld: 'SYMPOSIUM',
  QuestionnaireClosed: 'QUESTIONNAIRE',
  SpotCheckDone: 'SPOT_CHECK',
  ThirdPartyReportFiled: 'THIRD_PARTY_REPORT',
} as const;

const recording = (type: Recorded, describe: Bilingual) =>
  inspection.action({
    describe,
    from: ['RUNNING'],
    by: [teamDeputy, teamOfficial, hostOffice],
    input: z.object({
      on: day(['On.', '日期']),
      region: region(['Where.', '地点区划']),
      place: text(200, ['Place, or who was asked or commissioned.', '地点、对象或受托方']),
      responses: count(10_000_000, ['Answers, for a questionnaire.', '问卷份数']).nullish(),
      text: text(5000, ['What came of it, without personal data.', '情况（不含个人信息）']),
    }),
    decide: ({ input, state, ctx }) => {
      if (![state.region, ...state.joinedRegions].some((scope) => isWithin(input.region, scope)))
        return refusals.OUTSIDE_INSPECTION({ region: input.region });
      const known = state.field.some(
        (step) =>
          step.kind === kinds[type] &&
          step.on === input.on &&
          step.region === input.region &&
          step.place === input.place,
      );
      return known ? [] : [{ type, data: { ...input, id: ctx.newId(), responses: input.responses ?? null } }];
    },
  });

export const fieldWorkActions = {
  recordSiteVisit: recording('SiteVisited', ['Record a site visit.', '记录实地检查。']),
  recordSymposium: recording('SymposiumHeld', ['Record a symposium.', '记录座谈会。']),
  closeQuestionnaire: recording('QuestionnaireClosed', ['Record what a questionnaire showed.', '记录问卷结果。']),
  recordSpotCheck: recording('SpotCheckDone', ['Record a spot check.', '记录抽查。']),
  fileThirdPartyReport: recording('ThirdPartyReportFiled', ['File a third party’s report.', '提交第三方评估报告。']),
};
