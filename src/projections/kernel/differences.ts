import { encodeTuple, type IndexTuple, type IndexValue, rowEndOf } from './index-key.js';
import type { EntryChanges, TableCommit } from './ports.js';
import type { ReadModel } from './read-model.js';

/** What rows that have changed change in the indexes and counters of their model. */
export function createDifferences(model: ReadModel) {
  const indexes = Object.entries(model.indexes).map(([name, of]) => ({ name, of, entries: new IndexChanges() }));
  const rollups = Object.entries(model.rollups).map(([name, of]) => ({ name, of, deltas: new Map<string, number>() }));

  return {
    /** Each row is compared once, as it was before and as it is after. `undefined`: there was or is none. */
    add(key: string, before: unknown, after: unknown) {
      let end: string | undefined;
      for (const { of, entries } of indexes) {
        const had = before === undefined ? none : of(before, key);
        const has = after === undefined ? none : of(after, key);
        if (same(had, has)) continue;
        end ??= rowEndOf(key);
        entries.compare(had, has, end);
      }
      for (const { of, deltas } of rollups) {
        const had = before === undefined ? none : of(before, key);
        const has = after === undefined ? none : of(after, key);
        if (same(had, has)) continue;
        for (const counted of had) count(deltas, encodeTuple(counted), -1);
        for (const counted of has) count(deltas, encodeTuple(counted), 1);
      }
    },
    all: (): Pick<TableCommit, 'indexes' | 'counters'> => ({
      indexes: new Map(indexes.flatMap(({ name, entries }) => (entries.groups.size > 0 ? [[name, entries]] : []))),
      counters: new Map(rollups.flatMap(({ name, deltas }) => (deltas.size > 0 ? [[name, deltas]] : []))),
    }),
  };
}

const none: readonly never[] = [];
type Group = { readonly name: string; readonly add: string[]; readonly remove: string[] };

/**
 * Grouped from the start: a first element, such as a tag, stands for thousands of entries and is encoded once, and what
 * follows it is often the same for all tuples of a row.
 */
class IndexChanges implements EntryChanges {
  readonly groups = new Map<string, Group>();
  private readonly byFirst = new Map<IndexValue | undefined, Group>();
  private last: { readonly tuple: IndexTuple; readonly end: string; readonly rest: string } | undefined;

  get add(): string[] {
    return [...this.groups.values()].flatMap(({ name, add }) => add.map((rest) => name + rest));
  }
  get remove(): string[] {
    return [...this.groups.values()].flatMap(({ name, remove }) => remove.map((rest) => name + rest));
  }

  compare(had: readonly IndexTuple[], has: readonly IndexTuple[], end: string) {
    if (had.length === 0) {
      for (const tuple of has) this.groupOf(tuple, end).add.push(this.restOf(tuple, end));
      return;
    }
    const gone = new Map<Group, string[]>();
    for (const tuple of had) {
      const [group, rest] = [this.groupOf(tuple, end), this.restOf(tuple, end)];
      const rests = gone.get(group);
      if (!rests) gone.set(group, [rest]);
      else if (!rests.includes(rest)) rests.push(rest);
    }
    for (const tuple of has) {
      const [group, rest] = [this.groupOf(tuple, end), this.restOf(tuple, end)];
      const rests = gone.get(group);
      const at = rests?.indexOf(rest) ?? -1;
      if (at < 0) group.add.push(rest);
      else rests?.splice(at, 1);
    }
    for (const [group, rests] of gone) for (const rest of rests) group.remove.push(rest);
  }

  private groupOf(tuple: IndexTuple, end: string): Group {
    const [first] = tuple;
    const known = first === undefined ? undefined : this.byFirst.get(first);
    if (known) return known;
    const name = first === undefined ? end : encodeTuple([first]);
    const group = this.groups.get(name) ?? { name, add: [], remove: [] };
    this.groups.set(name, group);
    if (first !== undefined) this.byFirst.set(first, group);
    return group;
  }

  /** What comes after the first element. */
  private restOf(tuple: IndexTuple, end: string): string {
    if (tuple.length < 2) return tuple.length === 1 ? end : '';
    if (this.last?.end === end && sameRest(this.last.tuple, tuple)) return this.last.rest;
    const rest = encodeTuple(tuple.slice(1)) + end;
    this.last = { tuple, end, rest };
    return rest;
  }
}

function sameRest(a: IndexTuple, b: IndexTuple, from = 1): boolean {
  if (a.length !== b.length) return false;
  for (let i = from; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function same(a: readonly IndexTuple[], b: readonly IndexTuple[]): boolean {
  if (a.length !== b.length) return false;
  for (const [i, tuple] of a.entries()) if (!sameRest(tuple, b[i] ?? none, 0)) return false;
  return true;
}

function count(deltas: Map<string, number>, key: string, delta: number) {
  const sum = (deltas.get(key) ?? 0) + delta;
  if (sum === 0) deltas.delete(key);
  else deltas.set(key, sum);
}
