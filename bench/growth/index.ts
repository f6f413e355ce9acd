import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { serveProcess } from '../../test/support/server-process.js';
import type { Bench, Case, Contender, Opened, Scale } from '../harness/bench.js';
import { played } from '../rebuild/case-log.js';
import { grow } from './grow.js';
import type { Grown } from './nodes.js';
import { board, draft, feed, Nodes } from './nodes.js';

const sizesOf: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [2_000, 4_000],
  full: [10_000, 100_000, 1_000_000],
  long: [10_000, 100_000, 1_000_000, 10_000_000],
};

/** Cost per operation may grow by a fifth. */
const FLAT = 1 / 1.2;

type Measure = (grown: Grown) => Promise<Opened>;

export const bench: Bench = {
  name: 'growth',
  works: 'in a server',
  about:
    'The same operation on a short log (the limit) and on a long one: what it costs must not grow with history. Each folder is that of a node that has nothing left to do.',
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
    return casesOf(grown, new Nodes(of.deputies), scale === 'smoke' ? 64 : 640);
  },
};

type Operation = Pick<Case, 'name' | 'unit' | 'better' | 'reach'> & {
  readonly measure: Measure;
};

/** What opens a folder itself comes before what a node does in it; `count`: how many answers make a round. */
function casesOf(grown: readonly Grown[], nodes: Nodes, count: number): readonly Case[] {
  const flat = { reach: { vsLimit: FLAT }, better: 'higher' } as const;
  const started = { unit: 'ms', better: 'lower', reach: { atMost: 2_000 } } as const;
  const asked =
    (ask: Parameters<Nodes['asked']>[1], width: number): Measure =>
    (each) =>
      nodes.asked(each, ask, count, width);
  const operations: readonly Operation[] = [
    { ...started, name: 'start to first answer', measure: start },
    { ...flat, name: 'append, 16 writers', unit: 'events/s', measure: append },
    { ...flat, name: 'read a case’s stream', unit: 'events/s', measure: readStreams },
    { ...flat, name: 'page of a feed', unit: 'answers/s', measure: asked(feed, 4) },
    { ...flat, name: 'board of the city', unit: 'answers/s', measure: asked(board, 4) },
    { ...flat, name: 'command, 32 connections', unit: 'commands/s', measure: asked(draft, 32) },
  ];
  const [short, ...longer] = grown;
  const cases = operations.flatMap(({ measure, name, ...rest }) =>
    longer.map((long): Case => {
      const contender = (each: Grown, kind: Contender['kind']): Contender => ({
        ...{ name: eventsOf(each), kind },
        open: () => measure(each),
      });
      const contenders = [contender(long, 'ours'), ...(short ? [contender(short, 'limit')] : [])];
      return { ...rest, name: `${name}; ${eventsOf(long)}`, contenders };
    }),
  );
  return cases.map((each, i) => (i === cases.length - 1 ? { ...each, contenders: closing(each, nodes) } : each));
}

const eventsOf = ({ size }: Grown): string => `${size.toLocaleString('en')} events`;

/** The nodes end when the last case does. */
const closing = ({ contenders }: Case, nodes: Nodes): readonly Contender[] =>
  contenders.map((contender) => ({
    ...contender,
    async open() {
      const opened = await contender.open();
      return {
        ...opened,
        async close() {
          await opened.close();
          await nodes.close();
        },
      };
    },
  }));

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
  await onDisk(copy);
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

/** A longer copy would otherwise still be on its way to the disk while flushes are measured. */
async function onDisk(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r');
    await file.sync();
    await file.close();
  }
}

/** Streams of cases from everywhere in the log, one after the other. */
async function readStreams({ folder }: Grown): Promise<Opened> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const streams = await someStreams(store);
  return {
    async round() {
      const begun = performance.now();
      let events = 0;
      for (const stream of streams) for await (const _ of store.readStream(stream)) events++;
      return (events * 1_000) / (performance.now() - begun);
    },
    close: () => store.close(),
  };
}

/** As long as each other, wherever they are: those of the register are shorter, and there are more of them in a short log. */
async function someStreams(store: EventStore): Promise<readonly string[]> {
  const streams = new Map<string, number>();
  for await (const { stream, revision } of store.readAll()) streams.set(stream, revision + 1);
  const alike = [...streams].filter(
    ([stream, length]) => stream.startsWith('suggestion-') && length >= 8 && length <= 20,
  );
  const step = Math.max(1, Math.floor(alike.length / 500));
  const chosen = alike.filter((_, i) => i % step === 0).map(([stream]) => stream);
  if (chosen.length === 0) throw new Error('the log holds no case from its beginning to its end');
  return chosen;
}

/** From the command line to an answer of a node that says it is ready. */
async function start({ folder }: Grown): Promise<Opened> {
  return {
    async round() {
      const begun = performance.now();
      const node = await serveProcess({ PORT: '0', WUJI_DATA: folder });
      while (!(await fetch(`${node.url}/health/ready`)).ok);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${node.url}/graphql`, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename }"}',
      });
      if (!(await answer.text()).includes('"Query"')) throw new Error('it does not answer');
      const took = performance.now() - begun;
      await node.stop();
      return took;
    },
    async close() {},
  };
}
