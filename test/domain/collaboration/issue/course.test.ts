import { describe, expect, it } from 'vitest';
import { issue } from '../../../../src/domain/collaboration/issue/issue.js';
import { upcast } from '../../../../src/domain/kernel/event.js';
import { redact } from '../../../../src/domain/kernel/visibility.js';
import { official, system } from '../../../support/spec.js';
import {
  autonomousRegion,
  bureauHead,
  city,
  cityDeputy,
  countyBureau,
  countyDeputy,
  countySc,
  nation,
  presidium,
  secondBureauHead,
  seenBy,
  spc,
  townshipDeputy,
} from '../../organization/joint-meeting/cast.js';
import {
  begun,
  clock,
  confirmed,
  escalated,
  higher,
  rectifying,
  reported,
  sendBack,
  state,
  transfer,
  transferred,
  withoutHim,
} from './play.js';

const ofCounty = () =>
  confirmed()
    .after('transferIssue', { ...transfer, organ: countyBureau.organ }, countySc)
    .after('beginRectification', { plan: 'At once' }, countyBureau)
    .after('reportRectification', { text: 'Replaced' }, countyBureau);

describe('no issue is stuck (domain.md S10)', () => {
  it('what is no issue is dismissed with a reason, and stays the team’s and its offices’ affair', () => {
    const spec = begun();
    spec.when('dismissIssue', { reason: 'Repaired before' }, countyDeputy).refused('NOT_ALLOWED');
    spec.when('dismissIssue', { reason: 'Repaired before' }, countySc).emits('IssueDismissed');
    expect(redact(issue.state, state(spec), 'participant')).toMatchObject({
      status: 'DISMISSED',
      verdict: 'Repaired before',
    });
    expect([countyDeputy, countySc, spc].map((one) => seenBy(spec.audience(), one))).toEqual([
      'participant',
      'participant',
      'office',
    ]);
    expect([townshipDeputy, cityDeputy, presidium, nation].map((one) => seenBy(spec.audience(), one))).toEqual(
      Array(4).fill(undefined),
    );
    spec.when('refreshIssueTeam', {}, system, withoutHim).emits('IssueTeamChanged');
  });
  it('one that went up before it had an organ can still be transferred to one', () => {
    const spec = confirmed().after('recordIssueSuggestion', higher, system);
    expect(state(spec)).toMatchObject({ status: 'ESCALATED', organ: null });
    spec.when('transferIssue', transfer, spc).emits('IssueTransferred', 'ClockStarted');
    spec.when('beginRectification', { plan: 'At once' }, bureauHead).emits('RectificationBegan');
    escalated().when('transferIssue', transfer, spc).refused('ALREADY_TRANSFERRED');
  });
  it('a report that waits to be judged is judged, also when the issue is taken up above meanwhile', () => {
    const spec = reported();
    spec.when('recordIssueSuggestion', higher, system).emits('IssueSuggestionLinked');
    spec.when('verifyRectification', { verdict: 'Seen' }, spc).emits('RectificationVerified');
  });
});

describe('each level judges what its own organs have done (P1, Supervision Law art. 6)', () => {
  it.each([
    ['verifyRectification', { verdict: 'Seen' }, 'RectificationVerified'],
    ['rejectRectification', sendBack, 'RectificationRejected'],
  ])('%s', (action, input, type) => {
    ofCounty().when(action, input, spc).refused('NOT_OWN_LEVEL');
    reported().when(action, input, countySc).refused('NOT_OWN_LEVEL');
    const types = (spec: ReturnType<typeof ofCounty>, by: typeof spc) => {
      const { decided } = spec.when(action, input, by);
      return Array.isArray(decided) ? decided[0]?.type : decided;
    };
    expect(types(ofCounty(), countySc)).toBe(type);
    expect(types(reported(), spc)).toBe(type);
  });
  it('reopenIssue', () => {
    const verified = () => ofCounty().after('verifyRectification', { verdict: 'Seen' }, countySc);
    verified().when('reopenIssue', sendBack, spc).refused('NOT_OWN_LEVEL');
    verified().when('reopenIssue', sendBack, countySc).emits('IssueReopened', 'ClockStarted');
  });
  it('an issue that was transferred before the level was on record is judged as it could be then', () => {
    const old = { ...transfer, supervisor: null };
    expect(upcast(issue.events.IssueTransferred, 1, transfer)).toEqual(old);
    const spec = confirmed().given({ type: 'IssueTransferred', data: old });
    spec.after('beginRectification', { plan: 'x' }, bureauHead).after('reportRectification', { text: 'x' }, bureauHead);
    spec.when('verifyRectification', { verdict: 'Seen' }, countySc).emits('RectificationVerified');
  });
});

describe('the higher level may say no (P3)', () => {
  const asked = () => rectifying().after('proposeIssueEscalation', { to: nation.mandate }, countyDeputy);
  const no = { reason: 'A matter of the county' };
  it('with a reason that the origin sees; the deputy then has no more part in it', () => {
    const spec = asked();
    spec.when('declineIssueEscalation', no, autonomousRegion).refused('NOT_FOUND');
    spec.when('declineIssueEscalation', no, countyDeputy).refused('NOT_ALLOWED');
    spec
      .when('declineIssueEscalation', no, nation)
      .emits({ type: 'IssueEscalationDeclined', data: { to: nation.mandate, ...no } });
    expect(redact(issue.state, state(spec), 'participant')).toMatchObject({
      escalations: [{ to: nation.mandate, declined: no.reason }],
    });
    expect(seenBy(spec.audience(), countyDeputy)).toBe('participant');
    expect(seenBy(spec.audience(), nation)).toBeUndefined();
    expect(state(spec).status).toBe('RECTIFYING');
  });
  it('is not asked again, while another deputy can be', () => {
    const spec = asked().after('declineIssueEscalation', no, nation);
    spec.when('proposeIssueEscalation', { to: nation.mandate }, countyDeputy).refused('ASKED_BEFORE');
    spec
      .when('proposeIssueEscalation', { to: autonomousRegion.mandate }, countyDeputy)
      .emits('IssueEscalationProposed');
  });
  it('not after a suggestion has been made', () => {
    asked()
      .after('recordIssueSuggestion', higher, system)
      .when('declineIssueEscalation', no, nation)
      .refused('NOT_ALLOWED');
  });
});

