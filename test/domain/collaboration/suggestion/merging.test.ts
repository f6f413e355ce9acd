import { describe, expect, it } from 'vitest';
import { idOf } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, zhao, dwc, system } = play;
const mainId = idOf('the main suggestion');
const main = () => play.stateOf(play.registered());
const merged = () => {
  const known = { [`suggestion-${mainId}`]: main() };
  return play.jointlyRegistered().after('mergeSuggestion', { into: mainId }, dwc, known);
};
const signed = (who: typeof li) => ({ mandate: who.mandate, person: who.person, from: null });
const takeIn = { suggestion: idOf('the merged one'), signatories: [signed(wang), signed(li)] };

describe('what a merged suggestion takes over (并案, invariant 2)', () => {
  const [given] = play.stateOf(play.repliedWithPromise()).replies;
  const { promises } = play.stateOf(play.repliedWithPromise());
  const news = { main: mainId, status: 'REPLIED', reply: given, promises };
  const followed = () => merged().after('followMainSuggestion', news, system);

  it('a category that was corrected there is corrected here, once', () => {
    const corrected = { ...news, reply: { ...given, category: 'A' } };
    expect(play.stateOf(followed())).toMatchObject({ category: 'B', replies: [given] });
    const now = followed().when('followMainSuggestion', corrected, system).emits('MainFollowed');
    expect(play.stateOf(now)).toMatchObject({ category: 'A', replies: [{ ...given, category: 'A' }] });
    now.when('followMainSuggestion', corrected, system).emits();
  });
  it('a reply whose organ was merged into another is still the same reply', () => {
    const moved = { ...news, reply: { ...given, organ: play.roads.organ } };
    expect(play.stateOf(followed().after('followMainSuggestion', moved, system)).replies).toHaveLength(1);
  });
  it('what is promised there is seen here as it stands', () => {
    expect(play.stateOf(followed()).promises).toEqual(promises);
    const kept = promises.map((one) => ({ ...one, state: 'FULFILLED' }));
    const now = followed()
      .when('followMainSuggestion', { ...news, promises: kept }, system)
      .emits('MainPromisesFollowed');
    expect(play.stateOf(now).promises).toEqual(kept);
    now.when('followMainSuggestion', { ...news, promises: kept }, system).emits();
  });
});

describe('the signers of a merged suggestion (invariants 2, 5)', () => {
  it('a person who stands twice in the merged list is answered once', () => {
    const again = { ...zhao, mandate: idOf('zhao again') };
    const signatories = [signed(zhao), signed(again)];
    const taken = play.contacted().after('takeInMerged', { ...takeIn, signatories }, system);
    expect(play.stateOf(taken).signatories.map((x) => x.mandate)).toEqual([li.mandate, zhao.mandate]);
  });
  it('no time for feedback runs for a mandate that has ended; the reply still goes there (P6)', () => {
    const known = { [`mandate-${wang.mandate}`]: play.mandateOf(wang, 'ENDED') };
    play
      .replied()
      .when('takeInMerged', takeIn, system, known)
      .emits('SuggestionTakenIn', { type: 'ReplyDelivered', data: { to: [wang.mandate] } });
  });
});

describe('merged at the moment when the other is withdrawn', () => {
  it('the withdrawn one takes nobody in, but is told of it, so that it can say so', () => {
    const taken = play
      .withdrawn()
      .when('takeInMerged', takeIn, system)
      .emits({ type: 'SuggestionTakenIn', data: { signatories: [] } });
    expect(play.stateOf(taken)).toMatchObject({ status: 'WITHDRAWN', mergedFrom: [takeIn.suggestion] });
  });
  it('one that was withdrawn itself does not move on', () => {
    play.withdrawn().when('followMainSuggestion', { main: mainId, status: 'REPLIED' }, system).refused('WRONG_STATE');
  });
  it('one that stands alone again has T2 anew (domain.md §2)', () => {
    const alone = merged()
      .at('2026-03-10')
      .after('followMainSuggestion', { main: mainId, status: 'WITHDRAWN' }, system);
    expect(play.clock(alone, 'T2')).toMatchObject({ status: 'RUNNING', startedOn: '2026-03-10' });
    alone.when('assignSuggestion', play.toWater, dwc).emits('SuggestionAssigned', 'ClockStopped', 'ClockStarted');
  });
});
