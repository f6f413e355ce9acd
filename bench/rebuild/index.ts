import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProposedEvent } from '../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { tableOf } from '../../src/projections/kernel/ports.js';
import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
import { models } from '../scale/fold.js';
import type { CaseLog, Played } from './case-log.js';
import { caseLog, played } from './case-log.js';
import { inNewStore, limit, ours, rebuild } from './contenders.js';
import { plainLines, plainRows } from './plain.js';

const sizes = {
  smoke: { deputies: 60, townships: 3, cases: 20, events: 5_000, many: 5_000, stored: 2_000 },
  full: { deputies: 2_000, townships: 40, cases: 400, events: 100_000, many: 200_000, stored: 50_000 },
  long: { deputies: 5_000, townships: 100, cases: 500, events: 1_000_000, many: 1_000_000, stored: 200_000 },
} as const satisfies Record<Scale, unknown>;

export const bench: Bench = {
  name: 'rebuild',
  works: 'here',
  about: 'all read models from the first event, into the embedded read store; limit: the same folds into Maps',
  async cases(scale): Promise<readonly Case[]> {
    const { events, many, stored, ...town } = sizes[scale];
    const log = await played(town);
    const inPlace = await checked(caseLog(log, { events, beside: 1 }), events, scale);
    const besides = await checked(caseLog(log, { events: many, beside: 40 }), many, scale);
    const of = (source: CaseLog, count: number) => [
      ours('projector, embedded read store', source, count, source.makingMs),
      limit('the folds alone', source, count),
    ];
    const common = { unit: 'events/s', better: 'higher', reach: { vsLimit: 0.25, atLeast: 100_000 } } as const;
    return [
      { ...common, name: `${events} events, cases as played`, contenders: of(inPlace, events) },
      { ...common, name: `${many} events, 40 times as many cases open`, contenders: of(besides, many) },
      {
        ...{ name: `${stored} events out of the embedded log`, unit: 'events/s', better: 'higher' },
        contenders: [fromRealLog(log, stored)],
      },
    ];
  },
};

/** The tables hold what the plain path gives, line by line. */
async function checked(log: CaseLog, count: number, scale: Scale): Promise<CaseLog> {
  if (scale !== 'smoke') return log;
  const plain = plainRows(models, log.slice(0, count));
  await inNewStore(log.epoch, async (store) => {
    await rebuild(log, store);
    for (const model of models) {
      const table = tableOf(model.name, (await store.live(model.name)) ?? '');
      const lines: string[] = [];
      for await (const line of store.dump(table)) lines.push(line);
      const expected = plainLines(model, plain.get(model) ?? new Map());
      const wrong = lines.slice(1).findIndex((line, i) => line !== expected[i]);
      if (wrong >= 0 || lines.length !== expected.length + 1)
        throw new Error(
          `${table}: ${lines.length - 1} lines, ${expected.length} expected; ${wrong}: ${lines[wrong + 1]}`,
        );
    }
  });
  return log;
}

/** The log is part of what is measured: read from disk, parsed and checked as it always is. */
function fromRealLog(log: Played, count: number): Contender {
  const name = 'projector, embedded log and read store';
  return {
    ...{ name, kind: 'ours' },
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'wuji-rebuild-'));
      const events = await openEmbeddedEventStore({ folder });
      const source = caseLog(log, { events: count, beside: 1 });
      for (let from = 0; from < count; from += 1_000)
        await Promise.all(
          source
            .slice(from, from + 1_000)
            .map(({ stream, revision, position, recordedAt, ...proposed }) =>
              events.append(stream, [proposed satisfies ProposedEvent], 'any'),
            ),
        );
      const { round } = await ours(name, events, count, () => 0).open();
      return {
        round,
        async close() {
          await events.close();
          await rm(folder, { recursive: true });
        },
      };
    },
  };
}
