import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Feed, type Message, openFeed } from '../../client/feed.js';
import { createApi, Refused } from '../../demo/api.js';
import { classIn } from '../../src/domain/kernel/actor.js';
import { refOfStream } from '../../src/domain/kernel/aggregate.js';
import type { Audience, RecordedEvent } from '../../src/domain/kernel/event.js';
import { idOfKey } from '../../src/domain/kernel/handle.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { ancestorsOf } from '../../src/domain/kernel/region.js';
import { decode, evolve } from '../../src/domain/kernel/registry.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { seatKey } from '../../src/domain/organization/mandate.js';
import { wuji } from '../../src/domain/wuji.js';
import { openAuth } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import { nameId } from '../../src/infra/ids.js';
import { freePort, type ServerProcess, serveProcess } from '../support/server-process.js';

/**
 * 200 deputies of five levels, each on a WebSocket of the stock graphql-ws client, through random work with forced
 * disconnects and kill -9 of the server. What each has received must equal what the log says was addressed to it.
 */
const regions = ['000000', '150000', '150800', '150802', '150802100'] as const;
const perLevel = 40;
const commands = 260;
const seed = 20261124;

type Watcher = {
  readonly name: string;
  readonly mandate: string;
  readonly region: string;
  readonly token: string;
  readonly received: { id: string; position: string }[];
  feed: Feed | undefined;
  cursor: string | undefined;
  live: boolean;
  ended: string | undefined;
};

let folder: string;
let port: number;
let server: ServerProcess;
let issue: (person: string, capacity: { mandate: string } | { post: string }) => Promise<string>;
let operator: string;
let office: string;
const watchers: Watcher[] = [];
const random = generator(seed);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const api = () => createApi(server.url);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wuji-e2e-'));
  port = await freePort();
  const env = { PORT: String(port), WUJI_DATA: folder };
  server = await serveProcess(env);
  const settings = readSettings(env);
  if (!settings.ok) throw new Error('settings');
  const auth = await openAuth(settings.settings, { now: () => new Date() });
  if (isRefusal(auth)) throw new Error(auth.refused);
  issue = async (person, capacity) => {
    const token = await auth.issueToken({ person, ...capacity, ttlSeconds: 3600 });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
  const ids = operatorIds(nameId);
  operator = await issue(ids.person, { post: ids.post });
  await enterRegister();
}, 120_000);

