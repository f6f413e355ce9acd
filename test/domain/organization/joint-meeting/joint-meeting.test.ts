import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { jointMeetingActions } from '../../../../src/domain/organization/joint-meeting/actions.js';
import type { JointMeeting } from '../../../../src/domain/organization/joint-meeting/joint-meeting.js';
import { jointMeeting } from '../../../../src/domain/organization/joint-meeting/joint-meeting.js';
import { idOf, official, specOf, system } from '../../../support/spec.js';
import {
  autonomousRegion,
  bureauHead,
  cityDeputy,
  countyDeputy,
  countySc,
  dwc,
  everyDeputy,
  expert,
  nation,
  register,
  sc,
  seenBy,
  spc,
  strangerDeputy,
  suspendedDeputy,
  townshipDeputy,
} from './cast.js';
import { transitionTests } from './transitions.js';

const plan = { title: 'Joint meeting 2026', purpose: 'Problems met at the grass roots' };
const planned = () =>
  specOf(jointMeeting, jointMeetingActions, { known: register }).after('planJointMeeting', plan, sc);
const parties = everyDeputy.map((one) => one.mandate);
const convened = (invited: readonly string[] = parties) =>
  planned()
    .after('inviteParticipants', { parties: invited }, sc)
    .after('conveneJointMeeting', { on: '2026-03-20', place: 'Hall' }, sc);
const inSession = () => convened().after('openJointMeeting', {}, sc).after('checkInToMeeting', {}, cityDeputy);
type Spec = ReturnType<typeof planned>;
const state = (spec: Spec): JointMeeting => spec.state();
const result = { text: 'A joint patrol of the canals', countermeasures: [] };
const closed = () => inSession().after('adoptMeetingResult', result, sc).after('closeJointMeeting', {}, sc);
const resultOf = (spec: Spec) => state(spec).results[0]?.id;
const tracked = () => {
  const spec = closed();
  return spec.after('linkMeasure', { result: resultOf(spec), measure: idOf('measure') }, system);
};

describe('who convenes a joint meeting (domain.md S3)', () => {
  it('is the city’s standing committee, or its deputies’ work committee for it', () => {
    specOf(jointMeeting, jointMeetingActions).when('planJointMeeting', plan, dwc).emits('JointMeetingPlanned');
  });
  it.each([
    ['a county’s standing committee', countySc],
    ['a region’s standing committee', official('SC', '150000')],
    ['a special committee of the city', spc],
    ['a deputy of the city', cityDeputy],
  ])('is never %s', (_, actor: Actor) => {
    specOf(jointMeeting, jointMeetingActions).when('planJointMeeting', plan, actor).refused('NOT_ALLOWED');
  });
  it('is not another city’s standing committee: to it the meeting does not exist', () => {
    planned()
      .when('conveneJointMeeting', { on: '2026-03-20', place: 'Hall' }, official('SC', '150200'))
      .refused('NOT_FOUND');
  });
});

describe('what the standing committee itself decides (domain.md S3)', () => {
  it.each([
    ['convenes', planned, 'conveneJointMeeting', { on: '2026-03-20', place: 'Hall' }],
    ['moves', () => convened(), 'postponeJointMeeting', { on: '2026-04-01', reason: 'Flood' }],
    ['cancels', () => convened(), 'cancelJointMeeting', { reason: 'Flood' }],
    ['adopts a result', () => inSession(), 'adoptMeetingResult', result],
  ])('its work committee prepares and records, but never %s', (_, given: () => Spec, action, input) => {
    given().when(action, input, dwc).refused('NOT_ALLOWED');
    expect(given().when(action, input, sc).decided).toHaveLength(1);
  });
  it('a convened meeting is moved to a day that is not past; its place stays unless it is named', () => {
    const spec = convened();
    const move = { on: '2026-04-01', reason: 'Flood' };
    spec.when('postponeJointMeeting', { ...move, on: '2026-03-01' }, sc).refused('MEETING_DATE_PAST');
    spec
      .when('postponeJointMeeting', move, sc)
      .emits({ type: 'JointMeetingPostponed', data: { on: '2026-04-01', place: 'Hall' } });
    spec.when('postponeJointMeeting', move, sc).emits();
    expect(state(spec)).toMatchObject({ status: 'CONVENED', convenedFor: '2026-04-01' });
  });
  it('a meeting that nobody came to is cancelled; one that has adopted a result was held', () => {
    convened()
      .after('openJointMeeting', {}, sc)
      .when('cancelJointMeeting', { reason: 'Nobody came' }, sc)
      .emits('JointMeetingCancelled');
    inSession()
      .after('adoptMeetingResult', result, sc)
      .when('cancelJointMeeting', { reason: 'x' }, sc)
      .refused('MEETING_HAS_RESULTS');
  });
});

