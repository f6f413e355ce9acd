import { performance } from 'node:perf_hooks';
import { createApi } from '../../demo/api.js';
import { openCluster, personOf, registerPerson } from '../../test/support/cluster.js';
import type { ServerProcess } from '../../test/support/server-process.js';

/**
 * How long reading stands still when the node that leads is killed (SIGKILL): from its death until another node's
 * read models hold a command that was acknowledged after it. Beside it the same command and question with no death.
 * A round begins when the survivor has led for a while and a new follower has joined.
 */
const ROUNDS = 10;
const BOUND_S = 5;

const json = process.argv.includes('--json');
const cluster = await openCluster();
const times: { quiet: number; death: number }[] = [];
let [leader, follower] = [cluster.first, cluster.second];
try {
  for (let round = 1; round <= ROUNDS; round++) {
    const quiet = await readBack(follower, `Q-${round}`);
    await leader.kill();
    const death = await readBack(follower, `T-${round}`);
    times.push({ quiet, death });
    if (!json)
      console.info(`round ${round}: ${seconds(death)} s after the death of the leader, ${seconds(quiet)} s without`);
    [leader, follower] = [follower, await cluster.start()];
  }
} finally {
  await cluster.close();
}
const sorted = times.map(({ death }) => death).sort((a, b) => a - b);
const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
if (json)
  console.info(JSON.stringify({ bench: 'takeover', case: 'kill -9', median, worst, bound: BOUND_S, unit: 's' }));
else console.info(`\nmedian ${seconds(median)} s, worst ${seconds(worst)} s; promised: within ${BOUND_S} s`);

/** Seconds from now until a command given now is read back on the node. */
async function readBack(node: ServerProcess, code: string): Promise<number> {
  const from = performance.now();
  const { caseId, position } = await registerPerson(node, cluster.operator, code);
  for (;;) {
    const found = await createApi(node.url)
      .ask<{ person: unknown }>(cluster.operator, personOf, { id: caseId, at: position })
      .catch(() => undefined); // it says that its read models have not come so far: asked again
    if (found?.person) return (performance.now() - from) / 1000;
  }
}

function seconds(value: number): string {
  return value.toFixed(2);
}
