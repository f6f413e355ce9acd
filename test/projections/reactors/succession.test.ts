import { describe, expect, it } from 'vitest';
import type { CaseClock } from '../../../src/domain/kernel/case-clocks.js';
import { inspectionModel } from '../../../src/projections/cases/supervision.js';
import { query } from '../../../src/projections/kernel/query.js';
import { keysUnder } from '../../../src/projections/reactors/scan.js';
import { city, findIssue, heldMeeting, measureOf, meetingInSession, newTown, survey } from '../town.js';

/** A survey of the city that found an issue and sent opinions, both to the water bureau. */
async function atWork() {
  const at = await newTown();
  await at.congress(city);
  const [dwc, sc] = [await at.official('DWC', city), await at.official('SC', city)];
  const organs = {
    water: await at.official('ORG', city, 'water'),
    works: await at.official('ORG', city, 'works'),
    resources: await at.official('ORG', city, 'resources'),
  };
  const bat = await at.deputy('Bat', city);
  const id = await survey(at, dwc, [bat]);
  const [open, over] = [await findIssue(at, id, bat), await findIssue(at, id, bat, { title: 'Sluice' })];
  for (const issue of [open, over]) {
    await at.act(dwc, 'confirmIssue', {}, issue);
    await at.act(bat, 'proposeIssueOpinion', { text: 'Mend it.' }, issue);
    await at.act(dwc, 'transferIssue', { organ: organs.water.organ, dueOn: '2026-05-29' }, issue);
  }
  await at.act(organs.water, 'beginRectification', { plan: 'At once.' }, over);
  await at.act(organs.water, 'reportRectification', { text: 'Mended.' }, over);
  await at.act(dwc, 'verifyRectification', { verdict: 'Seen.' }, over);
  await at.act(dwc, 'submitInspectionReport', { evaluation: 'Fair', problems: 'Two', advice: 'Three' }, id);
  await at.act(sc, 'deliberateReport', { deliberation: 'Agreed.' }, id);
  const opinion = { organ: organs.water.organ, text: 'A plan.', dueOn: '2026-06-30' };
  await at.act(dwc, 'transferOpinions', { opinions: [opinion] }, id);
  return { at, dwc, sc, bat, id, open, over, ...organs };
}

describe('the work of an organ that is merged or abolished (domain.md S1)', () => {
  it('issues and opinions move along the chain of successors to the first organ in force', async () => {
    const { at, id, open, over, water, works, resources } = await atWork();
    // Merged twice before anybody could act on the first.
    await at.setUp('mergeOrgan', { into: works.organ }, water.organ);
    await at.setUp('abolishOrgan', { successor: resources.organ }, works.organ);
    await at.run().settle();
    for (const issue of [open, over]) expect(await at.state('issue', issue)).toMatchObject({ organ: resources.organ });
    expect(await at.state('inspection', id)).toMatchObject({ opinions: [{ organ: resources.organ }] });
    expect(await at.state('post', water.post)).toMatchObject({ organ: resources.organ });
    const moved = await at.log('IssueOrganSucceeded', 'OpinionOrganSucceeded');
    expect(moved.map(({ data }) => data)).toEqual(Array(3).fill({ organ: water.organ, to: resources.organ }));
  });

  it('their time limits go on: each is overdue once, on its day, for the successor', async () => {
    const { at, water, works } = await atWork();
    const { settle } = at.run();
    await settle();
    await at.setUp('mergeOrgan', { into: works.organ }, water.organ);
    await settle();
    at.at('2026-07-01');
    await settle();
    await settle();
    const overdue = (await at.log('BecameOverdue')).map(({ data }) => data as CaseClock);
    expect(overdue.map(({ clock, owner, dueOn }) => [clock, owner, dueOn]).sort()).toEqual([
      [`OPINIONS:${works.organ}`, `organ:${works.organ}`, '2026-06-30'],
      ['RECTIFY', `organ:${works.organ}`, '2026-05-29'],
    ]);
  });

  it('measures move to the committee that succeeds their owner', async () => {
    const meeting = await heldMeeting();
    const { at, committee } = meeting;
    const measure = await measureOf(meeting);
    const other = await at.official('SPC', city, 'second committee');
    const { settle } = at.run();
    await at.setUp('mergeOrgan', { into: other.organ }, committee.organ);
    await settle();
    expect(await at.state('measure', measure)).toMatchObject({ owner: other.organ });
  });
});

describe('who is taken out of a meeting (A1)', () => {
  it('sees nothing further of its measures', async () => {
    const meeting = await heldMeeting();
    const { at, id, sc, bat } = meeting;
    const measure = await measureOf(meeting);
    const { settle } = at.run();
    await settle();
    expect(await at.state('measure', measure)).toMatchObject({ followers: [`mandate:${bat.mandate}`] });
    await at.act(sc, 'removeParticipant', { party: bat.mandate, reason: 'Ill.' }, id);
    await settle();
    expect(await at.state('measure', measure)).toMatchObject({ followers: [] });
  });
});

describe('the duty of the year (T10, invariant 16)', () => {
  it('is met by the meeting itself when that closes, not only when the calendar is next looked at', async () => {
    const { at, id, sc } = await meetingInSession();
    const { settle } = at.run();
    await settle();
    expect(await at.log('YearDutyOpened', 'YearDutyMet')).toHaveLength(1);
    await at.act(sc, 'closeJointMeeting', {}, id);
    await settle();
    const [met] = await at.log('YearDutyMet');
    expect(met?.meta.actor).toEqual({ policy: 'year-duty-met' });
    expect(met?.data).toMatchObject({ on: '2026-03-02' });
  });
});

describe('an inspection on the boards (domain.md §4, default deny)', () => {
  it('is counted from the day its plan is public, and not when it was cancelled', async () => {
    const at = await newTown();
    await at.congress(city);
    const dwc = await at.official('DWC', city);
    const bat = await at.deputy('Bat', city);
    const id = await survey(at, dwc, [bat]);
    const { settle } = at.run();
    const counted = async () => {
      await settle();
      return at.reads.snapshot((view) => query(view, inspectionModel).counts('statuses', [city]));
    };
    expect(await counted()).toEqual([]);
    await at.act(dwc, 'publishInspectionPlan', {}, id);
    expect(await counted()).toEqual([{ key: [city, 'SURVEY', 'RUNNING'], count: 1 }]);
    await at.act(dwc, 'cancelInspection', { reason: 'Flood.' }, id);
    expect(await counted()).toEqual([]);
    expect(
      await at.reads.snapshot((view) => keysUnder(view, inspectionModel, 'byAudience', [`office:${city}`])),
    ).toEqual([id]);
  });
});
