import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
import type { Load, Stand } from './stand.js';
import { openStand } from './stand.js';

const file = new URL('./server.js', import.meta.url);
const everyone = [
  ['ours', 'Wuji', 'ours'],
  ['limit', 'raw frames, id patched', 'limit'],
  ['apollo', '@apollo/server + graphql-ws + graphql-subscriptions', 'peer'],
  ['yoga', 'graphql-yoga + graphql-ws', 'peer'],
  ['mercurius', 'mercurius', 'peer'],
] as const;

/** What a round gives, from a stand with so many clients. */
type Round = (stand: Stand, clients: number) => Promise<number>;

/** A stand is opened once for all cases of a size: they follow each other. */
class Stands {
  private readonly open = new Map<string, Promise<Stand>>();

  constructor(
    private readonly clients: number,
    private readonly which: readonly (typeof everyone)[number][0][],
  ) {}

  contenders(round: Round, { last }: { readonly last: boolean }): readonly Contender[] {
    return everyone
      .filter(([name]) => this.which.includes(name))
      .map(([key, name, kind]) => ({
        ...{ name, kind },
        open: async () => {
          const present = this.open.get(key) ?? openStand(file, [key], this.clients);
          this.open.set(key, present);
          const stand = await present;
          await round(stand, this.clients); // until the code is warm
          return {
            round: () => round(stand, this.clients),
            close: async () => {
              if (last) await stand.close();
            },
          };
        },
      }));
  }
}

const cpuOf =
  (load: Load): Round =>
  async (stand, clients) =>
    (await stand.run(load)).cpu / load.events / clients;

/** From publishing to the client's reading, of all messages of all clients. */
const p99Of =
  (load: Load): Round =>
  async (stand) => {
    for (const member of stand.fleet.members) member.times = [];
    const { at } = await stand.run(load);
    const times = stand.fleet.members.flatMap(({ times = [] }) => times.map((time, i) => time - (at[i] ?? 0)));
    for (const member of stand.fleet.members) member.times = undefined;
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  };

function casesOf(clients: number, one: Load, burst: Load, peers: readonly ('apollo' | 'yoga' | 'mercurius')[]): Case[] {
  const stands = new Stands(clients, ['ours', 'limit', ...peers]);
  const large = clients >= 5_000;
  const case_ = (name: string, unit: string, round: Round, more: Partial<Case> = {}, last = false): Case => ({
    ...{ name: `${clients.toLocaleString('en')} sockets, ${name}`, unit, better: 'lower' },
    ...more,
    contenders: stands.contenders(round, { last }),
  });
  const cpu = 'µs CPU a delivery';
  return [
    case_('one by one', cpu, cpuOf(one), { reach: { vsLimit: 0.9, vsPeer: 7 } }),
    case_('in bursts of 10', cpu, cpuOf(burst), { reach: { vsPeer: 15 } }, !large),
    ...(large
      ? [
          case_('p99 from publishing to reading', 'ms', p99Of(one), { reach: { vsLimit: 1 / 1.2 } }),
          case_('event loop late at most', 'ms', async (stand) => (await stand.run(burst)).late),
          case_(
            'connections in memory',
            'connections a MiB',
            async (stand) => 2 ** 20 / stand.perConnection,
            { better: 'higher', reach: { atLeast: 1024 / 18 } },
            true,
          ),
        ]
      : []),
  ];
}

/** Every client's messages, one by one, against those of the path by the library. */
async function equalsPlainPath(): Promise<void> {
  const clients = 30;
  const texts: string[][][] = [];
  for (const which of ['plain', 'ours']) {
    const stand = await openStand(file, [which], clients, true);
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
  about:
    'One event to all who are subscribed, eight fields, each under an operation id of its own: processor time of the server for each delivery, from the hub to the socket.',
  async cases(scale: Scale) {
    if (scale === 'smoke') {
      await equalsPlainPath();
      return casesOf(20, { events: 5, burst: 1, every: 5 }, { events: 20, burst: 10, every: 5 }, [
        'apollo',
        'yoga',
        'mercurius',
      ]);
    }
    const all = ['apollo', 'yoga', 'mercurius'] as const;
    return [
      ...casesOf(100, { events: 200, burst: 1, every: 5 }, { events: 500, burst: 10, every: 30 }, all),
      ...casesOf(1_000, { events: 20, burst: 1, every: 60 }, { events: 50, burst: 10, every: 300 }, all),
      ...casesOf(5_000, { events: 8, burst: 1, every: 200 }, { events: 20, burst: 10, every: 1_200 }, ['apollo']),
    ];
  },
};
