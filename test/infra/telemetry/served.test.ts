import { afterAll, beforeAll, expect, it } from 'vitest';
import { feedQuery, isLive, stream, typesOf, wsClient } from '../../live/support/clients.js';
import type { Part, World } from '../../live/support/world.js';
import { draft, openWorld } from '../../live/support/world.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(() => world.close());

async function samples(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  return new Map([...text.matchAll(/^(wuji_\S+) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));
}

it('a server shows at /metrics what it did: commands, appends, batches, deliveries, operations (issue 3, part 6)', async () => {
  const before = await samples();
  const socket = wsClient(world, lead.token).subscribe(feedQuery);
  const events = (await stream(world, { token: lead.token, query: feedQuery })).inbox;
  await socket.until(isLive);
  await events.until((items) => items.length === 1);
  await world.act(lead, 'draftSuggestion', null, draft);
  const stranger = { code: 'N-1', name: '张三', region: '150802' };
  expect(await world.refusal(lead, 'registerPerson', null, stranger)).toBe('NOT_ALLOWED');
  await socket.until((items) => typesOf(items).length === 1);
  await events.until((items) => items.length === 2);

  const after = await samples();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('wuji_commands_total{action="draftSuggestion",outcome="done"}')).toBe(1);
  expect(grown('wuji_log_appends_total{outcome="written"}')).toBe(1);
  expect(grown('wuji_log_append_duration_seconds_count')).toBe(1);
  expect(grown('wuji_projector_batch_duration_seconds_count{outcome="committed"}')).toBe(1);
  expect(grown('wuji_projector_events_folded_total')).toBe(1);
  expect(grown('wuji_events_delivered_total')).toBe(2);
  expect(grown('wuji_delivery_latency_seconds_count')).toBe(1);
  expect(grown('wuji_graphql_operations_total{operation="subscription",code="ok"}')).toBe(2);
  expect(grown('wuji_graphql_operations_total{operation="mutation",code="ok"}')).toBe(1);
  expect(grown('wuji_commands_total{action="registerPerson",outcome="NOT_ALLOWED"}')).toBe(1);
  expect(grown('wuji_graphql_operations_total{operation="mutation",code="NOT_ALLOWED"}')).toBe(1);
  for (const name of ['sockets', 'streams']) expect(grown(`wuji_${name}`), name).toBe(1);
  expect(grown('wuji_subscriptions')).toBe(2);
  expect(after.get('wuji_projector_state{state="live"}')).toBe(1);
  expect(after.get('wuji_projector_lag_events')).toBe(0);
  expect([...after.keys()].filter((name) => name.startsWith('wuji_reactor_lag_seconds'))).not.toEqual([]);
});

it('a mutation over a WebSocket is an operation too, and a refusal is counted by its code', async () => {
  const { once } = wsClient(world, lead.token);
  const before = await samples();
  await once('mutation { submitSuggestion(id: "7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10") { caseId } }');
  await once('{ nothing }').catch(() => undefined);
  const after = await samples();
  const grown = (labels: string) => {
    const name = `wuji_graphql_operations_total{${labels}}`;
    return (after.get(name) ?? 0) - (before.get(name) ?? 0);
  };
  expect(grown('operation="mutation",code="NOT_FOUND"')).toBe(1);
  expect(grown('operation="unknown",code="GRAPHQL_VALIDATION_FAILED"')).toBe(1);
});

it('no label holds a name, a title or an id', async () => {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  const labels = [...text.matchAll(/^\w+\{(.*?)\}/gm)].flatMap(([, inside = '']) => inside.split(','));
  const odd = labels.filter((label) => !/^\w+="([\w-]+|v?[\d.]+(e-\d+)?|\+Inf)"$/.test(label));
  expect(odd).toEqual([]);
  expect(text).not.toMatch(/\p{Script=Han}|[0-9a-f]{8}-[0-9a-f]{4}-/u);
});
