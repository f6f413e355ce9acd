import { describe, expect, it } from 'vitest';
import { issueActions } from '../../../../src/domain/collaboration/issue/actions.js';
import { issue } from '../../../../src/domain/collaboration/issue/issue.js';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { redact } from '../../../../src/domain/kernel/visibility.js';
import { idOf, system } from '../../../support/spec.js';
import {
  autonomousRegion,
  bureauHead,
  city,
  cityDeputy,
  countyBureau,
  countyDeputy,
  countySc,
  nation,
  otherCountySc,
  presidium,
  sc,
  secondBureauHead,
  seenBy,
  spc,
  strangerDeputy,
  township,
  townshipDeputy,
} from '../../organization/joint-meeting/cast.js';
import { transitionTests } from '../../organization/joint-meeting/transitions.js';
import type { Spec } from './play.js';
import {
  begun,
  clock,
  closed,
  confirmed,
  escalated,
  found,
  fresh,
  higher,
  rectifying,
  reopened,
  reported,
  sendBack,
  state,
  transfer,
  transferred,
  verified,
  withoutHim,
  withTeam,
} from './play.js';

describe('finding an issue (domain.md S10)', () => {
  it('is for members of the team who accepted, while the inspection goes on', () => {
    fresh().when('findIssue', found, countyDeputy).emits('IssueFound');
    // Invited but without an answer, in no team, removed, of an unknown inspection: all learn the same.
    fresh().when('findIssue', found, autonomousRegion).refused('TEAM_MEMBERS_ONLY');
    fresh().when('findIssue', found, townshipDeputy).refused('TEAM_MEMBERS_ONLY');
    fresh().when('findIssue', found, countyDeputy, withoutHim).refused('TEAM_MEMBERS_ONLY');
    fresh()
      .when('findIssue', { ...found, inspection: idOf('none') }, countyDeputy)
      .refused('TEAM_MEMBERS_ONLY');
  });
  it('lies inside the inspection’s region or a joined one', () => {
    fresh()
      .when('findIssue', { ...found, region: '150200' }, countyDeputy)
      .refused('OUTSIDE_INSPECTION');
  });
  it('belongs to the timeline of its inspection', () => {
    expect(issueActions.findIssue.continues?.({ ...found, severity: 'SERIOUS', inspection: idOf('i') })).toEqual({
      category: 'inspection',
      id: idOf('i'),
    });
  });
  it('is confirmed by the office that holds the inspection, or by the joined office where it lies', () => {
    begun().when('confirmIssue', {}, countySc).emits('IssueConfirmed');
    begun().when('confirmIssue', {}, countyDeputy).refused('NOT_ALLOWED');
  });
});

describe('deputies of five levels discuss it (domain.md S10)', () => {
  const words = { text: 'Three villages depend on it' };
  it('the team does, and the deputies of the region who follow', () => {
    confirmed()
      .when('discussIssue', words, countyDeputy)
      .emits({ type: 'IssueDiscussed', data: { level: 'county' } });
    confirmed().when('discussIssue', words, townshipDeputy).refused('NOT_ALLOWED');
    const spec = confirmed();
    spec.when('followIssue', {}, townshipDeputy).emits('IssueFollowed');
    spec.when('followIssue', {}, townshipDeputy).emits();
    spec.when('discussIssue', words, townshipDeputy).emits({ type: 'IssueDiscussed', data: { level: 'township' } });
    spec.when('discussIssue', words, townshipDeputy).emits();
    spec.when('proposeIssueOpinion', words, townshipDeputy).emits('OpinionProposed');
    spec.when('proposeIssueOpinion', words, townshipDeputy).emits();
  });
  it('higher deputies follow when the office invites them; until then there is nothing for them', () => {
    const spec = confirmed();
    spec.when('followIssue', {}, nation).refused('NOT_FOUND');
    const mandates = [nation.mandate, autonomousRegion.mandate];
    spec.when('inviteIssueFollowers', { mandates }, spc).emits('IssueFollowed', 'IssueFollowed');
    spec.when('inviteIssueFollowers', { mandates }, spc).emits();
    spec.when('discussIssue', words, nation).emits('IssueDiscussed');
    spec.when('inviteIssueFollowers', { mandates: [strangerDeputy.mandate] }, spc).refused('OUTSIDE_INSPECTION');
    spec.when('inviteIssueFollowers', { mandates: [idOf('nobody')] }, spc).refused('UNKNOWN_PARTY');
  });
  it('who was removed from the team has no say, even before the issue has heard of it', () => {
    const spec = confirmed();
    spec.when('discussIssue', words, countyDeputy, withoutHim).refused('TEAM_MEMBERS_ONLY');
    spec.when('proposeIssueOpinion', words, countyDeputy, withoutHim).refused('TEAM_MEMBERS_ONLY');
    spec.when('proposeIssueEscalation', { to: nation.mandate }, countyDeputy, withoutHim).refused('TEAM_MEMBERS_ONLY');
  });
  it('deputies raise opinions and handle nothing (P5)', () => {
    const may = (action: string, input: unknown, spec: Spec) => spec.when(action, input, countyDeputy);
    may('transferIssue', transfer, confirmed()).refused('NOT_ALLOWED');
    may('beginRectification', { plan: 'x' }, transferred()).refused('NOT_ALLOWED');
    may('reportRectification', { text: 'x' }, rectifying()).refused('NOT_ALLOWED');
    may('verifyRectification', { verdict: 'x' }, reported()).refused('NOT_ALLOWED');
    may('rejectRectification', sendBack, reported()).refused('NOT_ALLOWED');
    may('closeIssue', { verdict: 'x' }, verified()).refused('NOT_ALLOWED');
  });
});

