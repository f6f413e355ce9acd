import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import type { Bench, Figure, Scale } from './harness/bench.js';
import { plotOf, withFigures } from './harness/page.js';
import { peersInstalled } from './harness/peers.js';
import { heading, lineOf } from './harness/report.js';
import { runCase, shortOf } from './harness/run.js';

const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  append: () => import('./append/index.js'),
  replay: () => import('./replay/index.js'),
  rebuild: () => import('./rebuild/index.js'),
  fanout: () => import('./fanout/index.js'),
  mixed: () => import('./mixed/index.js'),
  resume: () => import('./resume/index.js'),
  command: () => import('./command/index.js'),
  growth: () => import('./growth/index.js'),
};

type Options = { smoke?: true; long?: true; json?: true; rounds: number; write?: string };

const program = new Command('bench')
  .description('Wuji against its peers and against the limit, side by side in one run.')
  .argument('[name...]', `which: ${Object.keys(benches).join(', ')}; all when none is named`)
  .option('--smoke', 'seconds, for correctness; the figures say nothing')
  .option('--long', 'also the sizes that take minutes')
  .option('--json', 'one line of JSON a figure')
  .option('--rounds <n>', 'of which the median is taken', Number, 5)
  .option('--write <file>', 'put tables and plots of this run into a page: docs/performance.md')
  .action(main);
await program.parseAsync();

async function main(names: readonly string[], options: Options): Promise<void> {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0)
    program.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  const scale: Scale = options.smoke ? 'smoke' : options.long ? 'long' : 'full';
  const rounds = options.smoke ? 1 : options.rounds;
  if (!options.smoke && !peersInstalled()) {
    console.error('installing the peers: npm ci --prefix bench');
    const { status } = spawnSync('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund'], { stdio: 'inherit' });
    if (status !== 0) program.error('the peers could not be installed');
  }
  const peers = peersInstalled();
  const figures: Figure[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const load = benches[name];
    if (!load) continue;
    const { bench } = await load();
    if (!options.json) console.info(heading(bench));
    for (const each of await bench.cases(scale)) {
      const contenders = each.contenders.filter(({ kind }) => peers || kind !== 'peer');
      const figure = await runCase(bench.name, { ...each, contenders }, rounds);
      figures.push(figure);
      console.info(options.json ? JSON.stringify(figure) : lineOf(figure));
    }
  }
  if (options.write) await write(options.write, figures, rounds);
  if (options.smoke || options.json) return;
  const short = figures.flatMap((figure) => shortOf(figure).map((what) => `  ${figure.bench} ${figure.case}: ${what}`));
  console.info(short.length > 0 ? `\nNot reached:\n${short.join('\n')}` : '\nAll that was to be reached is reached.');
}

async function write(page: string, figures: readonly Figure[], rounds: number): Promise<void> {
  await writeFile(page, withFigures(await readFile(page, 'utf8'), figures, rounds));
  const plots = join(dirname(page), 'performance');
  await mkdir(plots, { recursive: true });
  for (const name of new Set(figures.map(({ bench }) => bench)))
    await writeFile(join(plots, `${name}.svg`), plotOf(figures.filter(({ bench }) => bench === name)));
}
