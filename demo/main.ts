import { isRefusal } from '../src/domain/kernel/refusal.js';
import { createApi } from './api.js';
import { enterRegister, openCast } from './cast.js';
import { DemoClock } from './clock.js';
import { farewell } from './farewell.js';
import { openHouse } from './house.js';
import { leaveOnInterrupt } from './leave.js';
import { watchLevel } from './live.js';
import { deputyCount } from './register.js';
import { createStage } from './stage.js';
import { playYear } from './year.js';

/**
 * `npm run demo`: one year of five-level work, played through the public API, with a live feed per level. Then it goes
 * on serving; `--once` ends instead.
 */
const once = process.argv.includes('--once');

const clock = new DemoClock('2026-01-05T01:00:00.000Z');
const opening = openHouse(clock);
const watchers: Awaited<ReturnType<typeof watchLevel>>[] = [];
const end = async () => {
  for (const watcher of watchers) watcher.close();
  const opened = await opening;
  if ('wuji' in opened) await opened.end();
};
let playing = true;
const interrupt = leaveOnInterrupt(end, () => (playing ? 130 : 0));
const print = (line: string) => {
  if (!interrupt.leaving) console.log(line);
};
const house = await opening;
if (!('wuji' in house)) {
  for (const { message, next } of house) console.error([...message, ...next].join('\n'));
  process.exit(2);
}
const { wuji, folder } = house;

/** Whether every live feed was complete. */
async function play(): Promise<boolean> {
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
  for (const [level, part] of Object.entries(parts)) watchers.push(await watchLevel(api, wuji.url, level, part, print));

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
  clock.release();
  if (!once) print(farewell(wuji.url, parts));
  return complete;
}

try {
  const complete = await play();
  playing = false;
  if (once) {
    await end();
    process.exit(complete ? 0 : 1);
  }
} catch (error) {
  // What was asked while the house closes finds no answer: that is no failure of the play.
  if (!interrupt.leaving) {
    await end();
    throw error;
  }
}
