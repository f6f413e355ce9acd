import { fileURLToPath } from 'node:url';
import { document as drafting, titled } from '../command/asked.js';
import type { Connection } from '../command/client.js';
import { openConnection } from '../command/client.js';
import { startServer } from '../command/process.js';
import type { Opened } from '../harness/bench.js';
import type { Played } from '../rebuild/case-log.js';

export type Grown = { readonly size: number; readonly folder: string };

/** A question, and whether its answer is whole. */
type Ask = {
  readonly query: string;
  readonly variables: (n: number) => object;
  readonly isWhole: (data: Readonly<Record<string, unknown>>) => boolean;
};
const PAGE = 10;
/** A server answers twice as fast after so many rounds: one that was asked more often must not be ahead by that. */
const WARMING = 6;

export const draft: Ask = {
  query: drafting,
  variables: (n) => ({ input: titled(n) }),
  isWhole: ({ draftSuggestion }) => (draftSuggestion as { stale: boolean }).stale === false,
};
/** The first page, and the one that a client asks for who comes back with a cursor. */
export const feed: Ask = {
  query: `query ($after: String) { dutyFeed(first: ${PAGE}, after: $after) { nodes { id type caseId at data } pageInfo { endCursor } } }`,
  variables: () => ({}),
  isWhole: ({ dutyFeed }) => (dutyFeed as { nodes: readonly object[] }).nodes.length === PAGE,
};
/** What the city's hall looks at: counters of all its cases. */
export const board: Ask = {
  query:
    'query { board(level: city, region: "150800") { ... on CityBoard { clocks { count standing } funnel { count status } outcomes { count category } owners { owner overdue running } participation { level active } } } }',
  variables: () => ({}),
  isWhole: ({ board }) => (board as { participation: readonly object[] }).participation.length > 0,
};

export type Running = {
  readonly url: string;
  /** Of the deputies, in their order. */
  readonly tokens: readonly string[];
  /** For one case: a server closes those that are idle for long. */
  connect(width: number): Promise<readonly Connection[]>;
  /** As the `n`th deputy. */
  ask(connection: Connection, n: number, ask: Ask): Promise<{ readonly whole: boolean; readonly body: string }>;
  close(): Promise<void>;
};

/** One node for each size, opened once for all that is asked of it. */
export class Nodes {
  private readonly open = new Map<number, Promise<Running>>();

  constructor(private readonly deputies: Played['deputies']) {}

  /** The node of a size: opened when it is first asked for. */
  on(grown: Grown): Promise<Running> {
    const opening = this.open.get(grown.size) ?? this.start(grown);
    this.open.set(grown.size, opening);
    return opening;
  }

  /** Answers a second: each connection asks for the next one when it has its answer. */
  async asked(grown: Grown, ask: Ask, count: number, width: number): Promise<Opened> {
    const node = await this.on(grown);
    // Those who have less than a page, or may not see it, say nothing about what it costs.
    const able: number[] = [];
    const connections = await node.connect(width);
    const first = connections[0];
    const parts = new Set<string>();
    for (let n = 0; first && n < this.deputies.length; n++) {
      const { whole, body } = ask === draft ? { whole: true, body: '' } : await node.ask(first, n, ask);
      if (whole) able.push(n);
      else parts.add(body);
    }
    if (able.length === 0) throw new Error(`nobody is given a whole answer: ${[...parts].join('\n')}`);
    async function round() {
      let next = 0;
      const begun = performance.now();
      const one = async (connection: Connection) => {
        for (let n = next++; n < count; n = next++) {
          const { whole, body } = await node.ask(connection, able[n % able.length] ?? 0, ask);
          if (!whole) throw new Error(`not a whole answer: ${body}`);
        }
      };
      await Promise.all(connections.map(one));
      return (count * 1_000) / (performance.now() - begun);
    }
    for (let n = 0; n < WARMING; n++) await round();
    return {
      round,
      async close() {
        for (const connection of connections) connection.close();
      },
    };
  }

  async close(): Promise<void> {
    for (const opening of this.open.values()) await (await opening).close();
    this.open.clear();
  }

  private async start({ folder }: Grown): Promise<Running> {
    const file = fileURLToPath(new URL('./node.js', import.meta.url));
    const server = await startServer(file, [
      folder,
      ...this.deputies.map(({ person, mandate }) => `${person} ${mandate}`),
    ]);
    return {
      ...{ url: server.url, tokens: server.tokens },
      connect: (width) => Promise.all(Array.from({ length: width }, () => openConnection(server.url))),
      async ask(connection, n, { query, variables, isWhole }) {
        const headers = { authorization: `Bearer ${server.tokens[n]}` };
        const body = await connection.post('/graphql', headers, JSON.stringify({ query, variables: variables(n) }));
        const { data, errors } = JSON.parse(body) as { data?: Record<string, unknown> | null; errors?: unknown };
        return { whole: !errors && data != null && isWhole(data), body };
      },
      close: () => server.stop(),
    };
  }
}
