import type { Client } from 'graphql-ws';
import { createClient } from 'graphql-ws';

/** What a message of `dutyFeed` or `caseChanged` has at least: ask for both fields in the query. */
export type Message = { readonly cursor: string; readonly caughtUp: boolean };

export type FeedState = 'connecting' | 'catching up' | 'live' | 'ended';

/** Why a feed ended, or what the service refused: `code` is stable, `zh` and `en` are for people, `next` is what to do. */
export type FeedError = {
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly next?: { readonly en: string; readonly zh: string };
  /** With `HANDLER_FAILED`: what `onMessage` threw. */
  readonly cause?: unknown;
};

export type FeedOptions<M extends Message> = {
  /** `ws://127.0.0.1:4000/graphql` */
  readonly url: string;
  /** The token, or how to get a fresh one: asked at each connection. */
  readonly token?: string | (() => string | Promise<string>);
  /** A subscription with the variable `$after: String`, handed to the field's `after`. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Go on after this cursor; keep it between runs and nothing is missed. Absent: from now. */
  readonly after?: string | undefined;
  /** Called once for each message, in order. When it throws, `onError` is told, and the message comes again. */
  readonly onMessage: (message: M) => void;
  readonly onState?: (state: FeedState) => void;
  readonly onError?: (error: FeedError) => void;
  /** Node before 22 has no WebSocket of its own: give it that of `ws`. */
  readonly webSocketImpl?: unknown;
};

export type Feed = {
  /** Of the last message that was taken. */
  readonly cursor: string | undefined;
  /** Brings a fresh token to the open connection. */
  refresh(token: string): void;
  close(): void;
};

/** Milliseconds between two attempts, at most; chance adds up to two seconds, so that not all come back at once. */
const longestWait = 15_000;
/** Milliseconds that the server may take to answer: a network can be lost without a word. */
const longestSilence = 10_000;
/** With this code the server closes a connection whose token has run out or is not taken; `reason` has the code. */
const tokenRefused = 4403;

/** Refusals after which coming back helps: something is away for a while, or there was too much at once. */
const passing = new Set([
  ...['BUSY', 'RATE_LIMITED', 'TOKEN_EXPIRED', 'INTERNAL', 'AUTH_KEYS_UNAVAILABLE'],
  ...['NOT_RECORDED', 'OUTCOME_UNKNOWN', 'READS_UNAVAILABLE'],
]);

/**
 * A feed that survives anything: it reconnects for ever, with the cursor of the last message it took, so that each
 * message comes exactly once and in order. Runs in browsers and Node.
 */
export function openFeed<M extends Message>(options: FeedOptions<M>): Feed {
  const { onState, onError } = options;
  let cursor = options.after;
  let socket: { send(data: string): void } | undefined;
  let end: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const become = (state: FeedState) => onState?.(state);

  const client: Client = createClient({
    url: options.url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => !closed,
    // The client's own waiting doubles without end, and a timer that is too long fires at once.
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** retries, longestWait) + 2000 * Math.random())),
    keepAlive: 20_000,
    connectionAckWaitTimeout: longestSilence,
    ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
    connectionParams: async () => {
      const token = typeof options.token === 'function' ? await options.token() : options.token;
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    on: {
      connecting: () => become('connecting'),
      connected: (opened) => {
        socket = opened as typeof socket;
        become('catching up');
      },
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), longestSilence);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
      closed: (event) => {
        clearTimeout(silence);
        const { code, reason } = event as { code?: number; reason?: string };
        if (code === tokenRefused && reason && !closed)
          onError?.({ code: reason, en: `The token was not taken: ${reason}.`, zh: `令牌未被接受：${reason}。` });
      },
    },
  });

  function subscribe() {
    // graphql-ws sends this object again at each reconnect, so the newest cursor goes along.
    const payload = { query: options.query, variables: { ...options.variables, after: cursor ?? null } };
    end = client.subscribe<Record<string, M>>(payload, {
      next({ data, errors }) {
        const message = data && Object.values(data)[0];
        if (!message) return errors && onError?.(told(errors[0]));
        if (cursor !== undefined && message.cursor <= cursor && !message.caughtUp) return;
        try {
          options.onMessage(message);
        } catch (cause) {
          onError?.(handlerFailed(cause));
          throw cause; // ends the connection; the next one begins before this message
        }
        cursor = message.cursor;
        payload.variables.after = cursor;
        if (message.caughtUp) become('live');
      },
      error(error) {
        const reason = told(Array.isArray(error) ? error[0] : error);
        onError?.(reason);
        if (closed || !passing.has(reason.code)) return become('ended');
        retry = setTimeout(subscribe, 1000 + Math.random() * 2000);
      },
      complete: () => become('ended'),
    });
  }
  subscribe();

  return {
    get cursor() {
      return cursor;
    },
    refresh: (token) => socket?.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${token}` } })),
    close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(silence);
      end?.();
      // A connection that was still being made fails by being closed, which is what was asked for.
      Promise.resolve(client.dispose()).catch(() => undefined);
    },
  };
}

function told(error: unknown): FeedError {
  const { message, extensions = {} } = (error ?? {}) as { message?: string; extensions?: Partial<FeedError> };
  const text = message ?? String(error);
  const { code = 'CONNECTION', en = text, zh = text, next } = extensions;
  return { code, en, zh, ...(next && { next }) };
}

function handlerFailed(cause: unknown): FeedError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: 'HANDLER_FAILED', en: `onMessage threw: ${text}`, zh: `onMessage 出错：${text}`, cause };
}
