import { join } from 'node:path';
import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import { createHandle } from '../../src/domain/kernel/handle.js';
import { createLoader } from '../../src/domain/kernel/load.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { sealsIn } from '../seals.js';

const system = { kind: 'system', policy: 'bench' } as const;
const region = '150802';
const [term, on] = [5, '2026-01-10'];

/** A congress with so many deputies, in the log of a data folder that nobody has open. */
export async function seat(folder: string, count: number) {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const { seals, close } = await sealsIn(folder);
  const rules = defaultRules(chineseCalendar());
  const loader = createLoader(store, wuji);
  const clock = { now: () => new Date() };
  const handle = createHandle({ store, registry: wuji, loader, clock, nameId, rules, seals });
  async function act(action: string, input: unknown, id?: string): Promise<string> {
    const commandId = `${action} ${JSON.stringify(input)}`;
    const result = await handle({ action, input, actor: system, commandId, id });
    if (isRefusal(result)) throw new Error(`${action}: ${result.refused}`);
    return result.id;
  }
  try {
    await act('registerCongress', { region, term, on });
    return await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const person = await act('registerPerson', { code: `D-${n}`, region, name: `代表${n}` });
        const mandate = await act('registerMandate', { person, region, term, confirmedOn: on });
        await act('takeUpMandate', { mandate, congress: region }, person);
        return { person, mandate };
      }),
    );
  } finally {
    await close();
    await store.close();
  }
}
