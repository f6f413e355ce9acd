import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import type { RegionCode } from '../../../src/domain/kernel/region.js';
import { levelOf } from '../../../src/domain/kernel/region.js';
import { wuji } from '../../../src/domain/wuji.js';
import { boardOf } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { nothingHidden } from '../../support/redactions.js';
import {
  assigned,
  city,
  county,
  findIssue,
  models,
  newReadStore,
  newTown,
  registered,
  replied,
  run,
  seenBy,
  survey,
  town,
  words,
} from '../town.js';

type Rows = readonly Record<string, unknown>[];
async function board(reads: ReadStore, actor: Actor, region: RegionCode): Promise<Record<string, Rows | unknown>> {
  const found = await boardOf({ reads, redactions: nothingHidden })(region, levelOf(region), seenBy(actor));
  if (isRefusal(found)) throw new Error(found.refused);
  return found;
}
const refusal = async (reads: ReadStore, actor: Actor | null, region: string, level: string) => {
  const viewer = actor ? seenBy(actor) : { actor, tags: ['public'] };
  const found = await boardOf({ reads, redactions: nothingHidden })(region, level, viewer);
  return isRefusal(found) ? found.refused : 'a board';
};

/** A county with one suggestion of each kind, and its city. */
async function play() {
  const at = await newTown();
  for (const region of [city, county, town]) await at.congress(region);
  const [cityDwc, dwc, pres] = [
    await at.official('DWC', city),
    await at.official('DWC', county),
    await at.official('PRES', town),
  ];
  const [water, roads] = [await at.official('ORG', county, 'water'), await at.official('ORG', county, 'roads')];
  const [high, bat, low] = [
    await at.deputy('Saran', city),
    await at.deputy('Bat', county),
    await at.deputy('Dorj', town),
  ];
  const { settle } = at.run();

  await at.act(bat, 'draftSuggestion', { title: 'Only a draft', ...words });
  const handedIn = (await at.act(bat, 'draftSuggestion', { title: 'Handed in', ...words })).id;
  await at.act(bat, 'submitSuggestion', {}, handedIn);
  const dissatisfied = await registered(at, bat, dwc, 'Canals');
  await assigned(at, dissatisfied, dwc, water);
  await replied(at, dissatisfied, water, bat, 'C');
  const feedback = { attitude: 'SATISFIED', result: 'DISSATISFIED', comment: 'Nothing was done.' };
  await at.act(bat, 'giveFeedback', feedback, dissatisfied);
  const late = await registered(at, bat, dwc, 'Wells');
  await assigned(at, late, dwc, water, roads);
  await at.act(bat, 'proposeEscalation', { to: high.mandate, reason: 'Not ours alone.' }, dissatisfied);

  const inspection = await survey(at, cityDwc, [high]);
  const issue = await findIssue(at, inspection, high, { law: 'Water Law' });
  await findIssue(at, inspection, high, { title: 'Not confirmed' });
  await at.act(cityDwc, 'confirmIssue', {}, issue);
  await settle();
  at.at('2026-06-10');
  await settle();
  return { at, settle, cityDwc, dwc, pres, water, roads, high, bat, low, handedIn, dissatisfied, late, issue };
}

