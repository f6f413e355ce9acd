import type { Case, Contender, Figure, Opened } from './bench.js';

/** Contenders take turns, each round beginning with the next of them, so that a slow minute of the machine hits all. */
export async function runCase(bench: string, each: Case, rounds: number): Promise<Figure> {
  const running: { readonly opened: Opened; readonly values: number[]; readonly index: number }[] = [];
  try {
    for (const [index, contender] of each.contenders.entries()) {
      const opened = await openedUnlessMissing(contender);
      if (opened) running.push({ opened, values: [], index });
    }
    for (let round = 0; round < rounds; round++)
      for (let turn = 0; turn < running.length; turn++) {
        const one = running[(round + turn) % running.length];
        if (one) one.values.push(await one.opened.round());
      }
  } finally {
    for (const { opened } of running.reverse()) await opened.close();
  }
  const all = each.contenders.flatMap(({ name, kind }, index) => {
    const values = running.find((one) => one.index === index)?.values;
    return values ? [{ name, kind, value: median(values) }] : [];
  });
  const best = (kind: 'ours' | 'peer' | 'limit'): number | undefined => {
    const values = all.filter((one) => one.kind === kind).map(({ value }) => value);
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

/** A peer whose package could not be installed here is left out, and said so. */
async function openedUnlessMissing(contender: Contender): Promise<Opened | undefined> {
  try {
    return await contender.open();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (contender.kind !== 'peer' || code !== 'MODULE_NOT_FOUND') throw error;
    console.error(`${contender.name} is left out: it is not installed (npm ci --prefix bench)`);
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** What of `reach` it does not reach, in words; empty when it reaches all. */
export function shortOf({ reach, vsPeer, vsLimit, ours, unit }: Figure): readonly string[] {
  const short = (what: string, is: number | undefined, least: number | undefined) =>
    least !== undefined && !((is ?? Number.NaN) >= least)
      ? [`${what} ${(is ?? Number.NaN).toPrecision(3)} < ${least}`]
      : [];
  return [
    ...short('vs peer', vsPeer, reach?.vsPeer),
    ...short('vs limit', vsLimit, reach?.vsLimit),
    ...short(unit, ours, reach?.atLeast),
    ...(reach?.atMost !== undefined && !(ours <= reach.atMost)
      ? [`${unit} ${ours.toPrecision(3)} > ${reach.atMost}`]
      : []),
  ];
}