describe('transfer and rectification (domain.md S10, P1)', () => {
  it('goes with at least one opinion', () => {
    begun().after('confirmIssue', {}, spc).when('transferIssue', transfer, spc).refused('OPINION_REQUIRED');
  });
  it('goes to an organ of the level of the office that transfers it', () => {
    confirmed()
      .when('transferIssue', { ...transfer, organ: countyBureau.organ }, spc)
      .refused('NOT_OWN_LEVEL');
    confirmed().when('transferIssue', transfer, countySc).refused('NOT_OWN_LEVEL');
    confirmed()
      .when('transferIssue', { ...transfer, organ: countyBureau.organ }, countySc)
      .emits('IssueTransferred', 'ClockStarted');
    confirmed()
      .when('transferIssue', { ...transfer, organ: sc.organ }, spc)
      .refused('ISSUE_ORGAN_UNKNOWN');
    confirmed()
      .when('transferIssue', { ...transfer, dueOn: '2026-03-02' }, spc)
      .refused('DUE_DATE_PAST');
  });
  it('a report stops the clock; a rejection starts it anew with another day', () => {
    const spec = rectifying();
    spec.when('reportRectification', { text: 'Replaced' }, bureauHead).emits('RectificationReported', 'ClockStopped');
    expect(clock(spec)?.status).toBe('STOPPED');
    spec.when('rejectRectification', { ...sendBack, dueOn: '2026-03-01' }, spc).refused('DUE_DATE_PAST');
    spec
      .when('rejectRectification', sendBack, spc)
      .emits('RectificationRejected', { type: 'ClockStarted', data: { dueOn: '2026-07-31', status: 'RUNNING' } });
    expect(state(spec)).toMatchObject({ status: 'REOPENED', dueOn: '2026-07-31', rounds: 1 });
    spec.when('beginRectification', { plan: 'Again' }, bureauHead).emits('RectificationBegan');
  });
  it('a closed issue that comes back is reopened with a due date', () => {
    closed()
      .when('reopenIssue', { ...sendBack, dueOn: '2026-03-01' }, spc)
      .refused('DUE_DATE_PAST');
    closed().when('reopenIssue', sendBack, spc).emits('IssueReopened', 'ClockStarted');
  });
  it('one that was never transferred cannot be reopened to anybody', () => {
    confirmed()
      .after('recordIssueSuggestion', higher, system)
      .after('noteIssueSuggestionStatus', { suggestion: higher.suggestion, status: 'DECIDED' }, system)
      .after('closeIssue', { verdict: 'Decided above' }, spc)
      .when('reopenIssue', sendBack, spc)
      .refused('NOT_TRANSFERRED');
  });
  it('only its own organ acts on it; to another there is no such issue', () => {
    transferred().when('beginRectification', { plan: 'x' }, secondBureauHead).refused('NOT_FOUND');
  });
});

