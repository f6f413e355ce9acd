import { describe, expect, it } from 'vitest';
import type { CaseClock } from '../../../../src/domain/kernel/case-clocks.js';
import { caseClock, clockEvents } from '../../../../src/domain/kernel/case-clocks.js';
import * as play from './play.js';

const { li, wang, dwc, govo, water, roads, fields, court, system } = play;

describe('assignment and return (domain.md S7, T3–T6, invariants 3, 6, 7)', () => {
  it('T5: three months from the assignment, owned by the lead organ', () => {
    expect(play.clock(play.assigned(), `T5:${water.organ}`)).toMatchObject({
      owner: `organ:${water.organ}`,
      startedOn: '2026-03-02',
      dueOn: '2026-06-02',
      latestOn: '2026-09-02',
    });
  });
  it('T6: six months when it is wide-ranging or difficult, and no more (invariant 3)', () => {
    const difficult = play.registered().after('assignSuggestion', { ...play.toWater, difficult: true }, dwc);
    expect(play.clock(difficult, `T6:${water.organ}`)).toMatchObject({ dueOn: '2026-09-02', latestOn: '2026-09-02' });
    expect(play.clock(difficult, `T5:${water.organ}`)).toBeUndefined();
  });
  it('the clock to assign ends with the assignment (T2)', () => {
    expect(play.clock(play.assigned(), 'T2')).toMatchObject({ status: 'STOPPED' });
  });
  it('separate handling: each organ has its own time for the reply', () => {
    const both = play.assigned(play.separately);
    expect(play.clock(both, `T5:${water.organ}`)?.owner).toBe(`organ:${water.organ}`);
    expect(play.clock(both, `T5:${roads.organ}`)?.owner).toBe(`organ:${roads.organ}`);
  });
  it('T3 golden: seven working days over Labour Day with a swapped Saturday', () => {
    // 2026: 1–5 May off, Saturday 9 May worked. 29, 30 April, 6, 7, 8, 9, 11 May.
    const received = play.assigned().at('2026-04-28').after('receiveAssignment', {}, water);
    expect(play.clock(received, `T3:${water.organ}`)).toMatchObject({ dueOn: '2026-05-11' });
    received.at('2026-05-12').when('requestReturn', { reasons: 'x' }, water).refused('RETURN_TOO_LATE');
    received
      .at('2026-05-11')
      .when('requestReturn', { reasons: 'x' }, water)
      .emits('ReturnRequested', 'ClockStopped', 'ClockPaused', 'ClockStarted');
  });
  it('T4 runs for a co-handler from its own receipt, one month', () => {
    const received = play.handling(play.withCo).at('2026-03-05').after('receiveAssignment', {}, roads);
    expect(play.clock(received, `T4:${roads.organ}`)).toMatchObject({
      owner: `organ:${roads.organ}`,
      dueOn: '2026-04-07',
    });
    expect(play.clock(received, `T4:${water.organ}`)).toBeUndefined();
  });
  it('a reassignment restarts T5; the first assignment date stays visible (invariant 7)', () => {
    const moved = play.returnAsked().at('2026-03-10').after('approveReturn', { organ: roads.organ }, dwc);
    expect(play.stateOf(moved)).toMatchObject({
      firstAssignedOn: '2026-03-02',
      assignedOn: '2026-03-10',
      organs: [{ organ: roads.organ, role: 'LEAD', receivedOn: null }],
      returns: [{ organ: water.organ, decision: 'GRANTED' }],
    });
    expect(play.clock(moved, `T5:${roads.organ}`)).toMatchObject({ startedOn: '2026-03-10', dueOn: '2026-06-10' });
    expect(play.clock(moved, `T5:${water.organ}`)).toMatchObject({ status: 'STOPPED' });
  });
  it('a co-handler’s return does not give the lead more time', () => {
    const moved = play
      .assigned(play.withCo)
      .after('requestReturn', { reasons: 'No road there.' }, roads)
      .at('2026-03-10')
      .after('approveReturn', { organ: fields.organ }, dwc);
    expect(play.clock(moved, `T5:${water.organ}`)).toMatchObject({ startedOn: '2026-03-02', status: 'RUNNING' });
    expect(play.stateOf(moved).organs.map((o) => o.organ)).toEqual([water.organ, fields.organ]);
  });
  it('a lead that has signed goes on handling while a new co-handler has not (§3a RETURN_REQUESTED → Assign)', () => {
    const moved = play
      .assigned(play.withCo)
      .after('receiveAssignment', {}, water)
      .after('requestReturn', { reasons: 'No road there.' }, roads)
      .after('approveReturn', { organ: fields.organ }, dwc);
    expect(play.stateOf(moved).status).toBe('HANDLING');
  });
  it('an organ that returned it is not named again', () => {
    play
      .returnAsked()
      .after('approveReturn', { organ: roads.organ }, dwc)
      .after('requestReturn', { reasons: 'Not ours.' }, roads)
      .when('approveReturn', { organ: water.organ }, dwc)
      .refused('NAME_ANOTHER_ORGAN');
  });
  it('a signer may object to the assignment; the same objection is recorded once', () => {
    const objection = { reason: 'The canal is the irrigation office’s.' };
    play
      .jointlyAssigned()
      .when('objectToAssignment', objection, wang)
      .emits('AssignmentObjected')
      .when('objectToAssignment', objection, wang)
      .emits();
    play.assigned().when('objectToAssignment', objection, water).refused('NOT_ALLOWED');
  });
  it('the handler is a post of the organ itself', () => {
    play.assigned().when('nameHandler', { post: play.waterClerk.post }, water).emits('HandlerNamed');
    play.assigned().when('nameHandler', { post: roads.post }, water).refused('NOT_A_POST_THERE');
  });
});

