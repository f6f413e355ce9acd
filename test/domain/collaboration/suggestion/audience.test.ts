import { describe, expect, it } from 'vitest';
import { suggestion } from '../../../../src/domain/collaboration/suggestion/index.js';
import { classesOf } from '../../../../src/domain/kernel/visibility.js';
import { deputy, official } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, zhao, bao, dwc, coc, sec, govo, water, roads, countyDwc, regionDwc } = play;
const { classFor } = play;
const nationalOffice = official('SC', '000000');
const countyGovernment = official('GOVO', play.county);

describe('who sees a suggestion (domain.md S7 Live, P1, default deny)', () => {
  it('a draft is seen by its signers, the invited and collaborators only', () => {
    const draft = play.cosigning().after('addCollaborator', { mandate: bao.mandate }, li);
    expect([li, wang, bao].map((who) => classFor(draft, who))).toEqual(['participant', 'participant', 'participant']);
    for (const who of [zhao, dwc, coc, govo, regionDwc, countyDwc, water, deputy('anybody', play.city)])
      expect(classFor(draft, who)).toBeUndefined();
  });
  it('one who declines, or is removed, sees it no more', () => {
    expect(classFor(play.cosigning().after('declineCosign', {}, wang), wang)).toBeUndefined();
    expect(classFor(play.cosigning().after('removeCosigner', { mandate: wang.mandate }, li), wang)).toBeUndefined();
  });
  it('after submission: the office of the own region; the unconfirmed are out; others still nothing', () => {
    const submitted = play.cosigning().after('submitSuggestion', {}, li);
    expect([dwc, sec, coc].map((who) => classFor(submitted, who))).toEqual(['office', 'office', 'office']);
    expect(classFor(play.jointlySubmitted(), wang)).toBe('participant');
    for (const who of [wang, govo, regionDwc, countyDwc, water]) expect(classFor(submitted, who)).toBeUndefined();
  });
  it('a returned one that is edited is a draft again: the office sees it when it is handed in again', () => {
    expect(classFor(play.returned(), dwc)).toBe('office');
    const edited = play.returned().after('editSuggestion', { ...play.text, advice: 'Dredge km 3 to 9.' }, li);
    expect(classFor(edited, dwc)).toBeUndefined();
  });
  it('after registration: the government as office, the offices above as followers, none below or beside', () => {
    const registered = play.registered();
    expect(classFor(registered, govo)).toBe('office');
    expect([regionDwc, nationalOffice].map((who) => classFor(registered, who))).toEqual(['follower', 'follower']);
    for (const who of [countyDwc, countyGovernment, water]) expect(classFor(registered, who)).toBeUndefined();
  });
  it('after assignment: the organs as participants, no other organ', () => {
    const assigned = play.assigned();
    expect(classFor(assigned, water)).toBe('participant');
    expect(classFor(assigned, play.waterClerk)).toBe('participant');
    expect(classFor(assigned, roads)).toBeUndefined();
  });
  it('an organ whose return is agreed sees it no more, the new one does', () => {
    const moved = play.returnAsked().after('approveReturn', { organ: roads.organ }, dwc);
    expect([water, roads].map((who) => classFor(moved, who))).toEqual([undefined, 'participant']);
  });
  it('the public, and deputies who are not signers, only after publication', () => {
    const reviewed = play.replied().after('reviewOpenness', { extent: 'FULL', reason: 'Public interest.' }, dwc);
    expect(classFor(reviewed, zhao)).toBeUndefined();
    expect(classFor(reviewed.after('publishReply', { text: 'It will be dredged.' }, dwc), zhao)).toBe('public');
  });
  it('an office above sees it and can do nothing to it (P1)', () => {
    const asked = play.submitted();
    asked.when('registerSuggestion', play.register, regionDwc).refused('NOT_FOUND');
    play.registered().when('assignSuggestion', play.toWater, regionDwc).refused('NOT_ALLOWED');
    play.pending().when('orderRehandling', { reason: 'x' }, regionDwc).refused('NOT_ALLOWED');
    play.replied().when('publishReply', { text: 'x' }, regionDwc).refused('NOT_ALLOWED');
    play.closed().when('scoreSuggestionQuality', { value: 1 }, regionDwc).refused('NOT_ALLOWED');
  });
  it('followers see where it stands, and neither text, replies nor feedback; notes of the office stay there', () => {
    const classes = classesOf(suggestion.state) ?? {};
    const expected = {
      public: ['title', 'status', 'number', 'category', 'publication'],
      follower: ['organs', 'clocks', 'external'],
      participant: ['situation', 'advice', 'signatories', 'replies', 'feedbacks', 'contacts', 'promises'],
      office: ['similar', 'openness', 'supervision'],
    };
    for (const [visibility, fields] of Object.entries(expected))
      for (const field of fields) expect([field, classes[field]]).toEqual([field, visibility]);
  });
});