describe('escalation through a higher deputy’s suggestion (P3, lessons.md U1)', () => {
  it('a deputy asks a deputy of a higher level above the region', () => {
    const ask = (to: string) => rectifying().when('proposeIssueEscalation', { to }, countyDeputy);
    ask(nation.mandate).emits({ type: 'IssueEscalationProposed', data: { level: 'nation' } });
    ask(cityDeputy.mandate).refused('NOT_HIGHER_LEVEL');
    ask(townshipDeputy.mandate).refused('NOT_HIGHER_LEVEL');
    ask(idOf('nobody')).refused('UNKNOWN_PARTY');
    const spec = rectifying().after('proposeIssueEscalation', { to: nation.mandate }, countyDeputy);
    spec.when('proposeIssueEscalation', { to: nation.mandate }, countyDeputy).emits();
    expect(seenBy(spec.audience(), nation)).toBe('participant');
    expect(state(spec).status).toBe('RECTIFYING');
  });
  it('is escalated when the higher deputy’s suggestion is there; one of the same level is only linked', () => {
    const own = { suggestion: idOf('own suggestion'), by: cityDeputy.mandate, level: 'city' };
    const spec = rectifying();
    spec.when('recordIssueSuggestion', own, system).emits('IssueSuggestionLinked');
    spec.when('recordIssueSuggestion', higher, system).emits('IssueSuggestionLinked', 'IssueEscalated');
    spec.when('recordIssueSuggestion', higher, system).emits();
    spec.when('recordIssueSuggestion', own, cityDeputy).refused('NOT_ALLOWED');
  });
  it('an issue that is done keeps its status', () => {
    closed().when('recordIssueSuggestion', higher, system).emits('IssueSuggestionLinked');
  });
  it('leaves the organ’s due date as it was (invariant 9), and the organ can still report', () => {
    const before = clock(rectifying());
    expect(clock(escalated())).toEqual(before);
    escalated()
      .when('reportRectification', { text: 'Replaced' }, bureauHead)
      .emits('RectificationReported', 'ClockStopped');
  });
  it('learns the suggestion’s status in four words that only move on', () => {
    const note = (status: string) => ({ suggestion: higher.suggestion, status });
    const spec = escalated();
    spec.when('noteIssueSuggestionStatus', note('ASSIGNED'), system).emits('IssueSuggestionStatusNoted');
    spec.when('noteIssueSuggestionStatus', note('ASSIGNED'), system).emits();
    spec.when('noteIssueSuggestionStatus', note('RECEIVED'), system).emits();
    spec.when('noteIssueSuggestionStatus', note('READ_BY_MINISTER'), system).refused('INVALID_INPUT');
    spec
      .when('noteIssueSuggestionStatus', { ...note('REPLIED'), suggestion: idOf('x') }, system)
      .refused('SUGGESTION_NOT_LINKED');
    spec.when('noteIssueSuggestionStatus', note('REPLIED'), system).emits('IssueSuggestionStatusNoted');
  });
  it('is closed from there only when the higher level has answered', () => {
    const spec = escalated();
    spec.when('closeIssue', { verdict: 'x' }, spc).refused('ESCALATION_OPEN');
    spec.after('noteIssueSuggestionStatus', { suggestion: higher.suggestion, status: 'REPLIED' }, system);
    spec.when('closeIssue', { verdict: 'x' }, spc).emits('IssueClosed', 'ClockStopped');
  });
});