describe('boards (domain.md §4)', () => {
  it('the county’s own office sees its funnel without drafts; completion, category and satisfaction side by side', async () => {
    const { at, dwc, water, roads, dissatisfied } = await play();
    const shown = await board(at.reads, dwc, county);
    expect(shown).toMatchObject({ level: 'county', region: county, rehandled: 0 });
    expect(shown.funnel).toEqual([
      { level: 'county', status: 'FEEDBACK_PENDING', count: 1 },
      { level: 'county', status: 'HANDLING', count: 1 },
      { level: 'county', status: 'SUBMITTED', count: 1 },
    ]);
    expect(shown.outcomes).toEqual([
      { completion: 'REPLIED', category: 'C', satisfaction: 'DISSATISFIED', count: 1 },
      { completion: 'OPEN', category: 'NONE', satisfaction: 'NOT_RATED', count: 2 },
    ]);
    const owners = shown.owners as Rows;
    expect(owners).toContainEqual({ owner: `organ:${water.organ}`, running: 0, warned: 0, overdue: 2, paused: 0 });
    expect(owners).toContainEqual({ owner: `organ:${roads.organ}`, running: 0, warned: 0, overdue: 1, paused: 0 });
    expect(shown.toRaise).toEqual([]); // it has been offered already
    expect(shown.issues).toEqual([{ status: 'CONFIRMED', severity: 'SERIOUS', count: 1, overdue: 0 }]);
    expect((shown.participation as Rows).map(({ level, active }) => `${level} ${active}`)).toEqual([
      'nation 0',
      'autonomousRegion 0',
      'city 1',
      'county 1',
      'township 1',
    ]);
    expect((shown.regions as Rows).find(({ region }) => region === town)).toEqual({
      region: town,
      suggestions: 0,
      open: 0,
      overdue: 0,
      dissatisfied: 0,
      issues: 1,
      deputies: 1,
    });
    expect(JSON.stringify(shown)).not.toContain('draft');
    expect(dissatisfied).toBeTruthy();
  });

  it('the city counts what its counties have registered, and nothing that is not registered yet', async () => {
    const { at, cityDwc, high, dissatisfied } = await play();
    const shown = await board(at.reads, cityDwc, city);
    expect(shown.funnel).toEqual([
      { level: 'county', status: 'FEEDBACK_PENDING', count: 1 },
      { level: 'county', status: 'HANDLING', count: 1 },
    ]);
    expect((shown.regions as Rows).find(({ region }) => region === county)).toMatchObject({
      suggestions: 2,
      open: 1,
      dissatisfied: 1,
      issues: 1,
      deputies: 2,
    });
    expect(shown.laws).toEqual([{ law: 'Water Law', open: 1, over: 0 }]);
    expect(shown.yearDuties).toEqual([{ year: 2026, standing: 'OPEN', count: 1 }]);
    expect(shown.offers).toEqual([{ answer: 'PROPOSED', higherStatus: 'NONE', count: 1 }]);
    expect(shown.measures).toEqual([]);
    const own = await board(at.reads, high, city);
    expect(own.offered).toMatchObject([{ id: dissatisfied, title: 'Canals', region: county, answer: 'PROPOSED' }]);
  });

  it('who looks at a lower board from above is not told of what is not registered there (default deny)', async () => {
    const { at, cityDwc } = await play();
    const shown = await board(at.reads, cityDwc, county);
    expect((shown.funnel as Rows).map(({ status }) => status)).toEqual(['FEEDBACK_PENDING', 'HANDLING']);
  });

  it('a deputy’s board has no fields of the offices, and no single case that is not the deputy’s to see', async () => {
    const { at, high, low, cityDwc } = await play();
    const shown = await board(at.reads, high, city);
    expect(shown).not.toHaveProperty('owners');
    expect(shown).not.toHaveProperty('measures');
    expect(await board(at.reads, cityDwc, city)).toHaveProperty('measures');
    const township = await board(at.reads, low, town);
    expect(township.openIssues).toMatchObject([{ title: 'Leak', status: 'CONFIRMED' }]);
    expect(township.openSuggestions).toEqual([]);
  });

  it('a row shows no field of a case that is narrower than what the viewer may see of it (default deny)', async () => {
    const { at, cityDwc, high, dissatisfied } = await play();
    // An office above follows a registered suggestion; to whom it was offered is for those who take part.
    expect((await board(at.reads, cityDwc, city)).offered).toEqual([]);
    expect((await board(at.reads, high, city)).offered).toMatchObject([{ id: dissatisfied, answer: 'PROPOSED' }]);
  });

  it('is refused: unknown region, wrong level, not yours, not in force (default deny)', async () => {
    const { at, bat, dwc, water, low, high } = await play();
    expect(await refusal(at.reads, bat, '999999', 'county')).toBe('UNKNOWN_REGION');
    expect(await refusal(at.reads, bat, county, 'city')).toBe('WRONG_LEVEL');
    expect(await refusal(at.reads, bat, city, 'city')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, dwc, '150822', 'county')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, low, county, 'county')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, water, county, 'county')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, null, county, 'county')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, { ...high, standing: 'suspended' }, city, 'city')).toBe('NOT_ALLOWED');
    expect(await refusal(at.reads, high, county, 'county')).toBe('a board');
  });

  it('an invitation that waits for an answer is on the board of whom it was sent to, and of nobody else', async () => {
    const { at, settle, cityDwc, high, bat } = await play();
    const sc = await at.official('SC', city);
    const { id } = await at.act(sc, 'planJointMeeting', { title: 'Joint meeting 2026', purpose: 'Water.' });
    await at.act(sc, 'inviteParticipants', { parties: [bat.mandate] }, id);
    await settle();
    const invitations = async (actor: Actor, region: string) => (await board(at.reads, actor, region)).invitations;
    expect(await invitations(bat, county)).toEqual([{ id, category: 'jointMeeting', title: 'Joint meeting 2026' }]);
    const stranger = await boardOf(at)(county, 'county', { actor: bat, tags: ['public'] });
    expect(stranger).toMatchObject({ invitations: [] }); // not without the case's own audience
    expect(await invitations(high, city)).toEqual([]);
    expect(await invitations(cityDwc, city)).toEqual([]);
    await at.act(bat, 'answerMeetingInvitation', { accept: true }, id);
    await settle();
    expect(await invitations(bat, county)).toEqual([]);
  });

  it('tables folded anew from the log are the same to the byte, and so are the boards', async () => {
    const { at, cityDwc, dwc } = await play();
    const again = await newReadStore(at.store.epoch);
    const second = run(at.store, again, at.handle, at.now);
    await second.settle();
    const lines = async (reads: ReadStore) => {
      const found: string[] = [];
      for (const { name } of models)
        for await (const line of reads.dump(`${name}@${await reads.live(name)}`)) found.push(`${name} ${line}`);
      return found;
    };
    expect(await lines(again)).toEqual(await lines(at.reads));
    for (const [actor, region] of [
      [cityDwc, city],
      [dwc, county],
    ] as const)
      expect(await board(again, actor, region)).toEqual(await board(at.reads, actor, region));
  });

  it('every kind of case of the registry has a read model', () => {
    expect(caseModels.map(({ name }) => name)).toEqual([...wuji.aggregates.keys()]);
  });
});
