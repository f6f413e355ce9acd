import { describe, expect, it } from 'vitest';
import { suggestion } from '../../../../src/domain/collaboration/suggestion/index.js';
import { redact } from '../../../../src/domain/kernel/visibility.js';
import { idOf } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, bao, dwc, coc, water, higher, system } = play;

describe('promises after the reply (domain.md S7, lessons U15)', () => {
  const step = { promise: play.promiseIdOf(), on: '2026-03-02', note: '2 km done' };

  it('progress is reported once, and the case is tracked from then on', () => {
    const reported = play
      .repliedWithPromise()
      .when('reportPromiseProgress', step, water)
      .emits('PromiseProgressReported');
    expect(play.stateOf(reported).status).toBe('TRACKING');
    reported.when('reportPromiseProgress', step, water).emits();
  });
  it('a promise put off keeps its old date in the ledger’s history and counts the slip', () => {
    const slipped = play
      .tracking()
      .after('slipPromise', { promise: step.promise, dueOn: '2027-05-01', letter: 'The frost came early.' }, water);
    expect(play.stateOf(slipped).promises).toMatchObject([{ state: 'OPEN', dueOn: '2027-05-01', slips: 1 }]);
    slipped.when('closeSuggestion', {}, dwc).refused('PROMISES_OPEN');
  });
  it('a promise given up with a signed letter is settled', () => {
    const given = play.tracking().after('slipPromise', { promise: step.promise, letter: 'No money.' }, water);
    expect(play.stateOf(given).promises).toMatchObject([{ state: 'GIVEN_UP' }]);
    given.when('fulfilPromise', step, water).refused('PROMISE_SETTLED');
    given.when('closeSuggestion', {}, dwc).emits('SuggestionClosed');
  });
  it('dissatisfaction while promises are tracked reopens the review (lessons U6)', () => {
    const late = play
      .repliedWithPromise()
      .after('reportPromiseProgress', step, water)
      .after('giveFeedback', play.dissatisfied, li);
    expect(play.stateOf(late).status).toBe('FEEDBACK_PENDING');
  });
});

describe('merged suggestions (并案, invariant 2)', () => {
  const mainId = idOf('the main suggestion');
  const main = () => play.stateOf(play.registered());
  const merged = (state: unknown = main()) =>
    play.jointlyRegistered().when('mergeSuggestion', { into: mainId }, dwc, { [`suggestion-${mainId}`]: state });
  const signatories = [
    { mandate: wang.mandate, person: wang.person, from: null },
    { mandate: li.mandate, person: li.person, from: null },
  ];
  const takeIn = { suggestion: idOf('the merged one'), signatories };

  it('it goes into an open suggestion of the same congress, once', () => {
    merged().emits({ type: 'SuggestionMerged', data: { into: mainId } }, 'ClockStopped');
    play.registered().when('mergeSuggestion', { into: mainId }, dwc).refused('NO_SUCH_SUGGESTION');
    merged({ ...main(), region: play.county }).refused('NO_SUCH_SUGGESTION');
    merged({ ...main(), status: 'REPLIED' }).refused('CANNOT_MERGE');
    merged({ ...main(), mergedInto: idOf('a third') }).refused('CANNOT_MERGE');
  });
  it('then it is handled with the main one only', () => {
    const done = merged().emits('SuggestionMerged', 'ClockStopped');
    done.when('assignSuggestion', play.toWater, dwc).refused('HANDLED_WITH_MAIN');
    done.when('withdrawSuggestion', { reason: 'x' }, li).refused('HANDLED_WITH_MAIN');
    done.when('mergeSuggestion', { into: mainId }, dwc).emits();
  });
  it('the main one answers every signer, a person who signed both once (invariants 2, 5)', () => {
    const taken = play.contacted().when('takeInMerged', takeIn, system).emits('SuggestionTakenIn');
    taken.when('takeInMerged', takeIn, system).emits();
    const replied = taken.after('issueReply', play.reply('A'), water);
    expect(replied.events().find((e) => e.type === 'ReplyDelivered')?.data).toEqual({
      round: 1,
      to: [li.mandate, wang.mandate],
    });
    expect(play.classFor(replied, wang)).toBe('participant');
    replied.when('giveFeedback', play.dissatisfied, wang).emits('FeedbackGiven', 'ClockStopped');
  });
  it('signers who come in after the reply are answered too', () => {
    play
      .replied()
      .when('takeInMerged', takeIn, system)
      .emits('SuggestionTakenIn', { type: 'ReplyDelivered', data: { to: [wang.mandate] } }, 'ClockStarted');
  });
  it('the merged one follows the main one with its reply, and stands alone again when that is withdrawn', () => {
    const [given] = play.stateOf(play.replied()).replies;
    const news = { main: mainId, status: 'REPLIED', reply: given };
    const followed = merged()
      .emits('SuggestionMerged', 'ClockStopped')
      .when('followMainSuggestion', news, system)
      .emits('MainFollowed');
    expect(play.stateOf(followed)).toMatchObject({ status: 'REPLIED', category: 'A', replies: [given] });
    followed.when('followMainSuggestion', news, system).emits();
    followed.when('giveFeedback', play.satisfied, li).refused('HANDLED_WITH_MAIN');
    const alone = merged()
      .emits('SuggestionMerged', 'ClockStopped')
      .when('followMainSuggestion', { main: mainId, status: 'WITHDRAWN' }, system)
      .emits('MainFollowed', 'ClockStarted');
    expect(play.stateOf(alone)).toMatchObject({ status: 'REGISTERED', mergedInto: null });
    alone.when('assignSuggestion', play.toWater, dwc).emits('SuggestionAssigned', 'ClockStopped', 'ClockStarted');
  });
});

