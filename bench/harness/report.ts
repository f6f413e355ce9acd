import type { Bench, Figure } from './bench.js';
import { reachOf, shortOf } from './reach.js';
import { shown, times } from './shown.js';

const columns = [52, 22, 12, 12, 12, 10, 10] as const;
const row = (...cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i < 2 || i >= columns.length ? cell : cell.padStart(columns[i] ?? 0)))
    .map((cell, i) => (i < 2 ? cell.padEnd(columns[i] ?? 0) : cell))
    .join(' ')
    .trimEnd();

export const heading = ({ name, about }: Bench): string =>
  `\n${name}: ${about}\n${row('', 'unit', 'ours', 'peer', 'limit', 'vs peer', 'vs limit', ' to reach')}`;

/** The figure with what it is to reach, and under it each contender. `judged`: whether it is said what is reached. */
export function lineOf(figure: Figure, judged: boolean): string {
  const { case: name, unit, ours, peer, limit, vsPeer, vsLimit, all } = figure;
  const wanted = reachOf(figure);
  const verdict = shortOf(figure).length === 0 ? 'yes' : 'NO';
  const reached = wanted === '' ? '' : ` ${wanted}${judged ? `: ${verdict}` : ''}`;
  const first = row(name, unit, shown(ours), shown(peer), shown(limit), times(vsPeer), times(vsLimit), reached);
  return [first, ...all.map(contenderLine)].join('\n');
}

const contenderLine = ({ kind, value, name }: Figure['all'][number]): string =>
  value === undefined
    ? `    ${kind.padEnd(6)} ${'–'.padStart(12)}  ${name}: its package or server could not be installed here (bench/README.md)`
    : `    ${kind.padEnd(6)} ${shown(value).padStart(12)}  ${name}`;

/** One line for programs; ratios say how many times better ours is. */
export function jsonOf(figure: Figure): string {
  const { bench, case: name, ours, peer, limit, vsPeer, vsLimit, unit, all } = figure;
  const values = { bench, case: name, ours, peer, limit, vsPeer, vsLimit, unit };
  const toReach = reachOf(figure);
  return JSON.stringify({ ...values, all, ...(toReach && { toReach, reached: shortOf(figure).length === 0 }) });
}
