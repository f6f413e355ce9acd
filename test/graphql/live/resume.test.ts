import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { viewerOf } from '../../../src/graphql/context.js';
import type { Plan } from '../../../src/graphql/live/plan.js';
import type { LiveEvent } from '../../../src/graphql/live/ring.js';
import { RecentTexts } from '../../../src/graphql/live/texts.js';
import { LoopTurns } from '../../../src/graphql/live/turns.js';
import { deputy } from '../../support/spec.js';
import { allOf, anna, client, feedDocument, mandateTag, settle, world } from './rig.js';

const names = ['anna', 'berta', 'carl'];
const viewers = names.map((name) => viewerOf(deputy(name, '150802')));

describe('who comes back with a cursor that lies in the ring (issue 4 part 3)', () => {
  it('reads neither log nor stores, for a feed as for a case', async () => {
    const here = world(10);
    for (let n = 0; n < 5; n++) here.publish('note-1', allOf(names));
    const clients = [...viewers.map((viewer) => client(here, viewer)), client(here, anna, '1')];
    for (const one of clients) {
      one.cursor = 'e1.000002';
      one.connect();
    }
    await settle();
    for (const one of clients) expect(one.received).toEqual(['E3', 'E4', 'E5']);
    expect(here.reads).toEqual([]);
    const late = client(here, anna);
    late.cursor = 'e1.000000';
    for (let n = 0; n < 10; n++) here.publish('note-1', allOf(names));
    await settle();
    late.connect();
    await settle();
    expect(here.reads).toContain('ofFeed'); // it has to, now
  });

  it('shares the texts with those who were live and with the others, the marker with those who arrive beside them (invariant 5)', async () => {
    const here = world(10);
    const { plan } = here.plans.ask(feedDocument, undefined, { after: null });
    const { runs } = counting(plan);
    here.plans.use({ field: '', args: {}, key: here.plans.ask(feedDocument, undefined, {}).key, plan });
    for (let n = 0; n < 4; n++) here.publish('note-1', allOf(names));
    await settle();
    const back = () =>
      viewers.map((viewer) => {
        const one = client(here, viewer);
        one.cursor = 'e1.000001';
        one.connect();
        return one;
      });
    const [first, second] = [back(), back()];
    await settle();
    for (const one of [...first, ...second]) expect(one.received).toEqual(['E2', 'E3', 'E4']);
    expect(runs()).toBe(3 + 1);
    here.publish('note-1', allOf(names));
    await settle();
    const third = back();
    await settle();
    for (const one of third) expect(one.received).toEqual(['E2', 'E3', 'E4', 'E5']);
    expect(runs()).toBe(3 + 1 + 1 + 1); // the new event once for live and late, and a marker of the new place
  });

  it('what is not for it is passed over once, and never again', async () => {
    const here = world(100);
    for (let n = 0; n < 50; n++) here.publish('note-1', { [mandateTag('berta')]: 'participant' });
    here.publish('note-2', { [mandateTag('anna')]: 'participant' });
    const one = client(here, anna);
    one.cursor = 'e1.000000';
    one.connect();
    await settle();
    expect(one.received).toEqual(['E51']);
  });
});

describe('texts of the newest events', () => {
  const json = JSON.stringify({ data: 'x'.repeat(1_000) });
  const rig = (events: number, bytes: number) => {
    let runs = 0;
    const run = () => {
      runs++;
      return json;
    };
    const plan = { run } as unknown as Plan;
    const texts = new RecentTexts('e1', events, bytes);
    const items = Array.from({ length: 20 }, (_, n) => ({ event: { position: String(n) } }) as unknown as LiveEvent);
    const all = () => items.map((item) => texts.of(item).of(plan, 'public', false));
    return { texts, all, runs: () => runs };
  };

  it('take no more bytes than they may, and are worked out anew when they were forgotten', () => {
    const { texts, all, runs } = rig(100, 30_000);
    all();
    expect(texts.size).toBeGreaterThan(20_000);
    expect(texts.size).toBeLessThanOrEqual(30_000);
    all();
    expect(runs()).toBe(40);
  });

  it('are of no more events than they may, and are kept as long as they fit', () => {
    const kept = rig(20, 10_000_000);
    kept.all();
    kept.all();
    expect(kept.runs()).toBe(20);
    const few = rig(5, 10_000_000);
    few.all();
    expect(few.texts.size).toBeLessThan(5 * 10_000);
  });
});

describe('turns of the event loop (invariant 9)', () => {
  it('who waits for the next goes on in it, in order, each when those before have had theirs', async () => {
    const turns = new LoopTurns(-1); // every look at the clock says that the turn is over
    const done: number[] = [];
    const work = async (n: number) => {
      while (!turns.over(32)) throw new Error('the turn was not over');
      await turns.next();
      done.push(n);
    };
    const all = Promise.all([work(1), work(2), work(3)]);
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual([1, 2, 3]);
    await all;
  });

  it('those for whom the turn has no room go on in a later one, before newcomers', async () => {
    const turns = new LoopTurns(-1);
    const done: number[] = [];
    const work = async (n: number) => {
      await turns.next();
      done.push(n);
      turns.over(32);
    };
    const all = [1, 2, 3].map(work);
    await nextTurn();
    expect(done.length).toBeLessThan(3);
    all.push(work(4));
    await Promise.all(all);
    expect(done).toEqual([1, 2, 3, 4]);
  });
});

function counting(plan: Plan) {
  let runs = 0;
  const run = plan.run.bind(plan);
  plan.run = (message, shown) => {
    runs++;
    return run(message, shown);
  };
  return { runs: () => runs };
}
