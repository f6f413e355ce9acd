import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { refused } from '../errors.js';
import { apiRefusals } from '../refusals.js';
import type { Authenticate } from '../session.js';
import { asOperator } from './operator.js';
import { adminRefusals } from './refusals.js';

export type ExportDeps = {
  readonly store: EventStore;
  readonly authenticate: Authenticate;
  /** For what breaks after the first byte: the client only sees the stream end too early. */
  readonly onProblem: (problem: Error) => void;
};

/** Tells the client up to where the export goes. */
export const positionHeader = 'wuji-position';

/**
 * `GET /export?until=<position>`: the log as it was recorded, one event a line (JSON, keys in alphabetical order),
 * oldest first. The same position always gives the same bytes. Written as fast as the client reads, a few events in
 * memory at a time. For the platform's operator.
 */
export const createExport =
  ({ store, authenticate, onProblem }: ExportDeps) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const until = await permitted(store, authenticate, request);
      if ('refusal' in until) return refuse(response, until);
      response.writeHead(200, {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store',
        [positionHeader]: until.position ?? '',
      });
      await pipeline(Readable.from(linesUntil(store, until.position)), response);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return; // the client went away
      onProblem(new Error('an export broke off', { cause: error }));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  };

/** `position` is `undefined` when the log is empty. */
type Permitted = { readonly position: Position | undefined };
type Refused = { readonly refusal: Refusal; readonly status: 400 | 401 | 403 };

async function permitted(
  store: EventStore,
  authenticate: Authenticate,
  { headers, url }: IncomingMessage,
): Promise<Permitted | Refused> {
  const session = await authenticate(headers.authorization);
  if (isRefusal(session)) return { refusal: session, status: 401 };
  const viewer = await session.viewer();
  if (isRefusal(viewer)) return { refusal: viewer, status: 403 };
  if (!viewer.actor) return { refusal: apiRefusals.SIGN_IN_REQUIRED(), status: 401 };
  const operator = asOperator(viewer.actor);
  if (isRefusal(operator)) return { refusal: operator, status: 403 };
  const position = await untilOf(store, url);
  return isRefusal(position) ? { refusal: position, status: 400 } : { position };
}

async function untilOf(store: EventStore, url = '/'): Promise<Position | undefined | Refusal> {
  const head = await store.head();
  const position = new URL(url, 'http://localhost').searchParams.get('until');
  if (position === null) return head;
  if (!/^[\w-]{1,64}$/.test(position))
    return adminRefusals.BAD_POSITION({ position: JSON.stringify(position.slice(0, 80)) });
  if (head === undefined || position > head) return adminRefusals.POSITION_AHEAD({ position, head: head ?? '-' });
  return position;
}

async function* linesUntil(store: EventStore, until: Position | undefined): AsyncIterable<string> {
  if (until === undefined) return;
  for await (const event of store.readAll()) {
    if (event.position > until) return;
    yield lineOf(event);
  }
}

/** As recorded: neither upcast nor cut. */
export const lineOf = (event: RecordedEvent): string => `${JSON.stringify(inOrder(event))}\n`;

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]));
}

function refuse(response: ServerResponse, { refusal, status }: Refused): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ errors: [refused(refusal)] }));
}
