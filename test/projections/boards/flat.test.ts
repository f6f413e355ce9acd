import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import type { RegionCode } from '../../../src/domain/kernel/region.js';
import { levelOf } from '../../../src/domain/kernel/region.js';
import type { Board } from '../../../src/projections/boards/index.js';
import { boardOf } from '../../../src/projections/boards/index.js';
import { suggestionModel } from '../../../src/projections/cases/suggestion.js';
import { issueModel } from '../../../src/projections/cases/supervision.js';
import { feed, feedPage } from '../../../src/projections/feeds/feed.js';
import { createDifferences } from '../../../src/projections/kernel/differences.js';
import { rangeOf, rowKeyOf } from '../../../src/projections/kernel/index-key.js';
import type { ReadStore, ReadView } from '../../../src/projections/kernel/ports.js';
import { tableOf } from '../../../src/projections/kernel/ports.js';
import type { ReadModel } from '../../../src/projections/kernel/read-model.js';
import { countingReads } from '../../support/counting-reads.js';
import { nothingHidden } from '../../support/redactions.js';
import { assigned, city, county, findIssue, newTown, registered, replied, seenBy, survey, town } from '../town.js';

/** Cases in several states, all of which a board lists or counts. */
async function play() {
  const at = await newTown();
  for (const region of [city, county, town]) await at.congress(region);
  const [cityDwc, dwc] = [await at.official('DWC', city), await at.official('DWC', county)];
  const water = await at.official('ORG', county, 'water');
  const [high, bat] = [await at.deputy('Saran', city), await at.deputy('Bat', county)];
  const { settle } = at.run();
  await registered(at, bat, dwc, 'Waits');
  const answered = await registered(at, bat, dwc, 'Canals', true);
  const raised = await registered(at, bat, dwc, 'Dams', true);
  for (const id of [answered, raised]) {
    await assigned(at, id, dwc, water);
    await replied(at, id, water, bat, 'C');
  }
  await at.act(bat, 'proposeEscalation', { to: high.mandate, reason: 'Not ours alone.' }, raised);
  const inspection = await survey(at, cityDwc, [high]);
  await at.act(cityDwc, 'confirmIssue', {}, await findIssue(at, inspection, high, { law: 'Water Law' }));
  await settle();
  return { at, dwc, cityDwc, bat };
}

const idOf = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** Adds the rows that `rowOf` gives for 0 to `count`, with their entries and counters, as a commit of the model would. */
async function add(reads: ReadStore, model: ReadModel, count: number, rowOf: (n: number) => [string, unknown]) {
  const table = tableOf(model.name, (await reads.live(model.name)) ?? '');
  const at = await reads.checkpoint(table);
  if (!at) throw new Error(`there is no ${table}`);
  const differences = createDifferences(model);
  const rows = new Map<string, unknown>();
  for (let n = 0; n < count; n++) {
    const [key, row] = rowOf(n);
    differences.add(key, undefined, row);
    rows.set(key, model.once ? model.once.kept(row) : row);
  }
  expect(await reads.commit([{ table, from: at.position, to: at, rows, ...differences.all() }])).toBe('committed');
}

/** Puts the cases that are there once more under other ids, until there are so many more. */
async function copying(reads: ReadStore, model: ReadModel) {
  const entries = await reads.scan(model.name, 'byAudience', { ...rangeOf({}), limit: 100 });
  const seeds = (await reads.rows(model.name, [...new Set(entries.map(rowKeyOf))])) as readonly object[];
  let copies = 0;
  return (until: number) =>
    add(reads, model, until - copies, () => {
      const id = idOf(copies);
      return [id, { ...seeds[copies++ % seeds.length], id }];
    });
}

async function read(reads: ReadStore, actor: Actor, region: RegionCode, asked?: ReadonlySet<string>) {
  const counting = countingReads(reads);
  const board = await boardOf({ reads: counting, redactions: nothingHidden })(
    region,
    levelOf(region),
    seenBy(actor),
    asked,
  );
  if (isRefusal(board)) throw new Error(board.refused);
  return { board, cost: counting.take() };
}
const lengthsOf = (board: Board): object =>
  Object.fromEntries(Object.entries(board).map(([part, value]) => [part, Array.isArray(value) ? value.length : 1]));

