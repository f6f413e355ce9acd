import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { clockOf } from '../../../../src/domain/kernel/case-clocks.js';
import { alarmsOf } from '../../../../src/domain/kernel/clock.js';
import { jointMeetingActions } from '../../../../src/domain/organization/joint-meeting/actions.js';
import type { JointMeeting } from '../../../../src/domain/organization/joint-meeting/joint-meeting.js';
import { jointMeeting } from '../../../../src/domain/organization/joint-meeting/joint-meeting.js';
import { measure, measureActions } from '../../../../src/domain/organization/joint-meeting/measure.js';
import { chineseCalendar } from '../../../../src/infra/calendar.js';
import { idOf, official, specOf, system } from '../../../support/spec.js';
import {
  bureauHead,
  cityDeputy,
  county,
  countyDeputy,
  countySc,
  dwc,
  nation,
  register,
  sc,
  seenBy,
  spc,
  strangerDeputy,
  townshipDeputy,
} from './cast.js';
import { transitionTests } from './transitions.js';

/** A closed meeting with one result, as the measure finds it in the log. */
function meetingWith(close: boolean) {
  const spec = specOf(jointMeeting, jointMeetingActions, { known: register })
    .after('planJointMeeting', { title: 'Joint meeting', purpose: 'Water' }, sc)
    .after('inviteParticipants', { parties: [cityDeputy.mandate, countyDeputy.mandate, nation.mandate] }, sc)
    .after('removeParticipant', { party: nation.mandate, reason: 'ill' }, sc)
    .after('conveneJointMeeting', { on: '2026-03-02', place: 'Hall' }, sc)
    .after('openJointMeeting', {}, sc)
    .after('checkInToMeeting', {}, cityDeputy)
    .after('adoptMeetingResult', { text: 'Dredge the canal', countermeasures: [] }, sc);
  if (close) spec.after('closeJointMeeting', {}, sc);
  const state: JointMeeting = spec.state();
  return { id: spec.id, state, result: state.results[0]?.id };
}
const meeting = meetingWith(true);
const known = { ...register, [`jointMeeting-${meeting.id}`]: meeting.state };
const input = {
  meeting: meeting.id,
  result: meeting.result,
  text: 'See the dredging done',
  owner: spc.organ,
  dueOn: '2026-06-30',
};
const fresh = () => specOf(measure, measureActions, { known });
const assigned = () => fresh().after('assignMeasure', input, sc);
const inProgress = () => assigned().after('reportMeasureProgress', { text: 'Surveyed' }, spc);
const done = () => inProgress().after('completeMeasure', { text: 'Dredged' }, spc);
const reopened = () => done().after('reopenMeasure', { text: 'The east arm is left', dueOn: '2026-08-31' }, sc);
type Spec = ReturnType<typeof fresh>;
type Row = { dueOn: string; rounds: number; clocks: Parameters<typeof clockOf>[0]['clocks'] };
const row = (spec: Spec): Row => spec.state();
const due = (spec: Spec) => clockOf(row(spec), 'DUE');

describe('a result becomes a measure with an owner committee and a due date (domain.md S3, invariant 13)', () => {
  it('is assigned by the city’s standing committee and starts a clock up to the named day', () => {
    fresh()
      .when('assignMeasure', input, dwc)
      .emits('MeasureAssigned', {
        type: 'ClockStarted',
        data: { clock: 'DUE', dueOn: '2026-06-30', owner: `organ:${spc.organ}`, status: 'RUNNING' },
      });
  });
  it('a due date on a holiday moves to the next working day, as every time limit (Civil Code art. 203)', () => {
    const spec = fresh().after('assignMeasure', { ...input, dueOn: '2026-10-03' }, sc);
    expect(due(spec)?.dueOn).toBe('2026-10-08');
  });
  it('is owned by a special or work committee of the city: no department, no other level’s committee', () => {
    fresh()
      .when('assignMeasure', { ...input, owner: bureauHead.organ }, sc)
      .refused('OWNER_NOT_COMMITTEE');
    fresh()
      .when('assignMeasure', { ...input, owner: sc.organ }, sc)
      .refused('OWNER_NOT_COMMITTEE');
    const away = official('SPC', county);
    const office = { status: 'ACTIVE', region: county, kind: 'SPC' };
    fresh()
      .when('assignMeasure', { ...input, owner: away.organ }, sc, { [`organ-${away.organ}`]: office })
      .refused('OWNER_NOT_COMMITTEE');
  });
  it('is of a meeting that has closed, and of a result that was adopted', () => {
    const open = meetingWith(false);
    fresh()
      .when('assignMeasure', { ...input, result: open.result }, sc, { [`jointMeeting-${open.id}`]: open.state })
      .refused('MEETING_NOT_CLOSED');
    fresh()
      .when('assignMeasure', { ...input, meeting: idOf('no') }, sc)
      .refused('MEETING_NOT_CLOSED');
    fresh()
      .when('assignMeasure', { ...input, result: idOf('no') }, sc)
      .refused('UNKNOWN_RESULT');
  });
  it('is assigned by no other city, no county, no committee', () => {
    fresh().when('assignMeasure', input, official('SC', '150200')).refused('MEETING_NOT_CLOSED');
    fresh().when('assignMeasure', input, countySc).refused('NOT_ALLOWED');
    fresh().when('assignMeasure', input, spc).refused('NOT_ALLOWED');
  });
  it('is due in the future', () => {
    fresh()
      .when('assignMeasure', { ...input, dueOn: '2026-03-02' }, sc)
      .refused('DUE_DATE_PAST');
  });
});

