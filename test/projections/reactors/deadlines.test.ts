import { describe, expect, it } from 'vitest';
import type { CaseClock } from '../../../src/domain/kernel/case-clocks.js';
import { deadlines } from '../../../src/projections/reactors/deadlines.js';
import type { Town } from '../town.js';
import { assigned, city, newTown, registered } from '../town.js';

/** A suggestion assigned on 2 March 2026: T5 ends on 2 June 2026. */
async function handled() {
  const at = await newTown();
  await at.congress(city);
  const [dwc, sc] = [await at.official('DWC', city), await at.official('SC', city)];
  const water = await at.official('ORG', city, 'water');
  const bat = await at.deputy('Bat', city);
  const id = await registered(at, bat, dwc, 'Canals');
  await assigned(at, id, dwc, water);
  return { at, id, dwc, sc, water, bat };
}
async function said(at: Town, limit: string) {
  const events = await at.log('DueWarned', 'BecameOverdue');
  return events
    .map(({ type, data, meta }) => ({ type, actor: meta.actor, ...(data as CaseClock & { mark?: string }) }))
    .filter((clock) => clock.limit === limit)
    .map(({ type, mark, dueOn }) => `${mark ?? type} ${dueOn}`);
}

describe('deadlines (domain.md §2, U2, A6)', () => {
  it('warns at 50 %, 80 % and five working days before, and is overdue once, on the day after', async () => {
    const { at } = await handled();
    const { settle } = at.run();
    const lines: Record<string, string[]> = {};
    for (const day of [
      '2026-04-16',
      '2026-04-17',
      '2026-05-14',
      '2026-05-26',
      '2026-06-02',
      '2026-06-03',
      '2026-06-04',
    ]) {
      at.at(day);
      await settle();
      await settle();
      lines[day] = await said(at, 'T5');
    }
    const [half, fourFifths, five] = ['half 2026-06-02', 'fourFifths 2026-06-02', 'fiveWorkdays 2026-06-02'];
    expect(lines).toEqual({
      '2026-04-16': [],
      '2026-04-17': [half],
      '2026-05-14': [half, fourFifths],
      '2026-05-26': [half, fourFifths, five],
      '2026-06-02': [half, fourFifths, five],
      '2026-06-03': [half, fourFifths, five, 'BecameOverdue 2026-06-02'],
      '2026-06-04': [half, fourFifths, five, 'BecameOverdue 2026-06-02'],
    });
  });

  it('an extension arms it again: overdue once for the new due date, and never for the old one (U3)', async () => {
    const { at, id, dwc, water } = await handled();
    const { settle } = at.run();
    await at.act(water, 'requestExtension', { until: '2026-07-02', reasons: 'Wide.' }, id);
    at.at('2026-06-01');
    await settle();
    await at.act(dwc, 'grantExtension', { organ: water.organ }, id);
    for (const day of ['2026-06-03', '2026-07-02', '2026-07-03', '2026-07-20']) {
      at.at(day);
      await settle();
    }
    const overdue = (await said(at, 'T5')).filter((line) => line.startsWith('BecameOverdue'));
    expect(overdue).toEqual(['BecameOverdue 2026-07-02']);
    expect((await said(at, 'T5')).filter((line) => line.startsWith('half'))).toEqual([
      'half 2026-06-02',
      'half 2026-07-02',
    ]);
  });

  it('what fell due while the process was down is all said once when it is back', async () => {
    const { at } = await handled();
    const first = at.run();
    at.at('2026-05-20');
    await first.settle();
    await first.stop();
    at.at('2026-06-10');
    const second = at.run();
    await second.settle();
    await second.settle();
    expect((await said(at, 'T5')).sort()).toEqual([
      'BecameOverdue 2026-06-02',
      'fiveWorkdays 2026-06-02',
      'fourFifths 2026-06-02',
      'half 2026-06-02',
    ]);
  });

  it('a clock that was stopped says nothing', async () => {
    const { at, id, water, bat } = await handled();
    const { settle } = at.run();
    const contact = { mandate: bat.mandate, way: 'VISIT', on: '2026-03-02', summary: 'Heard.' };
    await at.act(water, 'contactDeputy', contact, id);
    await at.act(water, 'issueReply', { category: 'A', text: 'The reply.' }, id);
    at.at('2026-06-10');
    await settle();
    expect(await said(at, 'T5')).toEqual([]);
    expect(await said(at, 'T7')).toContain('BecameOverdue 2026-03-30');
  });

  it('is recorded as an act of the policy, with an id that names case, clock, due date and mark (U4, A11)', async () => {
    const { at } = await handled();
    const { settle } = at.run();
    at.at('2026-06-10');
    await settle();
    const [overdue] = (await at.log('BecameOverdue')).filter(({ data }) => (data as CaseClock).limit === 'T5');
    expect(overdue?.meta).toMatchObject({ action: 'markSuggestionOverdue', actor: { policy: 'deadlines' } });
  });
});

