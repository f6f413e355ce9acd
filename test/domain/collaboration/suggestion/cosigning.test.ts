import { describe, expect, it } from 'vitest';
import { classIn, tagsOf } from '../../../../src/domain/kernel/actor.js';
import { deputy } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, zhao, bao, dwc } = play;
const edit = { ...play.text, advice: 'Dredge km 3 to 9.' };

describe('co-signing (domain.md S7, P2, invariants 4 and 5)', () => {
  it('an edit voids every confirmation: only the new text can be confirmed (S7)', () => {
    const edited = play.confirmed().when('editSuggestion', edit, li).emits('SuggestionEdited');
    expect(play.stateOf(edited).cosigners).toMatchObject([{ mandate: wang.mandate, answer: 'INVITED', version: null }]);
    edited.when('confirmCosign', { version: 1 }, wang).refused('TEXT_HAS_CHANGED');
    edited.when('confirmCosign', { version: 2 }, wang).emits('CosignConfirmed');
  });
  it('an edit that changes nothing voids nothing', () => {
    const same = play.confirmed().when('editSuggestion', play.text, li).emits();
    expect(play.stateOf(same).cosigners).toMatchObject([{ answer: 'CONFIRMED' }]);
  });
  it('a returned suggestion needs its confirmations anew once it is edited (S7)', () => {
    const edited = play
      .jointlySubmitted()
      .after('returnForRevision', { ground: 'OTHER', reason: 'Name the stretch.' }, dwc)
      .when('editSuggestion', edit, li)
      .emits('SuggestionEdited');
    expect(play.stateOf(edited).status).toBe('COSIGNING');
    const again = edited.when('submitSuggestion', {}, li).emits('SuggestionSubmitted', 'ClockStarted');
    expect(play.stateOf(again).signatories.map((x) => x.mandate)).toEqual([li.mandate]);
  });
  it('an unconfirmed invitation does not count as a signer (§3a Submit)', () => {
    const submitted = play.cosigning().when('submitSuggestion', {}, li).emits('SuggestionSubmitted', 'ClockStarted');
    expect(play.stateOf(submitted).signatories).toEqual([{ mandate: li.mandate, person: li.person, from: null }]);
  });
  it('a co-signer whose mandate is suspended at submission does not count (invariant 4)', () => {
    const suspended = { [`mandate-${wang.mandate}`]: play.mandateOf(wang, 'SUSPENDED') };
    const submitted = play.confirmed().after('submitSuggestion', {}, li, suspended);
    expect(play.stateOf(submitted).signatories.map((x) => x.mandate)).toEqual([li.mandate]);
  });
  it('a co-signer who moved to another congress before submission does not count (invariant 4)', () => {
    const moved = { [`mandate-${wang.mandate}`]: { ...play.mandateOf(wang), region: play.county } };
    const submitted = play.confirmed().after('submitSuggestion', {}, li, moved);
    expect(play.stateOf(submitted).signatories).toHaveLength(1);
  });
  it('a person counts once, also under a second mandate (invariant 5)', () => {
    const twice = { ...deputy('wang again', play.city), person: wang.person };
    play
      .confirmed()
      .when('inviteCosigner', { mandate: twice.mandate }, li, { [`mandate-${twice.mandate}`]: play.mandateOf(twice) })
      .refused('SIGNER_ALREADY');
    const submitted = play
      .confirmed()
      .after('inviteCosigner', { mandate: zhao.mandate }, li)
      .after('confirmCosign', { version: 1 }, zhao)
      .after('submitSuggestion', {}, li, {
        [`mandate-${zhao.mandate}`]: { ...play.mandateOf(zhao), person: wang.person },
      });
    expect(play.stateOf(submitted).signatories.map((x) => x.person)).toEqual([li.person, wang.person]);
  });
  it('an invitation cannot be sent to a suspended mandate (§3a InviteCosign)', () => {
    play
      .drafted()
      .when('inviteCosigner', { mandate: wang.mandate }, li, {
        [`mandate-${wang.mandate}`]: play.mandateOf(wang, 'SUSPENDED'),
      })
      .refused('MANDATE_NOT_IN_FORCE');
  });
  it('one who declined can be invited again, one who was removed too', () => {
    const declined = play.cosigning().after('declineCosign', {}, wang);
    declined.when('inviteCosigner', { mandate: wang.mandate }, li).emits('CosignInvited');
    const removed = play.cosigning().after('removeCosigner', { mandate: wang.mandate }, li);
    removed.when('inviteCosigner', { mandate: wang.mandate }, li).emits('CosignInvited');
  });
});

