import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { isRefusal } from '../src/domain/kernel/refusal.js';
import { readSettings } from '../src/infra/config.js';
import { startWuji } from '../src/main.js';
import { createApi } from './api.js';
import { enterRegister, openCast } from './cast.js';
import { DemoClock } from './clock.js';
import { farewell } from './farewell.js';
import { watchLevel } from './live.js';
import { deputyCount } from './register.js';
import { createStage } from './stage.js';
import { playYear } from './year.js';

/**
 * `npm run demo`: one year of five-level work, played through the public API, with a live feed per level. Then it goes
 * on serving; `--once` ends instead.
 */
const once = process.argv.includes('--once');
const print = (line: string) => console.log(line);

const folder = await mkdtemp(join(tmpdir(), 'wuji-demo-'));
const read = readSettings({ ...process.env, WUJI_DATA: folder, WUJI_MODE: 'development' });
if (!read.ok) {
  for (const problem of read.problems) console.error(...problem.message, ...problem.next);
  process.exit(2);
}
const clock = new DemoClock('2026-01-05T01:00:00.000Z');
const started = await startWuji(read.settings, { log: pino({ level: 'warn' }), clock });
if (isRefusal(started)) {
  console.error(...started.message, ...started.next);
  process.exit(2);
}
const wuji = started;
const api = createApi(wuji.url);
const operator = await wuji.auth.issueToken({
  person: wuji.operator.person,
  post: wuji.operator.post,
  ttlSeconds: 365 * 24 * 3600,
});
if (isRefusal(operator)) throw new Error(operator.message[0]);

print(`\n五级 Wuji · ${wuji.url} · ${folder}\n`);
await enterRegister(wuji, api, operator);
print(`名册：${deputyCount}名虚构代表，五个层级 · register: ${deputyCount} invented deputies of five levels`);
const cast = await openCast(wuji, api, operator);

const parts = {
  全国: await cast.deputy('D-001', '000000'),
  自治区: await cast.deputy('D-011', '150000'),
  市: await cast.deputy('D-021', '150800'),
  旗县区: await cast.deputy('D-041', '150802'),
  乡镇苏木: await cast.deputy('D-081', '150823101'),
  代表工委: await cast.official('O-05'),
};
const watchers = await Promise.all(
  Object.entries(parts).map(([level, part]) => watchLevel(api, wuji.url, level, part, print)),
);

const stage = createStage(wuji, api, cast, clock, print);
await playYear(stage);
await stage.on('2026-12-31', '年终 · the year ends');

print('\n\x1b[1m实时动态核对 · every live feed against what the log says it was due\x1b[0m');
let complete = true;
for (const watcher of watchers) {
  const checked = await watcher.check();
  complete &&= checked.complete;
  print(`  ${checked.complete ? '✓' : '✗'} ${watcher.level} ${checked.received}`);
}

if (once) {
  for (const watcher of watchers) watcher.close();
  await wuji.close();
  await rm(folder, { recursive: true });
  process.exit(complete ? 0 : 1);
}
clock.release();
print(farewell(wuji.url, parts));
const stop = () => {
  for (const watcher of watchers) watcher.close();
  void wuji
    .close()
    .then(() => rm(folder, { recursive: true }))
    .then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
