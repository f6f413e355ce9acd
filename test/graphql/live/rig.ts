import { buildSchema, type GraphQLError, parse } from 'graphql';
import { expect } from 'vitest';
import type { Audience, Position, RecordedEvent } from '../../../src/domain/kernel/event.js';
import type { Refusal } from '../../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import type { Viewer } from '../../../src/graphql/context.js';
import { viewerOf } from '../../../src/graphql/context.js';
import { Hub } from '../../../src/graphql/live/hub.js';
import { Plans } from '../../../src/graphql/live/plan.js';
import type { LiveEvent } from '../../../src/graphql/live/ring.js';
import type { History, Sink } from '../../../src/graphql/live/subscription.js';
import type { Turns } from '../../../src/graphql/live/turns.js';
import type { WatchDelivery } from '../../../src/graphql/watch.js';
import type { CaseRow } from '../../../src/projections/kernel/case-model.js';
import { deputy, idOf } from '../../support/spec.js';

const schema = buildSchema(`
  type Event { type: String! }
  type Case { revision: Int! }
  type Message { cursor: String! caughtUp: Boolean! event: Event case: Case }
  type Query { nothing: Int }
  type Subscription { dutyFeed(after: String): Message! caseChanged(caseId: ID!, after: String): Message! }
`);
export const feedDocument = parse(
  'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { type } } }',
);
const caseDocument = parse(
  'subscription ($id: ID!, $after: String) { caseChanged(caseId: $id, after: $after) { cursor caughtUp event { type } case { revision } } }',
);

/** A log in an array, and the present audience of its cases: the hub's own part is under test, not the stores'. */
export function world(ringSize: number, watch?: WatchDelivery) {
  const log: LiveEvent[] = [];
  const reads: string[] = [];
  const present = new Map<string, CaseRow>();
  const at = (n: number) => String(n).padStart(6, '0');
  const history: History = {
    epoch: 'e1',
    async head() {
      reads.push('head');
      return log.at(-1)?.event.position;
    },
    async ofFeed(tags, after) {
      reads.push('ofFeed');
      await Promise.resolve();
      const events = log
        .filter(({ event }) => event.position > after && tags.some((tag) => event.meta.audience[tag]))
        .slice(0, 3);
      if (stalled !== undefined) return { events: [], upTo: stalled };
      const upTo = events.length === 3 ? events.at(-1)?.event.position : log.at(-1)?.event.position;
      return { events: events.map((one) => ({ ...one, now: nowOf(one.event.stream) })), upTo: upTo ?? after };
    },
    async ofCase(id, after) {
      reads.push('ofCase');
      const events = log.filter(({ event }) => event.position > after && event.stream === `note-${id}`);
      return {
        events: events.map((one) => ({ ...one, now: nowOf(one.event.stream) })),
        upTo: log.at(-1)?.event.position ?? after,
      };
    },
    async present(id, tags) {
      reads.push('present');
      const row = present.get(`note-${id}`);
      const shown = row && tags.map((tag) => row.audience[tag]).find((c) => c !== undefined);
      return row && shown ? { class: shown, case: row } : undefined;
    },
    revoked: (event) =>
      event.type === 'MandateSuspended'
        ? { holder: `mandate:${event.stream.slice('mandate-'.length)}`, refusal: kernelRefusals.MANDATE_SUSPENDED() }
        : undefined,
  };
  const nowOf = (stream: string): Audience => present.get(stream)?.audience ?? {};
  const plans = new Plans(schema, (error) => error as GraphQLError);
  const errors: unknown[] = [];
  const hub = new Hub(
    plans,
    history,
    () => standing,
    (error) => errors.push(error),
    ringSize,
    watch,
    new ShortTurns(),
  );
  let count = 0;
  let stalled: Position | undefined;
  let standing: Position | undefined = at(0);
  return {
    /** How far the read models stand, when the hub asks. */
    stand(position: Position | undefined) {
      standing = position;
    },
    /** The read models stand still at this position. */
    stall(position: Position) {
      stalled = position;
    },
    hub,
    plans,
    log,
    /** What of the stores was read. */
    reads,
    errors,
    publish(stream: string, audience: Audience, { type = `E${count + 1}`, after = audience, told = true } = {}) {
      count++;
      const event = {
        id: idOf(`e${count}`),
        stream,
        revision: count - 1,
        position: at(count),
        type,
        version: 1,
        data: {},
        effectiveAt: '2026-01-01T00:00:00.000Z',
        recordedAt: '2026-01-01T00:00:00.000Z',
        meta: { commandId: '', action: '', actor: { policy: 't' }, $correlationId: '', $causationId: '', audience },
      } satisfies RecordedEvent;
      const row = { revision: count - 1, audience: after, state: { region: '150800' } } as unknown as CaseRow;
      present.set(stream, row);
      log.push({ event, case: row });
      if (told) hub.publish({ from: at(count - 1), events: [{ event, case: row }] });
    },
  };
}

/** A turn is over after two steps; whoever waits for the next has it after the others. */
class ShortTurns implements Turns {
  private steps = 0;
  over = () => ++this.steps % 3 === 0;
  next = async () => {
    for (let i = 0; i < 3; i++) await undefined;
  };
}

export type Client = ReturnType<typeof client>;
/** Takes messages as a graphql-ws client would: it keeps its cursor, and drops what comes after it has gone. */
export function client(of: ReturnType<typeof world>, viewer: Viewer, caseId?: string) {
  const received: string[] = [];
  const cases: (number | null)[] = [];
  const failed: Refusal[] = [];
  let cursor: string | undefined;
  let end: (() => void) | undefined;
  let full = false;
  let broken = 0;
  let drain: (() => void) | undefined;
  return {
    received,
    /** The revision of the case that came with each event. */
    cases,
    failed,
    get cursor() {
      return cursor;
    },
    set cursor(value) {
      cursor = value;
    },
    connect() {
      let open = true;
      const sink: Sink = {
        next(json, at) {
          if (!open) return true;
          if (broken > 0 && broken-- > 0) throw new Error('the connection is broken');
          const message = Object.values(JSON.parse(json).data)[0] as {
            cursor: string;
            event: { type: string } | null;
            case?: { revision: number } | null;
          };
          expect(message.cursor).toBe(at);
          cursor = at;
          if (message.event) {
            received.push(message.event.type);
            cases.push(message.case?.revision ?? null);
          }
          return !full;
        },
        drained: () => (full && open ? new Promise((resolve) => (drain = resolve)) : Promise.resolve()),
        fail: (refusal) => failed.push(refusal),
      };
      const asked = of.plans.ask(caseId ? caseDocument : feedDocument, undefined, {
        after: cursor ?? null,
        id: caseId,
      });
      const stop = of.hub.subscribe(asked, viewer, sink, cursor);
      end = () => {
        open = false;
        stop();
        drain?.();
      };
    },
    disconnect() {
      end?.();
      end = undefined;
    },
    get connected() {
      return end !== undefined;
    },
    block() {
      full = true;
    },
    /** The next writes throw. */
    breakFor(times: number) {
      broken = times;
    },
    release() {
      full = false;
      drain?.();
    },
  };
}

export const settle = async () => {
  for (let i = 0; i < 200; i++) await Promise.resolve();
};
export const anna = viewerOf(deputy('anna', '150802'));
export const mandateTag = (name: string) => `mandate:${idOf(name)}`;

export const allOf = (names: readonly string[]): Audience =>
  Object.fromEntries(names.map((name) => [mandateTag(name), 'participant']));