describe('calling and inviting (domain.md P4)', () => {
  it('calls the city’s own deputies and invites those of the other levels', () => {
    const spec = planned().after('inviteParticipants', { parties }, sc);
    expect(state(spec).participants.map((p) => [p.level, p.basis])).toEqual([
      ['nation', 'INVITED'],
      ['autonomousRegion', 'INVITED'],
      ['city', 'CALLED'],
      ['county', 'INVITED'],
      ['township', 'INVITED'],
    ]);
  });
  it('calls a national or regional deputy only on an entrustment', () => {
    const call = { parties: [nation.mandate], basis: 'CALLED' };
    planned().when('inviteParticipants', call, sc).refused('ENTRUSTMENT_REQUIRED');
    planned()
      .when('inviteParticipants', { ...call, entrustment: 'Letter 12 of 2026' }, sc)
      .emits({ type: 'ParticipantInvited', data: { basis: 'ENTRUSTED', entrustment: 'Letter 12 of 2026' } });
  });
  it('does not reach deputies of a region that is neither in nor above the city', () => {
    planned()
      .when('inviteParticipants', { parties: [strangerDeputy.mandate] }, sc)
      .refused('PARTY_OUT_OF_SCOPE');
  });
  it('does not reach a suspended mandate (P6), nor one that is in no register', () => {
    planned()
      .when('inviteParticipants', { parties: [suspendedDeputy.mandate] }, sc)
      .refused('UNKNOWN_PARTY');
    planned()
      .when('inviteParticipants', { parties: [idOf('nobody')] }, sc)
      .refused('UNKNOWN_PARTY');
  });
  it('invites experts and officials by their posts; whom it names twice, once', () => {
    planned()
      .when('inviteParticipants', { parties: [expert.post, bureauHead.post, expert.post] }, sc)
      .emits('ParticipantInvited', 'ParticipantInvited')
      .when('inviteParticipants', { parties: [expert.post] }, sc)
      .emits();
  });
  it('one unknown name invites nobody', () => {
    planned()
      .when('inviteParticipants', { parties: [cityDeputy.mandate, idOf('nobody')] }, sc)
      .refused('UNKNOWN_PARTY');
  });
});

