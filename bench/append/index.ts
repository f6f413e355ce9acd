import type { Bench, Case, Scale } from '../harness/bench.js';
import { embedded, lmdb, rawFile, sqlite } from './contenders.js';
import { emmett } from './emmett.js';
import { emmettPostgresql } from './postgresql.js';

const ms: Record<Scale, number> = { smoke: 100, full: 1_000, long: 3_000 };
const least = new Map([
  [1, 0.9],
  [16, 0.7],
  [128, 0.7],
]);

export const bench: Bench = {
  name: 'append',
  works: 'here',
  about: 'durable appends of one event of 430 bytes at an expected revision, flushed before they are acknowledged',
  async cases(scale): Promise<readonly Case[]> {
    return [...least].map(([writers, vsLimit]) => {
      const work = { writers, ms: ms[scale] };
      return {
        ...{ name: `${writers} ${writers === 1 ? 'writer' : 'writers'}`, unit: 'events/s', better: 'higher' },
        contenders: [
          embedded(work, scale === 'smoke'),
          lmdb(work),
          sqlite(work),
          emmett(work),
          emmettPostgresql(work),
          rawFile(work, 'waited for'),
          rawFile(work, 'beside'),
        ],
        reach: { vsPeer: 1, vsLimit },
      };
    });
  },
};
