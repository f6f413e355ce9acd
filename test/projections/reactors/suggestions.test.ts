import { describe, expect, it } from 'vitest';
import type { Town } from '../town.js';
import { assigned, city, county, newTown, registered, replied, words } from '../town.js';

async function council() {
  const at = await newTown();
  await at.congress(city);
  const [dwc, water] = [await at.official('DWC', city), await at.official('ORG', city, 'water')];
  const [bat, saran] = [await at.deputy('Bat', city), await at.deputy('Saran', city)];
  return { at, dwc, water, bat, saran };
}
const stateOf = (at: Town, id: string) => at.state('suggestion', id);

describe('a merged suggestion (domain.md S7, invariant 2)', () => {
  it('takes over a corrected category and what becomes of the promises', async () => {
    const { at, dwc, water, bat, saran } = await council();
    const main = await registered(at, bat, dwc, 'Canals');
    const other = await registered(at, saran, dwc, 'The canals');
    const { settle } = at.run();
    await at.act(dwc, 'mergeSuggestion', { into: main }, other);
    await assigned(at, main, dwc, water);
    await replied(at, main, water, bat, 'C');
    await settle();
    expect(await stateOf(at, other)).toMatchObject({ category: 'C', promises: [] });
    await at.act(dwc, 'changeCategory', { organ: water.organ, category: 'B', reason: 'There is money.' }, main);
    await settle();
    expect(await stateOf(at, other)).toMatchObject({ category: 'B', promises: [] });
    await at.act(water, 'registerPromise', { text: 'Dredge 12 km', dueOn: '2026-12-01' }, main);
    await settle();
    expect(await stateOf(at, other)).toMatchObject({
      category: 'B',
      status: 'TRACKING',
      promises: [{ text: 'Dredge 12 km', state: 'OPEN' }],
    });
    const [promise] = (await stateOf(at, main)).promises as { id: string }[];
    await at.act(water, 'fulfilPromise', { promise: promise?.id, on: '2026-03-02', note: 'Done.' }, main);
    await settle();
    expect(await stateOf(at, other)).toMatchObject({ promises: [{ state: 'FULFILLED' }] });
  });

  it('stands alone again when the other was withdrawn at the same moment', async () => {
    const { at, dwc, bat, saran } = await council();
    const main = await registered(at, bat, dwc, 'Canals');
    const other = await registered(at, saran, dwc, 'The canals');
    await at.act(dwc, 'mergeSuggestion', { into: main }, other);
    await at.act(bat, 'withdrawSuggestion', { reason: 'Solved.' }, main);
    await at.run().settle();
    expect(await stateOf(at, other)).toMatchObject({ status: 'REGISTERED', mergedInto: null });
  });

  it('its signers are answered also when the other was itself merged at the same moment', async () => {
    const { at, dwc, water, bat, saran } = await council();
    const naran = await at.deputy('Naran', city);
    const main = await registered(at, bat, dwc, 'Canals');
    const middle = await registered(at, saran, dwc, 'The canals');
    const last = await registered(at, naran, dwc, 'Our canals');
    const { settle } = at.run();
    await at.act(dwc, 'mergeSuggestion', { into: middle }, last);
    await at.act(dwc, 'mergeSuggestion', { into: main }, middle);
    await settle();
    await assigned(at, main, dwc, water);
    await replied(at, main, water, bat, 'A');
    await settle();
    expect((await stateOf(at, main)).signatories).toMatchObject([
      { mandate: bat.mandate },
      { mandate: saran.mandate },
      { mandate: naran.mandate },
    ]);
    expect(await stateOf(at, last)).toMatchObject({ status: 'REPLIED', category: 'A' });
  });
});

describe('what the origin learns of the higher suggestion (P3, lessons U1)', () => {
  async function adopted() {
    const at = await newTown();
    await at.congress(city);
    await at.congress(county);
    const [dwc, cityDwc] = [await at.official('DWC', county), await at.official('DWC', city)];
    const water = await at.official('ORG', county, 'w4');
    const [low, high] = [await at.deputy('Bat', county), await at.deputy('Saran', city)];
    const origin = await registered(at, low, dwc, 'Canals');
    await assigned(at, origin, dwc, water);
    await replied(at, origin, water, low, 'C');
    await at.act(low, 'proposeEscalation', { to: high.mandate, reason: 'Not ours alone.' }, origin);
    const { id } = await at.act(high, 'adoptSuggestion', { origin, title: 'Canals', ...words });
    const { settle } = at.run();
    const told = async () => {
      await settle();
      const { escalations } = (await stateOf(at, origin)) as { escalations: { higherStatus: string }[] };
      return escalations[0]?.higherStatus;
    };
    return { at, cityDwc, high, id, told };
  }

  it('that it was not accepted', async () => {
    const { at, cityDwc, high, id, told } = await adopted();
    await at.act(high, 'submitSuggestion', {}, id);
    const reason = { ground: 'OUTSIDE_REMIT', explanation: 'A state canal.', deputyToldOn: '2026-03-02' };
    await at.act(cityDwc, 'notAcceptSuggestion', reason, id);
    expect(await told()).toBe('NOT_ACCEPTED');
  });
  it('that it was withdrawn', async () => {
    const { at, high, id, told } = await adopted();
    await at.act(high, 'submitSuggestion', {}, id);
    await at.act(high, 'withdrawSuggestion', { reason: 'Solved.' }, id);
    expect(await told()).toBe('WITHDRAWN');
  });
  it('that the draft was dropped', async () => {
    const { at, high, id, told } = await adopted();
    await at.act(high, 'discardDraft', {}, id);
    expect(await told()).toBe('WITHDRAWN');
  });
});

describe('a signer whose mandate ends (P6, T7)', () => {
  it('has no time for feedback any more, and is in nobody’s way', async () => {
    const { at, dwc, water, bat } = await council();
    const id = await registered(at, bat, dwc, 'Canals');
    await assigned(at, id, dwc, water);
    await replied(at, id, water, bat, 'A');
    const { settle } = at.run();
    await settle();
    await at.setUp('endMandate', { reason: 'RESIGNED', on: '2026-03-02' }, bat.mandate);
    await settle();
    expect((await stateOf(at, id)).clocks).toContainEqual(
      expect.objectContaining({ clock: `T7:${bat.mandate}`, status: 'STOPPED' }),
    );
    await at.act(dwc, 'closeSuggestion', {}, id);
  });
});