describe('escalation (P3, lessons U1, invariant 9)', () => {
  const offered = () => play.replied('C').after('proposeEscalation', { to: higher.mandate, reason: 'Regional.' }, li);
  const newId = idOf('the higher one');
  const escalated = () => offered().after('recordEscalation', { adoptedBy: higher.mandate, newId }, system);
  const origin = idOf('the origin');
  const adopt = (state: unknown, who = higher) =>
    play.begin().when('adoptSuggestion', { origin, ...play.text }, who, { [`suggestion-${origin}`]: state });

  it('no step of it touches the origin’s clocks or status (invariant 9)', () => {
    const before = play.stateOf(play.replied('C'));
    const after = play.stateOf(
      escalated().after('noteHigherStatus', { newId, status: 'ASSIGNED', on: '2026-04-01' }, system),
    );
    expect(after.clocks).toEqual(before.clocks);
    expect(after.status).toBe(before.status);
  });
  it('a cross-region matter may go higher whatever its category', () => {
    const cross = play
      .registered(true)
      .after('assignSuggestion', play.toWater, dwc)
      .after('receiveAssignment', {}, water)
      .after('contactDeputy', play.contact, water)
      .after('issueReply', play.reply('B'), water);
    cross.when('proposeEscalation', { to: higher.mandate, reason: 'x' }, li).emits('EscalationProposed');
  });
  it('the higher deputy adopts it as a NEW draft of his own congress, linked to the origin', () => {
    const adopted = adopt(play.stateOf(offered())).emits({
      type: 'SuggestionDrafted',
      data: { escalatedFrom: origin, originRegion: play.city, region: play.autonomousRegion, lead: higher.mandate },
    });
    expect(play.stateOf(adopted).status).toBe('DRAFT');
  });
  it('nobody adopts what was not offered to him', () => {
    adopt(play.stateOf(offered()), play.top).refused('NOT_OFFERED_TO_YOU');
    adopt(play.stateOf(play.replied('C'))).refused('NOT_OFFERED_TO_YOU');
    adopt(undefined).refused('NOT_OFFERED_TO_YOU');
  });
  it('the origin sees a word, a number and a date of the higher one, nothing else', () => {
    const noted = escalated().after(
      'noteHigherStatus',
      { newId, status: 'REPLIED', externalNumber: 'NM-2026-88', on: '2026-05-01' },
      system,
    );
    expect(play.stateOf(noted).escalations).toMatchObject([
      { answer: 'ADOPTED', newId, higherStatus: 'REPLIED', externalNumber: 'NM-2026-88', statusOn: '2026-05-01' },
    ]);
    noted.when('noteHigherStatus', { newId, status: 'REPLIED', on: '2026-05-02' }, system).emits();
    noted.when('noteHigherStatus', { newId, status: 'DECIDED', on: '2026-05-02' }, dwc).refused('NOT_ALLOWED');
    escalated()
      .when('noteHigherStatus', { newId: idOf('another'), status: 'DECIDED', on: '2026-05-02' }, system)
      .refused('NO_SUCH_SUGGESTION');
  });
  it('one who declines sees it no more and is not asked again', () => {
    expect(play.classFor(offered(), higher)).toBe('participant');
    const declined = offered().after('declineEscalation', {}, higher);
    expect(play.classFor(declined, higher)).toBeUndefined();
    declined.when('proposeEscalation', { to: higher.mandate, reason: 'x' }, li).refused('DECLINED_BEFORE');
  });
  it('what the region’s own system does is recorded by the lead signer or the origin’s city, no one else (P3)', () => {
    const handedIn = () =>
      adopt(play.stateOf(offered())).emits('SuggestionDrafted').after('submitSuggestion', {}, higher);
    const heard = { number: 'NM-2026-88', status: 'RECEIVED', on: '2026-03-02' };
    const recorded = handedIn().when('recordExternalHandling', heard, dwc).emits('ExternalHandlingRecorded');
    recorded.when('recordExternalHandling', heard, higher).emits();
    handedIn().when('recordExternalHandling', heard, coc).refused('NOT_ALLOWED');
    handedIn().when('recordExternalHandling', heard, play.countyDwc).refused('NOT_FOUND');
    play.registered().when('recordExternalHandling', heard, li).refused('HANDLED_ON_THIS_PLATFORM');
  });
});