describe('what a read costs does not grow with history (issue 4, growth)', () => {
  it('a board reads as many rows, entries and counters with 10,000 cases as with 1,000', async () => {
    const { at, dwc, cityDwc, bat } = await play();
    const seen: object[] = [];
    const copied = await Promise.all([suggestionModel, issueModel].map((model) => copying(at.reads, model)));
    for (const size of [1_000, 10_000]) {
      for (const copyUntil of copied) await copyUntil(size);
      const boards = await Promise.all([
        read(at.reads, cityDwc, city),
        read(at.reads, dwc, county),
        read(at.reads, bat, county),
      ]);
      seen.push(boards.map(({ board, cost }) => ({ shown: lengthsOf(board), cost })));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(JSON.stringify(seen[0])).toContain('"toRaise":20');
  });

  it('a list goes on behind rows that this view hides, until it has looked at 200', async () => {
    const { at, dwc } = await play();
    await (await copying(at.reads, suggestionModel as ReadModel))(300);
    const counting = countingReads(at.reads);
    /** Of the past, for instance, where who may not see a case now finds none (`boardAt`). */
    const hiding = (hidden: number) => {
      let left = hidden;
      return {
        snapshot: <T>(reading: (view: ReadView) => Promise<T>): Promise<T> =>
          counting.snapshot((view) =>
            reading({
              ...view,
              rows: async (table, keys) => (await view.rows(table, keys)).map((row) => (left-- > 0 ? undefined : row)),
            }),
          ),
      };
    };
    const toRaise = async (hidden: number) => {
      const board = await boardOf({ reads: hiding(hidden), redactions: nothingHidden })(
        county,
        'county',
        seenBy(dwc),
        new Set(['toRaise']),
      );
      if (isRefusal(board)) throw new Error(board.refused);
      return { shown: (board.toRaise as object[]).length, rows: counting.take().rows };
    };
    expect(await toRaise(0)).toEqual({ shown: 20, rows: 20 });
    expect(await toRaise(40)).toEqual({ shown: 20, rows: 60 });
    expect((await toRaise(1_000)).shown).toBe(0);
  });

  it('a part of a board that nobody asked for, or that is not the viewer’s to see, is not read', async () => {
    const { at, dwc, bat } = await play();
    expect((await read(at.reads, dwc, county, new Set(['level']))).cost).toEqual({ rows: 0, entries: 0, counters: 0 });
    const funnel = await read(at.reads, dwc, county, new Set(['funnel']));
    expect(funnel.cost).toEqual({ rows: 0, entries: 0, counters: (funnel.board.funnel as object[]).length });
    expect((await read(at.reads, dwc, county, new Set(['owners']))).cost.counters).toBeGreaterThan(0);
    expect((await read(at.reads, bat, county, new Set(['owners']))).cost.counters).toBe(0);
  });

  it('a page of a feed reads as much of 10,000 events as of 1,000', async () => {
    const { at, dwc } = await play();
    const tags = seenBy(dwc).tags.filter((tag) => tag !== 'public');
    const costs: object[] = [];
    let events = 0;
    for (const size of [1_000, 10_000]) {
      const base = events;
      await add(at.reads, feed as ReadModel, size - base, (n) => [
        (base + n).toString(16).padStart(16, '0'),
        { stream: `suggestion-${idOf(n % 5)}`, revision: n, tags, chain: idOf(n % 5) },
      ]);
      events = size;
      const counting = countingReads(at.reads);
      for (const reverse of [false, true])
        await counting.snapshot((view) => feedPage(view, 'byTag', tags, { limit: 10, reverse }));
      costs.push(counting.take());
    }
    expect(costs[1]).toEqual(costs[0]);
  });
});
