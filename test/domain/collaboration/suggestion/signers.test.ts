import { describe, expect, it } from 'vitest';
import * as play from './play.js';

const { li, wang, zhao, dwc, water, higher, system } = play;
const over = (...who: (typeof li)[]) =>
  Object.fromEntries(who.map((one) => [`mandate-${one.mandate}`, play.mandateOf(one, 'ENDED')]));
const satisfiedBoth = () =>
  play.jointlyReplied().after('giveFeedback', play.satisfied, li).after('giveFeedback', play.satisfied, wang);

describe('a mandate that ends does not end the suggestion (P6)', () => {
  it('every signer gets the reply, and only those in office have a time to answer (T7)', () => {
    const replied = play.jointlyContacted().after('issueReply', play.reply('A'), water, over(wang));
    expect(replied.events().find((e) => e.type === 'ReplyDelivered')?.data).toMatchObject({
      to: [li.mandate, wang.mandate],
    });
    expect(play.clock(replied, `T7:${wang.mandate}`)).toBeUndefined();
    expect(play.clock(replied, `T7:${li.mandate}`)).toMatchObject({ status: 'RUNNING' });
    replied.after('giveFeedback', play.satisfied, li).when('closeSuggestion', {}, dwc).emits('SuggestionClosed');
  });
  it('the time of one whose mandate ends after the reply is over (T7)', () => {
    const ended = play
      .jointlyReplied()
      .when('endSignersClock', { mandate: wang.mandate }, system)
      .emits('ClockStopped');
    ended.when('endSignersClock', { mandate: wang.mandate }, system).emits();
    ended.after('giveFeedback', play.satisfied, li).when('closeSuggestion', {}, dwc).emits('SuggestionClosed');
  });
  it('the next signer scores the effect when the lead signer’s mandate has ended, and not before', () => {
    const closed = satisfiedBoth().after('closeSuggestion', {}, dwc);
    closed.when('scoreHandlingEffect', { value: 70 }, wang).refused('LEAD_SIGNER_SPEAKS');
    closed.when('scoreHandlingEffect', { value: 70 }, wang, over(li)).emits('SuggestionScored');
  });
  it('the next signer offers it to a higher deputy when the lead signer’s mandate has ended, and not before', () => {
    const replied = () => play.jointlyContacted().after('issueReply', play.reply('C'), water);
    const offer = { to: higher.mandate, reason: 'A regional matter.' };
    replied().when('proposeEscalation', offer, wang).refused('LEAD_SIGNER_SPEAKS');
    replied().when('proposeEscalation', offer, wang, over(li)).emits('EscalationProposed');
    replied().when('proposeEscalation', offer, zhao, over(li)).refused('NOT_FOUND');
  });
});

describe('each round hears the deputy (Deputies Law art. 51, invariant 1)', () => {
  it('the contact of the first round does not count for the second', () => {
    play.rehandling().when('issueReply', play.reply('A'), water).refused('CONTACT_REQUIRED');
    play
      .reheard()
      .when('issueReply', play.reply('A'), water)
      .emits('ReplyIssued', 'ReplyDelivered', 'ClockStopped', 'ClockStarted', 'ClockStarted');
  });
  it('nor does one from before the second was ordered', () => {
    const again = play.pending().at('2026-03-10').after('orderRehandling', { reason: 'Do the rest.' }, dwc);
    const told = { ...play.contact, summary: 'Telephoned.' };
    again.when('contactDeputy', { ...told, on: '2026-03-09' }, water).refused('DATE_NOT_POSSIBLE');
    again.when('contactDeputy', { ...told, on: '2026-03-10' }, water).emits('DeputyContacted');
  });
});

describe('what is planned is promised (domain.md S7, U15)', () => {
  const answered = (category: string) => play.replied(category).after('giveFeedback', play.satisfied, li);

  it('a B reply without a promise is not closed; with one, when it is settled', () => {
    answered('B').when('closeSuggestion', {}, dwc).refused('PROMISE_REQUIRED');
    answered('C').when('closeSuggestion', {}, dwc).emits('SuggestionClosed');
    answered('B')
      .after('registerPromise', play.promised, water)
      .when('closeSuggestion', {}, dwc)
      .refused('PROMISES_OPEN');
    answered('B')
      .after('changeCategory', { organ: water.organ, category: 'A', reason: 'Done.' }, water)
      .when('closeSuggestion', {}, dwc)
      .emits('SuggestionClosed');
  });
  it('nor is it closed by an explanation', () => {
    const explained = play
      .replied('B')
      .after('giveFeedback', play.dissatisfied, li)
      .when('explainDissatisfaction', { explanation: 'It takes three years.' }, dwc)
      .emits('DissatisfactionExplained');
    explained.when('closeSuggestion', {}, dwc).refused('PROMISE_REQUIRED');
  });
  it('a promise has a clock of its organ: put off with it, ended when kept or given up (domain.md §4)', () => {
    const promise = play.promiseIdOf();
    const name = `PROMISE:${promise}`;
    expect(play.clock(play.repliedWithPromise(), name)).toMatchObject({
      owner: `organ:${water.organ}`,
      dueOn: play.promised.dueOn,
    });
    const letter = 'The frost came early.';
    const slipped = play.repliedWithPromise().after('slipPromise', { promise, dueOn: '2027-06-01', letter }, water);
    expect(play.clock(slipped, name)).toMatchObject({ status: 'RUNNING', dueOn: '2027-06-01' });
    const givenUp = play.repliedWithPromise().after('slipPromise', { promise, letter }, water);
    const kept = play.repliedWithPromise().after('fulfilPromise', { promise, on: '2026-03-02', note: 'Done.' }, water);
    expect([givenUp, kept].map((one) => play.clock(one, name)?.status)).toEqual(['STOPPED', 'STOPPED']);
  });
});