describe('attendance by level (domain.md S3)', () => {
  it('shows five rows: invited, accepted, present', () => {
    const spec = convened()
      .after('answerMeetingInvitation', { accept: true }, countyDeputy)
      .after('answerMeetingInvitation', { accept: false, reason: 'ill' }, nation)
      .after('openJointMeeting', {}, sc)
      .after('checkInToMeeting', {}, countyDeputy)
      .after('checkInToMeeting', { party: townshipDeputy.mandate }, sc);
    expect(state(spec).attendance).toEqual([
      { level: 'nation', invited: 1, accepted: 0, present: 0 },
      { level: 'autonomousRegion', invited: 1, accepted: 0, present: 0 },
      { level: 'city', invited: 1, accepted: 0, present: 0 },
      { level: 'county', invited: 1, accepted: 1, present: 1 },
      { level: 'township', invited: 1, accepted: 1, present: 1 },
    ]);
    expect(state(spec).missingLevels).toEqual(['nation', 'autonomousRegion', 'city']);
  });
  it('a missing level is a warning at opening and at closing, never an obstacle', () => {
    const spec = convened([cityDeputy.mandate, autonomousRegion.mandate])
      .after('answerMeetingInvitation', { accept: true }, cityDeputy)
      .when('openJointMeeting', {}, sc)
      .emits('JointMeetingOpened', {
        type: 'LevelMissing',
        data: { levels: ['nation', 'autonomousRegion', 'county', 'township'] },
      })
      .after('checkInToMeeting', {}, cityDeputy);
    spec
      .when('closeJointMeeting', {}, sc)
      .emits('LevelMissing', { type: 'JointMeetingClosed', data: { on: '2026-03-02' } });
  });
  it('no level is missing when all five came', () => {
    const spec = convened();
    for (const one of everyDeputy) spec.after('checkInToMeeting', {}, one);
    spec.when('openJointMeeting', {}, sc).emits('JointMeetingOpened');
    spec.when('closeJointMeeting', {}, sc).emits('JointMeetingClosed');
  });
  it('a meeting that nobody came to was not held (T10)', () => {
    convened().after('openJointMeeting', {}, sc).when('closeJointMeeting', {}, sc).refused('NOBODY_PRESENT');
  });
});

describe('problems, countermeasures, results (domain.md S3)', () => {
  const problem = { title: 'Canal', text: 'Silted since spring' };
  it('a participant submits a problem, once; it goes on the agenda', () => {
    const spec = convened()
      .when('submitProblem', problem, townshipDeputy)
      .emits({
        type: 'ProblemSubmitted',
        data: { level: 'township' },
      });
    spec.when('submitProblem', problem, townshipDeputy).emits();
    const items = [{ title: 'Canals', problems: [state(spec).problems[0]?.id] }];
    spec.when('setMeetingAgenda', { items }, sc).emits('AgendaSet');
    spec.when('setMeetingAgenda', { items }, sc).emits();
    spec.when('setMeetingAgenda', { items: [{ title: 'x', problems: [idOf('no')] }] }, sc).refused('UNKNOWN_PROBLEM');
  });
  it('who declined submits no problem and proposes no countermeasure', () => {
    convened()
      .after('answerMeetingInvitation', { accept: false }, countyDeputy)
      .when('submitProblem', problem, countyDeputy)
      .refused('NOT_ALLOWED');
  });
  it('a statement is by somebody who has checked in', () => {
    const said = { minutes: 8, text: 'The canal serves three villages' };
    const spec = inSession();
    spec.when('recordStatement', { ...said, speaker: nation.mandate }, sc).refused('SPEAKER_NOT_PRESENT');
    spec.when('recordStatement', { ...said, speaker: expert.post }, sc).refused('NOT_INVITED');
    const mine = { ...said, speaker: cityDeputy.mandate };
    spec.when('recordStatement', mine, sc).emits({ type: 'StatementRecorded', data: { level: 'city', minutes: 8 } });
    spec.when('recordStatement', mine, sc).emits();
  });
  it('a result takes up countermeasures that were proposed', () => {
    const spec = inSession();
    spec.when('proposeCountermeasure', { text: 'Dredge', problem: idOf('no') }, cityDeputy).refused('UNKNOWN_PROBLEM');
    spec.when('proposeCountermeasure', { text: 'Dredge' }, cityDeputy).emits('CountermeasureProposed');
    spec.when('proposeCountermeasure', { text: 'Dredge' }, cityDeputy).emits();
    const countermeasures = state(spec).countermeasures.map((one) => one.id);
    spec
      .when('adoptMeetingResult', { text: 'Dredge', countermeasures: [idOf('no')] }, sc)
      .refused('UNKNOWN_COUNTERMEASURE');
    spec.when('adoptMeetingResult', { text: 'Dredge', countermeasures }, sc).emits('MeetingResultAdopted');
    spec.when('adoptMeetingResult', { text: 'Dredge', countermeasures }, sc).emits();
  });
});

