import { describe, expect, it } from 'vitest';
import type { Official } from '../../../src/domain/kernel/actor.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { eventsAt, feedPage } from '../../../src/projections/feeds/feed.js';
import { inboxOf } from '../../../src/projections/feeds/inbox.js';
import { assigned, city, newTown, registered, replied, seenBy, words } from '../town.js';

async function office() {
  const at = await newTown();
  await at.congress(city);
  const dwc = await at.official('DWC', city);
  const [water, roads] = [await at.official('ORG', city, 'water'), await at.official('ORG', city, 'roads')];
  const bat = await at.deputy('Bat', city);
  const { settle } = at.run();
  const inbox = async (who: Official, organ = who.organ) => {
    await settle();
    const found = await inboxOf(at)(organ, seenBy(who), at.now().toISOString().slice(0, 10));
    if (isRefusal(found)) throw new Error(found.refused);
    return found;
  };
  return { at, dwc, water, roads, bat, settle, inbox };
}

describe('inboxes (domain.md §4)', () => {
  it('an office sees what is to be registered and assigned, the most pressing first', async () => {
    const { at, dwc, bat, inbox } = await office();
    const waiting = (await at.act(bat, 'draftSuggestion', { title: 'Handed in', ...words })).id;
    await at.act(bat, 'submitSuggestion', {}, waiting);
    const id = await registered(at, bat, dwc, 'Canals');
    await at.act(bat, 'draftSuggestion', { title: 'Only a draft', ...words });
    at.at('2026-03-04');
    const { counts, items, more } = await inbox(dwc);
    expect(more).toBe(false);
    expect(counts).toEqual([
      { duty: 'REGISTER', count: 1 },
      { duty: 'ASSIGN', count: 1 },
      { duty: 'HOLD_MEETING', count: 1 },
    ]);
    expect(items.map((one) => [one.duty, one.id, one.dueOn, one.daysLeft])).toEqual([
      ['ASSIGN', id, '2026-03-09', 5],
      ['HOLD_MEETING', expect.any(String), '2026-12-31', 302],
      ['REGISTER', waiting, null, null],
    ]);
    expect(items[0]?.actions).toEqual(['assignSuggestion', 'mergeSuggestion']);
  });

  it('lead and co-handler each see their part: days left, contacts made, opinions outstanding', async () => {
    const { at, dwc, water, roads, bat, inbox } = await office();
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water, roads);
    const contact = { mandate: bat.mandate, way: 'PHONE', on: '2026-03-02', summary: 'Heard.' };
    await at.act(water, 'contactDeputy', contact, id);
    expect((await inbox(water)).items).toEqual([
      {
        id,
        category: 'suggestion',
        title: 'Canals',
        status: 'HANDLING',
        duty: 'REPLY',
        actions: ['contactDeputy', 'issueReply', 'requestExtension'],
        dueOn: '2026-06-02',
        daysLeft: 92,
        overdue: false,
        role: 'LEAD',
        contacts: 1,
        opinionsOutstanding: [roads.organ],
        promise: null,
        dissatisfied: false,
        about: null,
      },
    ]);
    expect((await inbox(roads)).items).toMatchObject([{ id, duty: 'GIVE_OPINION', role: 'CO', dueOn: '2026-04-02' }]);
    at.at('2026-04-03');
    expect((await inbox(roads)).items).toMatchObject([{ daysLeft: -1, overdue: true }]);
    await at.act(roads, 'submitCoOpinion', { text: 'Agreed.' }, id);
    expect((await inbox(roads)).items).toEqual([]);
    expect((await inbox(water)).items).toMatchObject([{ opinionsOutstanding: [] }]);
  });

  it('dissatisfied feedback waits for the office, promises and re-handling for the organ', async () => {
    const { at, dwc, water, bat, inbox } = await office();
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water);
    await replied(at, id, water, bat, 'B');
    await at.act(water, 'registerPromise', { text: 'Ten wells.', dueOn: '2026-09-01' }, id);
    const feedback = { attitude: 'SATISFIED', result: 'DISSATISFIED', comment: 'Nothing was done.' };
    await at.act(bat, 'giveFeedback', feedback, id);
    expect((await inbox(dwc)).items[0]).toMatchObject({ id: expect.any(String) });
    expect((await inbox(dwc)).counts).toContainEqual({ duty: 'REVIEW_FEEDBACK', count: 1 });
    expect((await inbox(water)).items).toMatchObject([
      { duty: 'PUBLISH' },
      { duty: 'KEEP_PROMISE', promise: 'Ten wells.', dueOn: '2026-09-01', dissatisfied: true },
    ]);
    await at.act(dwc, 'orderRehandling', { reason: 'Do better.' }, id);
    expect((await inbox(water)).items).toContainEqual(
      expect.objectContaining({ duty: 'REPLY_AGAIN', dueOn: '2026-04-02' }),
    );
  });

  it('is nobody’s but that of those who hold a post in the organ now (default deny)', async () => {
    const { at, dwc, water, bat, settle } = await office();
    await settle();
    const asked = async (viewer: Parameters<typeof seenBy>[0]) => {
      const found = await inboxOf(at)(water.organ, seenBy(viewer), '2026-03-02');
      return isRefusal(found) ? found.refused : 'an inbox';
    };
    expect(await asked(water)).toBe('an inbox');
    expect(await asked(dwc)).toBe('NOT_FOUND');
    expect(await asked(bat)).toBe('NOT_FOUND');
    expect(await asked({ ...water, standing: 'ended' })).toBe('NOT_FOUND');
  });
});

describe('the feed index (U5)', () => {
  it('tells one story across linked cases in log order, page by page', async () => {
    const { at, dwc, water, bat, settle } = await office();
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water);
    await settle();
    const page = async (limit: number, after?: string) => {
      const found = await feedPage(at.reads, 'byChain', [id], { limit, after });
      return {
        types: (await eventsAt(at.store, found.entries)).map(({ type }) => type),
        end: found.entries.at(-1)?.position,
      };
    };
    const all = await page(100);
    expect(all.types.slice(0, 3)).toEqual(['SuggestionDrafted', 'SuggestionSubmitted', 'ClockStarted']);
    const first = await page(2);
    const second = await page(100, first.end);
    expect([...first.types, ...second.types]).toEqual(all.types);
  });

  it('finds what is addressed to any of several tags, each event once', async () => {
    const { at, dwc, water, bat, settle } = await office();
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water);
    await settle();
    const tags = [`organ:${water.organ}`, `mandate:${bat.mandate}`];
    const { entries } = await feedPage(at.reads, 'byTag', tags, { limit: 100 });
    const positions = entries.map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    expect([...positions].sort()).toEqual(positions);
    const only = await feedPage(at.reads, 'byTag', [`organ:${water.organ}`], { limit: 100 });
    expect((await eventsAt(at.store, only.entries))[0]?.type).toBe('SuggestionAssigned');
  });
});
