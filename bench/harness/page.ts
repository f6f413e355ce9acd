import { cpus, totalmem } from 'node:os';
import type { Figure } from './bench.js';
import { reachOf, shortOf } from './reach.js';
import { shown, times } from './shown.js';

const [begin, end] = ['<!-- figures -->', '<!-- /figures -->'];
/** A bench as it was run: how many rounds, and how long it took. */
export type Ran = { readonly name: string; readonly figures: readonly Figure[]; readonly seconds: number };

/** The page with the tables of the benches of this run between its marks; those of other benches stay as they are. */
export function withFigures(page: string, ran: readonly Ran[], rounds: number, order: readonly string[]): string {
  const [before, rest] = page.split(begin);
  const [old, after] = rest?.split(end) ?? [];
  if (before === undefined || old === undefined || after === undefined)
    throw new Error(`the page has no place between ${begin} and ${end}`);
  const sections = new Map<string, string>();
  for (const section of old.split(/^### /m).slice(1)) sections.set(section.split('\n', 1)[0] ?? '', section.trim());
  for (const each of ran) sections.set(each.name, sectionOf(each, rounds));
  const known = order.flatMap((name) => sections.get(name) ?? []).map((section) => `### ${section}\n`);
  return `${before}${begin}\n\n${known.join('\n')}\n${end}${after}`;
}

function sectionOf({ name, figures, seconds }: Ran, rounds: number): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const measured = rounds === 1 ? 'One round' : `Median of ${rounds} rounds`;
  const method = `${measured}, contenders in turn; ${Math.ceil(seconds)} s; ${machine}.`;
  const head =
    '| case | unit | ours | best peer | limit | vs peer | vs limit | to reach | reached |\n|---|---|--:|--:|--:|--:|--:|---|---|\n';
  const missing = new Set(figures.flatMap(({ all }) => all.filter(({ value }) => value === undefined)).map(nameOf));
  const left = missing.size > 0 ? `\n\nCould not be installed there: ${[...missing].join(', ')}.` : '';
  return `${name}\n\n![${name}](performance/${name}.svg)\n\n${method}\n\n${head}${figures.map(rowOf).join('\n')}${left}`;
}

const nameOf = ({ name }: { readonly name: string }) => name;

function rowOf(figure: Figure): string {
  const { ours, peer, limit, vsPeer, vsLimit, unit, all } = figure;
  const peers = all.filter(({ kind, value }) => kind === 'peer' && value === peer).map(nameOf);
  const wanted = reachOf(figure);
  const reached = wanted === '' ? '' : shortOf(figure).length === 0 ? 'yes' : 'no';
  const best = peer === undefined ? '–' : `${shown(peer)} (${peers.join(', ')})`;
  return `| ${figure.case} | ${unit} | ${shown(ours)} | ${best} | ${shown(limit)} | ${times(vsPeer)} | ${times(vsLimit)} | ${wanted} | ${reached} |`;
}
