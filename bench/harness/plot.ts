import type { Figure } from './bench.js';
import { shown } from './shown.js';

const colours = { ours: '#b3261e', peer: '#8a8f98', limit: '#2f5d8a' } as const;
const [left, width, bar] = [330, 420, 16];

/** A bar for each contender of each case, as long as what was measured. */
export function plotOf(figures: readonly Figure[]): string {
  let y = 8;
  const lines: string[] = [];
  for (const { case: name, unit, all } of figures) {
    y += 16;
    lines.push(`<text x="8" y="${y}" font-weight="600">${quoted(`${name} (${unit})`)}</text>`);
    y += 6;
    const most = Math.max(...all.map(({ value = 0 }) => value));
    for (const { name, kind, value } of all) {
      if (value === undefined) continue;
      const length = Math.max(1, most > 0 ? (value / most) * width : 0);
      lines.push(
        `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${quoted(name)}</text>`,
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar - 3}" fill="${colours[kind]}"/>`,
        `<text x="${left + length + 6}" y="${y + 12}">${shown(value)}</text>`,
      );
      y += bar;
    }
    y += 8;
  }
  const style = 'font: 12px system-ui, sans-serif; fill: currentColor';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 90}" height="${y + 8}" style="color: #1f2328; background: #fff"><title>${quoted(figures[0]?.bench ?? '')}: ours, peers and the limit</title><g style="${style}">${lines.join('\n')}</g></svg>\n`;
}

const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
