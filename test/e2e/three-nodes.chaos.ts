import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFailed, onTestFinished } from 'vitest';
import { Refused } from '../../demo/api.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { EventStoreDBDouble } from '../support/eventstoredb/double.js';
import { startRedisServer } from '../support/redis-server.js';
import { freePort, type ServerProcess, serveProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Acknowledged, type Crowd, gather, until } from './support/crowd.js';
import { differencesFromFreshFold } from './support/fresh-fold.js';
import { compareWithLog } from './support/verdict.js';

/** Of random work under faults; WUJI_CHAOS_SECONDS makes it longer. */
const seconds = Number(process.env.WUJI_CHAOS_SECONDS ?? 120);
const away = ['NOT_RECORDED', 'OUTCOME_UNKNOWN', 'READS_UNAVAILABLE', 'BUSY', 'INTERNAL'];

/**
 * Three nodes on one EventStoreDB (a double, over the wire) and one Redis, 300 deputies of five levels on their sockets.
 * Nodes are killed, whoever leads too; Redis is killed and comes back empty; connections to the log break, and answers
 * of it are lost.
 */
it(
  `three nodes through ${seconds} s of faults: nothing acknowledged is lost, nothing is done twice, every record is exact`,
  async () => {
    const dataDir = await temporaryFolder();
    const kept = await openEmbeddedEventStore({ folder: await temporaryFolder() });
    const double = await new EventStoreDBDouble(kept).start();
    const redis = await startRedisServer();
    const nodes = await Promise.all(
      [1, 2, 3].map(async () => {
        const port = String(await freePort());
        const env = { PORT: port, WUJI_DATA: dataDir, EVENTSTORE_URL: double.url, REDIS_URL: redis.url };
        return node(env);
      }),
    );
    onTestFinished(async () => {
      await Promise.all(nodes.map((one) => one.stop()));
      double.stop();
      await redis.stop();
      await kept.close();
    });

    let turn = 0;
    const crowd = await gather({
      ...{ perLevel: 60, seed: 20261125, dataDir },
      url: () => nodes[turn++ % nodes.length]?.url ?? '',
      again: (error) => !(error instanceof Refused) || away.includes(error.code),
    });
    onTestFinished(crowd.leave);
    await crowd.arrive();

    const end = Date.now() + seconds * 1_000;
    const happened: string[] = [];
    onTestFailed(() => console.info(happened.join('\n')));
    const faults = async () => {
      for (let n = 0; Date.now() < end; n++) {
        await pause(4_000);
        await fault(n % faultNames.length);
      }
    };
    async function fault(which: number): Promise<void> {
      const victim = crowd.pick(nodes);
      happened.push(`${new Date().toISOString()} ${faultNames[which]}`);
      if (which === 0 || which === 4) await victim.restart();
      else if (which === 1) await redis.kill().then(() => redis.restart());
      else if (which === 2) await double.restart();
      else if (which === 3) double.failAppends('unavailable, written', 'silent', 'silent, written', 'unavailable');
      else if (which === 5) await (await leaderOf(nodes)).restart();
      else if (which === 6) double.endSubscriptions();
      else await redis.flush();
    }
    const step = await crowd.player();
    const work = async () => {
      for (let n = 0; Date.now() < end; n++) await step(n > 100 && n % 10 === 0);
    };
    await Promise.all([faults(), work()]);

    const saying = async () =>
      Promise.all(
        nodes.map(({ url }) =>
          fetch(`${url}/health/ready`).then(
            async (answer) => (answer.ok ? 'ready' : answer.text()),
            (error) => String(error),
          ),
        ),
      );
    await until('all nodes are ready', async () => (await saying()).every((one) => one === 'ready'), 180_000).catch(
      async (error: Error) => {
        throw new Error(`${error.message}: ${(await saying()).join('\n')}`);
      },
    );
    await crowd.returned();
    const log = await crowd.readLog();
    expect(lostOf(crowd.acknowledged, log)).toEqual([]);
    expect(twiceIn(log)).toEqual([]);
    const { exact, messages } = await compareWithLog(crowd);
    expect(exact).toBeGreaterThan(250);
    expect(messages).toBeGreaterThan(5_000);
    expect(await differencesFromFreshFold(double.url, redis.url)).toEqual([]);
    report(crowd, log, exact, messages);
  },
  (seconds + 400) * 1_000,
);

const faultNames = [
  'a node is killed',
  'Redis is killed and comes back empty',
  'the log restarts',
  'answers of the log are lost',
  'a node is killed',
  'the leader is killed',
  'the log ends its subscriptions',
  'Redis is emptied',
];

type Node = Pick<ServerProcess, 'url' | 'stop'> & { restart(): Promise<void> };

async function node(env: Record<string, string>): Promise<Node> {
  let running = await serveProcess(env);
  return {
    url: running.url,
    stop: () => running.stop(),
    async restart() {
      await running.kill();
      for (;;)
        try {
          running = await serveProcess(env);
          return;
        } catch {
          // The log may be away just now: as a supervisor does, again.
        }
    },
  };
}

/** The node that says it leads; any, when none does at this moment. */
async function leaderOf(nodes: readonly Node[]): Promise<Node> {
  const metrics = await Promise.all(
    nodes.map(({ url }) =>
      fetch(`${url}/metrics`).then(
        (one) => one.text(),
        () => '',
      ),
    ),
  );
  const leader = nodes.find((_, n) => /^wuji_leader(\{[^}]*\})? 1$/m.test(metrics[n] ?? ''));
  const [any] = nodes;
  if (!any) throw new Error('no nodes');
  return leader ?? any;
}

/** Receipts of which the log holds nothing. */
const lostOf = (acknowledged: readonly Acknowledged[], log: readonly RecordedEvent[]) => {
  const known = new Set(
    log.map(({ stream, revision, position }) => `${stream.slice(stream.indexOf('-') + 1)} ${revision} ${position}`),
  );
  return acknowledged.filter(({ caseId, revision, position }) => !known.has(`${caseId} ${revision} ${position}`));
};

/** Commands whose events lie in two places, and events with the same id. */
function twiceIn(log: readonly RecordedEvent[]): string[] {
  const ids = new Set<string>();
  const last = new Map<string, RecordedEvent>();
  return log.flatMap((event) => {
    const { id, stream, revision, meta } = event;
    const command = `${stream} ${meta.commandId}`;
    const before = last.get(command);
    last.set(command, event);
    const again = ids.has(id) ? [`event ${id}`] : [];
    ids.add(id);
    return before && before.revision !== revision - 1 ? [...again, `command ${command}`] : again;
  });
}

function report(crowd: Crowd, log: readonly RecordedEvent[], exact: number, messages: number): void {
  console.info(
    `chaos: ${crowd.acknowledged.length} commands acknowledged, ${log.length} events, ${exact} of ${crowd.watchers.length} records exact to the end, ${messages} messages`,
  );
}