describe('who has left the team (A1)', () => {
  const asking = (to: string) => rectifying().after('proposeIssueEscalation', { to }, countyDeputy);
  it('lets nobody in any more: whom he or she asked sees nothing further', () => {
    const spec = asking(nation.mandate);
    expect(seenBy(spec.audience(), nation)).toBe('participant');
    spec.after('refreshIssueTeam', {}, system, withoutHim);
    expect(state(spec).escalations).toEqual([]);
    expect(seenBy(spec.audience(), nation)).toBeUndefined();
  });
  it('a deputy who has taken it up keeps his or her part in it', () => {
    const spec = asking(nation.mandate)
      .after('recordIssueSuggestion', higher, system)
      .after('refreshIssueTeam', {}, system, withoutHim);
    expect(seenBy(spec.audience(), nation)).toBe('participant');
  });
  it('is let in again neither by a question nor by an invitation to follow', () => {
    const spec = rectifying()
      .after('followIssue', {}, townshipDeputy)
      .after('refreshIssueTeam', {}, system, withoutHim);
    const again = { mandates: [countyDeputy.mandate] };
    spec.when('inviteIssueFollowers', again, spc).refused('LEFT_THE_TEAM');
    spec.when('proposeIssueEscalation', { to: nation.mandate }, townshipDeputy).emits('IssueEscalationProposed');
  });
  it('a higher deputy who was asked and has left the team sees nothing further', () => {
    const team = [`mandate:${autonomousRegion.mandate}`, `mandate:${countyDeputy.mandate}`];
    const spec = rectifying()
      .given({ type: 'IssueTeamChanged', data: { team } })
      .after('proposeIssueEscalation', { to: autonomousRegion.mandate }, countyDeputy)
      .given({ type: 'IssueTeamChanged', data: { team: [`mandate:${countyDeputy.mandate}`] } });
    expect(seenBy(spec.audience(), autonomousRegion)).toBeUndefined();
    spec.when('proposeIssueEscalation', { to: autonomousRegion.mandate }, countyDeputy).refused('LEFT_THE_TEAM');
  });
});

describe('an organ that is merged or abolished (domain.md S1)', () => {
  const move = { organ: bureauHead.organ, to: secondBureauHead.organ };
  it('leaves the issue to its successor, with its time limit as it stands', () => {
    const spec = transferred().at('2026-06-01');
    spec.after('markIssueOverdue', { clock: 'RECTIFY', dueOn: transfer.dueOn }, system);
    const before = clock(spec);
    spec.when('succeedIssueOrgan', move, system).emits('IssueOrganSucceeded', 'ClockStarted');
    expect(clock(spec)).toEqual({ ...before, owner: `organ:${secondBureauHead.organ}` });
    spec.when('markIssueOverdue', { clock: 'RECTIFY', dueOn: transfer.dueOn }, system).emits();
    expect(seenBy(spec.audience(), bureauHead)).toBeUndefined();
    spec.when('succeedIssueOrgan', move, system).emits();
    spec.when('beginRectification', { plan: 'Over' }, secondBureauHead).emits('RectificationBegan');
  });
  it('a closed one too: it can come back, and then it comes back to the successor', () => {
    const spec = reported().after('verifyRectification', { verdict: 'Seen' }, spc);
    spec.after('succeedIssueOrgan', move, system).after('reopenIssue', sendBack, spc);
    expect(clock(spec)?.owner).toBe(`organ:${secondBureauHead.organ}`);
  });
  it('does not move to an organ that is no more, nor by anybody’s hand', () => {
    const gone = { [`organ-${secondBureauHead.organ}`]: { status: 'MERGED' } };
    transferred().when('succeedIssueOrgan', move, system, gone).refused('SUCCESSOR_NOT_IN_FORCE');
    transferred().when('succeedIssueOrgan', move, spc).refused('NOT_ALLOWED');
  });
});

it('an expert whose post is in the organ or the office has none of its rights (domain.md §1, EXP)', () => {
  const adviser = official('SPC', city, { name: 'adviser', role: 'expert' });
  const inOrgan = { ...official('ORG', city, { name: 'water bureau', role: 'expert' }), organ: bureauHead.organ };
  begun().when('confirmIssue', {}, adviser).refused('NOT_FOUND');
  transferred().when('beginRectification', { plan: 'x' }, inOrgan).refused('NOT_FOUND');
  const open = transferred().given({ type: 'IssuePublished', data: { summary: 'Seen by all' } });
  open.when('beginRectification', { plan: 'x' }, inOrgan).refused('NOT_ALLOWED');
  open.when('succeedIssueOrgan', { organ: bureauHead.organ, to: bureauHead.organ }, adviser).refused('NOT_ALLOWED');
});
