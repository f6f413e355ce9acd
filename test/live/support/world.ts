import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApi, Refused } from '../../../demo/api.js';
import type { Part } from '../../../demo/cast.js';
import { enterRegister, openCast } from '../../../demo/cast.js';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { readSettings } from '../../../src/infra/config.js';
import type { Wuji } from '../../../src/main.js';
import { startWuji } from '../../../src/main.js';

export type { Part };

const longTtl = 30 * 24 * 3600;
export const draft = {
  title: '关于修桥的建议',
  situation: '桥面破损。',
  analysis: '多年失修。',
  advice: '春灌前修复。',
};

/** 15 kB of text, another for each `n`. */
export const longDraft = (n: number) => ({ ...draft, situation: `${n} ${'长'.repeat(5_000)}`.slice(0, 5_000) });

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A whole server in this process with the register of the demo, on a free port and a folder of its own; its clock stands until it is moved. */
export async function openWorld(env: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-live-'));
  let instant = Date.parse('2026-02-03T01:00:00.000Z');
  const clock = { now: () => new Date(instant) };
  let port = '0';
  const serve = async (): Promise<Wuji> => {
    const read = readSettings({ WUJI_DATA: folder, WUJI_LOG_LEVEL: 'fatal', ...env, PORT: port });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const started = await startWuji(read.settings, { log: pino({ level: read.settings.logLevel }), clock });
    if (isRefusal(started)) throw new Error(started.refused);
    port = new URL(started.url).port;
    return started;
  };
  let wuji = await serve();
  const { url } = wuji;
  const api = createApi(url);
  const issue = async (person: string, capacity: { mandate: string } | { post: string }, ttlSeconds = longTtl) => {
    const token = await wuji.auth.issueToken({ person, ...capacity, ttlSeconds });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
  const operator = await issue(wuji.operator.person, { post: wuji.operator.post });
  await enterRegister(wuji, api, operator);
  const cast = await openCast(wuji, api, operator);

  return {
    url,
    socketUrl: `${url.replace('http', 'ws')}/graphql`,
    folder,
    api,
    cast,
    operator,
    /** A token of a person under a mandate or in a post. */
    issue,
    /** Another token of the same deputy. */
    async tokenOf({ id }: Part, ttlSeconds: number): Promise<string> {
      const { mandate } = await api.ask<{ mandate: { personId: string } }>(
        operator,
        'query ($id: ID!) { mandate(id: $id) { personId } }',
        { id },
      );
      return issue(mandate.personId, { mandate: id }, ttlSeconds);
    },
    pass(seconds: number): void {
      instant += seconds * 1000;
    },
    settle: () => wuji.settle(),
    act: async (who: Part | string, action: string, id: string | null, input?: Record<string, unknown>) =>
      api.act(typeof who === 'string' ? who : who.token, action, id, input),
    /** The code with which the action is refused. */
    async refusal(who: Part, action: string, id: string | null, input?: Record<string, unknown>): Promise<string> {
      try {
        await api.act(who.token, action, id, input);
      } catch (error) {
        if (error instanceof Refused) return error.code;
        throw error;
      }
      throw new Error(`${action} was not refused`);
    },
    async log(): Promise<readonly RecordedEvent[]> {
      const response = await fetch(`${url}/export`, { headers: { authorization: `Bearer ${operator}` } });
      const lines = (await response.text()).trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as RecordedEvent);
    },
    async gauge(name: string): Promise<number> {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    },
    stop: () => wuji.close(),
    /** Again on the same folder and port. */
    async start(): Promise<void> {
      wuji = await serve();
    },
    async close(): Promise<void> {
      await wuji.close();
      await rm(folder, { recursive: true });
    },
  };
}
