import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readSettings } from '../../src/infra/config.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import type { Wuji } from '../../src/main.js';
import { startWuji } from '../../src/main.js';
import { until } from '../e2e/support/crowd.js';
import type { World } from '../live/support/world.js';
import { openWorld } from '../live/support/world.js';
import { EventStoreDBDouble } from '../support/eventstoredb/double.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedisServer } from '../support/redis-server.js';
import type { Played } from './support.js';
import { doorsOf, everything, expectNowhere, playPublished, says, secret } from './support.js';

/** EventStoreDB's own client over the wire to the double, a real Redis, and two nodes: any of them answers. */
describe('on EventStoreDB and Redis, with two nodes (domain.md §1 P1; openness)', () => {
  let redis: RedisServer;
  let world: World;
  let second: Wuji;
  let at: Played;
  let env: Record<string, string>;
  let who: Record<string, { name: string; id: string; token: string } | undefined>;

  async function another(): Promise<Wuji> {
    const read = readSettings({ WUJI_DATA: world.folder, WUJI_LOG_LEVEL: 'fatal', PORT: '0', ...env });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const clock = { now: () => new Date('2026-02-03T01:00:00.000Z') };
    const started = await startWuji(read.settings, { log: pino({ level: 'fatal' }), clock });
    if (isRefusal(started)) throw new Error(started.refused);
    return started;
  }
  /** The same world through the other node's door. */
  const doorsOfSecond = () =>
    doorsOf({ ...world, url: second.url, socketUrl: `${second.url.replace('http', 'ws')}/graphql` }, at);

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wuji-redacted-'));
    const kept = await openEmbeddedEventStore({ folder: join(folder, 'log') });
    const double = await new EventStoreDBDouble(kept).start();
    redis = await startRedisServer();
    env = { EVENTSTORE_URL: double.url, REDIS_URL: redis.url };
    world = await openWorld(env);
    at = await playPublished(world);
    second = await another();
    const { lead, office, handler, above, elsewhere } = at;
    who = { lead, office, handler, above, elsewhere, anybody: undefined };
    return async () => {
      await second.close();
      await world.close();
      double.stop();
      await redis.stop();
      await kept.close();
      await rm(folder, { recursive: true });
    };
  }, 120_000);

  const rulesAt = async (url: string): Promise<number> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${at.lead.token}` },
      body: JSON.stringify({ query: `{ suggestion(id: "${at.id}") { redactions { rule } } }` }),
    });
    return ((await response.json()) as { data: { suggestion: { redactions: [] } } }).data.suggestion.redactions.length;
  };
  const everywhere = async () => ({
    ...Object.fromEntries(
      Object.entries(await everything(doorsOf(world, at), who)).map(([k, v]) => [`first: ${k}`, v]),
    ),
    ...Object.fromEntries(Object.entries(await everything(doorsOfSecond(), who)).map(([k, v]) => [`second: ${k}`, v])),
  });

  it('given a state secret, then no door of either node says it to anybody, also after a restart; lifted, all do again', async () => {
    const said = says(await everywhere(), secret);
    for (const node of ['first', 'second']) expect(said).toContain(`${node}: one case as lead`);

    const { revision } = (
      await world.api.ask<{ suggestion: { revision: number } }>(
        at.office.token,
        'query ($id: ID!) { suggestion(id: $id) { revision } }',
        { id: at.id },
      )
    ).suggestion;
    const place = { kind: 'suggestion', target: at.id, seen: revision, field: 'advice' };
    const input = { ...place, ground: 'STATE_SECRET', basis: '〔2026〕3号' };
    const { caseId } = await world.act(at.office, 'redactText', null, input);
    await until('the other node knows of it', async () => (await rulesAt(second.url)) === 1);
    expectNowhere(await everywhere(), secret);

    // A node that comes up asks Redis what is in force, and the log for the words.
    await second.close();
    second = await another();
    expect(await rulesAt(second.url)).toBe(1);
    expectNowhere(await everything(doorsOfSecond(), who), secret);

    await world.act(at.office, 'liftRedaction', caseId, { basis: '〔2026〕9号' });
    await until('the other node knows of that', async () => (await rulesAt(second.url)) === 0);
    expect(says(await everywhere(), secret)).toEqual(said);
  }, 240_000);
});
