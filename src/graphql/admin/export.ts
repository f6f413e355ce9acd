import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Position } from '../../domain/kernel/event.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { ReadView } from '../../projections/kernel/ports.js';
import type { Redactions } from '../../projections/redaction/redactions.js';
import type { Moments } from '../../projections/replay/moments.js';
import { refused } from '../errors.js';
import type { Personal } from '../personal.js';
import { apiRefusals } from '../refusals.js';
import { placeOf } from '../replay/log-at.js';
import type { Authenticate } from '../session.js';
import type { ExportedEvent, ExportForm } from './export-form.js';
import { exportForm, exportFormats } from './export-form.js';
import { asRecorded, asSeenBy, withoutRedacted } from './exported.js';
import { asAuditor, asOperator } from './operator.js';

export type ExportDeps = {
  readonly store: EventStore;
  readonly reads: Pick<ReadView, 'rows'>;
  readonly registry: Registry;
  readonly redactions: Redactions;
  readonly personal: Pick<Personal, 'withoutClosed'>;
  readonly moments: Moments;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** For what breaks after the first byte: the client only sees the stream end too early. */
  readonly onProblem: (problem: Error) => void;
};

/** Tells the client up to where the export goes. */
export const positionHeader = 'wuji-position';

/**
 * `GET /export?at=<position or time>&format=jsonl|csv&bom=1`: the log up to there, one event a line, oldest first. For the
 * platform's operator as it was recorded, but for what is redacted: the same position gives the same bytes as long as the
 * redactions are the same. For an auditor what that right
 * covers: the same bytes as long as the right and the audiences of its cases are the same. Written as fast as the client
 * reads, some hundred events in memory at a time.
 */
export const createExport =
  (deps: ExportDeps) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const asked = await permitted(deps, request);
      if ('refusal' in asked) return refuse(response, asked);
      response.writeHead(200, {
        'content-type': asked.form.contentType,
        'cache-control': 'no-store',
        [positionHeader]: asked.position ?? '',
      });
      await pipeline(Readable.from(piecesOf(asked.events, asked.form)), response);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return; // the client went away
      deps.onProblem(new Error('an export broke off', { cause: error }));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  };

/** `position` is `undefined` when nothing was recorded yet. */
type Permitted = {
  readonly position: Position | undefined;
  readonly form: ExportForm;
  readonly events: AsyncIterable<ExportedEvent>;
};
type Refused = { readonly refusal: Refusal; readonly status: 400 | 401 | 403 };

async function permitted(deps: ExportDeps, { headers, url }: IncomingMessage): Promise<Permitted | Refused> {
  const { store } = deps;
  const session = await deps.authenticate(headers.authorization);
  if (isRefusal(session)) return { refusal: session, status: 401 };
  const viewer = await session.viewer();
  if (isRefusal(viewer)) return { refusal: viewer, status: 403 };
  if (!viewer.actor) return { refusal: apiRefusals.SIGN_IN_REQUIRED(), status: 401 };
  const auditor = !isRefusal(asAuditor(viewer.actor));
  const operator = asOperator(viewer.actor);
  if (!auditor && isRefusal(operator)) return { refusal: operator, status: 403 };
  const query = new URL(url ?? '/', 'http://localhost').searchParams;
  const form = formOf(query);
  const position = await untilOf(deps, query);
  for (const each of [form, position]) if (isRefusal(each)) return { refusal: each, status: 400 };
  if (isRefusal(form) || isRefusal(position)) throw new Error('told already');
  const recorded = asRecorded(store, position);
  return { position, form, events: auditor ? asSeenBy(viewer.tags, deps, recorded) : withoutRedacted(deps, recorded) };
}

function formOf(query: URLSearchParams): ExportForm | Refusal {
  const asked = query.get('format') ?? 'jsonl';
  const format = exportFormats.find((one) => one === asked);
  if (!format) return apiRefusals.BAD_USER_INPUT({ problem: `format: one of ${exportFormats.join(', ')}` });
  return exportForm(format, query.get('bom') === '1');
}

/** `until` is what `at` was called when it took positions only. A day is over at its end in Beijing. */
async function untilOf(deps: ExportDeps, query: URLSearchParams): Promise<Position | undefined | Refusal> {
  const [at, until] = [query.get('at'), query.get('until')];
  if (at !== null && until !== null) return apiRefusals.AT_ONE_POINT({ points: 'at or until', zhPoints: 'at或until' });
  const given = at ?? until;
  if (given === null) return deps.store.head();
  const time = at !== null && /^\d{4}-\d\d-\d\d/.test(given);
  if (!time && !/^[\w-]{1,64}$/.test(given))
    return apiRefusals.BAD_POSITION({ position: JSON.stringify(given.slice(0, 80)) });
  const instant = given.length === 10 ? `${given}T23:59:59.999+08:00` : given;
  const place = await placeOf(deps, time ? { time: instant } : { position: given });
  return isRefusal(place) ? place : place.position;
}

/** Lines put together: a write for each event would cost more than the event. */
const pieceSize = 32_768;

async function* piecesOf(events: AsyncIterable<ExportedEvent>, { head, line }: ExportForm): AsyncIterable<string> {
  let piece = head;
  for await (const event of events) {
    piece += line(event);
    if (piece.length < pieceSize) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function refuse(response: ServerResponse, { refusal, status }: Refused): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ errors: [refused(refusal)] }));
}
