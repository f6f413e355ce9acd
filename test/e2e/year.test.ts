import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../../demo/api.js';
import { type Cast, enterRegister, openCast } from '../../demo/cast.js';
import { DemoClock } from '../../demo/clock.js';
import { watchLevel } from '../../demo/live.js';
import { createStage } from '../../demo/stage.js';
import { playYear } from '../../demo/year.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readSettings } from '../../src/infra/config.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { openEmbeddedReadStore } from '../../src/infra/read-store/embedded.js';
import { startWuji, type Wuji } from '../../src/main.js';

/** The demo's year through the public API, and what must hold of the log and the tables it leaves behind. */
const clock = new DemoClock('2026-01-05T01:00:00.000Z');
let folder: string;
let wuji: Wuji;
let api: Api;
let operator: string;
let cast: Cast;

async function start(): Promise<Wuji> {
  const read = readSettings({ PORT: '0', WUJI_DATA: folder });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const started = await startWuji(read.settings, { log: pino({ level: 'error' }), clock });
  if (isRefusal(started)) throw new Error(started.refused);
  return started;
}

/** All that the read store holds, line by line; the server must be closed. */
async function tables(epoch: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const dropped: string[] = [];
  const reads = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch, onDropped: (why) => dropped.push(why) });
  const all = new Map<string, string[]>();
  for (const { table } of await reads.tables()) {
    const lines: string[] = [];
    for await (const line of reads.dump(table)) lines.push(line);
    all.set(table, lines);
  }
  await reads.close();
  expect(dropped).toEqual([]);
  return all;
}

async function logOf(): Promise<{ epoch: string; types: readonly string[]; ids: readonly string[] }> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const [types, ids]: [string[], string[]] = [[], []];
  for await (const event of store.readAll()) {
    types.push(event.type);
    ids.push(event.id);
  }
  const { epoch } = store;
  await store.close();
  return { epoch, types, ids };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wuji-year-'));
  wuji = await start();
  api = createApi(wuji.url);
  const token = await wuji.auth.issueToken({ ...wuji.operator, ttlSeconds: 365 * 24 * 3600 });
  if (isRefusal(token)) throw new Error(token.refused);
  operator = token;
  await enterRegister(wuji, api, operator);
  cast = await openCast(wuji, api, operator);
}, 120_000);
afterAll(async () => {
  await wuji.close();
  await rm(folder, { recursive: true });
});

describe('a year of five levels', () => {
  it('is played through the public API; each level’s live feed is what its feed says when asked', async () => {
    const parts = [
      await cast.deputy('D-001', '000000'),
      await cast.deputy('D-011', '150000'),
      await cast.deputy('D-021', '150800'),
      await cast.deputy('D-041', '150802'),
      await cast.deputy('D-081', '150823101'),
      await cast.official('O-05'),
    ];
    const watchers = await Promise.all(
      parts.map((part) => watchLevel(api, wuji.url, part.name, part, () => undefined)),
    );
    const stage = createStage(wuji, api, cast, clock, () => undefined);
    await playYear(stage);
    await stage.on('2026-12-31', '');
    for (const watcher of watchers) {
      await expect.poll(() => watcher.check(), { timeout: 10_000 }).toMatchObject({ complete: true });
      expect((await watcher.check()).received).toBeGreaterThan(50);
      watcher.close();
    }
  }, 240_000);

  it('shows the past by no more than the right of then and of now: drafts stay with the signers (ADR 2)', async () => {
    const lead = await cast.deputy('D-021', '150800');
    const office = await cast.official('O-05');
    type Page<Row> = { readonly nodes: readonly Row[] };
    const { suggestions } = await api.ask<{ suggestions: Page<{ id: string; title: string }> }>(
      lead.token,
      '{ suggestions(first: 50) { nodes { id title } } }',
    );
    const id = suggestions.nodes.find(({ title }) => title.includes('末级渠道'))?.id;
    const past = async (token: string) => {
      const { caseHistory, suggestion, timeline } = await api.ask<{
        caseHistory: Page<{ type: string }>;
        timeline: Page<{ type: string }>;
        suggestion: { statusCode: string } | null;
      }>(
        token,
        `query ($id: ID!) {
          caseHistory(caseId: $id, first: 100) { nodes { type } }
          timeline(caseId: $id, first: 100) { nodes { type } }
          suggestion(id: $id, at: { revision: 0 }) { statusCode }
        }`,
        { id },
      );
      return { history: caseHistory.nodes[0]?.type, story: timeline.nodes[0]?.type, suggestion };
    };
    expect(await past(lead.token)).toEqual({
      history: 'SuggestionDrafted',
      story: 'SuggestionDrafted',
      suggestion: { statusCode: 'DRAFT' },
    });
    const seen = await past(office.token);
    expect(seen.suggestion).toBeNull();
    expect([seen.history, seen.story]).toEqual(['SuggestionSubmitted', 'SuggestionSubmitted']);
  });

  it('leaves tables that a fresh fold of the log makes again, byte for byte, without one more event', async () => {
    await wuji.settle();
    await wuji.close();
    const before = await logOf();
    const kept = await tables(before.epoch);
    await rm(join(folder, 'read'), { recursive: true });
    wuji = await start();
    await wuji.settle(); // the policies run through the whole log again
    await wuji.close();
    const after = await logOf();
    expect(after.ids).toEqual(before.ids);
    const folded = await tables(after.epoch);
    expect([...folded.keys()].sort()).toEqual([...kept.keys()].sort());
    // How far a policy has come is noted when it has acted: what it had done before, it does not do again.
    const models = [...kept].filter(([table]) => !table.startsWith('reactor:'));
    for (const [table, lines] of models) expect(folded.get(table), table).toEqual(lines);
    expect([...kept.values()].flat().length).toBeGreaterThan(1000);
    wuji = await start();
  }, 120_000);

  it('has a warning or an overdue once for each clock, due date and mark (T1–T10)', async () => {
    await wuji.close();
    const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
    const said: string[] = [];
    for await (const { type, stream, data } of store.readAll()) {
      if (type !== 'DueWarned' && type !== 'BecameOverdue') continue;
      const { clock: name, dueOn, armedOn, mark } = data as Record<string, string>;
      said.push([stream, name, dueOn, armedOn, mark ?? 'overdue'].join(' '));
    }
    await store.close();
    expect(new Set(said).size).toBe(said.length);
    expect(said.length).toBeGreaterThan(20);
    wuji = await start();
  }, 60_000);
});
