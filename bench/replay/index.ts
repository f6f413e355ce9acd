import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
import { embedded, lmdb, parseOnly, sqlite } from './contenders.js';
import { emmettConsumer } from './emmett.js';
import { logOf } from './log.js';

const counts: Record<Scale, number> = { smoke: 20_000, full: 1_000_000, long: 10_000_000 };
/** As many as a consumer of emmett reads in some seconds: it takes as long for each of a million. */
const CONSUMED = { asItComes: 5_000, tuned: 20_000 };
/** Megabytes that a replay may take, whatever the length of the log. */
const ALLOWED = 150;

export const bench: Bench = {
  name: 'replay',
  works: 'here',
  about: 'all events of a log in log order, decoded; the embedded log checks each',
  async cases(scale): Promise<readonly Case[]> {
    const count = counts[scale];
    const consumed = scale === 'smoke' ? { asItComes: 500, tuned: 1_000 } : CONSUMED;
    return [
      {
        ...{ name: `${count} events`, unit: 'events/s', better: 'higher' },
        contenders: [embedded(count, scale === 'smoke'), lmdb(count), sqlite(count), parseOnly(count)],
        reach: { vsPeer: 1, vsLimit: 0.75 },
      },
      {
        ...{ name: `${count} events, against a consumer of emmett`, unit: 'events/s', better: 'higher' },
        contenders: [embedded(count, false), emmettConsumer(consumed.asItComes, 'with its defaults')],
        reach: { vsPeer: 100 },
      },
      {
        ...{ name: `${count} events, against a tuned consumer of emmett`, unit: 'events/s', better: 'higher' },
        contenders: [embedded(count, false), emmettConsumer(consumed.tuned, 'tuned: batches of 1,000, no pause')],
      },
      {
        ...{ name: `${count} events: growth of the process`, unit: 'MB', better: 'lower' },
        contenders: [growth(count), allowed],
        reach: { vsLimit: 1 },
      },
    ];
  },
};

const growth = (count: number): Contender => ({
  ...{ name: 'embedded log', kind: 'ours' },
  async open() {
    const folder = await logOf(count);
    return {
      async round() {
        const file = fileURLToPath(new URL('./memory.js', import.meta.url));
        const { stdout } = await promisify(execFile)(process.execPath, [file, folder]);
        return Number(stdout);
      },
      close: async () => {},
    };
  },
});

const allowed: Contender = {
  ...{ name: 'allowed', kind: 'limit' },
  open: async () => ({ round: async () => ALLOWED, close: async () => {} }),
};