describe('collaborators of other levels (P2)', () => {
  const joined = () => play.drafted().after('addCollaborator', { mandate: bao.mandate }, li);

  it('a deputy of the same congress is a co-signer, never a collaborator', () => {
    play.drafted().when('addCollaborator', { mandate: wang.mandate }, li).refused('COLLABORATOR_OF_OWN_CONGRESS');
  });
  it('a collaborator gives material, survey or endorsement, once', () => {
    const survey = { kind: 'SURVEY', text: 'Of 40 households 38 lack water.' };
    joined()
      .when('giveCollaboration', survey, bao)
      .emits('CollaborationGiven')
      .when('giveCollaboration', survey, bao)
      .emits();
    joined().when('giveCollaboration', survey, li).refused('NOT_ALLOWED');
  });
  it('a collaborator never becomes a signer, and cannot confirm or rate', () => {
    joined().when('confirmCosign', { version: 1 }, bao).refused('NOT_ALLOWED');
    const submitted = joined().after('submitSuggestion', {}, li);
    expect(play.stateOf(submitted).signatories.map((x) => x.mandate)).toEqual([li.mandate]);
  });
  it('a collaborator who is removed sees nothing any more', () => {
    const removed = joined().after('removeCollaborator', { mandate: bao.mandate }, li);
    expect(classIn(removed.audience(), tagsOf(bao))).toBeUndefined();
    removed.when('giveCollaboration', { kind: 'SURVEY', text: 'x' }, bao).refused('NOT_FOUND');
  });
});

describe('review (domain.md S7)', () => {
  it('in session before the cut-off it is a suggestion of the session: T1 runs from the closing day', () => {
    const before = play.begin().at('2026-01-14T09:59:59.000Z').after('draftSuggestion', play.text, li);
    const submitted = before.after('submitSuggestion', {}, li);
    expect(play.stateOf(submitted)).toMatchObject({ occasion: 'IN_SESSION', session: 5 });
    expect(play.clock(submitted, 'T1')).toMatchObject({
      startedOn: '2026-01-16',
      dueOn: '2026-01-26',
      owner: `office:${play.city}`,
    });
  });
  it('after the cut-off it is one between sessions: T2 runs from the day it was handed in', () => {
    const after = play.begin().at('2026-01-14T10:00:01.000Z').after('draftSuggestion', play.text, li);
    const submitted = after.after('submitSuggestion', {}, li);
    expect(play.stateOf(submitted)).toMatchObject({ occasion: 'INTERSESSION', session: null });
    expect(play.clock(submitted, 'T2')).toMatchObject({ startedOn: '2026-01-14', dueOn: '2026-01-21' });
  });
  it('the same suggestion of the same deputy is registered once (duplicate check)', () => {
    const other = play.stateOf(play.registered());
    const similar = 'a1111111-1111-4111-8111-111111111111';
    const input = { ...play.register, similar: [similar] };
    play
      .submitted()
      .when('registerSuggestion', input, dwc, { [`suggestion-${similar}`]: other })
      .refused('DUPLICATE_SUGGESTION');
    play
      .submitted()
      .when('registerSuggestion', input, dwc, { [`suggestion-${similar}`]: { ...other, lead: wang.mandate } })
      .emits({ type: 'SuggestionRegistered', data: { similar: [similar] } });
  });
  it('a number is recorded once', () => {
    const numbered = play.registered().after('recordSuggestionNumber', { year: 2026, number: 17 }, play.system);
    numbered.when('recordSuggestionNumber', { year: 2026, number: 17 }, play.system).emits();
    numbered.when('recordSuggestionNumber', { year: 2026, number: 18 }, play.system).refused('NUMBERED_ALREADY');
  });
});
