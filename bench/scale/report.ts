import type { Scope } from './assumptions.js';
import { assumptionLines, scopes } from './assumptions.js';
import { simulateHours } from './hours.js';
import type { Figures, Size } from './measure.js';
import { measure } from './measure.js';
import { quantitiesOf } from './quantities.js';
import type { Quantity } from './quantity.js';
import { say } from './units.js';

export type Report = { readonly figures: Figures; readonly quantities: readonly Quantity[] };

/** Measures, simulates the peak hour, and extrapolates. */
export async function runScale(size: Size, onStage: (stage: string) => void): Promise<Report> {
  const figures = await measure(size, onStage);
  onStage('the peak hour');
  return { figures, quantities: quantitiesOf(figures, simulateHours(figures, size.seconds)) };
}

/** What is the same everywhere is said once. */
function cell({ unit, values }: Quantity, scope: Scope): string {
  const same = values.region !== undefined && scopes.every((each) => values[each] === values.region);
  return same && scope !== 'city' ? '=' : say(unit, values[scope]);
}
export const heads = ['quantity', 'city', 'region', 'nation', 'limit', 'kind', 'source'];
const cells = (one: Quantity): string[] => [
  one.quantity,
  ...scopes.map((scope) => cell(one, scope)),
  ...[one.limit, one.kind, one.source],
];

export function asText({ figures, quantities }: Report): string {
  const rows = [heads, ...quantities.map(cells)];
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [figures.machine, '', 'Assumptions', ...assumptionLines(), '', ...lines].join('\n');
}

export function asMarkdown({ figures, quantities }: Report, date: string): string {
  const redis = figures.redisVersion ? `, Redis ${figures.redisVersion}` : '';
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [
    `Run of ${date} on ${figures.machine}${redis}; other work ran there too. \`=\` is: as in the column before.`,
    '',
    row(heads),
    row(heads.map((_, i) => (i > 0 && i < 4 ? '--:' : '---'))),
    ...quantities.map((one) => row(cells(one))),
  ].join('\n');
}

/** One line per quantity; numbers in bytes, events, milliseconds, hours, shares of 1. */
export const asJsonLines = ({ quantities }: Report): string =>
  quantities
    .map(({ quantity, unit, values, limit, kind, source }) =>
      JSON.stringify({ bench: 'scale', quantity, unit, ...values, limit, kind, source }),
    )
    .join('\n');
