import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventStore, ExpectedRevision } from '../../../src/domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { all, sample } from '../../contract/event-store.contract.js';

type Written = { readonly stream: string; readonly revision: number; readonly id: string };

/** The log as a plain array, with EventStoreDB's rule written in the most direct way. */
class Model {
  log: Written[] = [];

  of(stream: string): Written[] {
    return this.log.filter((event) => event.stream === stream);
  }

  /** The revision that the writer is told, or what makes the append a conflict. */
  append(stream: string, ids: readonly string[], expected: ExpectedRevision): number | 'conflict' {
    const there = this.of(stream);
    if (expected === 'stream_exists' && there.length === 0) return 'conflict';
    if (expected === 'any' || expected === 'stream_exists') {
      const found = ids.map((id) => there.findLast((event) => event.id === id && this.#isNewest(event)));
      if (found[0] !== undefined)
        return found.includes(undefined) ? 'conflict' : (found.at(-1)?.revision ?? 'conflict');
    } else {
      const base = expected === 'no_stream' ? 0 : expected + 1;
      if (base > there.length) return 'conflict';
      if (base < there.length) {
        const isRetry = ids.every((id, index) => there[base + index]?.id === id);
        return isRetry ? base + ids.length - 1 : 'conflict';
      }
    }
    for (const id of ids) this.log.push({ stream, revision: this.of(stream).length, id });
    return this.of(stream).length - 1;
  }

  /** An id that was written twice is remembered where it was written last. */
  #isNewest(event: Written): boolean {
    return this.log.findLast(({ id }) => id === event.id) === event;
  }
}

// Few streams, ids and revisions, so that conflicts and retries are common.
const streams = ['s-1', 's-10', 's-2'];
const append = fc.record({
  stream: fc.constantFrom(...streams),
  names: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 }),
  expected: fc.oneof(fc.nat(6), fc.constantFrom<ExpectedRevision>('no_stream', 'stream_exists', 'any')),
});
/** The appends of a group are sent at once; groups follow each other, with a restart between some. */
const history = fc.array(
  fc.record({ group: fc.array(append, { minLength: 1, maxLength: 6 }), restart: fc.boolean() }),
  {
    maxLength: 8,
  },
);

async function assertSame(store: EventStore, model: Model): Promise<void> {
  const plain = (events: readonly Written[]) => events.map(({ stream, revision, id }) => ({ stream, revision, id }));
  expect(plain(await all(store.readAll()))).toEqual(model.log);
  expect(plain(await all(store.readAll({ direction: 'backwards' })))).toEqual(model.log.toReversed());
  for (const stream of streams) {
    const there = model.of(stream);
    expect(plain(await all(store.readStream(stream)))).toEqual(there);
    expect(plain(await all(store.readStream(stream, { direction: 'backwards', from: 2, limit: 2 })))).toEqual(
      there.slice(0, 3).toReversed().slice(0, 2),
    );
    expect(plain(await all(store.readStream(stream, { from: 1, limit: 3 })))).toEqual(there.slice(1, 4));
  }
}

/** Small segments, so that most streams are partly in the index of sealed ones. */
const kinds = [
  { name: 'as it is', options: {} },
  { name: 'small segments, flushed beside', options: { segmentBytes: 1_500, flushes: 'beside' } },
] as const;

test.each(kinds)(
  'after any history of appends and restarts the store answers and holds what a plain array would: $name',
  async ({ options }) => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const folder = await mkdtemp(join(tmpdir(), 'wuji-log-'));
        let store = await openEmbeddedEventStore({ folder, ...options });
        const model = new Model();
        for (const { group, restart } of steps) {
          const answers = await Promise.allSettled(
            group.map(({ stream, names, expected }) =>
              store.append(
                stream,
                names.map((name) => sample(name)),
                expected,
              ),
            ),
          );
          const wanted = group.map(({ stream, names, expected }) =>
            model.append(
              stream,
              names.map((name) => sample(name).id),
              expected,
            ),
          );
          expect(
            answers.map((answer) => {
              if (answer.status === 'fulfilled') return answer.value.revision;
              return answer.reason instanceof WrongExpectedRevision ? 'conflict' : answer.reason;
            }),
          ).toEqual(wanted);
          if (restart) {
            await store.close();
            store = await openEmbeddedEventStore({ folder, ...options });
          }
        }
        await assertSame(store, model);
        await store.close();
        await rm(folder, { recursive: true });
      }),
      { seed: 20260302, numRuns: 60 },
    );
  },
);
