import { z } from 'zod';
import type { SuggestionState } from '../../../src/domain/collaboration/suggestion/state.js';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { streamOf } from '../../../src/domain/kernel/aggregate.js';
import type { ProposedEvent } from '../../../src/domain/kernel/event.js';
import { evolve } from '../../../src/domain/kernel/registry.js';
import { isText, textsAt } from '../../../src/domain/kernel/texts.js';
import { classesOf } from '../../../src/domain/kernel/visibility.js';
import type { GroundName } from '../../../src/domain/redaction/grounds.js';
import { grounds } from '../../../src/domain/redaction/grounds.js';
import { redaction, wuji } from '../../../src/domain/wuji.js';
import { ratingOf } from '../../../src/projections/cases/suggestion-facts.js';
import { audienceOf } from './expected.js';
import * as plain from './plain.js';
import type { Step, Story } from './story.js';

/** A second telling of the same story, in which only values differ that none of the witnesses may see. */
export type Variation = {
  readonly steps: readonly Step[];
  /** How many values differ, by kind. */
  readonly values: number;
  readonly redacted: number;
};

/** Another text, letter by letter: as long in characters and in bytes, so that the log has the same places. */
const other = (text: string): string =>
  [...text]
    .map((c) => {
      if (/[a-y0-8]/i.test(c)) return String.fromCharCode(c.charCodeAt(0) + 1);
      return c >= '一' && c < '鿿' ? String.fromCharCode(c.charCodeAt(0) + 1) : c;
    })
    .join('');

type Change = (value: string | number, schema: z.ZodType) => unknown;
/** A tag stands for somebody: another one would be somebody else, or nobody. */
const isTag = /^\w+:/;
const otherText: Change = (value, schema) =>
  typeof value === 'string' && isText(schema) && !isTag.test(value) ? other(value) : value;
/** A number, and a day, that is another of as many characters. */
const otherValue: Change = (value, schema) => {
  if (typeof value === 'number') return value % 10 < 9 ? value + 1 : value - 1;
  if (isDay.test(value)) return `${value.slice(0, 8)}${value.endsWith('11') ? '12' : '11'}`;
  return otherText(value, schema);
};
const isDay = /^\d{4}-\d\d-\d\d$/;

type Found = { readonly tags: readonly string[]; readonly now: plain.Class | undefined };
type Case = { readonly category: string; readonly id: string; readonly events: readonly ProposedEvent[] };

