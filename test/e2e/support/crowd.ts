import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { type Feed, type Message, openFeed } from '../../../client/feed.js';
import { createApi, Refused } from '../../../demo/api.js';
import { classIn } from '../../../src/domain/kernel/actor.js';
import { refOfStream } from '../../../src/domain/kernel/aggregate.js';
import type { Audience, RecordedEvent } from '../../../src/domain/kernel/event.js';
import { idOfKey } from '../../../src/domain/kernel/handle.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { ancestorsOf } from '../../../src/domain/kernel/region.js';
import { decode, evolve } from '../../../src/domain/kernel/registry.js';
import { operatorIds } from '../../../src/domain/organization/bootstrap.js';
import { seatKey } from '../../../src/domain/organization/mandate.js';
import { wuji } from '../../../src/domain/wuji.js';
import { openAuth } from '../../../src/infra/auth.js';
import { readSettings } from '../../../src/infra/config.js';
import { nameId } from '../../../src/infra/ids.js';

const regions = ['000000', '150000', '150800', '150802', '150802100'] as const;

/** A deputy with a WebSocket of the stock graphql-ws client, and what came over it. */
export type Watcher = {
  readonly name: string;
  readonly mandate: string;
  readonly region: string;
  readonly token: string;
  readonly received: { id: string; position: string }[];
  feed: Feed | undefined;
  cursor: string | undefined;
  live: boolean;
  ended: string | undefined;
  /** The last reason that it was given. */
  trouble: string | undefined;
};

/** What a server has acknowledged. */
export type Acknowledged = { readonly caseId: string; readonly revision: number; readonly position: string };

type CrowdOptions = {
  readonly perLevel: number;
  readonly seed: number;
  /** Where the keys lie. */
  readonly dataDir: string;
  /** Some server that answers, or should. Asked anew for each command and each connection. */
  readonly url: () => string;
  /** Of a failure: whether the same command is to be sent again, with the same id. By default none is. */
  readonly again?: (error: unknown) => boolean;
};

export type Crowd = Awaited<ReturnType<typeof gather>>;

