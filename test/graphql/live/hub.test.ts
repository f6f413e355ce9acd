import fc from 'fast-check';
import { buildSchema, type GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Audience, RecordedEvent } from '../../../src/domain/kernel/event.js';
import type { Refusal } from '../../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import type { ViewerClass } from '../../../src/domain/kernel/visibility.js';
import type { Viewer } from '../../../src/graphql/context.js';
import { viewerOf } from '../../../src/graphql/context.js';
import { Hub } from '../../../src/graphql/live/hub.js';
import { Plans } from '../../../src/graphql/live/plan.js';
import type { LiveEvent } from '../../../src/graphql/live/ring.js';
import type { History, Sink } from '../../../src/graphql/live/subscription.js';
import type { CaseRow } from '../../../src/projections/kernel/case-model.js';
import { deputy, idOf } from '../../support/spec.js';

const schema = buildSchema(`
  type Event { type: String! }
  type Message { cursor: String! caughtUp: Boolean! event: Event }
  type Query { nothing: Int }
  type Subscription { dutyFeed(after: String): Message! caseChanged(caseId: ID!, after: String): Message! }
`);
const feedDocument = parse(
  'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { type } } }',
);
const caseDocument = parse(
  'subscription ($id: ID!, $after: String) { caseChanged(caseId: $id, after: $after) { cursor caughtUp event { type } } }',
);

