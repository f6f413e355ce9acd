import { join } from 'node:path';
import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import type { Actor, Deputy, Official, OrganKind } from '../../src/domain/kernel/actor.js';
import type { Outcome } from '../../src/domain/kernel/handle.js';
import { createHandle } from '../../src/domain/kernel/handle.js';
import { createLoader } from '../../src/domain/kernel/load.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { Level } from '../../src/domain/kernel/region.js';
import { levelOf } from '../../src/domain/kernel/region.js';
import { divisions, hasCongress } from '../../src/domain/organization/divisions.js';
import { wuji } from '../../src/domain/wuji.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { sealsIn } from '../seals.js';
import { assumptions } from './assumptions.js';

const system = { kind: 'system', policy: 'bench' } as const;
export const rules = defaultRules(chineseCalendar());

/** `townships`: how many of the city's take part; none is left out when there are fewer. */
export type TownSize = { readonly deputies: number; readonly townships: number };
export type Town = Awaited<ReturnType<typeof openTown>>;

/** Commands under way at a time: they share commits, as those of many people do. */
const WIDTH = 64;

export async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>) {
  let next = 0;
  const one = async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T, i);
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, one));
}

/** One city with its counties and townships, and deputies of five levels, in a real log in a folder of its own. */
export async function openTown(folder: string, { deputies: deputyCount, townships }: TownSize) {
  let now = new Date('2026-01-12T02:00:00.000Z');
  const clock = { now: () => now };
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
  const loader = createLoader(store, wuji, 50_000);
  const { seals } = await sealsIn(folder);
  const handle = createHandle({ store, registry: wuji, loader, clock, nameId, rules, seals });
  let commands = 0;

  async function act(actor: Actor, action: string, input: unknown, id?: string): Promise<Outcome> {
    const result = await handle({ action, input, id, actor, commandId: `bench ${commands++}` });
    if (isRefusal(result)) throw new Error(`${action}: ${result.refused} ${JSON.stringify(result.params)}`);
    return result;
  }
  const person = async (code: string) =>
    (await act(system, 'registerPerson', { code, region: '150800', name: `代表${code}` })).id;

  async function official(kind: OrganKind, region: string, code: string): Promise<Official> {
    const organ = (await act(system, 'registerOrgan', { code, region, kind, name: `机关${code}` })).id;
    const holder = await person(`head ${code}`);
    const post = (await act(system, 'assignPost', { person: holder, organ, role: 'head' })).id;
    return {
      ...{ kind: 'official', person: holder, post, role: 'head', organ },
      ...{ organKind: kind, region, standing: 'active' },
    };
  }

  async function deputy(code: string, region: string): Promise<Deputy> {
    const holder = await person(code);
    const seat = { person: holder, region, term: 5, confirmedOn: '2026-01-12' };
    const mandate = (await act(system, 'registerMandate', seat)).id;
    // A policy would do it too, but one after the other, each with a flush of its own.
    await act(system, 'takeUpMandate', { mandate, congress: region }, holder);
    return { kind: 'deputy', person: holder, mandate, congress: region, level: levelOf(region), standing: 'active' };
  }

  const all = divisions.map(({ code }) => code).filter(hasCongress);
  const left = new Set(all.filter((code) => levelOf(code) === 'township').slice(townships));
  const congresses = all.filter((code) => !left.has(code));
  const at = (level: Level) => congresses.filter((code) => levelOf(code) === level);
  const seats = seatsOf(deputyCount, at);
  const offices = new Map<string, Record<string, Official>>();
  const deputies = new Map<string, Deputy[]>();
  await inParallel(congresses, async (region) => {
    await act(system, 'registerCongress', { region, term: 5, on: '2026-01-10' });
    const kinds: readonly OrganKind[] =
      levelOf(region) === 'township' ? ['PRES', 'ORG'] : ['DWC', 'SC', 'SPC', 'GOVO', 'ORG'];
    const held: Record<string, Official> = {};
    for (const kind of kinds) held[kind] = await official(kind, region, `${kind}-${region}`);
    if (levelOf(region) !== 'township') held.CO = await official('ORG', region, `CO-${region}`);
    offices.set(region, held);
    deputies.set(region, []);
  });
  await inParallel(seats, async (region, i) => {
    deputies.get(region)?.push(await deputy(`D-${i}`, region));
  });

  return {
    ...{ store, handle, loader, clock, seals, rules, act, at },
    officials: () => [...offices.values()].flatMap((held) => Object.values(held)),
    deputies: () => [...deputies.values()].flat(),
    commands: () => commands,
    /** The `n`th deputy of a region, round and round. */
    deputy(region: string, n: number): Deputy {
      const all = deputies.get(region) ?? [];
      const one = all[n % all.length];
      if (!one) throw new Error(`no deputy in ${region}`);
      return one;
    },
    office(kind: OrganKind | 'CO', region: string): Official {
      const one = offices.get(region)?.[kind];
      if (!one) throw new Error(`no ${kind} in ${region}`);
      return one;
    },
    today: () => now.toISOString().slice(0, 10),
    later(days: number) {
      now = new Date(now.getTime() + days * 86_400_000);
    },
  };
}

/** The region of each deputy's congress: as the law's quotas spread them, and at least three in each. */
function seatsOf(count: number, at: (level: Level) => readonly string[]): readonly string[] {
  const { mandatesOf5000 } = assumptions;
  const share = (of: number) => Math.round((of * count) / 5_000);
  const upper = Object.entries(mandatesOf5000) as [Level, number][];
  const rest = count - upper.reduce((sum, [, of]) => sum + share(of), 0);
  return [...upper.map(([level, of]) => [level, share(of)] as const), ['township', rest] as const].flatMap(
    ([level, of]) => {
      const regions = at(level);
      return Array.from({ length: Math.max(of, 3 * regions.length) }, (_, i) => regions[i % regions.length] ?? '');
    },
  );
}
