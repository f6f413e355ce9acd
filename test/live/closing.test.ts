import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readSettings } from '../../src/infra/config.js';
import type { Wuji } from '../../src/main.js';
import { startWuji } from '../../src/main.js';
import { productionSecrets } from '../support/production.js';
import { rawSocket, stream, wideEvent } from './support/clients.js';
import { longDraft, openWorld } from './support/world.js';

describe('production mode (libraries.md §4)', () => {
  let wuji: Wuji;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wuji-production-'));
    const env = {
      ...{ WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://127.0.0.1:9/jwks', PORT: '0', WUJI_DATA: folder },
      ...(await productionSecrets(folder)),
    };
    const read = readSettings(env);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const started = await startWuji(read.settings, { log: pino({ level: 'silent' }) });
    if (isRefusal(started)) throw new Error(started.refused);
    wuji = started;
  });
  afterAll(async () => {
    await wuji.close();
    await rm(folder, { recursive: true });
  });

  it.each(['{ __schema { types { name } } }', '{ vewer { kind } }', 'subscription { dutyFed { cursor } }'])(
    'the schema is not told, neither by introspection nor by hints, over HTTP, SSE and WebSocket: %s',
    async (query) => {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify({ query }) };
      const texts = await Promise.all(
        ['/graphql', '/graphql/stream'].map(async (path) => (await fetch(wuji.url + path, request)).text()),
      );
      const socket = new WebSocket(`${wuji.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const answer = new Promise<string>((resolve) => {
        socket.on('message', (data) => {
          if (JSON.parse(String(data)).type !== 'connection_ack') resolve(String(data));
          else socket.send(JSON.stringify({ id: 'a', type: 'subscribe', payload: { query } }));
        });
      });
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      texts.push(await answer);
      socket.terminate();
      for (const text of texts) {
        expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
        expect(text).not.toMatch(/Did you mean|"viewer"|dutyFeed/);
      }
    },
  );
});

describe('the server ends (issue 2 part 10)', () => {
  it('also when a reader has stopped reading, of a WebSocket or a stream, and tells all others to come back', async () => {
    const world = await openWorld();
    const lead = await world.cast.deputy('D-041', '150802');
    const query = `subscription { dutyFeed { cursor caughtUp ${wideEvent} } }`;
    const [stuck, good] = [
      await rawSocket(world, { token: lead.token }),
      await rawSocket(world, { token: lead.token }),
    ];
    for (const raw of [stuck, good]) raw.subscribe('a', query);
    await Promise.all([stuck, good].map(({ messages }) => messages.first(({ id }) => id === 'a')));
    stuck.socket.pause();
    const unread = await stream(world, { token: lead.token, query });
    await unread.inbox.until((items) => items.length === 1);
    unread.pause();
    const { caseId } = await world.act(lead, 'draftSuggestion', null, longDraft(0));
    for (let n = 1; n < 120; n++) await world.act(lead, 'editSuggestion', caseId, longDraft(n));
    await good.messages.until((items) => items.filter(({ type }) => type === 'next').length === 121);
    await world.close();
    expect(await good.closed.first(() => true)).toEqual({ code: 1012, reason: 'RESTARTING' });
  });

  it('says at /health/ready that it ends while it sends its clients away, and takes no more of them (issue 3 part 4)', async () => {
    const world = await openWorld({ WUJI_SOCKETS_PER_HOLDER: '1000' });
    const lead = await world.cast.deputy('D-041', '150802');
    const all = await Promise.all(Array.from({ length: 280 }, () => rawSocket(world, { token: lead.token })));
    const closing = world.close();
    const ready = await fetch(`${world.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { ok: false, state: 'ending' }]);
    const late = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => late.on('error', resolve));
    await closing;
    for (const one of all) expect(await one.closed.first(() => true)).toEqual({ code: 1012, reason: 'RESTARTING' });
  });
});