/** A log in an array, and the present audience of its cases: the hub's own part is under test, not the stores'. */
function world(ringSize: number) {
  const log: LiveEvent[] = [];
  const present = new Map<string, CaseRow>();
  const at = (n: number) => String(n).padStart(6, '0');
  const history: History = {
    epoch: 'e1',
    head: async () => log.at(-1)?.event.position,
    async ofFeed(tags, after) {
      await Promise.resolve();
      const events = log
        .filter(({ event }) => event.position > after && tags.some((tag) => event.meta.audience[tag]))
        .slice(0, 3);
      const upTo = events.length === 3 ? events.at(-1)?.event.position : log.at(-1)?.event.position;
      return { events: events.map((one) => ({ ...one, now: nowOf(one.event.stream) })), upTo: upTo ?? after };
    },
    async ofCase(id, after) {
      const events = log.filter(({ event }) => event.position > after && event.stream === `note-${id}`);
      return {
        events: events.map((one) => ({ ...one, now: nowOf(one.event.stream) })),
        upTo: log.at(-1)?.event.position ?? after,
      };
    },
    async present(id, tags) {
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
  const hub = new Hub(plans, history, at(0), (error) => errors.push(error), ringSize);
  let count = 0;
  return {
    hub,
    plans,
    log,
    errors,
    publish(stream: string, audience: Audience, { type = `E${count + 1}`, after = audience } = {}) {
      count++;
      const event = {
        id: idOf(`e${count}`),
        stream,
        revision: 0,
        position: at(count),
        type,
        version: 1,
        data: {},
        effectiveAt: '2026-01-01T00:00:00.000Z',
        recordedAt: '2026-01-01T00:00:00.000Z',
        meta: { commandId: '', action: '', actor: { policy: 't' }, $correlationId: '', $causationId: '', audience },
      } satisfies RecordedEvent;
      const row = { audience: after, state: { region: '150800' } } as unknown as CaseRow;
      present.set(stream, row);
      log.push({ event, case: row });
      hub.publish([{ event, case: row }]);
    },
  };
}

type Client = ReturnType<typeof client>;
/** Takes messages as a graphql-ws client would: it keeps its cursor, and drops what comes after it has gone. */
function client(of: ReturnType<typeof world>, viewer: Viewer, caseId?: string) {
  const received: string[] = [];
  const failed: Refusal[] = [];
  let cursor: string | undefined;
  let end: (() => void) | undefined;
  let full = false;
  let drain: (() => void) | undefined;
  return {
    received,
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
          const message = Object.values(JSON.parse(json).data)[0] as { cursor: string; event: { type: string } | null };
          expect(message.cursor).toBe(at);
          cursor = at;
          if (message.event) received.push(message.event.type);
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
    release() {
      full = false;
      drain?.();
    },
  };
}

const settle = async () => {
  for (let i = 0; i < 200; i++) await Promise.resolve();
};
const anna = viewerOf(deputy('anna', '150802'));
const mandateTag = (name: string) => `mandate:${idOf(name)}`;

describe('the live hub', () => {
  it('each client receives exactly what was addressed to it, in order, whatever it does (invariants 1–3, 6)', async () => {
    const names = ['a', 'b', 'c'];
    const step = fc.oneof(
      fc.record({ do: fc.constant('publish' as const), to: fc.subarray(names) }),
      fc.record({ do: fc.constantFrom('drop' as const, 'block' as const, 'release' as const), who: fc.nat(2) }),
      fc.record({ do: fc.constant('pause' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const here = world(4);
        const clients = names.map((name) => {
          const one = client(here, viewerOf(deputy(name, '150802')));
          one.cursor = 'e1.000000';
          one.connect();
          return one;
        });
        let published = 0;
        for (const one of steps) {
          if (one.do === 'publish') {
            const audience = Object.fromEntries(one.to.map((name) => [mandateTag(name), 'participant' as ViewerClass]));
            here.publish(`note-${published++ % 3}`, { ...audience, public: 'public' }, { after: allOf(names) });
          } else if (one.do === 'pause') await settle();
          else {
            const target = clients[one.who] as Client;
            if (one.do === 'block') target.block();
            else if (one.do === 'release') target.release();
            else if (target.connected) target.disconnect();
            else target.connect();
          }
        }
        for (const one of clients) {
          one.release();
          if (!one.connected) one.connect();
        }
        await settle();
        clients.forEach((one, i) => {
          const tag = mandateTag(names[i] ?? '');
          const due = here.log.filter(({ event }) => event.meta.audience[tag]).map(({ event }) => event.type);
          expect(one.received).toEqual(due);
        });
        expect(here.errors).toEqual([]);
      }),
      { numRuns: 300, seed: 1508 },
    );
  });

  it('one text is worked out for all who asked the same in the same class (invariant 5)', async () => {
    const here = world(10);
    const plan = here.plans.ask(feedDocument, undefined, { after: null });
    const other = here.plans.ask(feedDocument, undefined, { after: 'e1.000000' });
    expect(other.key).toBe(plan.key);
    const [a, b] = [client(here, anna), client(here, viewerOf(deputy('berta', '150802')))];
    a.connect();
    b.connect();
    await settle();
    let runs = 0;
    const used = here.plans.ask(feedDocument, undefined, { after: null }).plan;
    const run = used.run.bind(used);
    used.run = (message, shown) => {
      runs++;
      return run(message, shown);
    };
    here.publish('note-1', { [mandateTag('anna')]: 'participant', [mandateTag('berta')]: 'participant' });
    await settle();
    expect([a.received, b.received, runs]).toEqual([['E1'], ['E1'], 1]);
  });

  it('a suspended mandate receives the event that suspends it, and nothing after (P6, invariant 12)', async () => {
    const here = world(10);
    const one = client(here, anna);
    one.connect();
    await settle();
    const tag = { [mandateTag('anna')]: 'office' as const };
    here.publish(`mandate-${idOf('anna')}`, tag, { type: 'MandateSuspended' });
    here.publish('note-1', tag);
    await settle();
    expect(one.received).toEqual(['MandateSuspended']);
    expect(one.failed.map((refusal) => refusal.refused)).toEqual(['MANDATE_SUSPENDED']);
    expect(here.hub.subscriptions).toBe(0);
    const again = client(here, viewerOf(deputy('anna', '150802', 'suspended')));
    again.connect();
    await settle();
    expect(again.failed.map((refusal) => refusal.refused)).toEqual(['MANDATE_SUSPENDED']);
  });

  it('whoever is removed from a case learns of it, then its messages end; nothing of it is replayed (invariant 4)', async () => {
    const here = world(10);
    const tag = mandateTag('anna');
    here.publish('note-1', { [tag]: 'participant' });
    const watching = client(here, anna, '1');
    const feeding = client(here, anna);
    watching.connect();
    feeding.connect();
    await settle();
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Removed', after: {} });
    here.publish('note-1', {}, { type: 'Later' });
    await settle();
    expect(watching.received).toEqual(['Removed']);
    expect(watching.failed.map((refusal) => refusal.refused)).toEqual(['NO_LONGER_YOURS']);
    expect(feeding.received).toEqual(['Removed']);
    const late = client(here, anna);
    late.cursor = 'e1.000000';
    late.connect();
    await settle();
    expect(late.received).toEqual([]);
  });

  it.each([
    ['nonsense', 'BAD_CURSOR'],
    ['e1.999999', 'BAD_CURSOR'],
    ['other.000001', 'CURSOR_EXPIRED'],
  ])('the cursor %s is refused with %s', async (cursor, code) => {
    const here = world(10);
    const one = client(here, anna);
    one.cursor = cursor;
    one.connect();
    await settle();
    expect(one.failed.map((refusal) => refusal.refused)).toEqual([code]);
  });

  it('a case that is not the viewer’s is refused like one that does not exist', async () => {
    const here = world(10);
    here.publish('note-1', { [mandateTag('berta')]: 'participant' });
    const [hidden, missing] = [client(here, anna, '1'), client(here, anna, '2')];
    hidden.connect();
    missing.connect();
    await settle();
    expect(hidden.failed).toEqual(missing.failed);
    expect(hidden.failed.map((refusal) => refusal.refused)).toEqual(['NOT_FOUND']);
  });
});

const allOf = (names: readonly string[]): Audience =>
  Object.fromEntries(names.map((name) => [mandateTag(name), 'participant']));