describe('key suggestions, publication, evaluation (domain.md S7)', () => {
  const visit = { on: '2026-03-02', place: 'Canal, km 3', findings: 'Two dredgers at work.' };

  it('the council designates; the leader’s visits are recorded once', () => {
    const key = play
      .handling()
      .when('designateKeySuggestion', { leader: coc.post }, coc)
      .emits('KeySuggestionDesignated');
    key.when('designateKeySuggestion', { leader: coc.post }, coc).emits();
    key.when('recordKeyVisit', visit, coc).emits('KeySupervisionVisit').when('recordKeyVisit', visit, coc).emits();
    play.handling().when('designateKeySuggestion', { leader: coc.post }, dwc).refused('NOT_ALLOWED');
    play.handling().when('designateKeySuggestion', { leader: play.countyDwc.post }, coc).refused('NO_SUCH_LEADER');
    play.handling().when('recordKeyVisit', visit, dwc).refused('NOT_A_KEY_SUGGESTION');
  });
  it('the public sees the released text, not the reply nor the deputies', () => {
    const published = play
      .jointlyReplied()
      .after('reviewOpenness', { extent: 'SUMMARY', reason: 'A dispute is named.' }, dwc)
      .after('publishReply', { text: 'The canal will be dredged.' }, dwc);
    const seen = redact(suggestion.state, play.stateOf(published), 'public');
    expect(seen).toEqual({
      status: 'REPLIED',
      region: play.city,
      level: 'city',
      title: play.text.title,
      year: null,
      number: null,
      category: 'A',
      publication: { round: 1, extent: 'SUMMARY', text: 'The canal will be dredged.', on: '2026-03-02' },
    });
    published.when('publishReply', { text: 'More.' }, dwc).refused('PUBLISHED_ALREADY');
  });
  it('a withheld reply stays unseen by the public; the reason is kept', () => {
    const withheld = play
      .replied()
      .after('reviewOpenness', { extent: 'WITHHELD', reason: 'State secret.' }, dwc)
      .after('publishReply', { text: 'must not show' }, dwc);
    expect(withheld.audience()).not.toHaveProperty('public');
    expect(play.stateOf(withheld).publication).toMatchObject({ text: null, reason: 'State secret.' });
    expect(play.clock(withheld, 'T9')).toMatchObject({ status: 'STOPPED' });
  });
  it('a second round’s reply is reviewed for openness anew', () => {
    const second = play
      .pending()
      .after('reviewOpenness', { extent: 'FULL', reason: 'Public interest.' }, dwc)
      .after('orderRehandling', { reason: 'x' }, dwc)
      .after('contactDeputy', { ...play.contact, way: 'PHONE' }, water)
      .after('issueReply', play.reply('A'), water);
    second.when('publishReply', { text: 'x' }, dwc).refused('OPENNESS_REVIEW_REQUIRED');
  });
  it('evaluated when both scores are there, whoever comes first', () => {
    const office = play.closed().when('scoreSuggestionQuality', { value: 80 }, dwc).emits('SuggestionScored');
    office.when('scoreSuggestionQuality', { value: 90 }, dwc).refused('SCORED_ALREADY');
    play
      .closed()
      .after('scoreHandlingEffect', { value: 70 }, li)
      .when('scoreSuggestionQuality', { value: 80 }, dwc)
      .emits('SuggestionScored', { type: 'SuggestionEvaluated', data: { quality: 80, effect: 70 } });
    play.closed().when('scoreHandlingEffect', { value: 70 }, bao).refused('NOT_FOUND');
  });
});
