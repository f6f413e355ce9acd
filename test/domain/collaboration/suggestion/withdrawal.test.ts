import { describe, expect, it } from 'vitest';
import { idOf } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, zhao, dwc, system } = play;
const ask = { reason: 'Solved.' };
const over = (who = wang) => ({ [`mandate-${who.mandate}`]: play.mandateOf(who, 'ENDED') });

describe('withdrawal (domain.md S7, Shanghai provisions art. 10)', () => {
  it('a joint suggestion is withdrawn when the last signer has asked', () => {
    const one = play.jointlyRegistered().when('withdrawSuggestion', ask, wang).emits('WithdrawalAsked');
    one.when('withdrawSuggestion', ask, wang).emits();
    expect(play.stateOf(one).status).toBe('REGISTERED');
    const all = one.when('withdrawSuggestion', ask, li).emits('WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped');
    expect(play.stateOf(all).status).toBe('WITHDRAWN');
  });
  it('a signer whose mandate has ended does not hold it up; one who is suspended does (P6)', () => {
    play
      .jointlyRegistered()
      .when('withdrawSuggestion', ask, li, over())
      .emits('WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped');
    play
      .jointlyRegistered()
      .when('withdrawSuggestion', ask, li, { [`mandate-${wang.mandate}`]: play.mandateOf(wang, 'SUSPENDED') })
      .emits('WithdrawalAsked');
  });
  it('one who has asked asks again when the last other mandate has ended', () => {
    play
      .jointlyRegistered()
      .after('withdrawSuggestion', ask, li)
      .when('withdrawSuggestion', ask, li, over())
      .emits('SuggestionWithdrawn', 'ClockStopped');
  });
  it('signers who came in with a merged suggestion neither ask nor are asked', () => {
    const signatories = [{ mandate: zhao.mandate, person: zhao.person, from: null }];
    const taken = play.registered().after('takeInMerged', { suggestion: idOf('merged'), signatories }, system);
    taken.when('withdrawSuggestion', ask, zhao).refused('NOT_ALLOWED');
    taken.when('withdrawSuggestion', ask, li).emits('WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped');
  });
  it('who asked to withdraw a returned text has not asked to withdraw the one handed in again', () => {
    const again = play
      .jointlySubmitted()
      .after('withdrawSuggestion', ask, li)
      .after('returnForRevision', { ground: 'OTHER', reason: 'Name the stretch.' }, dwc)
      .after('editSuggestion', { ...play.text, advice: 'Dredge km 3 to 9.' }, li)
      .after('confirmCosign', { version: 2 }, wang)
      .after('submitSuggestion', {}, li);
    again.when('withdrawSuggestion', ask, wang).emits('WithdrawalAsked');
  });
});

describe('a discarded draft (domain.md S7)', () => {
  it('its own people still see it, the office does not, also when it once had it', () => {
    const dropped = play.cosigning().after('discardDraft', {}, li);
    expect([li, wang, dwc].map((who) => play.classFor(dropped, who))).toEqual([
      'participant',
      'participant',
      undefined,
    ]);
    const returned = play
      .returned()
      .after('editSuggestion', { ...play.text, advice: 'Dredge km 3 to 9.' }, li)
      .after('discardDraft', {}, li);
    expect(play.classFor(returned, dwc)).toBeUndefined();
    returned.when('submitSuggestion', {}, li).refused('WRONG_STATE');
  });
});
