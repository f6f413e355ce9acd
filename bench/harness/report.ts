import type { Bench, Figure } from './bench.js';

const columns = [34, 26, 12, 12, 12, 9, 9] as const;
const row = (...cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i < 2 ? cell.padEnd(columns[i] ?? 0) : cell.padStart(columns[i] ?? 0)))
    .join(' ')
    .trimEnd();

export const heading = ({ name, about }: Bench): string =>
  `\n${name}: ${about}\n${row('', 'unit', 'ours', 'peer', 'limit', 'vs peer', 'vs limit')}`;

/** The figure, and under it each contender. */
export function lineOf({ case: name, unit, ours, peer, limit, vsPeer, vsLimit, all }: Figure): string {
  const times = (ratio: number | undefined) => (ratio === undefined ? '–' : `${ratio.toFixed(2)} ×`);
  const first = row(name, unit, shown(ours), shown(peer), shown(limit), times(vsPeer), times(vsLimit));
  return [first, ...all.map((one) => `    ${one.kind.padEnd(6)} ${shown(one.value).padStart(12)}  ${one.name}`)].join(
    '\n',
  );
}

/** Three digits that count. */
export function shown(value: number | undefined): string {
  if (value === undefined) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