describe('what is due, in rounds (A6)', () => {
  it('what was tried and stays due does not hide what comes after it', async () => {
    const { at } = await handled();
    const { settle } = at.run();
    await settle();
    const all = await deadlines(at.rules).due('2026-07-10', at.reads, new Set());
    expect(all.length).toBeGreaterThan(4);
    const one = deadlines(at.rules, 1);
    const tried = new Set<string>();
    for (let round = await one.due('2026-07-10', at.reads, tried); round.length > 0; ) {
      for (const { commandId } of round) tried.add(commandId);
      round = await one.due('2026-07-10', at.reads, tried);
    }
    expect([...tried]).toEqual(all.map(({ commandId }) => commandId));
  });
});

describe('the yearly watchdog (domain.md S3, T10, invariant 16)', () => {
  const words = ['YearDutyOpened', 'AnnualJointMeetingMissing', 'YearDutyMet', 'YearDutyClosed'];
  const story = async (at: Town) =>
    (await at.log(...words)).map(({ type, data }) => {
      const { year, outcome } = data as { year?: number; outcome?: string };
      return [type, outcome ?? year].filter((word) => word !== undefined).join(' ');
    });

  it('says nothing before 1 December, tells the missing meeting that day, and ends the year with a word', async () => {
    const { at } = await handled();
    const { settle } = at.run();
    await settle();
    at.at('2026-11-30');
    await settle();
    expect(await story(at)).toEqual(['YearDutyOpened 2026']);
    at.at('2026-12-01');
    await settle();
    at.at('2026-12-15');
    await settle();
    expect(await story(at)).toEqual(['YearDutyOpened 2026', 'AnnualJointMeetingMissing']);
    at.at('2027-01-01');
    await settle();
    await settle();
    expect((await story(at)).slice(2).sort()).toEqual(['YearDutyClosed MISSING', 'YearDutyOpened 2027']);
  });

  it('a meeting closed on the last day counts, also when the process was down until the new year', async () => {
    const { at, sc, bat } = await handled();
    const first = at.run();
    await first.settle();
    await first.stop();
    at.at('2026-12-31');
    const { id } = await at.act(sc, 'planJointMeeting', { title: 'Joint meeting', purpose: 'Water.' });
    await at.act(sc, 'inviteParticipants', { parties: [bat.mandate] }, id);
    await at.act(sc, 'conveneJointMeeting', { on: '2026-12-31', place: 'Linhe' }, id);
    await at.act(sc, 'openJointMeeting', {}, id);
    await at.act(bat, 'checkInToMeeting', {}, id);
    await at.act(sc, 'closeJointMeeting', {}, id);
    at.at('2027-01-01');
    await at.run().settle();
    expect(await story(at)).toContain('YearDutyClosed MET');
    expect(await story(at)).not.toContain('AnnualJointMeetingMissing');
  });

  it('a region without a registered congress, and a county, have no such duty', async () => {
    const at = await newTown();
    await at.congress('150821');
    await at.run().settle();
    expect(await story(at)).toEqual([]);
  });
});
