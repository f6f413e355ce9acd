import { createClient as createSseClient } from 'graphql-sse';
import type { Client } from 'graphql-ws';
import { createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { Inbox } from './inbox.js';
import type { World } from './world.js';

export const feedQuery =
  'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { type revision caseId } } }';
export const caseQuery = `subscription ($caseId: ID!, $after: String) { caseChanged(caseId: $caseId, after: $after) {
  cursor caughtUp event { type revision } case { id revision statusCode viewerClass ... on Suggestion { title advice } } } }`;
export const boardQuery =
  'subscription ($region: RegionCode!, $level: Level!) { boardChanged(region: $region, level: $level) { cursor board { __typename level ... on CountyBoard { funnel { status count } } } } }';

/** Ten times what an event has: messages that fill a connection soon. */
export const wideEvent = `event { type revision ${[...'abcdefghij'].map((name) => `${name}: data`).join(' ')} }`;

export type Told = {
  readonly cursor: string;
  readonly caughtUp: boolean;
  readonly event: { readonly type: string; readonly revision: number } | null;
  readonly case?: Readonly<Record<string, unknown>> | null;
};
/** A message; an end with the code of its error; an end without one. */
export type Arrival = { readonly told: Told } | { readonly failed: string } | { readonly completed: true };

export const toldOf = (items: readonly Arrival[]): Told[] =>
  items.flatMap((item) => ('told' in item ? [item.told] : []));
export const typesOf = (items: readonly Arrival[]): string[] =>
  toldOf(items).flatMap(({ event }) => (event ? [event.type] : []));
export const isLive = (items: readonly Arrival[]): boolean => toldOf(items).some(({ caughtUp }) => caughtUp);
export const failureOf = async (inbox: Inbox<Arrival>): Promise<string> => {
  const found = await inbox.first((item) => 'failed' in item);
  return 'failed' in found ? found.failed : '';
};

/** The code of an answer that is an error. */
export const codeIn = (answer: unknown): string =>
  (answer as { readonly errors: readonly [{ readonly extensions: { readonly code: string } }] }).errors[0].extensions
    .code;

const codeOf = (error: unknown): string => {
  const first = Array.isArray(error) ? error[0] : error;
  return first?.extensions?.code ?? first?.code ?? String(first?.message ?? first);
};

/** Where a server is. */
type Place = Pick<World, 'url' | 'socketUrl'>;

/** The stock graphql-ws client; closed when the test ends. */
export function wsClient(world: Place, token: string | undefined, options: { retry?: boolean; url?: string } = {}) {
  const closed = new Inbox<{ readonly code: number; readonly reason: string }>();
  let socket: WebSocket | undefined;
  const client: Client = createClient({
    url: options.url ?? world.socketUrl,
    webSocketImpl: WebSocket,
    lazy: true,
    lazyCloseTimeout: 600_000, // so that a close is always the server's
    retryAttempts: options.retry ? 20 : 0,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    onNonLazyError: () => undefined,
    on: {
      opened: (opened) => {
        socket = opened as WebSocket;
      },
      closed: (event) => closed.push(event as { code: number; reason: string }),
    },
  });
  onTestFinished(() => void Promise.resolve(client.dispose()).catch(() => undefined));
  return {
    client,
    closed,
    get socket(): WebSocket {
      if (!socket) throw new Error('not connected');
      return socket;
    },
    /** Resolves with the answer, so all that was sent before has been taken. */
    ping(payload?: Record<string, unknown>): Promise<void> {
      const { socket: open } = this;
      return new Promise((resolve) => {
        const take = (data: unknown) => {
          if (JSON.parse(String(data)).type !== 'pong') return;
          open.off('message', take);
          resolve();
        };
        open.on('message', take);
        open.send(JSON.stringify({ type: 'ping', payload }));
      });
    },
    /** One query or mutation. */
    once: (query: string, variables: Record<string, unknown> = {}) =>
      new Promise<{ data?: unknown; errors?: readonly unknown[]; extensions?: unknown }>((resolve, reject) => {
        client.subscribe(
          { query, variables },
          { next: (value) => resolve(value as never), error: reject, complete() {} },
        );
      }),
    subscribe(query: string, variables: Record<string, unknown> = {}) {
      const inbox = new Inbox<Arrival>();
      const end = client.subscribe<Record<string, Told>>(
        { query, variables },
        {
          next({ data, errors }) {
            const told = data && Object.values(data)[0];
            inbox.push(told ? { told } : { failed: codeOf(errors) });
          },
          error: (error) => inbox.push({ failed: codeOf(error) }),
          complete: () => inbox.push({ completed: true }),
        },
      );
      return Object.assign(inbox, { end });
    },
  };
}

/** A WebSocket that speaks the protocol by hand, for what a good client never does. */
export async function rawSocket(world: Place, options: { token?: string; init?: boolean; origin?: string } = {}) {
  const socket = new WebSocket(
    world.socketUrl,
    'graphql-transport-ws',
    options.origin ? { origin: options.origin } : {},
  );
  onTestFinished(() => socket.terminate());
  // biome-ignore lint/suspicious/noExplicitAny: messages of the protocol, of any kind
  const messages = new Inbox<any>();
  const closed = new Inbox<{ readonly code: number; readonly reason: string }>();
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('close', (code, reason) => closed.push({ code, reason: String(reason) }));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  if (options.init !== false) {
    send({ type: 'connection_init', payload: options.token ? { authorization: `Bearer ${options.token}` } : {} });
    await messages.first(({ type }) => type === 'connection_ack');
  }
  return {
    socket,
    messages,
    closed,
    send,
    subscribe: (id: string, query: string, variables: Record<string, unknown> = {}) =>
      send({ id, type: 'subscribe', payload: { query, variables } }),
    async ping() {
      const before = messages.items.length;
      send({ type: 'ping' });
      await messages.until((items) => items.slice(before).some(({ type }) => type === 'pong'));
    },
  };
}

/** The stock graphql-sse client, in its "distinct connections" mode. */
export function sseClient(world: Place, token: string) {
  const client = createSseClient({
    url: `${world.url}/graphql/stream`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  return (query: string, variables: Record<string, unknown> = {}) => {
    const inbox = new Inbox<Arrival>();
    client.subscribe<Record<string, Told>>(
      { query, variables },
      {
        next({ data, errors }) {
          const told = data && Object.values(data)[0];
          inbox.push(told ? { told } : { failed: codeOf(errors) });
        },
        error: (error) => inbox.push({ failed: codeOf(error) }),
        complete: () => inbox.push({ completed: true }),
      },
    );
    return inbox;
  };
}

export type Stream = {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asked for
  readonly data: any;
};

/** Server-sent events over plain fetch, taken apart as the standard says. Comments come as events called `:`. */
export async function stream(
  world: Place,
  options: {
    readonly token?: string;
    readonly query: string;
    readonly variables?: Record<string, unknown>;
    readonly lastEventId?: string;
    readonly method?: 'GET' | 'POST';
  },
) {
  const { token, query, variables = {}, lastEventId, method = 'POST' } = options;
  const ended = new AbortController();
  const headers = {
    accept: 'text/event-stream',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    ...(method === 'POST' && { 'content-type': 'application/json' }),
  };
  const url = new URL(`${world.url}/graphql/stream`);
  if (method === 'GET') url.search = String(new URLSearchParams({ query, variables: JSON.stringify(variables) }));
  const response = await fetch(url, {
    method,
    headers,
    signal: ended.signal,
    ...(method === 'POST' && { body: JSON.stringify({ query, variables }) }),
  });
  const inbox = new Inbox<Stream>();
  let paused = false;
  const done = response.headers.get('content-type')?.startsWith('text/event-stream')
    ? readEvents(response, inbox, () => paused).catch((error: unknown) => {
        if (!ended.signal.aborted) throw error;
      })
    : Promise.resolve();
  const end = () => ended.abort();
  onTestFinished(end);
  /** From the next message on nothing more is read. */
  const pause = () => {
    paused = true;
  };
  return { response, inbox, done, end, pause };
}

async function readEvents(response: Response, inbox: Inbox<Stream>, paused: () => boolean): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    if (paused()) await new Promise(() => undefined);
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const lines = text.slice(0, at).split('\n');
      text = text.slice(at + 2);
      const field = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const data = field('data');
      if (lines[0] === ':') inbox.push({ id: '', event: ':', data: null });
      else inbox.push({ id: field('id') ?? '', event: field('event') ?? '', data: data ? JSON.parse(data) : null });
    }
  }
}
