import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewerClass } from '../../../src/domain/kernel/visibility.js';
import { viewerOf } from '../../../src/graphql/context.js';
import { deputy, idOf } from '../../support/spec.js';
import type { Client } from './rig.js';
import { allOf, anna, client, feedDocument, mandateTag, settle, world } from './rig.js';

describe('the live hub', () => {
  it('each client receives exactly what was addressed to it, in order, whatever it does (invariants 1–3, 6, 8)', async () => {
    const names = ['a', 'b', 'c'];
    const step = fc.oneof(
      fc.record({
        do: fc.constantFrom('publish' as const, 'publish' as const, 'lose' as const),
        to: fc.subarray(names),
      }),
      fc.record({ do: fc.constantFrom('drop' as const, 'block' as const, 'release' as const), who: fc.nat(2) }),
      fc.record({ do: fc.constant('pause' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const here = world(4);
        const clients = names.map((name) => {
          const one = client(here, viewerOf(deputy(name, '150802')));
          one.cursor = 'e1.000000';
          one.connect();
          return one;
        });
        let published = 0;
        const publish = (to: readonly string[], told: boolean) => {
          const audience = Object.fromEntries(to.map((name) => [mandateTag(name), 'participant' as ViewerClass]));
          here.publish(`note-${published++ % 3}`, { ...audience, public: 'public' }, { after: allOf(names), told });
        };
        for (const one of steps) {
          if ('to' in one) publish(one.to, one.do === 'publish');
          else if (one.do === 'pause') await settle();
          else {
            const target = clients[one.who] as Client;
            if (one.do === 'block') target.block();
            else if (one.do === 'release') target.release();
            else if (target.connected) target.disconnect();
            else target.connect();
          }
        }
        for (const one of clients) {
          one.release();
          if (!one.connected) one.connect();
        }
        await settle();
        publish(names, true); // what was lost before shows by the next that is told
        await settle();
        clients.forEach((one, i) => {
          const tag = mandateTag(names[i] ?? '');
          const due = here.log.filter(({ event }) => event.meta.audience[tag]).map(({ event }) => event.type);
          expect(one.received).toEqual(due);
        });
        expect(here.errors).toEqual([]);
      }),
      { numRuns: 300, seed: 1508 },
    );
  });

  it('one text is worked out for all who asked the same in the same class (invariant 5)', async () => {
    const here = world(10);
    const plan = here.plans.ask(feedDocument, undefined, { after: null });
    const other = here.plans.ask(feedDocument, undefined, { after: 'e1.000000' });
    expect(other.key).toBe(plan.key);
    const [a, b] = [client(here, anna), client(here, viewerOf(deputy('berta', '150802')))];
    a.connect();
    b.connect();
    await settle();
    let runs = 0;
    const used = here.plans.ask(feedDocument, undefined, { after: null }).plan;
    const run = used.run.bind(used);
    used.run = (message, shown) => {
      runs++;
      return run(message, shown);
    };
    here.publish('note-1', { [mandateTag('anna')]: 'participant', [mandateTag('berta')]: 'participant' });
    await settle();
    expect([a.received, b.received, runs]).toEqual([['E1'], ['E1'], 1]);
  });

  it('a suspended mandate receives the event that suspends it, and nothing after (P6, invariant 12)', async () => {
    const here = world(10);
    const one = client(here, anna);
    one.connect();
    await settle();
    const tag = { [mandateTag('anna')]: 'office' as const };
    here.publish(`mandate-${idOf('anna')}`, tag, { type: 'MandateSuspended' });
    here.publish('note-1', tag);
    await settle();
    expect(one.received).toEqual(['MandateSuspended']);
    expect(one.failed.map((refusal) => refusal.refused)).toEqual(['MANDATE_SUSPENDED']);
    expect(here.hub.subscriptions).toBe(0);
    const again = client(here, viewerOf(deputy('anna', '150802', 'suspended')));
    again.connect();
    await settle();
    expect(again.failed.map((refusal) => refusal.refused)).toEqual(['MANDATE_SUSPENDED']);
  });

  it('a suspended mandate receives nothing more of what it shared with those who stay, and who comes later does (P6, invariant 12)', async () => {
    const here = world(10);
    const [one, other] = [client(here, anna), client(here, viewerOf(deputy('bert', '150802')))];
    one.connect();
    other.connect();
    await settle();
    const all = { 'deputies:150802': 'office' as const };
    here.publish('note-1', all, { type: 'Before' });
    here.publish(`mandate-${idOf('anna')}`, { [mandateTag('anna')]: 'office' }, { type: 'MandateSuspended' });
    here.publish('note-1', all, { type: 'After' });
    await settle();
    expect(one.received).toEqual(['Before', 'MandateSuspended']);
    expect(other.received).toEqual(['Before', 'After']);
    const late = client(here, viewerOf(deputy('carl', '150802')));
    late.connect();
    await settle();
    here.publish('note-1', all, { type: 'Later' });
    await settle();
    expect([late.received, other.received]).toEqual([['Later'], ['Before', 'After', 'Later']]);
  });

  it('whoever is removed from a case learns of it, then its messages end; nothing of it is replayed (invariant 4)', async () => {
    const here = world(10);
    const tag = mandateTag('anna');
    here.publish('note-1', { [tag]: 'participant' });
    const watching = client(here, anna, '1');
    const feeding = client(here, anna);
    watching.connect();
    feeding.connect();
    await settle();
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Removed', after: {} });
    here.publish('note-1', {}, { type: 'Later' });
    await settle();
    expect(watching.received).toEqual(['Removed']);
    expect(watching.failed.map((refusal) => refusal.refused)).toEqual(['NO_LONGER_YOURS']);
    expect(feeding.received).toEqual(['Removed']);
    const late = client(here, anna);
    late.cursor = 'e1.000000';
    late.connect();
    await settle();
    expect(late.received).toEqual([]);
  });

  it.each([
    ['nonsense', 'BAD_CURSOR'],
    ['e1.999999', 'BAD_CURSOR'],
    ['other.000001', 'CURSOR_EXPIRED'],
  ])('the cursor %s is refused with %s', async (cursor, code) => {
    const here = world(10);
    const one = client(here, anna);
    one.cursor = cursor;
    one.connect();
    await settle();
    expect(one.failed.map((refusal) => refusal.refused)).toEqual([code]);
  });

  it('a case that is not the viewer’s is refused like one that does not exist', async () => {
    const here = world(10);
    here.publish('note-1', { [mandateTag('berta')]: 'participant' });
    const [hidden, missing] = [client(here, anna, '1'), client(here, anna, '2')];
    hidden.connect();
    missing.connect();
    await settle();
    expect(hidden.failed).toEqual(missing.failed);
    expect(hidden.failed.map((refusal) => refusal.refused)).toEqual(['NOT_FOUND']);
  });
});
