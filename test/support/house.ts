import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import type { Handle, Outcome } from '../../src/domain/kernel/handle.js';
import { createHandle } from '../../src/domain/kernel/handle.js';
import type { Loader } from '../../src/domain/kernel/load.js';
import { createLoader } from '../../src/domain/kernel/load.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import type { Refusal } from '../../src/domain/kernel/refusal.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { Registry } from '../../src/domain/kernel/registry.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { nameId } from '../../src/infra/ids.js';
import { sealsOf } from './seals.js';

export type House = { readonly handle: Handle; readonly loader: Loader };

/** The real `handle` over a store, with the time standing still. Two houses over one store are two processes. */
export function houseOf(registry: Registry, store: EventStore, now = '2026-03-02T02:00:00.000Z'): House {
  const loader = createLoader(store, registry);
  const rules = defaultRules(chineseCalendar());
  const clock = { now: () => new Date(now) };
  return { loader, handle: createHandle({ store, registry, loader, clock, nameId, rules, seals: sealsOf() }) };
}

export function done(result: Outcome | Refusal): Outcome {
  if (isRefusal(result)) throw new Error(`refused: ${result.refused} ${JSON.stringify(result.params)}`);
  return result;
}

export function refused(result: Outcome | Refusal): Refusal {
  if (isRefusal(result)) return result;
  throw new Error(`not refused, but ${result.events.map((event) => event.type).join(', ') || 'nothing to do'}`);
}