/** Deputies of five levels who work at random, are cut off at random, and note down what they receive. */
export async function gather({ perLevel, seed, dataDir, url, again = () => false }: CrowdOptions) {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const watchers: Watcher[] = [];
  const acknowledged: Acknowledged[] = [];
  const issue = await issuer(dataDir);
  const ids = operatorIds(nameId);
  const operator = await issue(ids.person, { post: ids.post });
  const office = await enterRegister();
  const active = () => watchers.filter((watcher) => watcher.ended === undefined);

  function connect(watcher: Watcher): void {
    watcher.live = false;
    watcher.feed = openFeed<Message & { event: { id: string; cursor: string } | null }>({
      url: `${url().replace('http', 'ws')}/graphql`,
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
        watcher.trouble = code;
        if (code === 'MANDATE_SUSPENDED') watcher.ended = code;
      },
    });
  }

  /** Goes away in the middle of things, and comes back with its cursor. */
  function drop(watcher: Watcher): void {
    watcher.feed?.close();
    connect(watcher);
  }

  /** Begins with a meeting of half of them: what happens there goes to half of all feeds at once. */
  async function player() {
    const meeting = await callMeeting(active());
    const drafts: { id: string; lead: Watcher; asked: Watcher[]; helping: Watcher[] }[] = [];
    let n = 0;
    /** One piece of random work of a random deputy; every so often a client is cut off first. */
    return async (maySuspend: boolean) => {
      n++;
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
      else if (dice < 0.88 && maySuspend) {
        const target = pick(active());
        const { caseId } = await actAs(operator, 'suspendMandate', target.mandate, { reason: 'SERVING_SENTENCE' });
        if (caseId) await until(`${target.name} ends`, () => target.ended !== undefined);
      } else await act(draft.lead, 'linkEvidence', draft.id, { kind: 'OTHER', note: `依据${n}` });
    };
  }

  /** Half of all deputies, of every level: what happens in the meeting goes to a hundred feeds at once. */
  async function callMeeting(all: readonly Watcher[]): Promise<string> {
    const { caseId } = await certainly(office, 'planJointMeeting', null, { title: '联席会议', purpose: '分析问题。' });
    await certainly(office, 'conveneJointMeeting', caseId, { on: '2026-12-15', place: '会议室' });
    const parties = all.filter((_, n) => n % 2 === 0).map(({ mandate }) => mandate);
    await certainly(office, 'inviteParticipants', caseId, { parties });
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
      return await certainly(token, action, id, input);
    } catch (error) {
      if (error instanceof Refused) return { caseId: undefined };
      throw error;
    }
  }

  /** Until somebody has answered it, with one id for all tries. */
  async function certainly(token: string, action: string, id: string | null, input?: Record<string, unknown>) {
    const commandId = randomUUID();
    for (;;)
      try {
        const receipt = await createApi(url()).act(token, action, id, input, commandId);
        if (receipt.events.length > 0) acknowledged.push(receipt);
        return receipt;
      } catch (error) {
        if (!again(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
  }

  async function enterRegister(): Promise<string> {
    for (const region of regions)
      await certainly(operator, 'registerCongress', null, { region, term: 5, on: '2022-01-10' });
    const { caseId: organ } = await certainly(operator, 'registerOrgan', null, {
      code: 'SC',
      region: '150800',
      kind: 'SC',
      name: '市人大常委会',
    });
    const { caseId: clerk } = await certainly(operator, 'registerPerson', null, {
      code: 'C',
      region: '150800',
      name: '经办人',
    });
    const { caseId: post } = await certainly(operator, 'assignPost', null, { person: clerk, organ, role: 'clerk' });
    const rows = regions.flatMap((region, level) =>
      Array.from({ length: perLevel }, (_, n) => `W-${level}-${n},代表${level}${n},${region},5,2022-01-10`),
    );
    const content = Buffer.from(['code,name,region,term,confirmedOn', ...rows].join('\n')).toString('base64');
    await createApi(url()).ask(
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
          trouble: undefined,
        });
      }
    return issue(clerk, { post });
  }

  async function readLog(): Promise<readonly RecordedEvent[]> {
    const response = await fetch(`${url()}/export`, { headers: { authorization: `Bearer ${operator}` } });
    return (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedEvent);
  }

  return {
    watchers,
    acknowledged,
    readLog,
    player,
    pick,
    /** All connect, and have caught up. */
    async arrive() {
      for (const watcher of watchers) connect(watcher);
      await until('all are live', () => watchers.every((watcher) => watcher.live));
    },
    /** All who may are connected and have caught up again. */
    async returned() {
      const missing = () => watchers.filter((w) => w.ended === undefined && !w.live);
      await until('all have come back', () => missing().length === 0, 120_000).catch((error: Error) => {
        throw new Error(`${error.message}; ${missing().map(({ name, trouble }) => `${name} ${trouble}`)}`);
      });
    },
    leave() {
      for (const { feed } of watchers) feed?.close();
    },
  };
}

async function issuer(dataDir: string) {
  const settings = readSettings({ WUJI_DATA: dataDir });
  if (!settings.ok) throw new Error('settings');
  const auth = await openAuth(settings.settings, { now: () => new Date() });
  if (isRefusal(auth)) throw new Error(auth.refused);
  return async (person: string, capacity: { mandate: string } | { post: string }) => {
    const token = await auth.issueToken({ person, ...capacity, ttlSeconds: 3600 });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
}

export type Entitlement = {
  readonly events: readonly RecordedEvent[];
  /** Streams that have been closed to the deputy since, if only for a while: what came before may have been passed over. */
  readonly lost: ReadonlySet<string>;
  readonly last: string | undefined;
};

/** From the log alone: events addressed to the deputy since the feed began. */
export function entitlementOf(watcher: Watcher, log: readonly RecordedEvent[], audiences: Audiences): Entitlement {
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
export type Audiences = ReadonlyMap<string, readonly Audience[]>;
export function audiencesOf(log: readonly RecordedEvent[]): Audiences {
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

export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
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
