import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'graphql';
import { wuji } from '../../src/domain/wuji.js';
import { createApi } from '../../src/graphql/api.js';
import { viewerOf } from '../../src/graphql/context.js';
import { errorFormatter } from '../../src/graphql/errors.js';
import { createHistory } from '../../src/graphql/live/history.js';
import { Hub } from '../../src/graphql/live/hub.js';
import { Plans } from '../../src/graphql/live/plan.js';
import type { LiveEvent } from '../../src/graphql/live/ring.js';
import type { Sink } from '../../src/graphql/live/subscription.js';
import { createPersonal } from '../../src/graphql/personal.js';
import { nameId, randomId } from '../../src/infra/ids.js';
import { caseModels } from '../../src/projections/cases/index.js';
import type { CaseRow } from '../../src/projections/kernel/case-model.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import type { Step } from '../../src/projections/kernel/projector.js';
import { failed } from './fold.js';
import type { Town } from './town.js';
import { rules } from './town.js';

export type FanOutFigures = {
  readonly subscribers: number;
  readonly events: number;
  /** Of the feed, at each node that serves receivers of the event. */
  readonly receiversPerEvent: number;
  readonly receiversP99: number;
  readonly bytesPerMessage: number;
  /** Milliseconds on one core: to work an event out, and to hand it to one receiver; the socket's write not included. */
  readonly perEvent: number;
  readonly perReceiver: number;
};

const document = parse(`subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp
  event { id at politeness type revision caseId label { zh en } actor { person { name } policy } } } }`);

/** The real hub over the real schema, with a subscription for each deputy and official; sinks that count stand for sockets. */
export async function measureFanOut(town: Town, reads: ReadStore, steps: readonly Step[]): Promise<FanOutFigures> {
  const names = new Set(caseModels.map(({ name }) => name));
  const events: readonly LiveEvent[] = steps.map(({ event, changes }) => ({
    event,
    case: changes.find(({ model }) => names.has(model))?.after as CaseRow | undefined,
  }));
  const { store, handle, loader, clock, seals } = town;
  const services = {
    ...{ handle, loader, store, reads, clock, nameId, rules, newId: randomId, waitMs: 1, onProblem: failed },
    projector: { waitFor: async () => 'reached' as const },
    personal: createPersonal({ registry: wuji, seals, standings: { of: () => 'OPEN' }, onProblem: failed }),
    redactions: { hiddenFrom: () => undefined, of: () => [] },
    reactors: [],
    readTable: () => failed('no table is read here'),
  };
  const schema = createApi({ registry: wuji, models: caseModels }, () => services as never);
  const errors = errorFormatter({ hideSuggestions: true, tokens: 2_000, newId: randomId, log: failed });
  const history = createHistory({ store, reads, registry: wuji, models: caseModels });
  const plans = new Plans(schema, errors.toClient);
  const asked = plans.ask(document, undefined, {});
  const people = [...town.deputies(), ...town.officials()];

  const hub = new Hub(plans, history, () => events[0]?.event.position, failed, events.length + 1);
  let live = 0;
  let bytes = 0;
  let byCursor = new Map<string, number>();
  const sink: Sink = {
    next(json, cursor) {
      if (json.includes('"caughtUp":true')) live++;
      else {
        byCursor.set(cursor, (byCursor.get(cursor) ?? 0) + 1);
        bytes += json.length;
      }
      return true;
    },
    drained: async () => {},
    fail: failed,
  };
  async function everybodyWatches() {
    const before = live;
    for (const actor of people) hub.subscribe(asked, viewerOf(actor), sink, undefined);
    while (live < before + people.length) await nextTurn();
  }
  async function publish(some: readonly LiveEvent[]) {
    byCursor = new Map();
    bytes = 0;
    const begun = process.cpuUsage();
    hub.publish({ from: hub.position ?? '', events: some });
    while (hub.position !== some.at(-1)?.event.position) await nextTurn();
    const { user, system } = process.cpuUsage(begun);
    const messages = [...byCursor.values()].reduce((sum, each) => sum + each, 0) / some.length;
    return {
      messages,
      counts: [...byCursor.values()].sort((a, b) => a - b),
      bytes,
      ms: (user + system) / 1_000 / some.length,
    };
  }

  const third = Math.floor((events.length - 1) / 3);
  await everybodyWatches();
  await publish(events.slice(1, 1 + third)); // until the code is warm
  const once = await publish(events.slice(1 + third, 1 + 2 * third));
  for (let i = 0; i < 2; i++) await everybodyWatches();
  const thrice = await publish(events.slice(1 + 2 * third, 1 + 3 * third));
  const perReceiver = Math.max(0, (thrice.ms - once.ms) / (thrice.messages - once.messages));
  return {
    subscribers: people.length,
    events: third,
    receiversPerEvent: once.messages,
    receiversP99: once.counts[Math.floor(once.counts.length * 0.99)] ?? 0,
    bytesPerMessage: once.bytes / Math.max(1, once.messages * third),
    perReceiver,
    perEvent: Math.max(0, once.ms - perReceiver * once.messages),
  };
}
