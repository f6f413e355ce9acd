import { describe, expect, it } from 'vitest';
import { wuji } from '../../../src/domain/wuji.js';
import { duties } from '../../../src/projections/cases/waiting.js';
import { reactors } from '../../../src/projections/reactors/index.js';
import {
  assigned,
  city,
  county,
  findIssue,
  heldMeeting,
  measureOf,
  newReadStore,
  newTown,
  registered,
  replied,
  run,
  survey,
  words,
} from '../town.js';

describe('the register (domain.md S1)', () => {
  it('a mandate stands on its person’s record, and its end too (EL 48)', async () => {
    const at = await newTown();
    const bat = await at.deputy('Bat', city);
    const { settle } = at.run();
    await settle();
    expect(await at.state('person', bat.person)).toMatchObject({
      mandates: [{ mandate: bat.mandate, congress: city, ended: false }],
    });
    await at.setUp('endMandate', { reason: 'RESIGNED', on: '2026-03-02' }, bat.mandate);
    await settle();
    expect(await at.state('person', bat.person)).toMatchObject({ mandates: [{ mandate: bat.mandate, ended: true }] });
  });

  it('a new term ends the mandates of the old one, and no other (DL 2)', async () => {
    const at = await newTown();
    const congress = await at.congress(city);
    const old = await at.deputy('Bat', city, 5);
    const resigned = await at.deputy('Dorj', city, 5);
    const below = await at.deputy('Saran', county, 5);
    await at.setUp('endMandate', { reason: 'RESIGNED', on: '2026-03-02' }, resigned.mandate);
    const { settle, refused } = at.run();
    await at.setUp('beginTerm', { term: 6, on: '2026-03-02' }, congress);
    const next = await at.deputy('Naran', city, 6);
    await settle();
    const statuses = await Promise.all(
      [old, resigned, below, next].map(async ({ mandate }) => (await at.state('mandate', mandate)).status),
    );
    expect(statuses).toEqual(['ENDED', 'ENDED', 'ACTIVE', 'ACTIVE']);
    expect((await at.state('mandate', old.mandate)).reason).toBe('TERM_OVER');
    expect((await at.state('mandate', resigned.mandate)).reason).toBe('RESIGNED');
    expect(refused).toEqual(['WRONG_STATE']);
  });

  it('open work and posts move to the successor of an abolished organ (domain.md S1)', async () => {
    const at = await newTown();
    await at.congress(city);
    const [dwc, water, successor] = [
      await at.official('DWC', city),
      await at.official('ORG', city, 'water'),
      await at.official('ORG', city, 'resources'),
    ];
    const bat = await at.deputy('Bat', city);
    const ids = [await registered(at, bat, dwc, 'Canals'), await registered(at, bat, dwc, 'Wells')];
    for (const id of ids) await assigned(at, id, dwc, water);
    const { settle } = at.run();
    await at.setUp('abolishOrgan', { successor: successor.organ }, water.organ);
    await settle();
    for (const id of ids) {
      const state = await at.state('suggestion', id);
      expect(state.organs).toMatchObject([{ organ: successor.organ, role: 'LEAD' }]);
      expect(state.clocks).toContainEqual(
        expect.objectContaining({ limit: 'T5', owner: `organ:${successor.organ}`, startedOn: '2026-03-02' }),
      );
    }
    expect(await at.state('post', water.post)).toMatchObject({ organ: successor.organ, status: 'HELD' });
  });
});

