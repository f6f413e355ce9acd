import { fileURLToPath } from 'node:url';
import type { Bench, Case, Contender, Opened } from '../harness/bench.js';
import { median } from '../harness/run.js';
import type { Answer } from './asked.js';
import { document, titled } from './asked.js';
import type { Connection } from './client.js';
import { openConnection } from './client.js';
import { lookOn } from './feed.js';
import type { Server } from './process.js';
import { startServer } from './process.js';

const connectionCount = 32;
type Send = (connection: Connection, n: number) => Promise<void>;
/** How a round goes, given a way to send the `n`th command. */
type Round = (connections: readonly Connection[], send: Send) => Promise<number>;

/** Commands a second over all connections, each of which sends the next one when it has its answer. */
const throughput =
  (ms: number): Round =>
  async (connections, send) => {
    const begun = performance.now();
    let sent = 0;
    const one = async (connection: Connection) => {
      while (performance.now() - begun < ms) await send(connection, sent++);
    };
    await Promise.all(connections.map(one));
    return (sent * 1_000) / (performance.now() - begun);
  };

/** The median of how long one client waits who sends one after the other. */
const latency =
  (commands: number): Round =>
  async ([connection], send) => {
    if (!connection) throw new Error('no connection');
    const took: number[] = [];
    for (let n = 0; n < commands; n++) {
      const begun = performance.now();
      await send(connection, n);
      took.push(performance.now() - begun);
    }
    return median(took);
  };

async function opened(server: Server, warm: Round, round: Round, send: Send, close = () => {}): Promise<Opened> {
  const connections = await Promise.all(Array.from({ length: connectionCount }, () => openConnection(server.url)));
  await warm(connections, send);
  return {
    round: () => round(connections, send),
    async close() {
      for (const connection of connections) connection.close();
      close();
      await server.stop();
    },
  };
}

const fileOf = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const nothing = '00000000';

function contenders(warm: Round, round: Round): readonly Contender[] {
  return [
    {
      ...{ name: 'wuji', kind: 'ours' },
      async open() {
        const server = await startServer(fileOf('ours'));
        const feed = lookOn(server.url, server.tokens[0] ?? '');
        let ofFirst = 0;
        const send: Send = async (connection, n) => {
          const token = n % server.tokens.length;
          if (token === 0) ofFirst++;
          await mutate(connection, n, { authorization: `Bearer ${server.tokens[token]}` });
        };
        const first = await openConnection(server.url);
        // A subscription does not say when it has begun: its first message does.
        for (let tries = 0; feed.count() === 0; tries++)
          if (tries < 1_000) await send(first, 0);
          else throw new Error('the feed says nothing');
        first.close();
        const missed = ofFirst - feed.count();
        const running = await opened(server, warm, round, send, feed.close);
        return {
          ...running,
          async round() {
            const figure = await running.round();
            await feed.atLeast(ofFirst - missed);
            return figure;
          },
        };
      },
    },
    {
      ...{ name: 'Apollo + Fastify, a mutation that does nothing', kind: 'limit' },
      open: async () => opened(await startServer(fileOf('do-nothing')), warm, round, (one, n) => mutate(one, n, {})),
    },
    {
      ...{ name: 'emmett + express, in memory', kind: 'peer' },
      open: async () =>
        opened(await startServer(fileOf('emmett')), warm, round, async (connection, n) => {
          const body = await connection.post('/suggestions', {}, JSON.stringify(titled(n)));
          if (JSON.parse(body).title !== titled(n).title) throw new Error(`a wrong answer: ${body}`);
        }),
    },
  ];
}

async function mutate(connection: Connection, n: number, headers: Readonly<Record<string, string>>): Promise<void> {
  const input = titled(n);
  const body = await connection.post('/graphql', headers, JSON.stringify({ query: document, variables: { input } }));
  const { data, errors } = JSON.parse(body) as Answer;
  const receipt = data?.draftSuggestion;
  if (errors || receipt?.stale !== false || receipt.case.title !== input.title || receipt.case.status !== 'DRAFT')
    throw new Error(`a wrong answer: ${body}`);
  if (receipt.case.id !== receipt.caseId || receipt.caseId.startsWith(nothing)) throw new Error(`a wrong id: ${body}`);
}

export const bench: Bench = {
  name: 'command',
  works: 'in a server',
  about:
    'A deputy’s mutation over HTTP: authorized, durable, in the read models and told to the feed when it is answered. ' +
    'The limit is the same server with a mutation that does nothing of that.',
  async cases(scale): Promise<readonly Case[]> {
    const smoke = scale === 'smoke';
    const warm = throughput(smoke ? 100 : 2_000);
    return [
      {
        ...{ name: `${connectionCount} connections`, unit: 'commands/s', better: 'higher' },
        contenders: contenders(warm, throughput(smoke ? 200 : 2_000)),
        reach: { vsLimit: 0.6, vsPeer: 1 },
      },
      {
        ...{ name: 'latency of one client', unit: 'ms', better: 'lower' },
        contenders: contenders(warm, latency(smoke ? 20 : 300)),
      },
    ];
  },
};