export function varied(story: Story, witnesses: readonly (Actor | null)[]): Variation {
  const { world, steps } = story;
  const byCase = new Map<string, Case>();
  for (const { ref, events } of steps) {
    const known = byCase.get(streamOf(ref));
    byCase.set(streamOf(ref), { ...ref, events: [...(known?.events ?? []), ...events] });
  }
  const hidden = redactionsIn(story);
  const told = new Map<string, ProposedEvent>();
  let [values, redacted] = [0, 0];
  for (const one of byCase.values()) {
    const final = world.find(one);
    if (!final) continue;
    const seen = witnesses.map((actor): Found => {
      const tags = plain.tagsOf(actor);
      return { tags, now: plain.classFor(tags, audienceOf(final)) };
    });
    // A text that is redacted for all of them may differ wherever the case says it.
    const words = hidden
      .filter(
        (each) =>
          each.target === one.id && seen.every(({ now }) => !each.original || !now || !plain.shows(now, each.original)),
      )
      .flatMap(({ texts }) => texts);
    const masked: Change = (value, schema) =>
      typeof value === 'string' && isText(schema)
        ? words.reduce((text, w) => text.replaceAll(w, other(w)), value)
        : value;
    const base = one.events.map((event) => changed(event, () => false, masked));
    redacted += base.filter((event, n) => !same(event, one.events[n])).length;
    const before = showings(one, one.events, seen, words);
    const accept = (events: readonly ProposedEvent[]) => same(showings(one, events, seen, words), before);
    if (!accept(base)) throw new Error(`${one.category} ${one.id}: a redacted text shows`);
    const best = [otherValue, otherText]
      .map((change) => base.map((event) => changed(event, visibleIn(event, seen), change)))
      .find(accept);
    const kept = best ?? oneByOne(base, (event) => changed(event, visibleIn(event, seen), otherText), accept);
    values += kept.filter((event, n) => !same(event, base[n])).length;
    for (const event of kept) told.set(event.id, event);
  }
  const next = steps.map((step) => ({ ...step, events: step.events.map((event) => told.get(event.id) ?? event) }));
  return { steps: next, values, redacted };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function oneByOne(
  base: readonly ProposedEvent[],
  change: (event: ProposedEvent) => ProposedEvent,
  accept: (events: readonly ProposedEvent[]) => boolean,
): readonly ProposedEvent[] {
  let kept = base;
  base.forEach((event, n) => {
    const next = kept.with(n, change(event));
    if (!same(next[n], event) && accept(next)) kept = next;
  });
  return kept;
}

/** The class in which each witness sees the event: then, and no more than now. */
const visibleIn = (event: ProposedEvent, seen: readonly Found[]) => {
  const shown = seen.map(({ tags, now }) => plain.lesser(plain.classFor(tags, event.meta.audience), now));
  return (field: string | undefined): boolean =>
    field !== 'internal' ? shown.some((one) => one && plain.shows(one, field)) : true; // what folds by itself is left alone
};

/**
 * What the witnesses see of the case after each event, by a fold of their own; redacted words are no part of it. How many are
 * satisfied is counted for all (domain.md §4), whoever may read who said so.
 */
function showings(
  { category, id }: Case,
  events: readonly ProposedEvent[],
  seen: readonly Found[],
  words: readonly string[],
) {
  const aggregate = wuji.aggregate(category);
  let state: unknown;
  const told = events.map((event) => {
    state = evolve(aggregate, state, event);
    const audience = aggregate.audience(state as never, id);
    return [
      audience,
      (state as { status: string }).status,
      category === 'suggestion' && ratingOf(state as SuggestionState),
      seen.map(({ tags, now }) => {
        const shown = plain.lesser(plain.classFor(tags, audience), now);
        const last = now && plain.cut(aggregate.state, state, now, () => true);
        return [shown && plain.cut(aggregate.state, state, shown, () => true), last];
      }),
    ];
  });
  const text = JSON.stringify(told);
  return words.reduce((all, w) => all.replaceAll(w, '█').replaceAll(other(w), '█'), text);
}

/** The event with each value changed that stands in a field which is not visible. */
function changed(event: ProposedEvent, visible: (field: string | undefined) => boolean, change: Change): ProposedEvent {
  const schema = wuji.events.get(event.type)?.schema;
  return schema ? { ...event, data: walk(schema, event.data, false, visible, change) as ProposedEvent['data'] } : event;
}
function walk(
  schema: z.ZodType,
  value: unknown,
  hidden: boolean,
  visible: (field: string | undefined) => boolean,
  change: Change,
): unknown {
  const s = plain.bare(schema);
  if (value === null || value === undefined) return value;
  if (Array.isArray(value))
    return s instanceof z.ZodArray
      ? value.map((one) => walk(s.element as z.ZodType, one, hidden, visible, change))
      : value;
  if (typeof value === 'object') {
    if (!(s instanceof z.ZodObject)) return value;
    const declared = classesOf(s) ?? {};
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        const of = s.shape[key] as z.ZodType | undefined;
        return [key, of ? walk(of, one, hidden || !visible(declared[key]), visible, change) : one];
      }),
    );
  }
  return hidden && (typeof value === 'string' || typeof value === 'number') ? change(value, s) : value;
}

/** The redactions in force, and the words that each hides, read from the story. */
function redactionsIn({ world, steps }: Story) {
  return world.cases().flatMap((one) => {
    if (one.category !== 'redaction') return [];
    const { kind, target, seen, field, passage, ground, status } = redaction.state.parse(one.state);
    if (status !== 'IN_FORCE') return [];
    const aggregate = wuji.aggregate(kind);
    let state: unknown;
    const events = steps.flatMap(({ ref, events: own }) => (ref.id === target ? own : []));
    for (const event of events.slice(0, seen + 1)) state = evolve(aggregate, state, event);
    const texts = textsAt(aggregate.state, state, field).flatMap(({ text }) =>
      typeof text !== 'string' ? [] : [passage ? [...text].slice(passage.from, passage.to).join('') : text],
    );
    const { originalFor } = grounds[ground as GroundName];
    return [{ target, texts, original: originalFor as plain.Class | undefined }];
  });
}