describe('suggestions (domain.md S7)', () => {
  it('a registered suggestion gets the next number of its congress', async () => {
    const at = await newTown();
    await at.congress(city);
    const dwc = await at.official('DWC', city);
    const bat = await at.deputy('Bat', city);
    const first = await registered(at, bat, dwc, 'Canals');
    const second = await registered(at, bat, dwc, 'Wells');
    await at.run().settle();
    expect(await at.state('suggestion', first)).toMatchObject({ year: 2026, number: 1 });
    expect(await at.state('suggestion', second)).toMatchObject({ year: 2026, number: 2 });
  });

  it('every signer of a merged suggestion gets the reply of the main one (invariant 2)', async () => {
    const at = await newTown();
    await at.congress(city);
    const dwc = await at.official('DWC', city);
    const water = await at.official('ORG', city, 'water');
    const [bat, saran] = [await at.deputy('Bat', city), await at.deputy('Saran', city)];
    const main = await registered(at, bat, dwc, 'Canals');
    const other = await registered(at, saran, dwc, 'The canals');
    const { settle } = at.run();
    await at.act(dwc, 'mergeSuggestion', { into: main }, other);
    await settle();
    await assigned(at, main, dwc, water);
    await replied(at, main, water, bat, 'A');
    await settle();
    expect((await at.state('suggestion', main)).signatories).toMatchObject([
      { mandate: bat.mandate },
      { mandate: saran.mandate, from: other },
    ]);
    expect(await at.state('suggestion', other)).toMatchObject({
      mainStatus: 'REPLIED',
      status: 'REPLIED',
      category: 'A',
      replies: [{ organ: water.organ, text: 'The reply.' }],
    });
  });

  it('the origin learns of an adoption in four words, and keeps its clocks (P3, U1, invariant 9)', async () => {
    const at = await newTown();
    await at.congress(city);
    await at.congress(county);
    const [dwc, cityDwc] = [await at.official('DWC', county), await at.official('DWC', city)];
    const [water, cityWater] = [await at.official('ORG', county, 'w4'), await at.official('ORG', city, 'w3')];
    const [low, high] = [await at.deputy('Bat', county), await at.deputy('Saran', city)];
    const origin = await registered(at, low, dwc, 'Canals');
    await assigned(at, origin, dwc, water);
    await replied(at, origin, water, low, 'C');
    const { settle } = at.run();
    const clocks = (await at.state('suggestion', origin)).clocks;
    await at.act(low, 'proposeEscalation', { to: high.mandate, reason: 'Not ours alone.' }, origin);
    const { id } = await at.act(high, 'adoptSuggestion', { origin, title: 'Canals', ...words });
    const statusAfter = async () => {
      await settle();
      const { escalations } = (await at.state('suggestion', origin)) as { escalations: { higherStatus: string }[] };
      return escalations[0]?.higherStatus;
    };
    expect(await statusAfter()).toBe(null);
    expect((await at.state('suggestion', origin)).escalations).toMatchObject([{ answer: 'ADOPTED', newId: id }]);
    await at.act(high, 'submitSuggestion', {}, id);
    expect(await statusAfter()).toBe('RECEIVED');
    await at.act(cityDwc, 'registerSuggestion', { field: 'water' }, id);
    await assigned(at, id, cityDwc, cityWater);
    expect(await statusAfter()).toBe('ASSIGNED');
    await replied(at, id, cityWater, high, 'A');
    expect(await statusAfter()).toBe('REPLIED');
    await at.act(high, 'giveFeedback', { attitude: 'SATISFIED', result: 'SATISFIED' }, id);
    await at.act(cityDwc, 'closeSuggestion', {}, id);
    expect(await statusAfter()).toBe('DECIDED');
    expect((await at.state('suggestion', origin)).clocks).toEqual(clocks);
  });
});