describe('an organ is merged or abolished (domain.md S1)', () => {
  const running = (clocks: readonly CaseClock[]) =>
    clocks
      .filter(({ status }) => status === 'RUNNING')
      .map(({ clock, owner, dueOn }) => `${clock} ${owner} ${dueOn}`)
      .sort();
  /** As the reactor of due dates knows them: by their events alone, of each clock the newest. */
  const told = (events: readonly { readonly type: string; readonly data: object }[]) => [
    ...new Map(
      events.flatMap(({ type, data }) => {
        const clock = caseClock.loose().safeParse(data);
        return type in clockEvents && clock.success ? [[clock.data.clock, clock.data] as const] : [];
      }),
    ).values(),
  ];
  const change = { organ: water.organ, to: fields.organ };

  it('the successor takes over with the clocks as they stand: nothing restarts', () => {
    const moved = play
      .contacted()
      .at('2026-04-01')
      .when('transferHandling', change, system)
      .emits('HandlingTransferred', 'ClockStopped', 'ClockStarted', 'ClockStopped', 'ClockStarted');
    expect(play.clock(moved, `T5:${fields.organ}`)).toMatchObject({
      owner: `organ:${fields.organ}`,
      startedOn: '2026-03-02',
      dueOn: '2026-06-02',
    });
    expect(play.clock(moved, `T5:${water.organ}`)).toMatchObject({ status: 'STOPPED' });
    expect(moved.audience()).not.toHaveProperty(`organ:${water.organ}`);
    moved.when('transferHandling', change, system).emits();
    moved
      .when('issueReply', play.reply('A'), fields)
      .emits('ReplyIssued', 'ReplyDelivered', 'ClockStopped', 'ClockStopped', 'ClockStarted', 'ClockStarted');
  });
  it('a co-handler that takes over the lead owes the reply and no co-opinion', () => {
    const moved = play
      .contacted(play.withCo)
      .after('receiveAssignment', {}, roads)
      .after('transferHandling', { organ: water.organ, to: roads.organ }, system);
    expect(play.stateOf(moved).organs).toMatchObject([{ organ: roads.organ, role: 'LEAD' }]);
    expect(play.clock(moved, `T4:${roads.organ}`)).toMatchObject({ status: 'STOPPED' });
    expect(play.clock(moved, `T5:${roads.organ}`)).toMatchObject({ status: 'RUNNING', dueOn: '2026-06-02' });
    expect(running(told(moved.events()))).toEqual(running(play.stateOf(moved).clocks));
  });
  it('only to an organ in force, and only by the system', () => {
    play.handling().when('transferHandling', change, system, play.ended(fields)).refused('NO_SUCH_HANDLING_ORGAN');
    play.handling().when('transferHandling', change, dwc).refused('NOT_ALLOWED');
    play.handling().when('transferHandling', { organ: court.organ, to: fields.organ }, system).emits();
  });
});

describe('extension, pause and resume (T5, T6, lessons U3)', () => {
  const asked = () => play.handling().after('requestExtension', { until: '2026-08-03', reasons: 'Wide.' }, water);

  it('a granted extension moves the due date; the signers are told by the event', () => {
    const granted = asked().after('grantExtension', { organ: water.organ }, dwc);
    expect(play.clock(granted, `T5:${water.organ}`)?.dueOn).toBe('2026-08-03');
    expect(granted.audience()).toHaveProperty(`mandate:${li.mandate}`, 'participant');
    granted.when('grantExtension', { organ: water.organ }, dwc).refused('NO_EXTENSION_ASKED');
  });
  it('it never ends later than six months after the assignment (invariant 3)', () => {
    asked().when('grantExtension', { organ: water.organ, until: '2026-09-03' }, dwc).refused('DUE_DATE_BEYOND_MAXIMUM');
    asked()
      .when('grantExtension', { organ: water.organ, until: '2026-09-02' }, dwc)
      .emits('ExtensionGranted', 'ClockExtended');
  });
  it('the government office grants where it had assigned', () => {
    play
      .registered()
      .after('assignSuggestion', play.toWater, govo)
      .after('receiveAssignment', {}, water)
      .after('requestExtension', { until: '2026-08-03', reasons: 'Wide.' }, water)
      .when('grantExtension', { organ: water.organ }, govo)
      .emits('ExtensionGranted', 'ClockExtended');
  });
  it('one request at a time, and after a refusal another one', () => {
    const again = { until: '2026-07-01', reasons: 'Still wide.' };
    asked().when('requestExtension', again, water).refused('EXTENSION_ASKED_ALREADY');
    asked()
      .after('refuseExtension', { organ: water.organ, answer: 'No.' }, dwc)
      .when('requestExtension', again, water)
      .emits('ExtensionRequested');
  });
  it('a pause holds the clock and a resume adds the days, never past six months', () => {
    const paused = play.handling().at('2026-03-10').after('pauseSuggestionClock', { reason: 'Flood.' }, dwc);
    paused.when('pauseSuggestionClock', { reason: 'Flood.' }, dwc).emits();
    const resumed = paused.at('2026-03-20').after('resumeSuggestionClock', {}, dwc);
    expect(play.clock(resumed, `T5:${water.organ}`)).toMatchObject({ status: 'RUNNING', dueOn: '2026-06-12' });
    const late = play.handling().after('pauseSuggestionClock', { reason: 'Flood.' }, dwc).at('2026-12-01');
    const capped = late.after('resumeSuggestionClock', {}, dwc);
    expect(play.clock(capped, `T5:${water.organ}`)?.dueOn).toBe('2026-09-02');
    play.handling().when('pauseSuggestionClock', { reason: 'x' }, water).refused('NOT_ALLOWED');
  });
});
