import { z } from 'zod';
import { defineAggregate } from '../../kernel/aggregate.js';
import { event, opening } from '../../kernel/event.js';
import { count, day, flag, listOf, oneOf, ref, region, storedText } from '../../kernel/fields.js';
import type { Level } from '../../kernel/region.js';
import { levels } from '../../kernel/region.js';
import { facts } from '../../kernel/visibility.js';
import { audienceOf, invitation, partOf, party, presence, rowId } from './calling.js';
import { meetingRefusals as refusals } from './refusals.js';

/**
 * 五级代表联席会议 (domain.md S3, T10): led by the city's standing committee, at least one a year. Problems, then
 * countermeasures, then results; each result becomes a measure that a committee owns (invariant 13).
 */
const level = oneOf(levels, ['Level of the deputies.', '代表层级']);
const byWhom = { by: party(['By whom: mandate or post.', '提出人']), level: level.nullable() };
const problem = {
  id: rowId(['Problem.', '问题']),
  ...byWhom,
  title: storedText(['In a line.', '标题']),
  text: storedText(['What was met in performing duties.', '履职中遇到的问题']),
};
const agendaItem = facts({
  participant: {
    title: storedText(['Item.', '议程']),
    problems: listOf(z.uuid(), 50, ['Problems taken up under it.', '所议问题']),
  },
});
const statement = {
  id: rowId(['Statement.', '发言']),
  speaker: party(['Who spoke.', '发言人']),
  level: level.nullable(),
  minutes: count(600, ['How long, in minutes.', '时长（分钟）']),
  text: storedText(['What was said, in substance.', '发言要点']),
};
const countermeasure = {
  id: rowId(['Countermeasure.', '对策']),
  problem: rowId(['Problem it answers.', '所针对的问题']).nullable(),
  ...byWhom,
  text: storedText(['What is proposed.', '对策内容']),
};
const result = {
  id: rowId(['Result.', '成果']),
  text: storedText(['What was adopted.', '成果内容']),
  countermeasures: listOf(z.uuid(), 50, ['Countermeasures it takes up.', '采纳的对策']),
};
const link = { result: rowId(['Result.', '成果']), measure: ref('measure', ['Measure.', '措施']) };
const measureLink = facts({
  participant: { ...link, verified: flag(['Verified as done.', '是否已验收']) },
});
const attendance = facts({
  public: {
    level,
    invited: count(5000, ['Deputies invited.', '邀请人数']),
    accepted: count(5000, ['Deputies who accepted.', '接受人数']),
    present: count(5000, ['Deputies present.', '到会人数']),
  },
});
const participant = facts({
  participant: { ...invitation, ...presence, present: flag(['Checked in.', '是否签到']) },
});
type Participant = z.infer<typeof participant>;

const statusTerms = {
  PLANNED: '筹备',
  CONVENED: '已召集',
  IN_SESSION: '会议中',
  CLOSED: '已结束',
  RESULTS_TRACKED: '成果已跟踪',
  ARCHIVED: '已归档',
  CANCELLED: '已取消',
} as const;
const plan = {
  title: storedText(['Title.', '会议名称']),
  region: region(['The city whose standing committee leads it.', '牵头的市']),
};
const purpose = storedText(['What it is to deal with.', '会议目的']);
const place = storedText(['Place.', '地点']);
const reason = storedText(['Why.', '原因']);
const missing = listOf(level, 5, ['Levels without deputies here: a warning, no obstacle.', '缺席层级（仅提示）']);

