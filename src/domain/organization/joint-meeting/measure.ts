import { z } from 'zod';
import { officialWho, systemWho } from '../../kernel/actor.js';
import { defineAggregate } from '../../kernel/aggregate.js';
import {
  caseClock,
  clockActions,
  clockEvents,
  clockFolds,
  handOverClocks,
  startClockUntil,
  stopClocks,
} from '../../kernel/case-clocks.js';
import { event, opening } from '../../kernel/event.js';
import { count, day, listOf, oneOf, ref, region, storedText, text } from '../../kernel/fields.js';
import { facts } from '../../kernel/visibility.js';
import { organ } from '../organ.js';
import { tagOf, takesPart } from './calling.js';
import type { JointMeeting } from './joint-meeting.js';
import { jointMeeting } from './joint-meeting.js';
import { meetingRefusals as refusals } from './refusals.js';
import { successionInput } from './succession.js';
import { cityOffice, hostOffice } from './who.js';

/** 措施 (domain.md S3): what a result of a joint meeting becomes: owned by a committee, due on a day, urged, verified. */
const statuses = ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'] as const;
const statusTerms = {
  ASSIGNED: '已交办',
  IN_PROGRESS: '推进中',
  DONE: '已完成',
  VERIFIED: '已验收',
  REOPENED: '已退回',
} as const;
const about = {
  meeting: ref('jointMeeting', ['Joint meeting it comes from.', '来源会议']),
  result: z.uuid().describe('Result that it carries out. 所落实的成果'),
  region: region(['The city.', '所属市']),
  text: storedText(['What is to be done.', '措施内容']),
  owner: ref('organ', ['Committee that owns it.', '责任委员会']),
};
const note = {
  on: day(['On.', '日期']),
  text: storedText(['What was reported or asked.', '内容']),
};
const notes = (description: readonly [string, string]) => listOf(facts({ follower: note }), 500, description);
const followers = listOf(storedText(['Tag.', '标签']), 5000, ['Who took part in the meeting, as tags.', '与会人员']);
const newDue = day(['To be done by.', '完成期限']);

export const measure = defineAggregate({
  category: 'measure',
  term: ['measure', '成果转化措施'],
  state: facts({
    follower: {
      status: oneOf(statuses, [
        'Assigned, in progress, done, verified, reopened.',
        Object.values(statusTerms).join('、'),
      ]),
      ...about,
      dueOn: newDue,
      rounds: count(1000, ['How often it was reopened.', '退回次数']),
      progress: notes(['Progress reports.', '进展报告']),
      urges: notes(['Urged by the standing committee.', '督办记录']),
      completion: storedText(['How it was done.', '完成情况']).nullable(),
      verdict: storedText(['What the standing committee found.', '验收意见']).nullable(),
      clocks: listOf(caseClock, 5, ['Time limits.', '时限']),
    },
    internal: { followers },
  }),
  events: {
    MeasureAssigned: opening(['Measure assigned', '措施已交办'], {
      follower: { ...about, dueOn: newDue },
      internal: { followers },
    }),
    MeasureProgressReported: event(['Progress reported', '措施进展已报告'], { follower: note }),
    MeasureUrged: event(['Measure urged', '措施已督办'], { follower: note }, { politeness: 'assertive' }),
    MeasureCompleted: event(['Measure completed', '措施已完成'], { follower: note }),
    MeasureVerified: event(['Measure verified', '措施已验收'], { follower: note }),
    MeasureReopened: event(
      ['Measure reopened', '措施已退回继续办理'],
      { follower: { ...note, dueOn: newDue } },
      { politeness: 'assertive' },
    ),
    MeasureOwnerSucceeded: event(['Measure moved to the successor committee', '措施已转由承接单位负责'], {
      follower: { organ: about.owner, to: about.owner },
    }),
    MeasureFollowersChanged: event(
      ['Who took part has changed', '与会人员有变动'],
      { internal: { followers } },
      { politeness: 'off' },
    ),
    ...clockEvents,
  },
  evolve: {
    MeasureAssigned: (_, e) => ({
      status: 'ASSIGNED',
      ...e,
      rounds: 0,
      progress: [],
      urges: [],
      completion: null,
      verdict: null,
      clocks: [],
    }),
    MeasureProgressReported: (s, e) => ({ ...s, status: 'IN_PROGRESS', progress: [...s.progress, e] }),
    MeasureUrged: (s, e) => ({ ...s, urges: [...s.urges, e] }),
    MeasureCompleted: (s, e) => ({ ...s, status: 'DONE', completion: e.text }),
    MeasureVerified: (s, e) => ({ ...s, status: 'VERIFIED', verdict: e.text }),
    MeasureReopened: (s, e) => ({
      ...s,
      status: 'REOPENED',
      verdict: e.text,
      completion: null,
      dueOn: e.dueOn,
      rounds: s.rounds + 1,
    }),
    MeasureOwnerSucceeded: (s, e) => ({ ...s, owner: e.to }),
    MeasureFollowersChanged: (s, e) => ({ ...s, followers: e.followers }),
    ...clockFolds,
  },
  audience: (s) => ({
    ...Object.fromEntries(s.followers.map((tag) => [tag, 'follower' as const])),
    [`organ:${s.owner}`]: 'participant',
    [`office:${s.region}`]: 'office',
  }),
  refusals,
  statusTerms,
});
type Measure = z.infer<typeof measure.state>;

