import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/domain/kernel/visibility.js';
import { wuji } from '../../../src/domain/wuji.js';
import { caseDifference } from '../../../src/projections/replay/case-difference.js';
import { applied } from '../../support/json-changes.js';
import { nothingHidden } from '../../support/redactions.js';
import { askingIn, suggestionReplied } from './rig.js';

const difference = `query ($id: ID!, $from: CaseAt!, $to: CaseAt) { caseDifference(caseId: $id, from: $from, to: $to) {
  from { revision } to { revision } changes { path kind before after about events { type revision } } } }`;

describe('what changed in a case between two points (issue 5 part 2)', () => {
  it('tells each field with the events that changed it, and nothing that was the same', async () => {
    const { at, dwc, auditor, bat, id } = await suggestionReplied();
    const { data, settle } = await askingIn(at);
    await settle();
    const events = await at.log('SuggestionSubmitted', 'SuggestionRegistered');
    const [submitted, registeredAt] = events.map(({ position }) => position);
    const args = { id, from: { position: submitted }, to: { position: registeredAt } };
    for (const one of [dwc, auditor]) {
      const { changes } = (await data(difference, one, args)).caseDifference;
      const status = changes.find(({ path }: { path: string }) => path === '/status');
      expect(status).toMatchObject({ kind: 'CHANGED', before: 'SUBMITTED', after: 'REGISTERED' });
      expect(status.events).toMatchObject([{ type: 'SuggestionRegistered' }]);
      expect(changes.map(({ path }: { path: string }) => path)).not.toContain('/title');
      for (const { events: causes } of changes) expect(causes).not.toEqual([]);
    }
    const none = { id, from: { revision: 3 }, to: { revision: 3 } };
    expect((await data(difference, bat, none)).caseDifference.changes).toEqual([]);
  });

  it('what came and was changed since names both events', async () => {
    const { at, dwc, id } = await suggestionReplied();
    const { data, settle } = await askingIn(at);
    await settle();
    const [registeredAt] = (await at.log('SuggestionRegistered')).map(({ position }) => position);
    const { changes } = (await data(difference, dwc, { id, from: { position: registeredAt } })).caseDifference;
    const organ = changes.find(({ path }: { path: string }) => path === '/organs/0');
    expect(organ).toMatchObject({ kind: 'ADDED', about: expect.stringMatching(/[\u4e00-\u9fff]/) });
    const causes = organ.events.map(({ type }: { type: string }) => type);
    expect(causes).toContain('SuggestionAssigned');
    expect(causes.length).toBeGreaterThan(1);
  });

  it('of a draft the office is told nothing: the case begins for it when it was handed in', async () => {
    const { at, dwc, bat, id } = await suggestionReplied();
    const { data, settle } = await askingIn(at);
    await settle();
    const args = { id, from: { revision: 0 }, to: { revision: 0 } };
    expect((await data(difference, bat, args)).caseDifference.from).toEqual({ revision: 0 });
    const seen = (await data(difference, dwc, { ...args, to: { revision: 1 } })).caseDifference;
    expect(seen.from).toBeNull();
    const title = seen.changes.find(({ path }: { path: string }) => path === '/title');
    expect(title).toMatchObject({ kind: 'ADDED', before: null, after: 'Canals' });
    expect(title.events).toMatchObject([{ revision: 1 }]);
  });

  it('points in the wrong order are refused', async () => {
    const { at, bat, id } = await suggestionReplied();
    const { refusal, settle } = await askingIn(at);
    await settle();
    expect(await refusal(difference, bat, { id, from: { revision: 2 }, to: { revision: 1 } })).toBe('POINTS_REVERSED');
  });

  it('carried out on the state at one point it gives the state at the other, whoever looks (property)', async () => {
    const { at, id } = await suggestionReplied();
    const ref = { category: 'suggestion', id };
    const aggregate = wuji.aggregate('suggestion');
    const last = (await at.loader.load(ref)).revision;
    expect(last).toBeGreaterThan(5);
    const revision = fc.integer({ min: -1, max: last });
    const classes = fc.constantFrom('public', 'follower', 'participant', 'office', undefined);
    await fc.assert(
      fc.asyncProperty(revision, revision, classes, classes, async (one, two, early, late) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        // Who sees a draft otherwise than what was handed in: the classes of the two points need not be the same.
        const shownTo = (audience: object) => (Object.keys(audience).length < 2 ? early : late);
        const seenAt = async (point: number) => {
          const { state } = await at.loader.loadAt(ref, { revision: point });
          const shown = state === undefined ? undefined : shownTo(aggregate.audience(state as never, id));
          return shown ? redact(aggregate.state, state, shown) : {};
        };
        const found = await caseDifference(
          { store: at.store, registry: wuji, redactions: nothingHidden, finds: () => true },
          ref,
          { from: { revision: from }, to: { revision: to } },
          shownTo,
        );
        if (typeof found === 'string') throw new Error(found);
        expect(applied(await seenAt(from), found.changes)).toEqual(await seenAt(to));
        for (const { events } of found.changes) {
          expect(events.length).toBeGreaterThan(0);
          for (const event of events) expect(event.revision > from && event.revision <= to).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