describe('who sees an issue (domain.md §5)', () => {
  const none = (audience: ReturnType<Spec['audience']>, ...actors: readonly Parameters<typeof seenBy>[1][]) =>
    expect(actors.map((one) => seenBy(audience, one))).toEqual(actors.map(() => undefined));
  it('unconfirmed: the team, its office and the joined office; no follower', () => {
    const audience = begun().audience();
    expect([countyDeputy, countySc, spc].map((one) => seenBy(audience, one))).toEqual([
      'participant',
      'participant',
      'office',
    ]);
    none(audience, townshipDeputy, cityDeputy, presidium, nation, strangerDeputy, bureauHead);
  });
  it('confirmed: deputies of the city and the offices of the township and county follow, without the evidence', () => {
    const spec = confirmed();
    expect([cityDeputy, townshipDeputy, presidium].map((one) => seenBy(spec.audience(), one))).toEqual(
      Array(3).fill('follower'),
    );
    none(spec.audience(), otherCountySc, nation, strangerDeputy);
    const shown = redact(issue.state, state(spec), 'follower');
    for (const field of ['evidence', 'discussion', 'opinions', 'suspectedOrgan'])
      expect(shown).not.toHaveProperty(field);
  });
  it('an organ cannot see an issue that is not transferred to it, even when it is the suspected one', () => {
    none(confirmed().audience(), bureauHead, secondBureauHead);
    const audience = transferred().audience();
    expect(seenBy(audience, bureauHead)).toBe('participant');
    none(audience, secondBureauHead, countyBureau);
  });
  it('a removed member sees no more than any deputy of the region, and cannot follow', () => {
    const spec = confirmed();
    spec.when('refreshIssueTeam', {}, system, withTeam).emits();
    spec.when('refreshIssueTeam', {}, system, withoutHim).emits('IssueTeamChanged');
    spec.when('refreshIssueTeam', {}, system, withoutHim).emits();
    expect(seenBy(spec.audience(), countyDeputy)).toBe('follower');
    spec.when('followIssue', {}, countyDeputy).refused('TEAM_MEMBERS_ONLY');
    spec.when('discussIssue', { text: 'x' }, countyDeputy, withoutHim).refused('NOT_ALLOWED');
  });
  it('a removed member sees nothing further of an unconfirmed issue', () => {
    none(begun().after('refreshIssueTeam', {}, system, withoutHim).audience(), countyDeputy);
  });
  it('the public after publication', () => {
    const spec = verified();
    none(spec.audience(), strangerDeputy);
    spec.when('publishIssue', { summary: 'A sluice was replaced' }, spc).emits('IssuePublished');
    spec.when('publishIssue', { summary: 'A sluice was replaced' }, spc).emits();
    expect(seenBy(spec.audience(), strangerDeputy)).toBe('public');
    spec.when('followIssue', {}, strangerDeputy).refused('OUTSIDE_INSPECTION');
  });
});

