import { z } from 'zod';
import type { Official } from '../../kernel/actor.js';
import { supervisedKinds, systemWho } from '../../kernel/actor.js';
import type { Context } from '../../kernel/aggregate.js';
import { handOverClocks, startClockUntil, stopClocks } from '../../kernel/case-clocks.js';
import { day, ref, text } from '../../kernel/fields.js';
import { successionInput } from '../../organization/joint-meeting/succession.js';
import { organ } from '../../organization/organ.js';
import type { Issue } from './issue.js';
import { issue } from './issue.js';
import { issueRefusals as refusals } from './refusals.js';
import { status } from './shapes.js';
import { hostOffice, issueOrgan, joinedOffice } from './who.js';

/** Transfer to the organ, rectification, and what the office makes of it (domain.md S10, P1, P5). */
const DUE = 'RECTIFY';
const dueOn = day(['To be reported by.', '整改期限']);
const verdict = text(2000, ['What was found.', '核查意见']);

/** P1: what an organ has done is judged by the office of its own level, which has sent it the issue. */
function refusalOfLevel({ supervisor }: Issue, { actor: { region } }: Context<Official>) {
  return supervisor === null || supervisor === region ? undefined : refusals.NOT_OWN_LEVEL({ region });
}

export const rectificationActions = {
  transferIssue: issue.action({
    describe: [
      'Transfer the issue to the organ of the office’s own level that has to rectify it.',
      '将问题转交本级机关整改。',
    ],
    from: ['CONFIRMED', 'ESCALATED'],
    by: [hostOffice, joinedOffice],
    input: z.object({ organ: ref('organ', ['Organ.', '整改机关']), dueOn }),
    requires: (state) => {
      if (state.organ) return refusals.ALREADY_TRANSFERRED();
      return state.opinions.length === 0 ? refusals.OPINION_REQUIRED() : undefined;
    },
    needs: (input) => ({ to: organ.at(input.organ) }),
    decide: ({ input, ctx, facts: { to } }) => {
      if (to?.status !== 'ACTIVE' || !supervisedKinds.includes(to.kind)) return refusals.ISSUE_ORGAN_UNKNOWN();
      const { region } = ctx.actor;
      // P1: each congress supervises the organs of its own level only.
      if (to.region !== region) return refusals.NOT_OWN_LEVEL({ region });
      if (input.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.dueOn });
      return [
        { type: 'IssueTransferred', data: { ...input, supervisor: region } },
        startClockUntil(ctx, { clock: DUE, owner: `organ:${input.organ}`, on: input.dueOn }),
      ];
    },
  }),
  beginRectification: issue.action({
    describe: ['Take the issue up, and say how it will be rectified.', '着手整改并说明整改方案。'],
    from: ['TRANSFERRED', 'REOPENED'],
    by: [issueOrgan],
    input: z.object({ plan: text(5000, ['How.', '整改方案']) }),
    decide: ({ input }) => [{ type: 'RectificationBegan', data: input }],
  }),
  reportRectification: issue.action({
    describe: ['Report that the issue is rectified, and how.', '报告整改情况。'],
    from: ['RECTIFYING', 'REOPENED', 'ESCALATED'],
    by: [issueOrgan],
    input: z.object({ text: text(5000, ['How.', '整改情况']) }),
    decide: ({ input, state, ctx }) => [
      { type: 'RectificationReported', data: { ...input, on: ctx.today } },
      ...stopClocks(state, (clock) => clock.clock === DUE),
    ],
  }),
  verifyRectification: issue.action({
    describe: ['Verify that the issue is rectified.', '核实整改情况。'],
    from: ['REPORTED'],
    by: [hostOffice, joinedOffice],
    requires: refusalOfLevel,
    input: z.object({ verdict }),
    decide: ({ input }) => [{ type: 'RectificationVerified', data: input }],
  }),
  rejectRectification: issue.action({
    describe: ['Send it back to the organ, with a new due date.', '整改未通过，退回并重新确定期限。'],
    from: ['REPORTED'],
    by: [hostOffice, joinedOffice],
    requires: refusalOfLevel,
    input: z.object({ verdict, dueOn }),
    decide: ({ input, state, ctx }) => {
      if (input.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.dueOn });
      return [
        { type: 'RectificationRejected', data: input },
        startClockUntil(ctx, { clock: DUE, owner: `organ:${state.organ}`, on: input.dueOn }),
      ];
    },
  }),
  reopenIssue: issue.action({
    describe: ['Reopen an issue that has come back.', '问题反弹，重新办理。'],
    from: ['VERIFIED', 'CLOSED'],
    by: [hostOffice, joinedOffice],
    input: z.object({ verdict, dueOn }),
    requires: (state, ctx) => (state.organ ? refusalOfLevel(state, ctx) : refusals.NOT_TRANSFERRED()),
    decide: ({ input, state, ctx }) => {
      if (input.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.dueOn });
      return [
        { type: 'IssueReopened', data: input },
        startClockUntil(ctx, { clock: DUE, owner: `organ:${state.organ}`, on: input.dueOn }),
      ];
    },
  }),
  closeIssue: issue.action({
    describe: [
      'Close a verified issue, or an escalated one that the higher level has answered.',
      '办结已核实的问题，或上级已答复的问题。',
    ],
    from: ['VERIFIED', 'ESCALATED'],
    by: [hostOffice],
    input: z.object({ verdict }),
    decide: ({ input, state }) => {
      const answered = state.suggestions.some((one) => one.status === 'REPLIED' || one.status === 'DECIDED');
      if (state.status === 'ESCALATED' && !answered) return refusals.ESCALATION_OPEN();
      return [{ type: 'IssueClosed', data: input }, ...stopClocks(state, () => true)];
    },
  }),
  succeedIssueOrgan: issue.action({
    describe: ['Move the issue to the organ that succeeds its own (by the system).', '问题转由承接单位整改。'],
    from: status.options,
    by: [systemWho],
    input: successionInput,
    needs: (input) => ({ successor: organ.at(input.to) }),
    decide: ({ input, state, facts: { successor } }) => {
      if (state.organ !== input.organ || input.organ === input.to) return [];
      if (successor?.status !== 'ACTIVE') return refusals.SUCCESSOR_NOT_IN_FORCE();
      return [{ type: 'IssueOrganSucceeded', data: input }, ...handOverClocks(state, input.organ, input.to)];
    },
  }),
  publishIssue: issue.action({
    describe: ['Make the issue and its outcome public.', '公开问题及其整改结果。'],
    from: ['VERIFIED', 'CLOSED'],
    by: [hostOffice],
    input: z.object({ summary: text(5000, ['Summary, without personal data.', '公开摘要（不含个人信息）']) }),
    decide: ({ input, state }) => (state.summary === input.summary ? [] : [{ type: 'IssuePublished', data: input }]),
  }),
};
