import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position, RecordedEvent } from '../../src/domain/kernel/event.js';
import type { Batch, EventStore } from '../../src/domain/kernel/ports.js';
import { playCases } from '../scale/cases.js';
import type { TownSize } from '../scale/town.js';
import { openTown } from '../scale/town.js';

/** What was played: the events of the town's register, then those of its cases; and who played. */
export type Played = {
  readonly register: readonly RecordedEvent[];
  readonly cases: readonly RecordedEvent[];
  readonly deputies: readonly { readonly person: string; readonly mandate: string }[];
};

/** Real cases through the real handle, in a log that is gone afterwards. */
export async function played(town: TownSize & { readonly cases: number }): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-rebuild-'));
  try {
    const opened = await openTown(folder, town);
    const head = (await opened.store.head()) ?? '';
    await playCases(opened, town.cases);
    const log: RecordedEvent[] = [];
    for await (const event of opened.store.readAll()) log.push(event);
    await opened.store.close();
    return {
      register: log.filter(({ position }) => position <= head),
      cases: log.filter(({ position }) => position > head),
      deputies: opened.deputies().map(({ person, mandate }) => ({ person, mandate })),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Length of the log, and how many copies of the played cases run beside each other: what is open at a time. */
export type CaseLogSize = { readonly events: number; readonly beside: number };
export type CaseLog = EventStore & {
  /** The events from one index up to another, made anew. */
  readonly slice: (from: number, to: number) => RecordedEvent[];
  /** Milliseconds that were spent in making events: they are not part of what is measured. */
  readonly makingMs: () => number;
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const uuidOrDay = new RegExp(`${uuid.source}|(?<![0-9])20[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9])`, 'g');
/** What one round of copies is: a month's cases, or less, so that no log is longer than ten years. */
const [mostDaysOfRound, mostDays] = [30, 3_650];
const dayMs = 86_400_000;
const positionOf = (index: number): Position => index.toString(16).padStart(16, '0');

/**
 * A log of any length that is nowhere: the register once, then the cases again and again, each time with ids of their
 * own, in the same town, some days later; the last ones are of the days on which they were played. Events are parsed from
 * their text, as those of a real log are.
 */
export function caseLog(
  { register, cases }: Pick<Played, 'register' | 'cases'>,
  { events: length, beside }: CaseLogSize,
): CaseLog {
  const known = new Set(register.flatMap((event) => JSON.stringify(event).match(uuid) ?? []));
  const templates = cases.map((event) => templateOf(event, known));
  const ofRound = beside * templates.length;
  const rounds = Math.max(1, Math.ceil((length - register.length) / ofRound));
  const daysOfRound = Math.min(mostDaysOfRound, Math.floor(mostDays / rounds));
  let making = 0;

  function eventAt(index: number): RecordedEvent {
    const kept = register[index];
    if (kept) return { ...kept, position: positionOf(index) };
    const n = index - register.length;
    const round = Math.floor(n / ofRound);
    const within = n % ofRound;
    const copy = round * beside + (within % beside);
    const template = templates[Math.floor(within / beside)];
    const event = JSON.parse(template?.(copy, (round + 1 - rounds) * daysOfRound) ?? 'null') as RecordedEvent;
    return { ...event, position: positionOf(index) };
  }

  function slice(from: number, to: number): RecordedEvent[] {
    const begun = performance.now();
    const events = Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, i) => eventAt(from + i));
    making += performance.now() - begun;
    return events;
  }

  return {
    epoch: 'bench',
    slice,
    makingMs: () => making,
    async *subscribe({ after, signal, batchSize = 2_000 }): AsyncIterable<Batch> {
      let next = after === undefined ? 0 : Number.parseInt(after, 16) + 1;
      while (!signal.aborted && next < length) {
        const events = slice(next, next + batchSize);
        next += events.length;
        yield { events, caughtUp: next >= length };
      }
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    async *readAll({ after, limit = length } = {}) {
      const from = after === undefined ? 0 : Number.parseInt(after, 16) + 1;
      yield* slice(from, from + limit);
    },
    head: async () => positionOf(length - 1),
    append: refused,
    // biome-ignore lint/correctness/useYield: the folds read no streams
    async *readStream() {
      return refused();
    },
    close: async () => {},
  };
}

/** The event as text, with every id that is not of the register made into one of the copy's own, and every day so many later. */
function templateOf(event: RecordedEvent, known: ReadonlySet<string>): (copy: number, days: number) => string {
  const text = JSON.stringify(event);
  const parts: string[] = [];
  const changing: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(uuidOrDay)) {
    if (known.has(found)) continue;
    parts.push(text.slice(from, index));
    changing.push(found);
    from = index + found.length;
  }
  const rest = text.slice(from);
  return (copy, days) => {
    let own = '';
    for (const [i, found] of changing.entries())
      own += parts[i] + (found.length === dayLength ? later(found, days) : idOf(found, copy));
    return own + rest;
  };
}

const dayLength = '2026-01-01'.length;
const later = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, dayLength);

/** Different for each copy, and spread as ids are. */
const idOf = (id: string, copy: number): string =>
  ((Number.parseInt(id.slice(0, 8), 16) ^ Math.imul(copy, 0x9e3779b1)) >>> 0).toString(16).padStart(8, '0') +
  id.slice(8);

async function refused(): Promise<never> {
  throw new Error('this log is for folding only');
}
