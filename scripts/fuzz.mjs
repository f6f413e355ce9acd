// Fuzzes for as long as it is told, from a seed: `npm run fuzz -- --target frames --minutes 30 --seed 7`. Each round takes
// the next seed; a failure prints the command that shows it again. Without a target all of them share the minutes.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const targets = ['actions', 'cursors', 'imports', 'frames', 'bytes'];
const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
const chosen = values.target === undefined ? targets : targets.filter((name) => name === values.target);
if (chosen.length === 0 || !(minutes >= 0) || !Number.isSafeInteger(seed)) {
  console.error(`npm run fuzz -- [--target ${targets.join('|')}] [--minutes <number>] [--seed <whole number>]`);
  process.exit(2);
}

let failed = false;
for (const target of chosen) {
  console.log(`fuzz: ${target}, seed ${seed}, ${minutes / chosen.length} minutes`);
  const env = { ...process.env, WUJI_FUZZ_SEED: String(seed), WUJI_FUZZ_MINUTES: String(minutes / chosen.length) };
  const args = ['vitest', 'run', '--project', 'wuji', `test/fuzz/${target}.test.ts`];
  failed = spawnSync('npx', args, { stdio: 'inherit', env }).status !== 0 || failed;
}
process.exit(failed ? 1 : 0);
