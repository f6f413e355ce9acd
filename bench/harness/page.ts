import { cpus, totalmem } from 'node:os';
import type { Figure } from './bench.js';
import { shown } from './report.js';
import { shortOf } from './run.js';

const [begin, end] = ['<!-- figures -->', '<!-- /figures -->'];

/** The page with the figures of this run between its marks. */
export function withFigures(page: string, figures: readonly Figure[], rounds: number): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no place between ${begin} and ${end}`);
  return `${before}${begin}\n\n${tablesOf(figures, rounds)}\n${end}${after}`;
}

function tablesOf(figures: readonly Figure[], rounds: number): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const names = [...new Set(figures.map(({ bench }) => bench))];
  const head =
    '| case | unit | ours | best peer | limit | vs peer | vs limit | reached |\n|---|---|--:|--:|--:|--:|--:|---|\n';
  const tables = names.map((name) => {
    const rows = figures.filter(({ bench }) => bench === name).map(rowOf);
    return `### ${name}\n\n![${name}](performance/${name}.svg)\n\n${head}${rows.join('\n')}\n`;
  });
  return `Median of ${rounds} rounds, contenders in turn; ${machine}.\n\n${tables.join('\n')}`;
}

function rowOf(figure: Figure): string {
  const { ours, peer, limit, vsPeer, vsLimit, unit, all } = figure;
  const peers = all.filter(({ kind, value }) => kind === 'peer' && value === peer).map(({ name }) => name);
  const times = (ratio: number | undefined) => (ratio === undefined ? '–' : `${ratio.toPrecision(3)} ×`);
  const short = shortOf(figure).join('; ');
  const reached = figure.reach === undefined ? '' : short === '' ? 'yes' : `no: ${short.replaceAll('<', '&lt;')}`;
  const best = peer === undefined ? '–' : `${shown(peer)} (${peers.join(', ')})`;
  return `| ${figure.case} | ${unit} | ${shown(ours)} | ${best} | ${shown(limit)} | ${times(vsPeer)} | ${times(vsLimit)} | ${reached} |`;
}

const colours = { ours: '#b3261e', peer: '#8a8f98', limit: '#2f5d8a' } as const;
const [left, width, bar] = [300, 420, 16];

/** A bar for each contender of each case, as long as what was measured. */
export function plotOf(figures: readonly Figure[]): string {
  let y = 8;
  const lines: string[] = [];
  for (const { case: name, unit, all } of figures) {
    y += 16;
    lines.push(`<text x="8" y="${y}" font-weight="600">${quoted(`${name} (${unit})`)}</text>`);
    y += 6;
    const most = Math.max(...all.map(({ value }) => value));
    for (const one of all) {
      const length = Math.max(1, (one.value / most) * width);
      lines.push(
        `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${quoted(one.name)}</text>`,
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar - 3}" fill="${colours[one.kind]}"/>`,
        `<text x="${left + length + 6}" y="${y + 12}">${shown(one.value)}</text>`,
      );
      y += bar;
    }
    y += 8;
  }
  const style = 'font: 12px system-ui, sans-serif; fill: currentColor';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 90}" height="${y + 8}" style="color: #1f2328; background: #fff"><title>${quoted(figures[0]?.bench ?? '')}: ours, peers and the limit</title><g style="${style}">${lines.join('\n')}</g></svg>\n`;
}

const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
