import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { Bench, Figure, Scale } from './harness/bench.js';
import type { Ran } from './harness/page.js';
import { withFigures } from './harness/page.js';
import { peersInstalled } from './harness/peers.js';
import { plotOf } from './harness/plot.js';
import { profileShows, profiling } from './harness/profile.js';
import { shortOf } from './harness/reach.js';
import { heading, jsonOf, lineOf } from './harness/report.js';
import { runCase } from './harness/run.js';

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

type Options = { smoke?: true; long?: true; json?: true; rounds: number; write?: string; profile?: string };

const program = new Command('bench')
  .description('Wuji against its peers and against the limit, side by side in one run.')
  .argument('[name...]', `which: ${Object.keys(benches).join(', ')}; all when none is named`)
  .option('--smoke', 'seconds, for correctness; the figures say nothing')
  .option('--long', 'also the sizes that take minutes')
  .option('--json', 'one line of JSON a figure')
  .option('--rounds <n>', 'of which the median is taken', Number, 5)
  .option('--write <file>', 'put tables and plots of the benches of this run into a page: docs/performance.md')
  .option('--profile <folder>', 'write processor profiles of ours there, and print where the time goes')
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
  const ran: Ran[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const load = benches[name];
    if (load) ran.push(await run((await load()).bench, scale, rounds, options));
  }
  if (options.write) await write(options.write, ran, rounds);
  if (options.smoke || options.json) return;
  const short = ran
    .flatMap(({ figures }) => figures)
    .flatMap((figure) => shortOf(figure).map((what) => `  ${figure.bench}, ${figure.case}: ${what}`));
  console.info(short.length > 0 ? `\nNot reached:\n${short.join('\n')}` : '\nAll that was to be reached is reached.');
}

async function run(bench: Bench, scale: Scale, rounds: number, { json, profile }: Options): Promise<Ran> {
  const { name } = bench;
  const folder = profile === undefined ? undefined : resolve(profile);
  const since = Date.now();
  if (!json) console.info(heading(bench));
  const figures: Figure[] = [];
  const watch = folder === undefined ? undefined : profiling(folder, bench);
  for (const each of await bench.cases(scale)) {
    const contenders = each.contenders.filter(({ kind }) => peersInstalled() || kind !== 'peer');
    const figure = await runCase(name, { ...each, contenders }, rounds, watch);
    figures.push(figure);
    console.info(json ? jsonOf(figure) : lineOf(figure, scale !== 'smoke'));
  }
  const seconds = (Date.now() - since) / 1_000;
  if (!json) console.info(`${name} took ${seconds.toFixed(0)} s.`);
  if (folder !== undefined) console.error(`\n${await profileShows(folder, since)}`);
  return { name, figures, seconds };
}

async function write(page: string, ran: readonly Ran[], rounds: number): Promise<void> {
  await writeFile(page, withFigures(await readFile(page, 'utf8'), ran, rounds, Object.keys(benches)));
  const plots = join(dirname(page), 'performance');
  await mkdir(plots, { recursive: true });
  for (const { name, figures } of ran)
    await writeFile(join(plots, `${name}.svg`), plotOf(figures.filter(({ reach }) => reach)));
}
