import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boardOf } from '../../../src/projections/boards/index.js';
import { assigned, city, registered, replied, seenBy } from '../../projections/town.js';
import { askingIn, cityWithAuditor } from './rig.js';

const board = `query ($at: LogAt!, $region: RegionCode!) { boardAt(level: city, region: $region, at: $at) {
  state position board { ... on CityBoard { funnel { status count } keySuggestions { id title } invitations { title } } } } }`;

describe('a board as it was (issue 5 part 2)', () => {
  it('shows the numbers of then, by a position and by a time', async () => {
    const { at, auditor, dwc, bat } = await cityWithAuditor();
    const water = await at.official('ORG', city, 'water');
    const id = await registered(at, bat, dwc, 'Canals');
    const { data, head, settle } = await askingIn(at);
    await settle();
    const before = await head();
    at.at('2026-03-05');
    await assigned(at, id, dwc, water);
    await replied(at, id, water, bat, 'A');
    await settle();
    const funnel = async (point: object, who = auditor) =>
      (await data(board, who, { at: point, region: city })).boardAt.board.funnel;
    expect(await funnel({ position: before })).toEqual([{ status: 'REGISTERED', count: 1 }]);
    expect(await funnel({ time: '2026-03-04T00:00:00Z' }, dwc)).toEqual([{ status: 'REGISTERED', count: 1 }]);
    expect(await funnel({ time: '2026-01-01T00:00:00Z' })).toEqual([]);
    const now = await boardOf(at)(city, 'city', seenBy(auditor));
    expect(now).toMatchObject({ funnel: await funnel({ position: await head() }) });
    expect(await funnel({ position: await head() })).not.toEqual(await funnel({ position: before }));
  });

  it('names no case that is not the viewer’s to see any more', async () => {
    const { at, dwc } = await cityWithAuditor();
    const sc = await at.official('SC', city);
    const [bat, other] = [await at.deputy('B', city), await at.deputy('Od', city)];
    const { id } = await at.act(sc, 'planJointMeeting', { title: 'Water', purpose: 'Canals.' });
    await at.act(sc, 'inviteParticipants', { parties: [bat.mandate, other.mandate] }, id);
    const { data, head, settle } = await askingIn(at);
    await settle();
    const position = await head();
    const invitations = async (who: typeof bat) =>
      (await data(board, who, { at: { position }, region: city })).boardAt.board.invitations;
    expect(await invitations(bat)).toEqual([{ title: 'Water' }]);
    await at.act(sc, 'removeParticipant', { party: bat.mandate, reason: 'Left.' }, id);
    await settle();
    expect(await invitations(bat)).toEqual([]);
    expect(await invitations(other)).toEqual([{ title: 'Water' }]);
    expect(dwc.standing).toBe('active');
  });

  it('who may not watch a board now may not watch its past, and nothing is folded for it', async () => {
    const { at, bat } = await cityWithAuditor();
    const { refusal, settle, head, folder } = await askingIn(at);
    await settle();
    const ended = { ...bat, standing: 'ended' as const };
    const args = { at: { position: await head() }, region: city };
    expect(await refusal(board, ended, args)).toBe('NOT_ALLOWED');
    expect(await refusal(board, null, args)).toBe('SIGN_IN_REQUIRED');
    expect(await refusal(board, bat, { ...args, region: '150821' })).toBe('WRONG_LEVEL');
    expect(await refusal(board, bat, { ...args, at: { position: 'f'.repeat(16) } })).toBe('POSITION_AHEAD');
    expect(existsSync(folder)).toBe(false);
  });
});
