import { describe, expect, it } from 'vitest';
import * as play from './play.js';

const { li, wang, dwc, coc, water, roads } = play;

describe('replies and co-handlers (domain.md S7, lessons T18, T4)', () => {
  const withCo = () => play.contacted(play.withCo).after('receiveAssignment', {}, roads);

  it('the reply waits for the co-handler’s opinion and goes out once it is there', () => {
    withCo().when('issueReply', play.reply('A'), water).refused('CO_OPINIONS_AWAITED');
    const opined = withCo().after('submitCoOpinion', { text: 'The bridge stays.' }, roads);
    opined
      .when('issueReply', play.reply('A'), water)
      .emits(
        { type: 'ReplyIssued', data: { missingOpinions: [], complete: true } },
        'ReplyDelivered',
        'ClockStopped',
        'ClockStopped',
        'ClockStarted',
        'ClockStarted',
      );
  });
  it('after T4 the reply goes out and names the opinion as overdue', () => {
    withCo().at('2026-04-02').when('issueReply', play.reply('A'), water).refused('CO_OPINIONS_AWAITED');
    const late = withCo().at('2026-04-03').after('issueReply', play.reply('A'), water);
    expect(play.stateOf(late).replies[0]?.missingOpinions).toEqual([roads.organ]);
  });
  it('a co-handler that never signed is overdue a month after the assignment', () => {
    play
      .contacted(play.withCo)
      .at('2026-04-02')
      .when('issueReply', play.reply('A'), water)
      .refused('CO_OPINIONS_AWAITED');
    const late = play.contacted(play.withCo).at('2026-04-03').after('issueReply', play.reply('A'), water);
    expect(play.stateOf(late).replies[0]?.missingOpinions).toEqual([roads.organ]);
  });
  it('a late opinion is marked, not refused (T4)', () => {
    const late = withCo().at('2026-04-03').after('submitCoOpinion', { text: 'The bridge stays.' }, roads);
    expect(play.stateOf(late).opinions).toMatchObject([{ late: true }]);
    const inTime = withCo().at('2026-04-02').after('submitCoOpinion', { text: 'The bridge stays.' }, roads);
    expect(play.stateOf(inTime).opinions).toMatchObject([{ late: false }]);
  });
  it('separate handling: it is replied when the last organ has replied, as far as the weakest reply', () => {
    const first = play.contacted(play.separately).after('issueReply', play.reply('A'), water);
    expect(play.stateOf(first)).toMatchObject({ status: 'HANDLING', category: 'A' });
    expect(play.clock(first, `T7:${li.mandate}`)).toBeUndefined();
    first.when('issueReply', play.reply('A'), water).refused('REPLIED_ALREADY');
    first.after('receiveAssignment', {}, roads).when('issueReply', play.reply('C'), roads).refused('CONTACT_REQUIRED');
    const second = first.after('contactDeputy', play.contact, roads).after('issueReply', play.reply('C'), roads);
    expect(play.stateOf(second)).toMatchObject({ status: 'REPLIED', category: 'C' });
    expect(play.clock(second, `T7:${li.mandate}`)).toMatchObject({ status: 'RUNNING' });
  });
  it('every signer gets the reply and his own time to answer: T7, 20 working days (invariant 2)', () => {
    const replied = play.jointlyReplied();
    const delivered = replied.events().find((e) => e.type === 'ReplyDelivered');
    expect(delivered?.data).toEqual({ round: 1, to: [li.mandate, wang.mandate] });
    for (const { mandate } of [li, wang])
      expect(play.clock(replied, `T7:${mandate}`)).toMatchObject({ owner: `mandate:${mandate}`, dueOn: '2026-03-30' });
    expect(play.clock(replied, 'T9')).toMatchObject({ dueOn: '2026-03-30' });
    expect(play.clock(replied, `T5:${water.organ}`)).toMatchObject({ status: 'STOPPED' });
  });
  it('the same contact is recorded once, another one besides', () => {
    play
      .contacted()
      .when('contactDeputy', play.contact, water)
      .emits()
      .when('contactDeputy', { ...play.contact, way: 'PHONE' }, water)
      .emits('DeputyContacted');
  });
  it('the category of a reply goes from B to A with a reason; the office corrects any', () => {
    const change = { organ: water.organ, category: 'A', reason: 'Done in autumn.' };
    const upgraded = play.replied('B').when('changeCategory', change, water).emits('CategoryChanged');
    expect(play.stateOf(upgraded).category).toBe('A');
    upgraded.when('changeCategory', { ...change, category: 'B' }, water).refused('ONLY_B_TO_A');
    play.replied('C').when('changeCategory', change, water).refused('ONLY_B_TO_A');
    upgraded.when('changeCategory', { ...change, category: 'C' }, dwc).emits('CategoryChanged');
    play
      .replied('B')
      .when('changeCategory', { ...change, category: 'D' }, dwc)
      .refused('CATEGORY_NOT_USED');
  });
});