export const jointMeeting = defineAggregate({
  category: 'jointMeeting',
  term: ['five-level joint meeting', '五级代表联席会议'],
  state: facts({
    public: {
      status: oneOf(
        ['PLANNED', 'CONVENED', 'IN_SESSION', 'CLOSED', 'RESULTS_TRACKED', 'ARCHIVED', 'CANCELLED'],
        [
          'Planned, convened, in session, closed, every result has a measure, archived; cancelled.',
          Object.values(statusTerms).join('、'),
        ],
      ),
      ...plan,
      convenedFor: day(['Convened for.', '召集日期']).nullable(),
      heldOn: day(['Held on: the day it closed.', '举行日期']).nullable(),
      attendance: listOf(attendance, 5, ['Attendance by level, nation first.', '各层级出席情况']),
      missingLevels: missing,
      results: listOf(facts({ public: result }), 200, ['Adopted results.', '会议成果']),
      summary: storedText(['Published summary.', '公开摘要']).nullable(),
    },
    participant: {
      purpose,
      place: place.nullable(),
      cancellation: reason.nullable().describe('Why it was cancelled. 取消原因'),
      participants: listOf(participant, 5000, ['Participants.', '参加人员']),
      problems: listOf(facts({ participant: problem }), 2000, ['Problems submitted.', '提交的问题']),
      agenda: listOf(agendaItem, 50, ['Agenda.', '议程']),
      statements: listOf(facts({ participant: statement }), 2000, ['Statements.', '发言']),
      countermeasures: listOf(facts({ participant: countermeasure }), 2000, ['Countermeasures.', '对策']),
      measures: listOf(measureLink, 500, ['Measures of the results.', '成果转化的措施']),
    },
  }),
  events: {
    JointMeetingPlanned: opening(['Joint meeting planned', '联席会议已筹备'], {
      public: plan,
      participant: { purpose },
    }),
    JointMeetingConvened: event(
      ['Joint meeting convened', '联席会议已召集'],
      { public: { on: day(['For.', '日期']) }, participant: { place } },
      { politeness: 'assertive' },
    ),
    JointMeetingPostponed: event(
      ['Joint meeting moved to another day', '联席会议已改期'],
      { public: { on: day(['To.', '改期至']) }, participant: { place, reason } },
      { politeness: 'assertive' },
    ),
    JointMeetingCancelled: event(
      ['Joint meeting cancelled', '联席会议已取消'],
      { participant: { reason } },
      { politeness: 'assertive' },
    ),
    ParticipantInvited: event(['Participant invited', '已邀请参加'], { participant: invitation }),
    InvitationAnswered: event(['Invitation answered', '邀请已答复'], {
      participant: { party: invitation.party, answer: presence.answer, answerReason: presence.answerReason },
    }),
    ParticipantRemoved: event(['Participant removed', '已移出参加人员'], {
      participant: { party: invitation.party },
      office: { reason },
    }),
    ProblemSubmitted: event(['Problem submitted', '问题已提交'], { participant: problem }),
    AgendaSet: event(['Agenda set', '议程已确定'], {
      participant: { items: listOf(agendaItem, 50, ['Items.', '议程']) },
    }),
    JointMeetingOpened: event(['Joint meeting opened', '联席会议开幕'], {}, { politeness: 'assertive' }),
    LevelMissing: event(['A level is missing', '有层级缺席'], { public: { levels: missing } }),
    ParticipantCheckedIn: event(['Participant checked in', '已签到'], {
      participant: { party: invitation.party },
    }),
    StatementRecorded: event(['Statement recorded', '发言已记录'], { participant: statement }),
    CountermeasureProposed: event(['Countermeasure proposed', '对策已提出'], { participant: countermeasure }),
    MeetingResultAdopted: event(['Result adopted', '会议成果已形成'], { public: result }),
    JointMeetingClosed: event(['Joint meeting closed', '联席会议结束'], { public: { on: day(['Held on.', '日期']) } }),
    MeasureLinked: event(['Result turned into a measure', '成果已转化为措施'], { participant: link }),
    MeetingResultsTracked: event(['Every result has a measure', '成果均已转化为措施'], {}),
    MeasureOutcomeNoted: event(['Measure verified', '措施已验收'], { participant: { measure: link.measure } }),
    MeetingPublished: event(['Meeting made public', '会议情况已公开'], {
      public: { summary: storedText(['Summary.', '摘要']) },
    }),
    JointMeetingArchived: event(['Joint meeting archived', '联席会议已归档'], {}),
  },
  evolve: {
    JointMeetingPlanned: (_, e) => ({
      status: 'PLANNED',
      ...e,
      convenedFor: null,
      heldOn: null,
      ...attendanceOf([], false),
      results: [],
      summary: null,
      place: null,
      cancellation: null,
      participants: [],
      problems: [],
      agenda: [],
      statements: [],
      countermeasures: [],
      measures: [],
    }),
    JointMeetingConvened: (s, e) => ({ ...s, status: 'CONVENED', convenedFor: e.on, place: e.place }),
    JointMeetingPostponed: (s, e) => ({ ...s, convenedFor: e.on, place: e.place }),
    JointMeetingCancelled: (s, e) => ({ ...s, status: 'CANCELLED', cancellation: e.reason }),
    ParticipantInvited: (s, e) =>
      withParticipants(s, [
        ...s.participants.filter((p) => p.party !== e.party),
        { ...e, answer: 'PENDING', answerReason: null, removed: false, present: false },
      ]),
    InvitationAnswered: (s, e) => changed(s, e.party, { answer: e.answer, answerReason: e.answerReason }),
    // Who came to a meeting that was held has come: a later removal takes away what is seen, not what was.
    ParticipantRemoved: (s, e) => {
      const { attendance, missingLevels } = s;
      const after = changed(s, e.party, { removed: true });
      return s.heldOn === null ? after : { ...after, attendance, missingLevels };
    },
    ProblemSubmitted: (s, e) => ({ ...s, problems: [...s.problems, e] }),
    AgendaSet: (s, e) => ({ ...s, agenda: e.items }),
    JointMeetingOpened: (s) => withParticipants({ ...s, status: 'IN_SESSION' }, s.participants),
    LevelMissing: (s, e) => ({ ...s, missingLevels: e.levels }),
    ParticipantCheckedIn: (s, e) => changed(s, e.party, { present: true, answer: 'ACCEPTED' }),
    StatementRecorded: (s, e) => ({ ...s, statements: [...s.statements, e] }),
    CountermeasureProposed: (s, e) => ({ ...s, countermeasures: [...s.countermeasures, e] }),
    MeetingResultAdopted: (s, e) => ({ ...s, results: [...s.results, e] }),
    JointMeetingClosed: (s, e) => ({ ...s, status: 'CLOSED', heldOn: e.on }),
    MeasureLinked: (s, e) => ({ ...s, measures: [...s.measures, { ...e, verified: false }] }),
    MeetingResultsTracked: (s) => ({ ...s, status: 'RESULTS_TRACKED' }),
    MeasureOutcomeNoted: (s, e) => ({
      ...s,
      measures: s.measures.map((m) => (m.measure === e.measure ? { ...m, verified: true } : m)),
    }),
    MeetingPublished: (s, e) => ({ ...s, summary: e.summary }),
    JointMeetingArchived: (s) => ({ ...s, status: 'ARCHIVED' }),
  },
  audience: (s) => ({
    [`office:${s.region}`]: 'office',
    ...audienceOf(s.participants),
    ...(s.summary === null ? {} : { public: 'public' }),
  }),
  refusals,
  statusTerms,
});
export type JointMeeting = z.infer<typeof jointMeeting.state>;

/** Five rows, and the levels that nobody was invited from, or, once the meeting is open, that nobody came from. */
function attendanceOf(participants: readonly Participant[], opened: boolean) {
  const rows = levels.map((of: Level) => {
    const own = participants.filter((p) => p.level === of && !p.removed);
    return {
      level: of,
      invited: own.length,
      accepted: own.filter((p) => p.answer === 'ACCEPTED').length,
      present: own.filter((p) => p.present).length,
    };
  });
  const absent = rows.filter((row) => (opened ? row.present : row.invited) === 0);
  return { attendance: rows, missingLevels: absent.map((row) => row.level) };
}
type Attended = { readonly status: string; readonly participants: readonly Participant[] };
const withParticipants = <S extends Attended>(state: S, participants: Participant[]) => ({
  ...state,
  participants,
  ...attendanceOf(participants, state.status !== 'PLANNED' && state.status !== 'CONVENED'),
});
const changed = <S extends Attended>(state: S, id: string, change: Partial<Participant>) =>
  withParticipants(
    state,
    state.participants.map((p) => (p === partOf(state.participants, id) ? { ...p, ...change } : p)),
  );