describe('a measure is tracked and urged to its end (domain.md S3)', () => {
  it('the same progress on the same day is one entry', () => {
    const spec = inProgress();
    spec.when('reportMeasureProgress', { text: 'Surveyed' }, spc).emits();
    spec.when('reportMeasureProgress', { text: 'Half dredged' }, spc).emits('MeasureProgressReported');
    spec.at('2026-03-03').when('reportMeasureProgress', { text: 'Surveyed' }, spc).emits('MeasureProgressReported');
  });
  it('only the owner reports; only the standing committee urges', () => {
    assigned().when('reportMeasureProgress', { text: 'x' }, dwc).refused('NOT_ALLOWED');
    assigned().when('urgeMeasure', { text: 'x' }, spc).refused('NOT_ALLOWED');
    const spec = assigned();
    spec.when('urgeMeasure', { text: 'Report by Friday' }, dwc).emits('MeasureUrged');
    spec.when('urgeMeasure', { text: 'Report by Friday' }, dwc).emits();
  });
  it('completion stops its clock', () => {
    const spec = inProgress();
    spec.when('completeMeasure', { text: 'Dredged' }, spc).emits('MeasureCompleted', 'ClockStopped');
    expect(due(spec)?.status).toBe('STOPPED');
  });
  it('is sent back with a new due date and a clock that runs again', () => {
    const spec = done();
    spec.when('reopenMeasure', { text: 'Not done', dueOn: '2026-03-01' }, sc).refused('DUE_DATE_PAST');
    spec.when('reopenMeasure', { text: 'Not done', dueOn: '2026-08-31' }, sc).emits('MeasureReopened', {
      type: 'ClockStarted',
      data: { dueOn: '2026-08-31', warnedFor: [], overdueFor: null },
    });
    expect(row(spec)).toMatchObject({ dueOn: '2026-08-31', rounds: 1 });
    spec.when('reportMeasureProgress', { text: 'Surveyed' }, spc).emits('MeasureProgressReported');
  });
  it('a committee does not verify or reopen its own measure', () => {
    const own = () =>
      fresh()
        .after('assignMeasure', { ...input, owner: dwc.organ }, sc)
        .after('reportMeasureProgress', { text: 'Begun' }, dwc)
        .after('completeMeasure', { text: 'Done' }, dwc);
    own().when('verifyMeasure', { text: 'Good' }, dwc).refused('OWN_MEASURE');
    own().when('reopenMeasure', { text: 'Bad', dueOn: '2026-08-31' }, dwc).refused('OWN_MEASURE');
    own().when('verifyMeasure', { text: 'Good' }, sc).emits('MeasureVerified');
  });
  it('warns and becomes overdue once for each due date', () => {
    const spec = assigned().at('2026-07-01');
    const clock = due(spec);
    expect(clock && alarmsOf(clock, chineseCalendar()).map((alarm) => alarm.mark)).toContain('overdue');
    spec.when('markMeasureOverdue', { clock: 'DUE', dueOn: '2026-06-30' }, system).emits('BecameOverdue');
    spec.when('markMeasureOverdue', { clock: 'DUE', dueOn: '2026-06-30' }, system).emits();
  });
});

