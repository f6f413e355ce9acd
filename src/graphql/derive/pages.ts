import { z } from 'zod';
import type { CaseModel, CaseRow } from '../../projections/kernel/case-model.js';
import type { IndexTuple, IndexValue } from '../../projections/kernel/index-key.js';
import { decodeTuple, entryOf, rangeOf } from '../../projections/kernel/index-key.js';
import type { ReadView } from '../../projections/kernel/ports.js';
import { orThrow } from '../errors.js';
import { liveRefusals } from '../live/cursor.js';
import { apiRefusals } from '../refusals.js';

export const mostRows = 100;
/** Rows that one page looks at: a filter that fits nothing ends, and goes on with the next page. */
const mostLookedAt = 2_000;

/** Where a row stands in a list, newest first: the same place whichever of the viewer's tags shows it. */
type Place = { readonly openedAt: string; readonly id: string };

export const cursorOfPlace = ({ openedAt, id }: Place): string =>
  Buffer.from(JSON.stringify([openedAt, id])).toString('base64url');

const placeForm = z.tuple([z.iso.datetime(), z.uuid()]);
export function placeOfCursor(cursor: unknown): Place | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const text = Buffer.from(String(cursor), 'base64url').toString();
  const parsed = placeForm.safeParse(jsonOf(text));
  if (!parsed.success) return orThrow<never>(liveRefusals.BAD_CURSOR());
  const [openedAt, id] = parsed.data;
  return { openedAt, id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no cursor of ours: refused by the caller
  }
}

export function pageSize(first: unknown): number {
  const asked = Number(first);
  if (asked < 1 || asked > mostRows) return orThrow<never>(apiRefusals.PAGE_TOO_LARGE({ most: mostRows, asked }));
  return asked;
}

export type Listed = { readonly place: Place; readonly row: CaseRow };
export type List = { readonly rows: readonly Listed[]; readonly more: boolean; readonly end: Place | undefined };

/**
 * A page of the cases that holders of any of `tags` may see, newest first and each once, though several tags may show
 * it. `narrowed`: the index and the values to look under. `accepts` has the last word on each row.
 */
export async function listCases(
  view: ReadView,
  model: CaseModel,
  options: {
    readonly tags: readonly string[];
    readonly narrowed: { readonly field: string; readonly values: readonly IndexValue[] } | undefined;
    readonly after: Place | undefined;
    readonly limit: number;
    readonly accepts: (row: CaseRow) => boolean;
  },
): Promise<List> {
  const { tags, narrowed, after, limit, accepts } = options;
  const index = narrowed ? `byAudience:${narrowed.field}` : 'byAudience';
  const prefixes = tags.flatMap((tag): IndexTuple[] =>
    narrowed ? narrowed.values.map((value) => [tag, value]) : [[tag]],
  );
  const sources = prefixes.map((prefix) => sourceOf(view, model.name, index, prefix, after, limit + 1));
  const rows: Listed[] = [];
  let lookedAt = 0;
  let end: Place | undefined;
  while (lookedAt < mostLookedAt) {
    const places = await nextPlaces(sources, limit + 1 - rows.length);
    if (places.length === 0) return { rows, more: false, end };
    lookedAt += places.length;
    const found = (await view.rows(
      model.name,
      places.map(({ id }) => id),
    )) as readonly (CaseRow | undefined)[];
    for (const [at, place] of places.entries()) {
      const row = found[at];
      if (row && accepts(row)) {
        if (rows.length === limit) return { rows, more: true, end };
        rows.push({ place, row });
      }
      end = place;
    }
  }
  return { rows, more: true, end };
}

type Source = { readonly head: () => Promise<Place | undefined>; readonly drop: () => void };

/** One tag's part of the index, read in chunks. */
function sourceOf(
  view: ReadView,
  table: string,
  index: string,
  prefix: IndexTuple,
  after: Place | undefined,
  limit: number,
): Source {
  let last = after && entryOf([...prefix, after.openedAt], after.id);
  let buffer: Place[] = [];
  let ended = false;
  return {
    async head() {
      if (buffer.length === 0 && !ended) {
        const range = rangeOf({ prefix, after: last, reverse: true });
        const entries = await view.scan(table, index, { ...range, limit, reverse: true });
        ended = entries.length < limit;
        last = entries.at(-1) ?? last;
        buffer = entries.map((entry) => {
          const [openedAt, id] = decodeTuple(entry).slice(-2).map(String);
          return { openedAt: openedAt ?? '', id: id ?? '' };
        });
      }
      return buffer[0];
    },
    drop: () => void buffer.shift(),
  };
}

/** The next `count` places of all sources together, newest first, each once. */
async function nextPlaces(sources: readonly Source[], count: number): Promise<readonly Place[]> {
  const places: Place[] = [];
  while (places.length < count) {
    const heads = await Promise.all(sources.map((source) => source.head()));
    const newest = heads.reduce((best, head) => (head && (!best || isNewer(head, best)) ? head : best), undefined);
    if (!newest) break;
    for (const [at, head] of heads.entries()) if (head && head.id === newest.id) sources[at]?.drop();
    places.push(newest);
  }
  return places;
}

const isNewer = (a: Place, b: Place): boolean => a.openedAt > b.openedAt || (a.openedAt === b.openedAt && a.id > b.id);
