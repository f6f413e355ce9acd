import { describe, expect, it } from 'vitest';
import { city, newTown, registered, words } from '../../projections/town.js';
import { askingIn, cityWithAuditor } from './rig.js';

const meetingAt = `query ($id: ID!, $at: CaseAt) { jointMeeting(id: $id, at: $at) { viewerClass revision title purpose } }`;

describe('a case as it was (issue 5 part 2)', () => {
  it('whoever was taken out does not see the past in which he or she took part', async () => {
    const at = await newTown();
    await at.congress(city);
    const sc = await at.official('SC', city);
    const [bat, other] = [await at.deputy('Bat', city), await at.deputy('Od', city)];
    const { id } = await at.act(sc, 'planJointMeeting', { title: 'Water', purpose: 'Canals.' });
    await at.act(sc, 'inviteParticipants', { parties: [bat.mandate, other.mandate] }, id);
    const { data, head, settle, refusal } = await askingIn(at);
    await settle();
    const position = await head();
    const seen = { viewerClass: 'participant', title: 'Water', purpose: 'Canals.' };
    expect((await data(meetingAt, bat, { id, at: { position } })).jointMeeting).toMatchObject(seen);

    await at.act(sc, 'removeParticipant', { party: bat.mandate, reason: 'Left.' }, id);
    await settle();
    for (const point of [{ position }, { revision: 1 }, { time: at.now().toISOString() }])
      expect((await data(meetingAt, bat, { id, at: point })).jointMeeting, JSON.stringify(point)).toBeNull();
    expect((await data(meetingAt, other, { id, at: { position } })).jointMeeting).toMatchObject(seen);
    const difference = `query ($id: ID!) { caseDifference(caseId: $id, from: { revision: 0 }) { changes { path } } }`;
    expect(await refusal(difference, bat, { id })).toBe('NOT_FOUND');
    expect((await data(difference, other, { id })).caseDifference.changes).not.toEqual([]);
  });

  it('a draft of the past stays with those who wrote it, and with no auditor', async () => {
    const { at, dwc, auditor, bat } = await cityWithAuditor();
    const { data, settle } = await askingIn(at);
    const id = await registered(at, bat, dwc, 'Canals');
    await settle();
    const query = `query ($id: ID!, $at: CaseAt) { suggestion(id: $id, at: $at) { title viewerClass } }`;
    const draft = { id, at: { revision: 0 } };
    expect((await data(query, bat, draft)).suggestion).toMatchObject({ title: 'Canals' });
    for (const one of [dwc, auditor]) {
      expect((await data(query, one, draft)).suggestion).toBeNull();
      expect((await data(query, one, { id })).suggestion).toEqual({ title: 'Canals', viewerClass: 'office' });
    }
  });

  it('an auditor sees the cases of the own region as its offices do, and can do nothing with them', async () => {
    const { at, dwc, auditor, bat } = await cityWithAuditor();
    const elsewhere = await at.official('AUD', '150821');
    const { data, settle } = await askingIn(at);
    const { id } = await at.act(bat, 'draftSuggestion', { title: 'Canals', ...words });
    await at.act(bat, 'submitSuggestion', {}, id);
    await settle();
    const query = `query ($id: ID!) { suggestion(id: $id) { title availableActions { action open } } }`;
    const seen = (await data(query, auditor, { id })).suggestion;
    expect(seen.title).toBe('Canals');
    expect(seen.availableActions.filter(({ open }: { open: boolean }) => open)).toEqual([]);
    expect((await data(query, elsewhere, { id })).suggestion).toBeNull();
    const open = (await data(query, dwc, { id })).suggestion.availableActions.filter(
      ({ open }: { open: boolean }) => open,
    );
    expect(open).not.toEqual([]);
  });

  it('a point is one point of this log: what is none, or lies ahead, is refused', async () => {
    const { at, bat } = await cityWithAuditor();
    const { id } = await at.act(bat, 'draftSuggestion', { title: 'Canals', ...words });
    const { refusal, settle } = await askingIn(at);
    await settle();
    const query = `query ($id: ID!, $at: CaseAt) { suggestion(id: $id, at: $at) { title } }`;
    const at_ = (point: unknown) => refusal(query, bat, { id, at: point });
    expect(await at_({})).toBe('AT_ONE_POINT');
    expect(await at_({ revision: 0, position: '0' })).toBe('AT_ONE_POINT');
    expect(await at_({ position: '0' })).toBe('BAD_POSITION');
    expect(await at_({ position: 'f'.repeat(16) })).toBe('POSITION_AHEAD');
  });

  it('a cursor whose position is none is refused as a cursor, wherever it is given', async () => {
    const { at, bat } = await cityWithAuditor();
    const { id } = await at.act(bat, 'draftSuggestion', { title: 'Canals', ...words });
    const { refusal, settle } = await askingIn(at);
    await settle();
    const cursors = ['0', 'zzz', '000000000000000g', 'E'].map((position) => `${at.store.epoch}.${position}`);
    const asked = { id, at: { revision: 0 } };
    const lists = [
      'query ($id: ID!, $after: String) { caseHistory(caseId: $id, after: $after) { nodes { id } } }',
      'query ($after: String) { dutyFeed(after: $after) { nodes { id } } }',
    ];
    const authority = `query ($after: String) { authorityAt(at: { time: "2026-03-01T00:00:00Z" }, after: $after) { nodes { name } } }`;
    for (const after of [...cursors, 'x', ''])
      for (const query of [...lists, authority])
        expect([query, after, await refusal(query, bat, { ...asked, after })]).toEqual([query, after, 'BAD_CURSOR']);
    for (const after of ['mandate.', 'mandate.zzz', 'organ.eyJ9'])
      expect([after, await refusal(authority, bat, { after })]).toEqual([after, 'BAD_CURSOR']);
  });
});
