import type { Case, Contender, Figure, Opened } from './bench.js';

/** How a round of ours is watched; nothing by default. */
export type Watch = <T>(contender: Contender, work: () => Promise<T>) => Promise<T>;
type Running = { readonly contender: Contender; readonly opened: Opened; readonly values: number[] };

/** Contenders take turns, each round beginning with the next of them, so that a slow minute of the machine hits all. */
export async function runCase(
  bench: string,
  each: Case,
  rounds: number,
  watch: { readonly opening: Watch; readonly round: Watch } = { opening: unwatched, round: unwatched },
): Promise<Figure> {
  const running: Running[] = [];
  try {
    for (const contender of each.contenders) {
      const opened = await watch.opening(contender, () => openedUnlessMissing(contender));
      if (opened) running.push({ contender, opened, values: [] });
    }
    for (let round = 0; round < rounds; round++)
      for (let turn = 0; turn < running.length; turn++) {
        const one = running[(round + turn) % running.length];
        if (one) one.values.push(await watch.round(one.contender, () => one.opened.round()));
      }
  } finally {
    for (const { opened } of running.reverse()) await opened.close();
  }
  const all = each.contenders.map((contender) => {
    const values = running.find((one) => one.contender === contender)?.values;
    return { name: contender.name, kind: contender.kind, value: values && median(values) };
  });
  const best = (kind: Contender['kind']): number | undefined => {
    const values = all.flatMap((one) => (one.kind === kind && one.value !== undefined ? [one.value] : []));
    if (values.length === 0) return undefined;
    return each.better === 'higher' ? Math.max(...values) : Math.min(...values);
  };
  const [ours = Number.NaN, peer, limit] = [best('ours'), best('peer'), best('limit')];
  const times = (other: number | undefined) =>
    other === undefined ? undefined : each.better === 'higher' ? ours / other : other / ours;
  return {
    ...{ bench, case: each.name, unit: each.unit, ours, peer, limit },
    ...{ vsPeer: times(peer), vsLimit: times(limit), all, reach: each.reach },
  };
}

async function unwatched<T>(_: Contender, work: () => Promise<T>): Promise<T> {
  return work();
}

/** A peer whose package or server could not be installed here is left out, and its line says so. */
async function openedUnlessMissing(contender: Contender): Promise<Opened | undefined> {
  try {
    return await contender.open();
  } catch (error) {
    if (contender.kind !== 'peer' || !isMissing(error)) throw error;
    return undefined;
  }
}

const missing: readonly unknown[] = [
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'ERR_DLOPEN_FAILED',
  'SERVER_NOT_FOUND',
];
/** The package or the server is not there, or a native part could not be built. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && missing.includes(error.code)) || error.message.startsWith('Could not locate the bindings file'));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}