describe('every adopted result has a measure before the meeting is archived (invariant 13)', () => {
  it('is refused for a result without one', () => {
    closed().when('archiveJointMeeting', {}, sc).refused('RESULT_WITHOUT_MEASURE');
  });
  it('is tracked when the last result has its measure, and can then be archived', () => {
    const spec = inSession().after('adoptMeetingResult', result, sc);
    spec.after('adoptMeetingResult', { ...result, text: 'Another' }, sc).after('closeJointMeeting', {}, sc);
    const [first, second] = state(spec).results.map((one) => one.id);
    spec.when('linkMeasure', { result: first, measure: idOf('m1') }, system).emits('MeasureLinked');
    spec.when('archiveJointMeeting', {}, sc).refused('RESULT_WITHOUT_MEASURE');
    spec
      .when('linkMeasure', { result: second, measure: idOf('m2') }, system)
      .emits('MeasureLinked', 'MeetingResultsTracked');
    spec.when('linkMeasure', { result: second, measure: idOf('m2') }, system).emits();
    spec.when('archiveJointMeeting', {}, sc).emits('JointMeetingArchived');
  });
  it('a meeting that adopted nothing can be archived at once', () => {
    inSession().after('closeJointMeeting', {}, sc).when('archiveJointMeeting', {}, sc).emits('JointMeetingArchived');
  });
  it('knows which of its measures are verified', () => {
    const spec = tracked();
    spec.when('noteMeasureVerified', { measure: idOf('other') }, system).refused('MEASURE_NOT_LINKED');
    spec.when('noteMeasureVerified', { measure: idOf('measure') }, system).emits('MeasureOutcomeNoted');
    spec.when('noteMeasureVerified', { measure: idOf('measure') }, system).emits();
    expect(state(spec).measures.map((one) => one.verified)).toEqual([true]);
  });
  it('links no measure to a result that it did not adopt', () => {
    closed()
      .when('linkMeasure', { result: idOf('no'), measure: idOf('m') }, system)
      .refused('UNKNOWN_RESULT');
  });
});

describe('who sees a joint meeting (domain.md §5)', () => {
  it('participants as participants, the office as the office, nobody else at all', () => {
    const audience = convened().audience();
    expect(everyDeputy.map((one) => seenBy(audience, one))).toEqual(Array(5).fill('participant'));
    expect(seenBy(audience, dwc)).toBe('office');
    expect([seenBy(audience, strangerDeputy), seenBy(audience, countySc), seenBy(audience, expert)]).toEqual(
      Array(3).fill(undefined),
    );
  });
  it('a removed participant sees nothing further and can do nothing', () => {
    const spec = convened();
    spec
      .when('removeParticipant', { party: countyDeputy.mandate, reason: 'conflict of interest' }, sc)
      .emits('ParticipantRemoved');
    expect(seenBy(spec.audience(), countyDeputy)).toBeUndefined();
    spec.when('checkInToMeeting', {}, countyDeputy).refused('NOT_FOUND');
    spec.when('removeParticipant', { party: countyDeputy.mandate, reason: 'again' }, sc).refused('NOT_INVITED');
    expect(state(spec).attendance[3]).toEqual({ level: 'county', invited: 0, accepted: 0, present: 0 });
  });
  it('who is taken out after the meeting sees nothing further; that he or she came stays on record', () => {
    const spec = tracked();
    const before = state(spec).attendance;
    spec.when('removeParticipant', { party: cityDeputy.mandate, reason: 'interest' }, sc).emits('ParticipantRemoved');
    expect(seenBy(spec.audience(), cityDeputy)).toBeUndefined();
    expect(state(spec).attendance).toEqual(before);
    expect(before[2]).toMatchObject({ level: 'city', present: 1 });
  });
  it('the public only after publication', () => {
    const spec = closed();
    expect(seenBy(spec.audience(), strangerDeputy)).toBeUndefined();
    spec.when('publishMeeting', { summary: 'Two results' }, sc).emits('MeetingPublished');
    expect(seenBy(spec.audience(), strangerDeputy)).toBe('public');
    spec.when('publishMeeting', { summary: 'Two results' }, sc).emits();
  });
});