const all = Object.values(issue.state.shape.status.options);
const open = ['CONFIRMED', 'TRANSFERRED', 'RECTIFYING', 'REPORTED', 'ESCALATED', 'REOPENED'];
const overdueClock = { clock: 'RECTIFY', dueOn: transfer.dueOn };
const beforeTransfer = ['FOUND', 'CONFIRMED', 'DISMISSED'];
transitionTests('transition table of the issue (domain.md S10)', {
  actions: issueActions,
  begins: ['findIssue'],
  table: {
    refreshIssueTeam: all,
    confirmIssue: ['FOUND'],
    followIssue: [...open, 'VERIFIED'],
    inviteIssueFollowers: [...open, 'VERIFIED'],
    discussIssue: ['FOUND', ...open],
    proposeIssueOpinion: ['FOUND', ...open],
    dismissIssue: ['FOUND'],
    transferIssue: ['CONFIRMED', 'ESCALATED'],
    beginRectification: ['TRANSFERRED', 'REOPENED'],
    reportRectification: ['RECTIFYING', 'REOPENED', 'ESCALATED'],
    verifyRectification: ['REPORTED'],
    rejectRectification: ['REPORTED'],
    reopenIssue: ['VERIFIED', 'CLOSED'],
    closeIssue: ['VERIFIED', 'ESCALATED'],
    publishIssue: ['VERIFIED', 'CLOSED'],
    succeedIssueOrgan: all,
    declineIssueEscalation: [...open, 'VERIFIED', 'CLOSED'],
    proposeIssueEscalation: open,
    recordIssueSuggestion: ['FOUND', ...open, 'VERIFIED', 'CLOSED'],
    noteIssueSuggestionStatus: ['FOUND', ...open, 'VERIFIED', 'CLOSED'],
    warnIssueDue: all,
    markIssueOverdue: all,
  },
  reach: {
    FOUND: begun,
    CONFIRMED: confirmed,
    TRANSFERRED: transferred,
    RECTIFYING: rectifying,
    REPORTED: reported,
    VERIFIED: verified,
    CLOSED: closed,
    ESCALATED: escalated,
    REOPENED: reopened,
    DISMISSED: () => begun().after('dismissIssue', { reason: 'Repaired before' }, spc),
  },
  inputs: Object.fromEntries<(spec: Spec) => readonly [unknown, Actor]>([
    ['refreshIssueTeam', () => [{}, system]],
    ['confirmIssue', () => [{}, spc]],
    ['followIssue', () => [{}, townshipDeputy]],
    ['inviteIssueFollowers', () => [{ mandates: [nation.mandate] }, spc]],
    ['discussIssue', () => [{ text: 'Once more' }, countyDeputy]],
    ['proposeIssueOpinion', () => [{ text: 'Once more' }, countyDeputy]],
    ['dismissIssue', () => [{ reason: 'Repaired before' }, spc]],
    ['succeedIssueOrgan', () => [{ organ: bureauHead.organ, to: secondBureauHead.organ }, system]],
    ['declineIssueEscalation', () => [{ reason: 'A matter of the county' }, nation]],
    ['transferIssue', () => [transfer, spc]],
    ['beginRectification', () => [{ plan: 'So' }, bureauHead]],
    ['reportRectification', () => [{ text: 'So' }, bureauHead]],
    ['verifyRectification', () => [{ verdict: 'Seen' }, spc]],
    ['rejectRectification', () => [sendBack, spc]],
    ['reopenIssue', () => [sendBack, spc]],
    ['closeIssue', () => [{ verdict: 'Done' }, spc]],
    ['publishIssue', () => [{ summary: 'Done' }, spc]],
    ['proposeIssueEscalation', () => [{ to: nation.mandate }, countyDeputy]],
    ['recordIssueSuggestion', () => [{ ...higher, suggestion: idOf('another suggestion') }, system]],
    ['noteIssueSuggestionStatus', () => [{ suggestion: higher.suggestion, status: 'ASSIGNED' }, system]],
    ['warnIssueDue', () => [{ ...overdueClock, mark: 'half' }, system]],
    ['markIssueOverdue', () => [overdueClock, system]],
  ]),
  guarded: {
    // The team has not changed; no clock runs up to that day, or the day is not past.
    ...Object.fromEntries(all.map((status) => [`refreshIssueTeam ${status}`, null])),
    ...Object.fromEntries(all.map((status) => [`markIssueOverdue ${status}`, null])),
    ...Object.fromEntries(
      ['FOUND', 'CONFIRMED', 'REPORTED', 'VERIFIED', 'CLOSED', 'REOPENED', 'DISMISSED'].map((status) => [
        `warnIssueDue ${status}`,
        null,
      ]),
    ),
    // Only an escalated case has the suggestion, and that one has no answer yet.
    ...Object.fromEntries(
      all
        .filter((s) => s !== 'ESCALATED' && s !== 'DISMISSED')
        .map((s) => [`noteIssueSuggestionStatus ${s}`, 'SUGGESTION_NOT_LINKED']),
    ),
    'closeIssue ESCALATED': 'ESCALATION_OPEN',
    // It has an organ already.
    'transferIssue ESCALATED': 'ALREADY_TRANSFERRED',
    // It has none yet.
    ...Object.fromEntries(beforeTransfer.map((status) => [`succeedIssueOrgan ${status}`, null])),
    // Nobody of a higher level is asked.
    ...Object.fromEntries(all.map((status) => [`declineIssueEscalation ${status}`, 'NOT_FOUND'])),
    // The rights come first: who does not see the case yet learns nothing of its state.
    'followIssue FOUND': 'NOT_FOUND',
    'followIssue DISMISSED': 'NOT_FOUND',
    ...Object.fromEntries(
      beforeTransfer.flatMap((s) => [
        [`beginRectification ${s}`, 'NOT_FOUND'],
        [`reportRectification ${s}`, 'NOT_FOUND'],
      ]),
    ),
  },
});

it('the host’s region is the inspection’s, the issue’s region is where it was found', () => {
  expect(state(begun())).toMatchObject({ host: city, region: township });
});
