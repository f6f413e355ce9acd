import { describe, expect, it } from 'vitest';
import * as play from './play.js';

const { dwc, water, roads, fields } = play;
const notOurs = { reasons: 'Not ours.' };
const T5 = `T5:${water.organ}`;

describe('the right to return (T3, invariant 6)', () => {
  it('an organ that never signed loses it as one that did: seven working days, from the assignment', () => {
    // 2 March 2026 is a Monday.
    play
      .assigned()
      .at('2026-03-11')
      .when('requestReturn', notOurs, water)
      .emits('ReturnRequested', 'ClockPaused', 'ClockStarted');
    play.assigned().at('2026-03-12').when('requestReturn', notOurs, water).refused('RETURN_TOO_LATE');
    play.assigned(play.withCo).at('2026-03-12').when('requestReturn', notOurs, roads).refused('RETURN_TOO_LATE');
  });
  it('one that takes its place has its own days', () => {
    const moved = play.returnAsked().at('2026-03-20').after('approveReturn', { organ: roads.organ }, dwc);
    moved
      .at('2026-03-31')
      .when('requestReturn', notOurs, roads)
      .emits('ReturnRequested', 'ClockPaused', 'ClockStarted');
    const late = play.returnAsked().at('2026-03-20').after('approveReturn', { organ: roads.organ }, dwc);
    late.at('2026-04-01').when('requestReturn', notOurs, roads).refused('RETURN_TOO_LATE');
  });
  it('the new organ is none that handles it already, in whatever role', () => {
    play
      .assigned(play.withCo)
      .after('requestReturn', notOurs, water)
      .when('approveReturn', { organ: roads.organ }, dwc)
      .refused('NAME_ANOTHER_ORGAN');
  });
  it('a new co-handler owes no reply: no T5 begins for it (invariant 7)', () => {
    const moved = play
      .assigned(play.withCo)
      .after('requestReturn', notOurs, roads)
      .at('2026-03-10')
      .when('approveReturn', { organ: fields.organ }, dwc)
      .emits('ReturnApproved', 'SuggestionReassigned');
    expect(play.clock(moved, `T5:${fields.organ}`)).toBeUndefined();
  });
});

describe('while a return is being decided, what the organ owes waits (lessons U3)', () => {
  it('its own clocks stand still, those of the others run', () => {
    const asked = play.assigned(play.separately).after('requestReturn', notOurs, water);
    expect(play.clock(asked, T5)).toMatchObject({ status: 'PAUSED' });
    expect(play.clock(asked, `T5:${roads.organ}`)).toMatchObject({ status: 'RUNNING' });
  });
  it('a co-handler’s T4 waits, and the lead’s T5 runs', () => {
    const asked = play
      .handling(play.withCo)
      .after('receiveAssignment', {}, roads)
      .after('requestReturn', notOurs, roads);
    expect(play.clock(asked, `T4:${roads.organ}`)).toMatchObject({ status: 'PAUSED' });
    expect(play.clock(asked, T5)).toMatchObject({ status: 'RUNNING' });
    expect(play.clock(asked, 'PAUSE')).toBeUndefined();
  });
  it('when it is not agreed to, the days of the decision are given back', () => {
    const rejected = play.returnAsked().at('2026-03-12').after('rejectReturn', { answer: 'It is yours.' }, dwc);
    expect(play.clock(rejected, T5)).toMatchObject({ status: 'RUNNING', dueOn: '2026-06-12' });
  });
  it('what the office had paused before stays paused', () => {
    const rejected = play
      .handling()
      .after('pauseSuggestionClock', { reason: 'Flood.' }, dwc)
      .after('requestReturn', notOurs, water)
      .when('rejectReturn', { answer: 'It is yours.' }, dwc)
      .emits('ReturnRejected');
    expect(play.clock(rejected, T5)).toMatchObject({ status: 'PAUSED' });
    expect(play.clock(rejected, 'PAUSE')).toMatchObject({ status: 'RUNNING' });
  });
  it('when it is agreed to, the old organ’s clocks end and nothing waits any more', () => {
    const moved = play.returnAsked().after('approveReturn', { organ: roads.organ }, dwc);
    expect([T5, 'PAUSE'].map((name) => play.clock(moved, name)?.status)).toEqual(['STOPPED', 'STOPPED']);
  });
});

describe('a pause has an end (Deputies Law art. 51, invariant 3)', () => {
  const paused = () => play.handling().at('2026-03-10').after('pauseSuggestionClock', { reason: 'Flood.' }, dwc);
  const overdue = { clock: 'PAUSE', dueOn: '2026-09-02' };

  it('the office is held to the latest day of the reply, by a clock of its own', () => {
    expect(play.clock(paused(), 'PAUSE')).toMatchObject({ owner: `office:${play.city}`, dueOn: '2026-09-02' });
    const late = paused().at('2026-09-03');
    late.when('markSuggestionOverdue', { clock: T5, dueOn: '2026-06-02' }, play.system).emits();
    late.when('markSuggestionOverdue', overdue, play.system).emits('BecameOverdue');
  });
  it('it ends when the time runs again, and with the reply', () => {
    const resumed = paused().when('resumeSuggestionClock', {}, dwc).emits('ClockResumed', 'ClockStopped');
    expect(play.clock(resumed, 'PAUSE')).toMatchObject({ status: 'STOPPED' });
    const replied = paused().after('contactDeputy', play.contact, water).after('issueReply', play.reply('A'), water);
    expect(play.clock(replied, 'PAUSE')).toMatchObject({ status: 'STOPPED' });
  });
  it('it goes on while the time of another organ still stands', () => {
    const one = play
      .contacted(play.separately)
      .after('pauseSuggestionClock', { reason: 'Flood.' }, dwc)
      .after('issueReply', play.reply('A'), water);
    expect(play.clock(one, 'PAUSE')).toMatchObject({ status: 'RUNNING' });
  });
});
