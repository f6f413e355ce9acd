import { expect, onTestFinished } from 'vitest';
import { type ServerProcess, serveProcess } from '../../support/server-process.js';
import { signingIn } from '../../support/sign-in.js';

// biome-ignore lint/suspicious/noExplicitAny: an answer from the wire
type Wire = any;
type Answer = { readonly status: number; readonly data: Wire; readonly error: Wire };

/** A token of the operator of a server on this folder, as of a time. */
export const operatorOf = async (folder: string, now?: Date): Promise<string> =>
  (await signingIn(folder, now)).operator;

/** `wuji serve` on a folder, and what it has acknowledged. */
export async function openFaultyHouse(folder: string, env: Readonly<Record<string, string>> = {}) {
  const unlimited = { WUJI_RATE_MUTATIONS: '1000000', WUJI_RATE_QUERIES: '1000000', WUJI_RATE_CONNECTIONS: '1000000' };
  const start = () => serveProcess({ PORT: '0', WUJI_DATA: folder, ...unlimited, ...env });
  let server: ServerProcess = await start();
  onTestFinished(() => server.kill());
  let operator = await operatorOf(folder);
  /** By command: a place in the log. */
  const acknowledged = new Map<string, string>();

  async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operator}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Wire;
    return { status: response.status, data, error: errors?.[0]?.extensions };
  }

  return {
    get server() {
      return server;
    },
    ask,
    /** A new organ with this code: what was acknowledged is remembered, a refusal is given back. */
    async register(code: string, name = '水务局'): Promise<Wire> {
      const query =
        'mutation ($command: ID!, $code: String!, $name: String!) { registerOrgan(commandId: $command, input: { code: $code, region: "150802", kind: ORG, name: $name }) { caseId revision } }';
      const { data, error } = await ask(query, { command: code, code, name });
      if (error) return error;
      acknowledged.set(code, `organ-${data.registerOrgan.caseId}@${data.registerOrgan.revision}`);
      return undefined;
    },
    /** The same for a person, who gets a key of their own first. */
    async registerPerson(code: string): Promise<Wire> {
      const query =
        'mutation ($command: ID!, $code: String!) { registerPerson(commandId: $command, input: { code: $code, region: "150802", name: "水" }) { caseId revision } }';
      const { data, error } = await ask(query, { command: code, code });
      if (error) return error;
      acknowledged.set(code, `person-${data.registerPerson.caseId}@${data.registerPerson.revision}`);
      return undefined;
    },
    acknowledged,
    signInAs(token: string) {
      operator = token;
    },
    health: async (kind: 'live' | 'ready'): Promise<Wire> => (await fetch(`${server.url}/health/${kind}`)).json(),
    async metric(name: string): Promise<string | undefined> {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return text.split('\n').find((line) => line.startsWith(name));
    },
    async log(): Promise<readonly string[]> {
      const response = await fetch(`${server.url}/export`, { headers: { authorization: `Bearer ${operator}` } });
      const lines = (await response.text()).trimEnd().split('\n');
      return lines.map((line) => {
        const { stream, revision } = JSON.parse(line);
        return `${stream}@${revision}`;
      });
    },
    async restart(): Promise<number | null> {
      const code = await server.stop();
      server = await start();
      return code;
    },
    /** After its process has ended. */
    async startAgain(): Promise<void> {
      server = await start();
    },
  };
}
export type FaultyHouse = Awaited<ReturnType<typeof openFaultyHouse>>;

/** What was acknowledged stands in the log, each once. */
export async function assertKept(house: FaultyHouse): Promise<void> {
  const log = await house.log();
  expect(new Set(log).size).toBe(log.length);
  expect(log).toEqual(expect.arrayContaining([...house.acknowledged.values()]));
}

/** A stable code, both languages, and what to do next. */
export function assertRefusal(refusal: Wire, code: string): void {
  expect(refusal).toMatchObject({
    code,
    en: expect.stringMatching(/\w/),
    zh: expect.stringMatching(/\p{Script=Han}/u),
    next: { en: expect.stringMatching(/\w/), zh: expect.stringMatching(/\p{Script=Han}/u) },
  });
}

/** Asks again until it holds. Each look is a request to the server, so nobody is kept from their work. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
  }
}
