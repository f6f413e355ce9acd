import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { serveProcess } from '../../test/support/server-process.js';
import type { Bench, Case, Contender, Opened, Scale } from '../harness/bench.js';
import { played } from '../rebuild/case-log.js';
import { grow } from './grow.js';

const sizesOf: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [2_000, 4_000],
  full: [10_000, 100_000, 1_000_000],
  long: [10_000, 100_000, 1_000_000, 10_000_000],
};

/** Cost per operation may grow by a fifth. */
const FLAT = 1 / 1.2;

type Grown = { readonly size: number; readonly folder: string };
type Measure = (grown: Grown) => Promise<Opened>;

export const bench: Bench = {
  name: 'growth',
  about: 'The same operation on a short log and on a long one: what it costs must not grow with history.',
  async cases(scale) {
    const all = await mkdtemp(join(tmpdir(), 'wuji-growth-'));
    process.once('exit', () => rmSync(all, { recursive: true }));
    const of = await played(
      scale === 'smoke' ? { deputies: 60, townships: 3, cases: 20 } : { deputies: 500, townships: 20, cases: 100 },
    );
    const grown: Grown[] = [];
    for (const size of sizesOf[scale]) {
      const folder = join(all, String(size));
      await grow(folder, of, size);
      grown.push({ size, folder });
    }
    return grown.slice(1).flatMap((long) => casesOf(grown[0] ?? long, long));
  },
};

function casesOf(short: Grown, long: Grown): readonly Case[] {
  const events = ({ size }: Grown) => `${size.toLocaleString('en')} events`;
  const contenders = (measure: Measure): readonly Contender[] => [
    { name: events(long), kind: 'ours', open: () => measure(long) },
    { name: events(short), kind: 'limit', open: () => measure(short) },
  ];
  const flat = { vsLimit: FLAT };
  return [
    {
      name: `append, 16 writers; ${events(long)}`,
      unit: 'events/s',
      better: 'higher',
      contenders: contenders(append),
      reach: flat,
    },
    {
      name: `read a case's stream; ${events(long)}`,
      unit: 'streams/s',
      better: 'higher',
      contenders: contenders(readStreams),
      reach: flat,
    },
    {
      name: `start to first answer; ${events(long)}`,
      unit: 'ms',
      better: 'lower',
      contenders: contenders(start),
      reach: { atMost: 2_000 },
    },
  ];
}

/** What a writer sends: as long as most events are. */
const eventOf = (stream: string) => ({
  ...{ id: randomUUID(), type: 'Measured', version: 1, effectiveAt: '2026-03-02T01:00:00.000Z' },
  data: { text: 'x'.repeat(100) },
  meta: {
    ...{ commandId: stream, action: 'measure', actor: { kind: 'system', policy: 'bench' } as const },
    ...{ $correlationId: stream, $causationId: stream, audience: {} },
  },
});

/** Each writer has a stream of its own, and sends the next event when it has its answer; into a copy of the log. */
async function append({ folder, size }: Grown): Promise<Opened> {
  const copy = `${folder}-copy`;
  await cp(join(folder, 'log'), copy, { recursive: true });
  const store = await openEmbeddedEventStore({ folder: copy });
  let rounds = 0;
  return {
    async round() {
      const round = `${size}-${rounds++}-${randomUUID()}`;
      const each = 100;
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: 16 }, async (_, writer) => {
          const stream = `bench-${round}-${writer}`;
          for (let n = 0; n < each; n++) await store.append(stream, [eventOf(stream)], n === 0 ? 'no_stream' : n - 1);
        }),
      );
      return (16 * each * 1_000) / (performance.now() - begun);
    },
    async close() {
      await store.close();
      await rm(copy, { recursive: true });
    },
  };
}

/** Streams from everywhere in the log, one after the other. */
async function readStreams({ folder }: Grown): Promise<Opened> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const streams = await someStreams(store);
  return {
    async round() {
      const begun = performance.now();
      for (const stream of streams) for await (const _ of store.readStream(stream)) void _;
      return (streams.length * 1_000) / (performance.now() - begun);
    },
    close: () => store.close(),
  };
}

async function someStreams(store: EventStore): Promise<readonly string[]> {
  const streams = new Set<string>();
  for await (const { stream } of store.readAll()) streams.add(stream);
  const all = [...streams];
  const step = Math.max(1, Math.floor(all.length / 500));
  return all.filter((_, i) => i % step === 0);
}

/** From the command line to a node that says it is ready. */
async function start({ folder }: Grown): Promise<Opened> {
  return {
    async round() {
      const begun = performance.now();
      const node = await serveProcess({ PORT: '0', WUJI_DATA: folder });
      while (!(await fetch(`${node.url}/health/ready`)).ok);
      const took = performance.now() - begun;
      await node.stop();
      return took;
    },
    async close() {},
  };
}
