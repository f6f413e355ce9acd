import { Fleet, now } from '../fanout/fleet.js';
import { cursorOf, messageOf } from '../fanout/sample.js';
import { startServer } from '../fanout/stand.js';
import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
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

/** The clients are all there and have all: the messages they had missed, and the marker that says so. */
const ours = (which: string, name: string, clients: number): Contender => ({
  ...{ name, kind: 'ours' },
  async open() {
    const server = await openServer(which);
    return {
      async round() {
        const fleet = new Fleet(server.port, false);
        const begun = now();
        await fleet.join(clients, cursorOf(seen), abreast);
        await fleet.reach(clients * (missed + 1));
        const seconds = (now() - begun) / 1000;
        fleet.leave();
        const { reads } = await server.ask({ do: 'end' });
        if (reads > 0) throw new Error(`the stores were read ${reads} times`);
        return clients / seconds;
      },
      close: () => server.stop(),
    };
  },
});

/** Without a cursor: subscribe anew, then ask for what was missed. */
const peer = (clients: number): Contender => ({
  ...{ name: 'Apollo: subscribe anew and refetch', kind: 'peer' },
  async open() {
    const server = await openServer('apollo');
    return {
      async round() {
        const fleet = new Fleet(server.port, false);
        const begun = now();
        await fleet.join(clients, undefined, abreast);
        const one = async (from: number) => {
          for (let n = from; n < clients; n += abreast) await refetch(server.port, seen, missed);
        };
        await Promise.all(Array.from({ length: Math.min(abreast, clients) }, (_, i) => one(i)));
        const seconds = (now() - begun) / 1000;
        fleet.leave();
        return clients / seconds;
      },
      close: () => server.stop(),
    };
  },
});

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

const caseOf = (clients: number, contenders: readonly Contender[], reach: Case['reach']): Case => ({
  name: `${clients.toLocaleString('en')} clients come back, ${missed} events behind`,
  ...{ unit: 'clients/s', better: 'higher', contenders },
  ...(reach && { reach }),
});

export const bench: Bench = {
  name: 'resume',
  about:
    'Everybody connects anew at once with the cursor of the last message, and has caught up when the marker has come; connections, sign-in and subscription included. The stores are not read.',
  async cases(scale: Scale) {
    if (scale === 'smoke') {
      await equalsPlainPath(20);
      return [caseOf(40, [ours('ours', 'Wuji', 40), peer(40)], undefined)];
    }
    const [some, many] = [2_000, 10_000];
    return [
      caseOf(some, [ours('ours', 'Wuji', some), peer(some)], undefined),
      caseOf(many, [ours('ours', 'Wuji', many)], { atLeast: many / 5 }),
    ];
  },
};
