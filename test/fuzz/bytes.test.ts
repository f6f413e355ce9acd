import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { checkLog } from '../../src/infra/event-store/check-log.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { IndexDamaged, LogDamaged } from '../../src/infra/event-store/errors.js';
import { all } from '../contract/event-store.contract.js';
import { fill } from '../support/logs.js';
import { inRounds, roundsTimeout } from './support/rounds.js';

const segmentBytes = 3_000;
let base: string;
let whole: string;
let events: readonly RecordedEvent[];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'wuji-bytes-'));
  whole = join(base, 'whole');
  const store = await openEmbeddedEventStore({ folder: whole, segmentBytes });
  await fill(store, 60);
  events = await all(store.readAll());
  await store.close();
});
afterAll(() => rm(base, { recursive: true }));

type Harm = {
  readonly how:
    | 'flip'
    | 'zeros'
    | 'noise'
    | 'cut'
    | 'append'
    | 'insert'
    | 'take out'
    | 'copy within'
    | 'of another file'
    | 'remove';
  /** Shares of the file. */
  readonly at: number;
  readonly from: number;
  readonly length: number;
  readonly noise: Uint8Array;
};

const harms = (): fc.Arbitrary<Harm> => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc.record({
    how: fc.constantFrom(
      'flip',
      'flip',
      'zeros',
      'noise',
      'cut',
      'append',
      'insert',
      'take out',
      'copy within',
      'of another file',
      'remove',
    ),
    at: share,
    from: share,
    length: fc.integer({ min: 1, max: 600 }),
    noise: fc.uint8Array({ minLength: 1, maxLength: 600 }),
  });
};

/** `undefined`: the file is gone. */
function harmed(
  bytes: Buffer,
  other: Buffer,
  { how, at: share, from: fromShare, length, noise }: Harm,
): Buffer | undefined {
  const at = Math.floor(share * bytes.length);
  const from = Math.floor(fromShare * bytes.length);
  const over = (piece: Uint8Array) => {
    const copy = Buffer.from(bytes);
    copy.set(piece.subarray(0, copy.length - at), at);
    return copy;
  };
  switch (how) {
    case 'flip':
      return over(Buffer.from([(bytes[at] ?? 0) ^ (1 << (length % 8))]));
    case 'zeros':
      return over(Buffer.alloc(length));
    case 'noise':
      return over(noise);
    case 'cut':
      return bytes.subarray(0, at);
    case 'append':
      return Buffer.concat([bytes, noise]);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    case 'take out':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 'copy within':
      return over(bytes.subarray(from, from + length));
    case 'of another file':
      return length % 2 === 0 ? other : over(other.subarray(at, at + length));
    case 'remove':
      return undefined;
  }
}

/** A copy of the log of which a file is harmed; gone when `work` has ended. Which file, by its share among `names`. */
async function withHarm(
  names: readonly string[],
  which: number,
  harm: Harm,
  work: (folder: string, file: string) => Promise<void>,
) {
  const folder = await mkdtemp(join(base, 'harmed-'));
  try {
    await cp(whole, folder, { recursive: true });
    const name = names[Math.floor(which * names.length)] ?? expect.fail('no file');
    const file = join(folder, 'log', name);
    const other = await readFile(join(whole, 'log', names[Math.floor(harm.from * names.length)] ?? name));
    const bytes = harmed(await readFile(file), other, harm);
    await (bytes ? writeFile(file, bytes) : rm(file));
    await work(folder, name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const segments = async () => (await readdir(join(whole, 'log'))).filter((name) => name.endsWith('.segment')).sort();

/** What a reader gets of the log and of each stream by itself; the damage that ended the start or a reading. */
async function readingOf(folder: string, problems: Error[] = []) {
  const read: RecordedEvent[] = [];
  const byStream: RecordedEvent[] = [];
  let damage: LogDamaged | undefined;
  const known = (error: unknown) => {
    if (!(error instanceof LogDamaged)) throw error;
    damage ??= error;
  };
  try {
    const store = await openEmbeddedEventStore({
      folder,
      segmentBytes,
      onProblem: (problem) => problems.push(problem),
    });
    try {
      for await (const event of store.readAll()) read.push(event);
    } catch (error) {
      known(error);
    }
    for (const stream of new Set(events.map((event) => event.stream)))
      try {
        byStream.push(...(await all(store.readStream(stream))));
      } catch (error) {
        known(error);
      }
    await store.close();
  } catch (error) {
    known(error);
  }
  return { read, byStream, damage };
}

const inLogOrder = (read: readonly RecordedEvent[]) => read.toSorted((a, b) => (a.position < b.position ? -1 : 1));

describe('stored bytes that are not as they were written (issue 5 part 7)', () => {
  it(
    'in a segment: found, and named by segment, offset and number; no event is ever changed, left out or made up, and the check finds what the reader finds',
    async () => {
      const names = await segments();
      expect(names.length).toBeGreaterThan(5);
      const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
      let found = 0;
      await inRounds({ target: 'bytes', runs: 150, parts: 2 }, (round) =>
        fc.assert(
          fc.asyncProperty(share, harms(), (which, harm) =>
            withHarm(names, which, harm, async (folder, name) => {
              const checked = await checkLog(folder, () => {});
              const { read, byStream, damage } = await readingOf(folder);
              expect(read).toEqual(events.slice(0, read.length));
              if (damage) {
                found++;
                expect(names, damage.message).toContain(damage.damage.segment);
                expect(damage.text[1]).toContain(damage.damage.segment);
                expect(checked, `${name} ${damage.message}`).toMatchObject({ is: 'damaged' });
              } else {
                expect([read, inLogOrder(byStream)]).toEqual([events, events]);
                expect(checked).toMatchObject({ is: 'whole', events: events.length });
              }
            }),
          ),
          round,
        ),
      );
      expect(found).toBeGreaterThan(50);
    },
    roundsTimeout,
  );

  it(
    'in the index of a log that was closed: told, and made again; nothing of the log is lost by it',
    async () => {
      let found = 0;
      await inRounds({ target: 'bytes', runs: 60, parts: 2 }, (round) =>
        fc.assert(
          fc.asyncProperty(fc.constantFrom('data.mdb', 'data.mdb', 'data.mdb', 'closed'), harms(), (name, harm) =>
            withHarm([name], 0, harm, async (folder) => {
              const problems: Error[] = [];
              const { read, byStream, damage } = await readingOf(folder, problems);
              expect([damage, read, inLogOrder(byStream)]).toEqual([undefined, events, events]);
              for (const problem of problems) expect(problem).toBeInstanceOf(IndexDamaged);
              found += problems.length;
            }),
          ),
          round,
        ),
      );
      expect(found).toBeGreaterThan(20);
    },
    roundsTimeout,
  );
});
