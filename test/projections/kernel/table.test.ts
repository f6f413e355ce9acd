import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { wuji } from '../../../src/domain/wuji.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';
import { boardModels } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import { feed } from '../../../src/projections/feeds/feed.js';
import type { TableCommit } from '../../../src/projections/kernel/ports.js';
import type { ReadModel } from '../../../src/projections/kernel/read-model.js';
import { createRoute } from '../../../src/projections/kernel/route.js';
import type { RowChange } from '../../../src/projections/kernel/table.js';
import { createTable, FoldFailed } from '../../../src/projections/kernel/table.js';
import { deadlines } from '../../../src/projections/reactors/deadlines.js';
import { arrayStore } from '../../support/array-store.js';
import type { Happening } from './errand.js';
import { errandModel, models, play } from './errand.js';
import { newReadStore } from './rig.js';

const happenings = fc.array(
  fc.record({
    errand: fc.integer({ min: 0, max: 4 }),
    what: fc.constantFrom('open' as const, 'open' as const, 'pass' as const, 'remind' as const, 'close' as const),
    owner: fc.constantFrom('ann', 'bo', 'chi'),
  }),
  { maxLength: 20 },
);
async function logOf(what: readonly Happening[]): Promise<readonly RecordedEvent[]> {
  const events = arrayStore();
  await play(events, what);
  return events.log;
}

const plain = ({ rows, indexes, counters, to }: TableCommit) => ({
  to,
  rows: [...rows],
  indexes: [...indexes].map(([name, { add, remove }]) => [name, add, remove]),
  counters: [...counters].map(([name, deltas]) => [name, [...deltas]]),
});

describe('a table that is written (architecture.md §6)', () => {
  it('holds any number of batches, and commits the same whether each row between is whole or not', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.integer({ min: 1, max: 7 }), async (what, size) => {
        const log = await logOf(what);
        for (const model of models) {
          const quick = createTable(newReadStore(), model, '1.0');
          const whole = createTable(newReadStore(), model, '1.0');
          for (let from = 0; from < log.length; from += size) await quick.fold(log.slice(from, from + size));
          const changes = log.map((): RowChange[] => []);
          await whole.fold(log, undefined, changes);
          const [one, other] = [quick.pending(), whole.pending()];
          expect(one && plain(one)).toEqual(other && plain(other));
          const rows = new Map<string, unknown>();
          for (const { key, before, after } of changes.flat()) {
            expect(before).toEqual(rows.get(key));
            rows.set(key, after);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a model whose rows come of one event each gives for readers what they need, and asks the store for nothing', async () => {
    const log = await logOf([{ errand: 1, what: 'open', owner: 'ann' }]);
    const store = newReadStore();
    const silent = { ...store, rows: async () => Promise.reject(new Error('asked')) };
    const table = createTable(silent, feed, '2.0');
    table.moveTo({ position: '', events: 0 });
    await table.fold(log);
    const [event] = log;
    expect(table.pending()?.rows).toEqual(new Map([[event?.position, { stream: event?.stream, revision: 0 }]]));
    expect(table.pending()?.indexes.get('byChain')?.add).toHaveLength(1);
  });

  it('a row that is known not to be there is not looked for again', async () => {
    const log = await logOf([
      { errand: 1, what: 'open', owner: 'ann' },
      { errand: 1, what: 'pass', owner: 'bo' },
    ]);
    const { quick: _, ...model } = errandModel as ReadModel;
    const asked: string[] = [];
    const store = newReadStore();
    const asking = {
      ...store,
      async rows(name: string, keys: readonly string[]) {
        asked.push(...keys);
        return store.rows(name, keys);
      },
    };
    const table = createTable(asking, { ...model, fold: () => undefined }, '1.0');
    table.moveTo({ position: '', events: 0 });
    for (const event of log) {
      await table.fold([event]);
      table.committed();
    }
    expect(asked).toEqual(['1']);
    table.moveTo({ position: '', events: 0 }); // somebody else has written
    await table.fold(log);
    expect(asked).toEqual(['1', '1']);
  });

  it('a failure names the model and the event, also when it shows at the commit only', async () => {
    const log = await logOf([
      { errand: 1, what: 'open', owner: 'ann' },
      { errand: 1, what: 'pass', owner: 'bo' },
      { errand: 2, what: 'open', owner: 'chi' },
    ]);
    const broken: ReadModel = {
      ...(errandModel as ReadModel),
      indexes: {
        bad(_, key) {
          if (key === '1') throw new Error('a bug');
          return [];
        },
      },
    };
    const table = createTable(newReadStore(), broken, '1.0');
    await table.fold(log);
    expect(() => table.pending()).toThrow(FoldFailed);
    expect(() => table.pending()).toThrow(`errand fails at position ${log[1]?.position} (ErrandPassedOn): a bug`);
  });
});

describe('what a model says that it concerns itself with', () => {
  const all: readonly ReadModel[] = [
    ...caseModels,
    ...boardModels,
    feed,
    ...[deadlines({ calendar: chineseCalendar() })],
  ];
  const store = newReadStoreLess();

  it('leaves no event out that it has rows for', () => {
    const route = createRoute(all.map((model) => createTable(store, model, '1.0')));
    for (const [category, { events }] of wuji.aggregates)
      for (const type of Object.keys(events)) {
        const event = { type, stream: `${category}-1`, position: '1', data: { party: 'p', clock: 'c' } };
        const asked = route.of(event as unknown as RecordedEvent);
        for (const [i, model] of all.entries())
          if (model.concerns && !asked.includes(i))
            expect([type, model.name, model.keysOf(event as unknown as RecordedEvent)]).toEqual([type, model.name, []]);
      }
  });
});

/** Nothing is read or written here. */
function newReadStoreLess(): Parameters<typeof createTable>[0] {
  return new Proxy({} as Parameters<typeof createTable>[0], {
    get() {
      throw new Error('no store');
    },
  });
}
