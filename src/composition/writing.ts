import { defaultRules } from '../domain/collaboration/time-limits.js';
import { createHandle } from '../domain/kernel/handle.js';
import { createLoader } from '../domain/kernel/load.js';
import type { EventStore } from '../domain/kernel/ports.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import type { Seals } from '../domain/kernel/seal-ports.js';
import { bootstrap, operatorIds } from '../domain/organization/bootstrap.js';
import { wuji } from '../domain/wuji.js';
import { chineseCalendar } from '../infra/calendar.js';
import { nameId } from '../infra/ids.js';
import type { Watch } from '../infra/telemetry.js';
import type { Node } from './node.js';

type Deps = { readonly store: EventStore; readonly seals: Seals; readonly watch: Watch };
export type Writing = Exclude<Awaited<ReturnType<typeof openWriting>>, Refusal>;

/** All that writes to the log goes through `handle`. The log has an operator when this resolves to no refusal. */
export async function openWriting({ clock }: Pick<Node, 'clock'>, { seals, watch, ...deps }: Deps) {
  const store = watch.store(deps.store);
  const rules = defaultRules(chineseCalendar());
  const loader = createLoader(store, wuji);
  const handle = watch.handle(
    createHandle({ store, registry: wuji, loader, clock, nameId, rules, seals, part: watch.part }),
  );
  const operator = operatorIds(nameId);
  return (await bootstrap(handle, operator)) ?? { store, loader, handle, rules, operator };
}