describe('feedback and rounds (domain.md S7, T7, T8, invariant 8)', () => {
  it('category and satisfaction are separate: an A can be dissatisfying, a C satisfying (lessons U6, A8)', () => {
    const unhappy = play.replied('A').after('giveFeedback', play.dissatisfied, li);
    expect(play.stateOf(unhappy)).toMatchObject({ status: 'FEEDBACK_PENDING', category: 'A' });
    const happy = play.replied('C').after('giveFeedback', play.satisfied, li);
    expect(play.stateOf(happy)).toMatchObject({ status: 'REPLIED', category: 'C' });
  });
  it('one dissatisfied signer of two makes it a matter for review (§3a Feedback)', () => {
    const mixed = play
      .jointlyReplied()
      .after('giveFeedback', play.dissatisfied, li)
      .after('giveFeedback', play.satisfied, wang);
    expect(play.stateOf(mixed).status).toBe('FEEDBACK_PENDING');
  });
  it('re-handling: T8 one month for the lead, then the second reply is rated anew', () => {
    const again = play.pending().at('2026-03-10').after('orderRehandling', { reason: 'Do the rest.' }, dwc);
    expect(play.clock(again, `T8:${water.organ}`)).toMatchObject({
      owner: `organ:${water.organ}`,
      dueOn: '2026-04-10',
    });
    const heard = again.after('contactDeputy', { ...play.contact, on: '2026-03-10' }, water);
    const second = heard.after('issueReply', play.reply('A'), water);
    expect(play.stateOf(second)).toMatchObject({ status: 'REPLIED', round: 2, category: 'A' });
    expect(play.stateOf(second).replies.map((r) => r.round)).toEqual([1, 2]);
    second.when('giveFeedback', play.satisfied, li).emits('FeedbackGiven', 'ClockStopped');
  });
  it('after two rounds: no third, but supervision is noted and it can be explained', () => {
    play.exhausted().when('orderRehandling', { reason: 'x' }, dwc).refused('ROUNDS_EXHAUSTED');
    play.pending().when('noteSupervision', { note: 'x' }, coc).refused('ROUNDS_LEFT');
    play
      .exhausted()
      .when('noteSupervision', { note: 'The council hears the organ.' }, coc)
      .emits('SupervisionNoted')
      .when('noteSupervision', { note: 'The council hears the organ.' }, coc)
      .emits()
      .when('explainDissatisfaction', { explanation: 'No money this year.' }, dwc)
      .emits('DissatisfactionExplained', 'SuggestionClosed');
  });
  it('an explanation closes nothing while another signer may still answer', () => {
    const explained = play
      .jointlyReplied()
      .after('giveFeedback', play.dissatisfied, li)
      .when('explainDissatisfaction', { explanation: 'No money.' }, dwc)
      .emits({ type: 'DissatisfactionExplained', data: { to: [li.mandate] } });
    expect(play.stateOf(explained).status).toBe('REPLIED');
    const objected = explained.after('giveFeedback', play.dissatisfied, wang);
    expect(play.stateOf(objected).status).toBe('FEEDBACK_PENDING');
  });
  it('an explanation closes nothing while a promise is open', () => {
    const explained = play
      .repliedWithPromise()
      .after('giveFeedback', play.dissatisfied, li)
      .when('explainDissatisfaction', { explanation: 'It takes until December.' }, dwc)
      .emits('DissatisfactionExplained');
    expect(play.stateOf(explained).status).toBe('TRACKING');
  });
  it('a silent signer holds it up until T7 has passed, and is never counted as satisfied', () => {
    const replied = play.jointlyReplied().after('giveFeedback', play.satisfied, li);
    replied.at('2026-03-30').when('closeSuggestion', {}, dwc).refused('SIGNERS_STILL_TO_ANSWER');
    const closed = replied.at('2026-03-31').when('closeSuggestion', {}, dwc).emits('SuggestionClosed', 'ClockStopped');
    expect(play.stateOf(closed).feedbacks.map((f) => f.mandate)).toEqual([li.mandate]);
  });
  it('a signer whose mandate has ended still receives the reply, but rates no more (P6)', () => {
    const gone = { ...wang, standing: 'ended' as const };
    const replied = play.jointlyReplied();
    expect(play.classFor(replied, gone)).toBe('participant');
    replied.when('giveFeedback', play.satisfied, gone).refused('MANDATE_ENDED');
  });
});
