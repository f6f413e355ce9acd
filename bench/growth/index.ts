import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Case, Contender, Opened, Scale } from '../harness/bench.js';
import { played } from '../rebuild/case-log.js';
import { append, readBytes, readStreams, rebuildAll, replay, start } from './folder.js';
import { grow } from './grow.js';
import { comeBack, told } from './live.js';
import type { Grown } from './nodes.js';
import { board, draft, feed, Nodes } from './nodes.js';

const sizesOf: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [2_000, 4_000],
  full: [10_000, 100_000, 1_000_000],
  long: [10_000, 100_000, 1_000_000, 10_000_000],
};

/** What who comes back has missed. */
const MISSED = 20;
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
  const live = Math.min(count, 200);
  const operations: readonly Operation[] = [
    { ...started, name: 'start to first answer', measure: start },
    { ...flat, name: 'append, 16 writers', unit: 'events/s', measure: append },
    { ...flat, name: 'read a case’s stream', unit: 'events/s', measure: readStreams },
    { name: 'the same reads of the file alone', unit: 'reads/s', better: 'higher', measure: readBytes },
    { ...flat, name: 'replay the log', unit: 'events/s', measure: replay },
    { ...flat, name: 'rebuild all read models', unit: 'events/s', measure: rebuildAll },
    { ...flat, name: 'page of a feed', unit: 'answers/s', measure: asked(feed, 4) },
    { ...flat, name: 'board of the city', unit: 'answers/s', measure: asked(board, 4) },
    {
      ...{ ...flat, name: `${live} deputies hear of their drafts, one by one`, unit: 'deliveries/s' },
      measure: async (each) => told(await nodes.on(each), live),
    },
    {
      ...{ ...flat, name: `${live} deputies come back, ${MISSED} drafts behind`, unit: 'deputies/s' },
      measure: async (each) => comeBack(await nodes.on(each), live, MISSED),
    },
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
