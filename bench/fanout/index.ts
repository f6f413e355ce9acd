import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
import type { Load } from './stand.js';
import { openStand } from './stand.js';
import type { Taken } from './stands.js';
import { Stands } from './stands.js';

const file = new URL('./server.js', import.meta.url);
type Entrant = readonly [key: string, name: string, kind: Contender['kind']];
const everyone: readonly Entrant[] = [
  ['ours', 'Wuji', 'ours'],
  ['limit', 'raw frames, id patched', 'limit'],
  ['apollo', '@apollo/server + graphql-ws + graphql-subscriptions', 'peer'],
  ['yoga', 'graphql-yoga + graphql-ws', 'peer'],
  ['mercurius', 'mercurius', 'peer'],
];
const of = (...keys: readonly string[]) => everyone.filter(([key]) => keys.includes(key));

/** Milliseconds that the event loop may be late. */
const LATE = 20;

/** A figure of a round. */
type Row = Pick<Case, 'name' | 'unit' | 'reach'> & {
  round(stands: Stands, key: string, n: number): Promise<number>;
};

const ratesOf = (load: Load, how: string): readonly Row[] => {
  const of = (figure: (taken: Taken) => number) => (stands: Stands, key: string, n: number) =>
    stands.round(key, load, n).then(figure);
  return [
    { name: how, unit: 'µs CPU a delivery', round: of(({ cpu }) => cpu) },
    { name: `${how}, publishing to reading, p50`, unit: 'ms', round: of(({ p50 }) => p50) },
    { name: `${how}, publishing to reading, p99`, unit: 'ms', round: of(({ p99 }) => p99) },
    { name: `${how}, loop late at most`, unit: 'ms', round: of(({ late }) => late), reach: { atMost: LATE } },
    { name: `${how}, loop late, p99`, unit: 'ms', round: of(({ lateP99 }) => lateP99) },
  ];
};

/** `which`: who takes part; all when absent. */
function casesOf(
  clients: number,
  one: Load,
  burst: Load,
  {
    which = everyone,
    name = `${clients.toLocaleString('en')} sockets`,
  }: { which?: readonly Entrant[]; name?: string } = {},
): readonly Case[] {
  const stands = new Stands(file, clients);
  const limited = which.some(([, , kind]) => kind === 'limit');
  const reach = (row: Row, more: NonNullable<Case['reach']>): Row => ({ ...row, reach: more });
  const [single, p50, p99, ...late] = ratesOf(one, 'one by one') as [Row, Row, Row, ...Row[]];
  const [coalesced, ...more] = ratesOf(burst, 'in bursts of 10') as [Row, ...Row[]];
  const memory: Row = {
    ...{ name: 'memory of a connection', unit: 'KB', reach: { atMost: 18 } },
    round: async (all, key) => (await all.stand(key)).perConnection / 1_024,
  };
  const rows = [
    reach(single, { ...(limited && { vsLimit: 0.9 }), vsPeer: 7 }),
    p50,
    limited && clients >= 5_000 ? reach(p99, { vsLimit: 1 / 1.2 }) : p99,
    ...late,
    reach(coalesced, { vsPeer: 15 }),
    ...more,
    ...(clients >= 5_000 ? [memory] : []), // of fewer, it is the process's own that weighs
  ];
  return rows.map((row, i) => ({
    ...{ name: `${name}, ${row.name}`, unit: row.unit, better: 'lower' },
    ...(row.reach && { reach: row.reach }),
    contenders: which.map(([key, name, kind]) => ({
      ...{ name, kind },
      async open() {
        await stands.stand(key);
        let n = 0;
        return {
          round: () => row.round(stands, key, n++),
          close: async () => (i === rows.length - 1 ? stands.close() : undefined),
        };
      },
    })),
  }));
}

/** Every client's messages, one by one, against those of the path by the library. */
async function equalsPlainPath(): Promise<void> {
  const clients = 30;
  const texts: string[][][] = [];
  for (const which of ['plain', 'ours']) {
    const stand = await openStand(file, [which], clients, { collect: true });
    for (const member of stand.fleet.members) member.texts.length = 0;
    await stand.run({ events: 5, burst: 1, every: 5, from: 1_000 });
    await stand.run({ events: 40, burst: 10, every: 1 });
    texts.push(stand.fleet.members.map((member) => [...member.texts]));
    await stand.close();
  }
  const [plain = [], ours = []] = texts;
  if (plain.some((each) => each.length !== 45)) throw new Error('the plain path has not sent everything');
  if (JSON.stringify(plain) !== JSON.stringify(ours)) throw new Error('the messages are not those of the plain path');
}

export const bench: Bench = {
  name: 'fanout',
  works: 'in a server',
  about:
    'One event to all who are subscribed, eight fields, each under an operation id of its own: processor time of the server for each delivery, from the hub to the socket.',
  async cases(scale: Scale) {
    if (scale === 'smoke') {
      await equalsPlainPath();
      return casesOf(20, { events: 5, burst: 1, every: 5 }, { events: 20, burst: 10, every: 5 });
    }
    // 5,000 sockets of each of five contenders are more than a process may have open.
    const [few, bursts] = [
      { events: 8, burst: 1, every: 200 },
      { events: 20, burst: 10, every: 1_200 },
    ];
    return [
      ...casesOf(100, { events: 200, burst: 1, every: 5 }, { events: 500, burst: 10, every: 30 }),
      ...casesOf(1_000, { events: 20, burst: 1, every: 60 }, { events: 50, burst: 10, every: 300 }),
      ...casesOf(5_000, few, bursts, { which: of('ours', 'limit', 'apollo') }),
      ...casesOf(5_000, few, bursts, {
        which: of('ours', 'yoga', 'mercurius'),
        name: '5,000 sockets beside the others',
      }),
    ];
  },
};