describe('who sees a measure (domain.md §5)', () => {
  it('its owner committee, the city’s offices, and who took part in the meeting; nobody else', () => {
    const audience = assigned().audience();
    expect(seenBy(audience, spc)).toBe('office');
    expect(seenBy(audience, sc)).toBe('office');
    expect(seenBy(audience, countyDeputy)).toBe('follower');
    // Removed from the meeting, never invited, of another city.
    expect([nation, townshipDeputy, strangerDeputy, countySc].map((one) => seenBy(audience, one))).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('a measure follows its meeting and its owner (domain.md S1, S3)', () => {
  it('moves to the committee that succeeds its owner, with its time limit as it stands', () => {
    const spec = assigned().at('2026-07-01');
    spec.after('markMeasureOverdue', { clock: 'DUE', dueOn: '2026-06-30' }, system);
    const before = due(spec);
    spec
      .when('succeedMeasureOwner', { organ: spc.organ, to: dwc.organ }, system)
      .emits({ type: 'MeasureOwnerSucceeded', data: { to: dwc.organ } }, 'ClockStarted');
    expect(due(spec)).toEqual({ ...before, owner: `organ:${dwc.organ}` });
    spec.when('markMeasureOverdue', { clock: 'DUE', dueOn: '2026-06-30' }, system).emits();
    spec.when('reportMeasureProgress', { text: 'x' }, dwc).emits('MeasureProgressReported');
    spec.when('reportMeasureProgress', { text: 'x' }, spc).refused('NOT_ALLOWED');
    spec.when('succeedMeasureOwner', { organ: spc.organ, to: dwc.organ }, system).emits();
  });
  it('does not move to an organ that is no more, nor by anybody’s hand', () => {
    const gone = { [`organ-${dwc.organ}`]: { status: 'MERGED' } };
    const move = { organ: spc.organ, to: dwc.organ };
    assigned().when('succeedMeasureOwner', move, system, gone).refused('SUCCESSOR_NOT_IN_FORCE');
    assigned().when('succeedMeasureOwner', move, sc).refused('NOT_ALLOWED');
  });
  it('who is taken out of the meeting sees nothing further of its measures', () => {
    const participants = meeting.state.participants.map((one) =>
      one.party === countyDeputy.mandate ? { ...one, removed: true } : one,
    );
    const without = { [`jointMeeting-${meeting.id}`]: { ...meeting.state, participants } };
    const spec = done();
    spec.when('refreshMeasureFollowers', {}, system, without).emits('MeasureFollowersChanged');
    expect(seenBy(spec.audience(), countyDeputy)).toBeUndefined();
    expect(seenBy(spec.audience(), cityDeputy)).toBe('follower');
  });
  it('an expert of a city office has none of its rights (domain.md §1, EXP)', () => {
    const adviser = official('SC', sc.region, { name: 'adviser', role: 'expert' });
    const member = official('SPC', spc.region, { name: 'SPC 150800', role: 'expert' });
    fresh().when('assignMeasure', input, adviser).refused('NOT_ALLOWED');
    assigned().when('urgeMeasure', { text: 'x' }, adviser).refused('NOT_FOUND');
    assigned()
      .when('reportMeasureProgress', { text: 'x' }, { ...member, organ: spc.organ })
      .refused('NOT_FOUND');
  });
});

transitionTests('transition table of the measure (domain.md S3)', {
  actions: measureActions,
  begins: ['assignMeasure'],
  table: {
    reportMeasureProgress: ['ASSIGNED', 'IN_PROGRESS', 'REOPENED'],
    urgeMeasure: ['ASSIGNED', 'IN_PROGRESS', 'REOPENED'],
    completeMeasure: ['IN_PROGRESS', 'REOPENED'],
    succeedMeasureOwner: ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'],
    refreshMeasureFollowers: ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'],
    verifyMeasure: ['DONE'],
    reopenMeasure: ['DONE'],
    warnMeasureDue: ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'],
    markMeasureOverdue: ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'],
  },
  reach: {
    ASSIGNED: assigned,
    IN_PROGRESS: inProgress,
    DONE: done,
    VERIFIED: () => done().after('verifyMeasure', { text: 'Seen' }, sc),
    REOPENED: reopened,
  },
  inputs: Object.fromEntries<() => readonly [unknown, Actor]>([
    ['reportMeasureProgress', () => [{ text: 'More' }, spc]],
    ['urgeMeasure', () => [{ text: 'Hurry' }, sc]],
    ['completeMeasure', () => [{ text: 'Done' }, spc]],
    ['succeedMeasureOwner', () => [{ organ: spc.organ, to: dwc.organ }, system]],
    ['refreshMeasureFollowers', () => [{}, system]],
    ['verifyMeasure', () => [{ text: 'Seen' }, sc]],
    ['reopenMeasure', () => [{ text: 'Not yet', dueOn: '2026-08-31' }, sc]],
    ['warnMeasureDue', () => [{ clock: 'DUE', dueOn: '2026-06-30', mark: 'half' }, system]],
    ['markMeasureOverdue', () => [{ clock: 'DUE', dueOn: '2026-06-30' }, system]],
  ]),
  // The clock is stopped, runs to another day, or its day is not past: nothing to say.
  guarded: {
    // Nobody has been taken out of the meeting.
    ...Object.fromEntries(
      ['ASSIGNED', 'IN_PROGRESS', 'DONE', 'VERIFIED', 'REOPENED'].map((s) => [`refreshMeasureFollowers ${s}`, null]),
    ),
    'warnMeasureDue DONE': null,
    'warnMeasureDue VERIFIED': null,
    'warnMeasureDue REOPENED': null,
    'markMeasureOverdue ASSIGNED': null,
    'markMeasureOverdue IN_PROGRESS': null,
    'markMeasureOverdue DONE': null,
    'markMeasureOverdue VERIFIED': null,
    'markMeasureOverdue REOPENED': null,
  },
});
