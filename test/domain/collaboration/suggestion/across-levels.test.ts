import { describe, expect, it } from 'vitest';
import { issue } from '../../../../src/domain/collaboration/issue/issue.js';
import { suggestion, suggestionActions } from '../../../../src/domain/collaboration/suggestion/index.js';
import { classesOf } from '../../../../src/domain/kernel/visibility.js';
import { deputy, idOf, specOf } from '../../../support/spec.js';
import * as play from './play.js';

const { li, wang, bao, dwc, higher, top, system } = play;

describe('who may be asked, and what is adopted (P3)', () => {
  const offer = (to: typeof higher) => ({ to: to.mandate, reason: 'A regional matter.' });
  const offered = () => play.replied('C').after('proposeEscalation', offer(higher), li);
  const origin = idOf('the origin');
  const adopt = (state: unknown) =>
    play.begin().when('adoptSuggestion', { origin, ...play.text }, higher, { [`suggestion-${origin}`]: state });

  it('the deputy of the next level is of the region in which this one lies', () => {
    const beside = deputy('beside', '140000');
    play
      .replied('C')
      .when('proposeEscalation', offer(beside), li, { [`mandate-${beside.mandate}`]: play.mandateOf(beside) })
      .refused('NOT_THE_NEXT_LEVEL');
  });
  it('one who has declined adopts it no more', () => {
    adopt(play.stateOf(offered().after('declineEscalation', {}, higher))).refused('NOT_OFFERED_TO_YOU');
    adopt(play.stateOf(offered())).emits('SuggestionDrafted');
  });
  it('the city’s office sees the higher suggestion when it is handed in, not the draft', () => {
    const draft = adopt(play.stateOf(offered())).emits('SuggestionDrafted');
    expect(play.classFor(draft, dwc)).toBeUndefined();
    expect(play.classFor(draft.after('submitSuggestion', {}, higher), dwc)).toBe('follower');
  });
  it('that the higher level did not accept it, or that it was withdrawn there, is told in those words (lessons U1)', () => {
    const newId = idOf('the higher one');
    for (const status of ['NOT_ACCEPTED', 'WITHDRAWN'] as const) {
      const told = offered()
        .after('recordEscalation', { adoptedBy: higher.mandate, newId }, system)
        .after('noteHigherStatus', { newId, status, on: '2026-05-01' }, system);
      expect(play.stateOf(told).escalations).toMatchObject([{ higherStatus: status }]);
    }
  });
});

describe('suggestions of the nation and the autonomous region (P3)', () => {
  const handedIn = () =>
    play.begin().at('2026-03-02').after('draftSuggestion', play.text, higher).after('submitSuggestion', {}, higher);
  const heard = (status: string) => ({ number: 'NM-2026-88', status, on: '2026-03-02' });

  it('no clock of ours begins for them: T1 and T2 are the other system’s', () => {
    expect(play.stateOf(handedIn()).clocks).toEqual([]);
    const nation = play.begin().after('draftSuggestion', play.text, top).after('submitSuggestion', {}, top);
    expect(play.stateOf(nation).clocks).toEqual([]);
    expect(play.clock(play.submitted(), 'T2')).toMatchObject({ status: 'RUNNING' });
  });
  it.each(['DECIDED', 'NOT_ACCEPTED', 'WITHDRAWN'])(
    'the other system’s %s ends the case here, and every clock',
    (end) => {
      const running = handedIn()
        .after('registerSuggestion', play.register, play.regionDwc)
        .after(
          'assignSuggestion',
          { mode: 'LEAD_AND_CO', organs: [{ organ: play.regionalOrgan.organ, role: 'LEAD' }] },
          play.regionDwc,
        );
      const over = running
        .when('recordExternalHandling', heard(end), higher)
        .emits('ExternalHandlingRecorded', 'SuggestionClosed', 'ClockStopped');
      expect(play.stateOf(over)).toMatchObject({ status: 'CLOSED', closedOn: '2026-03-02' });
      over.when('recordExternalHandling', heard(end), higher).emits();
    },
  );
  it('what is not the end closes nothing', () => {
    handedIn().when('recordExternalHandling', heard('REPLIED'), higher).emits('ExternalHandlingRecorded');
  });
});

describe('a suggestion on an issue of an inspection (S10, P1)', () => {
  const id = idOf('the issue');
  const found = {
    inspection: idOf('inspection'),
    host: play.city,
    joinedRegions: [],
    region: play.county,
    title: 'Leak',
    severity: 'SERIOUS',
    law: null,
    article: null,
    finder: li.mandate,
    evidence: 'Seen.',
    suspectedOrgan: null,
    team: [`mandate:${li.mandate}`],
  };
  const stateOf = (...later: string[]) => {
    const spec = specOf(issue, {}).given({ type: 'IssueFound', data: found });
    for (const type of later) spec.given({ type, data: {} });
    return spec.state();
  };
  const draft = (who: typeof li, state: unknown) =>
    specOf(suggestion, suggestionActions, { known: play.known }).when(
      'draftSuggestion',
      { ...play.text, issue: id },
      who,
      {
        [`issue-${id}`]: state,
      },
    );

  it('one of the team drafts on it as soon as it is found', () => {
    draft(li, stateOf()).emits({ type: 'SuggestionDrafted', data: { issue: id } });
  });
  it('one who may not see it is told what is told of an issue that does not exist', () => {
    const hidden = draft(wang, stateOf()).refused('NOT_FOUND');
    expect(hidden).toEqual(draft(wang, undefined).refused('NOT_FOUND'));
    draft(wang, stateOf('IssueConfirmed')).emits('SuggestionDrafted');
  });
  it('it goes to the congress of the issue’s region or of one above, never beside or below', () => {
    draft(bao, stateOf('IssueConfirmed')).emits('SuggestionDrafted');
    const beside = deputy('beside', '150821');
    draft(beside, stateOf('IssueConfirmed')).refused('ISSUE_OF_OTHER_REGION');
    const below = deputy('below', '150802100');
    draft(below, stateOf('IssueConfirmed')).refused('ISSUE_OF_OTHER_REGION');
  });
});

describe('what is told (default deny, lessons U7)', () => {
  it('an edited text, its title too, is for the signers alone', () => {
    const { schema } = suggestion.events.SuggestionEdited;
    expect(new Set(Object.values(classesOf(schema) ?? {}))).toEqual(new Set(['participant']));
  });
  it('a refusal for the wrong state names the states in Chinese to those who read Chinese', () => {
    const refused = play.submitted().when('submitSuggestion', {}, li).refused('WRONG_STATE');
    expect(refused.message).toEqual([
      'This cannot be done while the case is SUBMITTED; it can when it is DRAFT, COSIGNING.',
      '事项处于“已提交”状态，不能执行此操作；可执行的状态：草稿、联名中。',
    ]);
    expect(refused.next[1]).not.toMatch(/[A-Za-z]/);
    const offer = { to: top.mandate, reason: 'x' };
    const level = play.replied('C').when('proposeEscalation', offer, li).refused('NOT_THE_NEXT_LEVEL');
    expect(level.message[1]).not.toMatch(/[A-Za-z]/);
  });
});