describe('supervision and the joint meeting (domain.md S3, S10)', () => {
  it('a measure is linked to its meeting, and its verification noted (invariant 13)', async () => {
    const meeting = await heldMeeting();
    const { at, id, sc, committee } = meeting;
    const { settle } = at.run();
    const measure = await measureOf(meeting);
    await settle();
    expect(await at.state('jointMeeting', id)).toMatchObject({
      status: 'RESULTS_TRACKED',
      measures: [{ measure, verified: false }],
    });
    await at.act(committee, 'reportMeasureProgress', { text: 'Half.' }, measure);
    await at.act(committee, 'completeMeasure', { text: 'All.' }, measure);
    await at.act(sc, 'verifyMeasure', { text: 'Seen.' }, measure);
    await settle();
    expect(await at.state('jointMeeting', id)).toMatchObject({ measures: [{ measure, verified: true }] });
  });

  it('a meeting that is held meets the duty of its year, also when the duty is opened later (T10, invariant 16)', async () => {
    const { at, id } = await heldMeeting();
    const { settle } = at.run();
    await settle();
    await settle();
    const [opened] = await at.log('YearDutyOpened');
    const duty = opened?.stream.slice('yearDuty-'.length) ?? '';
    expect(await at.state('yearDuty', duty)).toMatchObject({ status: 'MET', meeting: id, metOn: '2026-03-02' });
  });

  it('who is taken out of an inspection’s team is taken out of its issues (A1)', async () => {
    const at = await newTown();
    await at.congress(city);
    const dwc = await at.official('DWC', city);
    const [bat, saran] = [await at.deputy('Bat', city), await at.deputy('Saran', city)];
    const id = await survey(at, dwc, [bat, saran]);
    const issue = await findIssue(at, id, bat);
    const { settle } = at.run();
    await settle();
    await at.act(dwc, 'removeInspectionMember', { party: saran.mandate, reason: 'Ill.' }, id);
    await settle();
    expect((await at.state('issue', issue)).team).toEqual([`mandate:${bat.mandate}`]);
  });

  it('an issue learns of the suggestion made on it when that is handed in, not before (P3)', async () => {
    const at = await newTown();
    await at.congress(city);
    const dwc = await at.official('DWC', city);
    const bat = await at.deputy('Bat', city);
    const id = await survey(at, dwc, [bat]);
    const issue = await findIssue(at, id, bat);
    await at.act(dwc, 'confirmIssue', {}, issue);
    const suggestion = (await at.act(bat, 'draftSuggestion', { title: 'Canals', issue, ...words })).id;
    const { settle } = at.run();
    await settle();
    expect((await at.state('issue', issue)).suggestions).toEqual([]);
    await at.act(bat, 'submitSuggestion', {}, suggestion);
    await settle();
    expect((await at.state('issue', issue)).suggestions).toMatchObject([
      { suggestion, by: bat.mandate, level: 'city', status: 'RECEIVED' },
    ]);
  });
});

describe('exactly once', () => {
  it('policies that read the whole log again, with all checkpoints lost, have no second effect', async () => {
    const at = await newTown();
    const congress = await at.congress(city);
    const dwc = await at.official('DWC', city);
    const water = await at.official('ORG', city, 'water');
    const [bat, saran] = [await at.deputy('Bat', city), await at.deputy('Saran', city)];
    const main = await registered(at, bat, dwc, 'Canals');
    const other = await registered(at, saran, dwc, 'The canals');
    const first = at.run();
    await at.act(dwc, 'mergeSuggestion', { into: main }, other);
    await assigned(at, main, dwc, water);
    await first.settle();
    await replied(at, main, water, bat, 'A');
    await at.setUp('beginTerm', { term: 6, on: '2026-03-02' }, congress);
    await first.settle();
    await first.stop();
    const head = await at.store.head();
    const again = run(at.store, await newReadStore(at.store.epoch), at.handle, at.now);
    await again.settle();
    expect(await at.store.head()).toBe(head);
  });
});

describe('names', () => {
  it('every duty names actions that there are', () => {
    const known = new Set(wuji.actions.keys());
    const named = Object.values(duties).flatMap(({ actions }) => [...actions]);
    expect(named.filter((action) => !known.has(action))).toEqual([]);
  });
  it('no two policies have the same name, because their commands would have the same ids', () => {
    expect(new Set(reactors.map(({ name }) => name)).size).toBe(reactors.length);
  });
});
