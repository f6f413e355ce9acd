import { Fleet, now } from '../fanout/fleet.js';
import { cursorOf, messageOf } from '../fanout/sample.js';
import { startServer } from '../fanout/stand.js';
import type { Bench, Case, Contender, Opened, Scale } from '../harness/bench.js';
import { refetch } from './refetch.js';

const file = new URL('./server.js', import.meta.url);
const missed = 100;
/** The newest event of the log; the clients have seen all but the last of them. */
const latest = 1_000;
const seen = latest - missed;
/** Connections that are being made at one time: fewer than the queue of the kernel takes. */
const abreast = 1_000;

async function openServer(which: string) {
  const server = await startServer(file, [which]);
  await server.ask({ do: 'run', from: 1, events: latest, burst: 100, every: 5 });
  return server;
}

type Taken = { readonly seconds: number; readonly reads: number };
type Side = {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly clients: number;
  /** Which server, and how one round goes: resolves when all clients have all. */
  readonly which: string;
  comeBack(fleet: Fleet, port: number): Promise<void>;
};

/** The clients are all there and have all: the messages they had missed, and the marker that says so. */
const ours = (clients: number): Side => ({
  ...{ name: 'Wuji', kind: 'ours', which: 'ours', clients },
  async comeBack(fleet) {
    await fleet.join(clients, cursorOf(seen), abreast);
    await fleet.reach(clients * (missed + 1));
  },
});

/** Without a cursor: subscribe anew, then ask for what was missed. */
const apollo = (clients: number): Side => ({
  ...{ name: 'Apollo: subscribe anew and refetch', kind: 'peer', which: 'apollo', clients },
  async comeBack(fleet, port) {
    await fleet.join(clients, undefined, abreast);
    const one = async (from: number) => {
      for (let n = from; n < clients; n += abreast) await refetch(port, seen, missed);
    };
    await Promise.all(Array.from({ length: Math.min(abreast, clients) }, (_, i) => one(i)));
  },
});

/** Two figures of the same rounds: how long it took, and how often the stores were read meanwhile. */
function casesOf(clients: number, sides: readonly Side[], reach: { readonly seconds?: number }): readonly Case[] {
  const taken = new Map(sides.map((side) => [side, [] as Taken[]]));
  const name = `${clients.toLocaleString('en')} clients come back, ${missed} events behind`;
  return [
    {
      ...{ name, unit: 's', better: 'lower' },
      ...(reach.seconds && { reach: { atMost: reach.seconds } }),
      contenders: sides.map((side) => ({ ...side, open: () => openSide(side, taken.get(side) ?? []) })),
    },
    {
      ...{ name: `${name}: reads of the stores`, unit: 'reads', better: 'lower', reach: { atMost: 0 } },
      contenders: sides.map((side) => ({ ...side, open: async () => readsOf(taken.get(side) ?? []) })),
    },
  ];
}

async function openSide({ which, comeBack }: Side, taken: Taken[]): Promise<Opened> {
  const server = await openServer(which);
  let before = (await server.ask({ do: 'end' })).reads;
  return {
    async round() {
      const fleet = new Fleet(server.port, false);
      const begun = now();
      await comeBack(fleet, server.port);
      const seconds = (now() - begun) / 1_000;
      fleet.leave();
      const { reads } = await server.ask({ do: 'end' });
      taken.push({ seconds, reads: reads - before });
      before = reads;
      return seconds;
    },
    close: () => server.stop(),
  };
}

function readsOf(taken: readonly Taken[]): Opened {
  let n = 0;
  return { round: async () => taken[n++]?.reads ?? Number.NaN, close: async () => {} };
}

/** Everybody's messages, one by one: those of the path by the library, and those that were due. */
async function equalsPlainPath(clients: number): Promise<void> {
  const due = Array.from({ length: missed }, (_, i) => JSON.stringify({ data: { dutyFeed: messageOf(seen + 1 + i) } }));
  const marker = { cursor: cursorOf(latest), caughtUp: true, event: null };
  due.push(JSON.stringify({ data: { dutyFeed: marker } }));
  for (const which of ['plain', 'ours']) {
    const server = await openServer(which);
    const fleet = new Fleet(server.port, true);
    await fleet.join(clients, cursorOf(seen));
    await fleet.reach(clients * due.length);
    for (const { n, texts } of fleet.members) {
      const bodies = texts.map((text) => JSON.stringify(JSON.parse(text).payload));
      if (JSON.stringify(bodies) !== JSON.stringify(due))
        throw new Error(`${which}: client ${n} was sent something else`);
    }
    fleet.leave();
    const { reads } = await server.ask({ do: 'end' });
    if (reads > 0) throw new Error(`${which}: the stores were read ${reads} times`);
    await server.stop();
  }
}

export const bench: Bench = {
  name: 'resume',
  works: 'in a server',
  about:
    'Everybody connects anew at once with the cursor of the last message, and has caught up when the marker has come; connections, sign-in and subscription included. The stores are not read.',
  async cases(scale: Scale) {
    if (scale === 'smoke') {
      await equalsPlainPath(20);
      return casesOf(40, [ours(40), apollo(40)], {});
    }
    const [some, many] = [2_000, 10_000]; // Apollo is done with fewer in the time there is
    return [...casesOf(some, [ours(some), apollo(some)], {}), ...casesOf(many, [ours(many)], { seconds: 5 })];
  },
};