/** The table of domain.md S3: in which states each action is open. Anything else is refused WRONG_STATE. */
const table: Record<string, readonly string[]> = {
  conveneJointMeeting: ['PLANNED'],
  postponeJointMeeting: ['CONVENED'],
  cancelJointMeeting: ['PLANNED', 'CONVENED', 'IN_SESSION'],
  inviteParticipants: ['PLANNED', 'CONVENED', 'IN_SESSION'],
  answerMeetingInvitation: ['PLANNED', 'CONVENED', 'IN_SESSION'],
  removeParticipant: ['PLANNED', 'CONVENED', 'IN_SESSION', 'CLOSED', 'RESULTS_TRACKED'],
  submitProblem: ['PLANNED', 'CONVENED', 'IN_SESSION'],
  setMeetingAgenda: ['PLANNED', 'CONVENED', 'IN_SESSION'],
  openJointMeeting: ['CONVENED'],
  checkInToMeeting: ['CONVENED', 'IN_SESSION'],
  recordStatement: ['IN_SESSION'],
  proposeCountermeasure: ['IN_SESSION'],
  adoptMeetingResult: ['IN_SESSION'],
  closeJointMeeting: ['IN_SESSION'],
  linkMeasure: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
  noteMeasureVerified: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
  publishMeeting: ['CLOSED', 'RESULTS_TRACKED', 'ARCHIVED'],
  archiveJointMeeting: ['CLOSED', 'RESULTS_TRACKED'],
};
const reach: Record<string, () => Spec> = {
  PLANNED: () => planned().after('inviteParticipants', { parties }, sc),
  CONVENED: convened,
  IN_SESSION: inSession,
  CLOSED: closed,
  RESULTS_TRACKED: tracked,
  ARCHIVED: () => tracked().after('archiveJointMeeting', {}, sc),
  CANCELLED: () => convened().after('cancelJointMeeting', { reason: 'Flood' }, sc),
};
const inputs: Record<string, (spec: Spec) => readonly [unknown, Actor]> = {
  conveneJointMeeting: () => [{ on: '2026-04-01', place: 'Hall' }, sc],
  postponeJointMeeting: () => [{ on: '2026-04-01', reason: 'Flood' }, sc],
  cancelJointMeeting: () => [{ reason: 'Flood' }, sc],
  inviteParticipants: () => [{ parties: [expert.post] }, sc],
  answerMeetingInvitation: () => [{ accept: true }, nation],
  removeParticipant: () => [{ party: nation.mandate, reason: 'ill' }, sc],
  submitProblem: () => [{ title: 'Canal', text: 'Silted' }, nation],
  setMeetingAgenda: () => [{ items: [{ title: 'Canals', problems: [] }] }, sc],
  openJointMeeting: () => [{}, sc],
  checkInToMeeting: () => [{}, nation],
  recordStatement: () => [{ speaker: cityDeputy.mandate, minutes: 3, text: 'Briefly' }, sc],
  proposeCountermeasure: () => [{ text: 'Dredge' }, nation],
  adoptMeetingResult: () => [{ text: 'Something else', countermeasures: [] }, sc],
  closeJointMeeting: () => [{}, sc],
  linkMeasure: (spec) => [{ result: resultOf(spec) ?? idOf('no'), measure: idOf('second measure') }, system],
  noteMeasureVerified: () => [{ measure: idOf('measure') }, system],
  publishMeeting: () => [{ summary: 'Results' }, sc],
  archiveJointMeeting: () => [{}, sc],
};
/** Allowed by the table, yet refused by invariant 13 or for lack of a link. */
const guarded: Record<string, string> = {
  'archiveJointMeeting CLOSED': 'RESULT_WITHOUT_MEASURE',
  'noteMeasureVerified CLOSED': 'MEASURE_NOT_LINKED',
};

transitionTests('transition table of the joint meeting (domain.md S3)', {
  actions: jointMeetingActions,
  begins: ['planJointMeeting'],
  table,
  reach,
  inputs,
  guarded,
});