const owner = officialWho<Measure>(
  ['the committee that owns the measure', '责任委员会'],
  (official, state) => official.organ === state.owner,
);
const DUE = 'DUE';
const said = (description: readonly [string, string]) => z.object({ text: text(2000, description) });
/** The same words on the same day are one entry. */
const noted = (list: readonly { on: string; text: string }[], on: string, words: string): boolean =>
  list.some((one) => one.on === on && one.text === words);

const followersOf = ({ participants }: JointMeeting): string[] => participants.filter(takesPart).map(tagOf);

export const measureActions = {
  assignMeasure: measure.create({
    describe: [
      'Turn a result of a closed joint meeting into a measure with an owner committee and a due date (invariant 13).',
      '将联席会议成果转化为措施，明确责任委员会和期限。',
    ],
    by: [cityOffice],
    input: z.object({
      meeting: about.meeting,
      result: about.result,
      text: text(2000, ['What is to be done.', '措施内容']),
      owner: about.owner,
      dueOn: newDue,
    }),
    continues: (input) => jointMeeting.at(input.meeting),
    needs: (input) => ({ meeting: jointMeeting.at(input.meeting), committee: organ.at(input.owner) }),
    decide: ({ input, ctx, facts: { meeting, committee } }) => {
      const held = meeting?.status === 'CLOSED' || meeting?.status === 'RESULTS_TRACKED';
      if (!held || meeting.region !== ctx.actor.region) return refusals.MEETING_NOT_CLOSED();
      if (!meeting.results.some((one) => one.id === input.result)) return refusals.UNKNOWN_RESULT();
      const { region } = meeting;
      const may = committee?.status === 'ACTIVE' && (committee.kind === 'SPC' || committee.kind === 'DWC');
      if (!may || committee.region !== region) return refusals.OWNER_NOT_COMMITTEE({ region });
      if (input.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.dueOn });
      return [
        { type: 'MeasureAssigned', data: { ...input, region, followers: followersOf(meeting) } },
        startClockUntil(ctx, { clock: DUE, owner: `organ:${input.owner}`, on: input.dueOn }),
      ];
    },
  }),
  reportMeasureProgress: measure.action({
    describe: ['Report progress on a measure.', '报告措施进展。'],
    from: ['ASSIGNED', 'IN_PROGRESS', 'REOPENED'],
    by: [owner],
    input: said(['What has been done.', '进展情况']),
    decide: ({ input, state, ctx }) =>
      state.status === 'IN_PROGRESS' && noted(state.progress, ctx.today, input.text)
        ? []
        : [{ type: 'MeasureProgressReported', data: { on: ctx.today, text: input.text } }],
  }),
  urgeMeasure: measure.action({
    describe: ['Urge the owner committee on.', '督办措施。'],
    from: ['ASSIGNED', 'IN_PROGRESS', 'REOPENED'],
    by: [hostOffice],
    input: said(['What is asked for.', '督办要求']),
    decide: ({ input, state, ctx }) =>
      noted(state.urges, ctx.today, input.text)
        ? []
        : [{ type: 'MeasureUrged', data: { on: ctx.today, text: input.text } }],
  }),
  completeMeasure: measure.action({
    describe: ['Report a measure as done.', '报告措施完成。'],
    from: ['IN_PROGRESS', 'REOPENED'],
    by: [owner],
    input: said(['How it was done.', '完成情况']),
    decide: ({ input, state, ctx }) => [
      { type: 'MeasureCompleted', data: { on: ctx.today, text: input.text } },
      ...stopClocks(state, (clock) => clock.clock === DUE),
    ],
  }),
  verifyMeasure: measure.action({
    describe: ['Verify that a measure is done; never the owner itself.', '验收措施，责任委员会不得自行验收。'],
    from: ['DONE'],
    by: [hostOffice],
    input: said(['What was found.', '验收意见']),
    decide: ({ input, state, ctx }) =>
      ctx.actor.organ === state.owner
        ? refusals.OWN_MEASURE()
        : [{ type: 'MeasureVerified', data: { on: ctx.today, text: input.text } }],
  }),
  reopenMeasure: measure.action({
    describe: ['Send a measure back to be done, with a new due date.', '退回措施继续办理，重新确定期限。'],
    from: ['DONE'],
    by: [hostOffice],
    input: z.object({ text: text(2000, ['What is lacking.', '存在的不足']), dueOn: newDue }),
    decide: ({ input, state, ctx }) => {
      if (ctx.actor.organ === state.owner) return refusals.OWN_MEASURE();
      if (input.dueOn <= ctx.today) return refusals.DUE_DATE_PAST({ on: input.dueOn });
      return [
        { type: 'MeasureReopened', data: { on: ctx.today, ...input } },
        startClockUntil(ctx, { clock: DUE, owner: `organ:${state.owner}`, on: input.dueOn }),
      ];
    },
  }),
  succeedMeasureOwner: measure.action({
    describe: ['Move a measure to the committee that succeeds its owner (by the system).', '措施转由承接单位负责。'],
    from: statuses,
    by: [systemWho],
    input: successionInput,
    needs: (input) => ({ successor: organ.at(input.to) }),
    decide: ({ input, state, facts: { successor } }) => {
      if (state.owner !== input.organ || input.organ === input.to) return [];
      if (successor?.status !== 'ACTIVE') return refusals.SUCCESSOR_NOT_IN_FORCE();
      return [{ type: 'MeasureOwnerSucceeded', data: input }, ...handOverClocks(state, input.organ, input.to)];
    },
  }),
  refreshMeasureFollowers: measure.action({
    describe: ['Take over who took part in the meeting as it now is (by the system).', '同步与会人员变动。'],
    from: statuses,
    by: [systemWho],
    input: z.object({}),
    needs: (_, state) => ({ meeting: jointMeeting.at(state.meeting) }),
    decide: ({ state, facts: { meeting } }) => {
      const tags = meeting ? followersOf(meeting) : [];
      const same = tags.length === state.followers.length && tags.every((tag) => state.followers.includes(tag));
      return same ? [] : [{ type: 'MeasureFollowersChanged', data: { followers: tags } }];
    },
  }),
  ...clockActions(measure),
};