afterAll(async () => {
  for (const { feed } of watchers) feed?.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('200 clients of five levels', () => {
  it('receive exactly, and in order, what the log says they were entitled to see, through disconnects and kill -9', async () => {
    for (const watcher of watchers) connect(watcher);
    await until('all are live', () => watchers.every((watcher) => watcher.live));
    await play();
    await until('all have come back', () => watchers.every((w) => w.ended !== undefined || w.live));

    const log = await readLog();
    const audiences = audiencesOf(log);
    const due = new Map(watchers.map((watcher) => [watcher, entitlementOf(watcher, log, audiences)]));
    // A last event that everybody sees says that nothing more can come; whoever has ended has no such event.
    await until('everything has arrived', () =>
      watchers.every((w) => w.ended !== undefined || (w.received.at(-1)?.position ?? '') >= (due.get(w)?.last ?? '')),
    );
    let exact = 0;
    let messages = 0;
    for (const watcher of watchers) {
      const { events, lost } = due.get(watcher) as Entitlement;
      const got = watcher.received.map(({ id }) => id);
      messages += got.length;
      // In order, no double, nothing that was not addressed to this deputy.
      expect(
        isSubsequence(
          got,
          events.map(({ id }) => id),
        ),
        watcher.name,
      ).toBe(true);
      // Of cases that are still the deputy's: all of it. (Of those lost, what came before the loss may or may not.)
      const kept = new Set(events.filter(({ stream }) => !lost.has(stream)).map(({ id }) => id));
      const all = events.filter(({ id }) => kept.has(id)).map(({ id }) => id);
      const mine = got.filter((id) => kept.has(id));
      if (watcher.ended === undefined) {
        expect(mine, watcher.name).toEqual(all);
        exact++;
      } else expect(mine, watcher.name).toEqual(all.slice(0, mine.length));
    }
    expect(exact).toBeGreaterThan(150);
    expect(messages).toBeGreaterThan(10 * commands);
  }, 300_000);
});

function connect(watcher: Watcher): void {
  watcher.live = false;
  watcher.feed = openFeed<Message & { event: { id: string; cursor: string } | null }>({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    token: watcher.token,
    webSocketImpl: WebSocket,
    after: watcher.cursor,
    query: 'subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { id cursor } } }',
    onMessage({ cursor, caughtUp, event }) {
      watcher.cursor = cursor;
      if (event) watcher.received.push({ id: event.id, position: event.cursor.split('.').at(-1) ?? '' });
      if (caughtUp) watcher.live = true;
    },
    onState(state) {
      if (state === 'connecting') watcher.live = false;
    },
    onError({ code }) {
      if (code === 'MANDATE_SUSPENDED') watcher.ended = code;
    },
  });
}

/** Random work of random deputies; every so often a client is cut off, or the server is killed. */
async function play(): Promise<void> {
  const active = () => watchers.filter((watcher) => watcher.ended === undefined);
  const meeting = await callMeeting(active());
  const drafts: { id: string; lead: Watcher; asked: Watcher[]; helping: Watcher[] }[] = [];
  for (let n = 0; n < commands; n++) {
    if (n % 90 === 60) await restart();
    if (n % 3 === 0) drop(pick(active()));
    const dice = random();
    const draft = drafts.length > 0 ? pick(drafts) : undefined;
    if (dice < 0.12) await act(pick(active()), 'submitProblem', meeting, { title: `问题${n}`, text: '遇到的问题。' });
    else if (dice < 0.16)
      await actAs(office, 'removeParticipant', meeting, { party: pick(active()).mandate, reason: '调整。' });
    else if (dice < 0.2) await actAs(office, 'inviteParticipants', meeting, { parties: [pick(active()).mandate] });
    else if (!draft || dice < 0.35) {
      const lead = pick(active());
      const text = { title: `建议${n}`, situation: '情况。', analysis: '分析。', advice: '建议。' };
      const { caseId } = await act(lead, 'draftSuggestion', null, text);
      if (caseId) drafts.push({ id: caseId, lead, asked: [], helping: [] });
    } else if (dice < 0.5) {
      const other = pick(active().filter((w) => w.region === draft.lead.region && w !== draft.lead));
      await act(draft.lead, 'inviteCosigner', draft.id, { mandate: other.mandate });
      draft.asked.push(other);
    } else if (dice < 0.65) {
      const other = pick(active().filter((w) => w.region !== draft.lead.region));
      await act(draft.lead, 'addCollaborator', draft.id, { mandate: other.mandate });
      draft.helping.push(other);
    } else if (dice < 0.72 && draft.asked.length > 0)
      await act(pick(draft.asked), 'declineCosign', draft.id, undefined);
    else if (dice < 0.8 && draft.helping.length > 0)
      await act(draft.lead, 'removeCollaborator', draft.id, { mandate: pick(draft.helping).mandate });
    else if (dice < 0.85) await act(draft.lead, 'submitSuggestion', draft.id, undefined);
    else if (dice < 0.88 && n > commands / 2) {
      const target = pick(active());
      const { caseId } = await actAs(operator, 'suspendMandate', target.mandate, { reason: 'SERVING_SENTENCE' });
      if (caseId) await until(`${target.name} ends`, () => target.ended !== undefined);
    } else await act(draft.lead, 'linkEvidence', draft.id, { kind: 'OTHER', note: `依据${n}` });
  }
}

/** Half of all deputies, of every level: what happens in the meeting goes to a hundred feeds at once. */
async function callMeeting(all: readonly Watcher[]): Promise<string> {
  const { caseId } = await api().act(office, 'planJointMeeting', null, { title: '联席会议', purpose: '分析问题。' });
  await api().act(office, 'conveneJointMeeting', caseId, { on: '2026-12-15', place: '会议室' });
  const parties = all.filter((_, n) => n % 2 === 0).map(({ mandate }) => mandate);
  await api().act(office, 'inviteParticipants', caseId, { parties });
  for (const watcher of all.filter((_, n) => n % 8 === 0))
    await act(watcher, 'answerMeetingInvitation', caseId, { accept: true });
  return caseId;
}

/** What is refused is refused: the log has nothing of it. */
async function act(who: Watcher, action: string, id: string | null, input: Record<string, unknown> | undefined) {
  return actAs(who.token, action, id, input);
}
async function actAs(token: string, action: string, id: string | null, input: Record<string, unknown> | undefined) {
  try {
    return await api().act(token, action, id, input);
  } catch (error) {
    if (error instanceof Refused) return { caseId: undefined };
    throw error;
  }
}

/** Goes away in the middle of things, and comes back with its cursor. */
function drop(watcher: Watcher): void {
  watcher.feed?.close();
  connect(watcher);
}

async function restart(): Promise<void> {
  await server.kill();
  server = await serveProcess({ PORT: String(port), WUJI_DATA: folder });
}

type Entitlement = {
  readonly events: readonly RecordedEvent[];
  /** Streams that have been closed to the deputy since, if only for a while: what came before may have been passed over. */
  readonly lost: ReadonlySet<string>;
  readonly last: string | undefined;
};

/** From the log alone: events addressed to the deputy since the feed began. */
function entitlementOf(watcher: Watcher, log: readonly RecordedEvent[], audiences: Audiences): Entitlement {
  const tags = [`mandate:${watcher.mandate}`, ...ancestorsOf(watcher.region).map((code) => `deputies:${code}`)];
  const begin = log.findIndex(({ type }) => type === 'JointMeetingPlanned');
  const events = log.slice(begin).filter(({ meta }) => classIn(meta.audience, tags) !== undefined);
  const lost = new Set(
    events
      .filter(({ stream, revision }) =>
        audiences
          .get(stream)
          ?.slice(revision)
          .some((audience) => classIn(audience, tags) === undefined),
      )
      .map(({ stream }) => stream),
  );
  return { events, lost, last: events.filter(({ stream }) => !lost.has(stream)).at(-1)?.position };
}

/** For each case, who could see it after each of its events. */
type Audiences = ReadonlyMap<string, readonly Audience[]>;
function audiencesOf(log: readonly RecordedEvent[]): Audiences {
  const states = new Map<string, unknown>();
  const audiences = new Map<string, Audience[]>();
  for (const recorded of log) {
    const { category, id } = refOfStream(recorded.stream);
    const aggregate = wuji.aggregate(category);
    const state = evolve(aggregate, states.get(recorded.stream), decode(wuji, recorded));
    states.set(recorded.stream, state);
    audiences.set(recorded.stream, [...(audiences.get(recorded.stream) ?? []), aggregate.audience(state as never, id)]);
  }
  return audiences;
}

async function readLog(): Promise<readonly RecordedEvent[]> {
  const response = await fetch(`${server.url}/export`, { headers: { authorization: `Bearer ${operator}` } });
  return (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent);
}

async function enterRegister(): Promise<void> {
  for (const region of regions)
    await api().act(operator, 'registerCongress', null, { region, term: 5, on: '2022-01-10' });
  const { caseId: organ } = await api().act(operator, 'registerOrgan', null, {
    code: 'SC',
    region: '150800',
    kind: 'SC',
    name: '市人大常委会',
  });
  const { caseId: clerk } = await api().act(operator, 'registerPerson', null, {
    code: 'C',
    region: '150800',
    name: '经办人',
  });
  const { caseId: post } = await api().act(operator, 'assignPost', null, { person: clerk, organ, role: 'clerk' });
  office = await issue(clerk, { post });
  const rows = regions.flatMap((region, level) =>
    Array.from({ length: perLevel }, (_, n) => `W-${level}-${n},代表${level}${n},${region},5,2022-01-10`),
  );
  const content = Buffer.from(['code,name,region,term,confirmedOn', ...rows].join('\n')).toString('base64');
  await api().ask(
    operator,
    'mutation ($content: String!) { importRegister(kind: deputies, content: $content, commit: true) { rows { result } } }',
    { content },
  );
  for (const [level, region] of regions.entries())
    for (let n = 0; n < perLevel; n++) {
      const person = idOfKey(nameId, 'person', `W-${level}-${n}`);
      const mandate = idOfKey(nameId, 'mandate', seatKey({ person, region, term: 5 }));
      const token = await issue(person, { mandate });
      watchers.push({
        name: `W-${level}-${n}`,
        mandate,
        region,
        token,
        received: [],
        feed: undefined,
        cursor: undefined,
        live: false,
        ended: undefined,
      });
    }
}

async function until(what: string, condition: () => boolean, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const one of whole) if (part[at] === one) at++;
  return at === part.length;
}

/** Mulberry32: the same play for the same seed. */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
