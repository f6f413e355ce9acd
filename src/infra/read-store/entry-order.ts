import type { EntryChanges } from '../../projections/kernel/ports.js';

/** Entries are ordered by the bytes of their UTF-8 form; JavaScript orders by UTF-16, which differs from here on. */
const high = /[\uD800-\uFFFF]/;

export type IsBefore = (a: string, b: string) => boolean;
const plainly: IsBefore = (a, b) => a < b;
const exactly: IsBefore = (a, b) => compareBytes(a, b) < 0;
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The order for entries that are parts of these texts. */
export const orderWithin = (...texts: readonly string[]): IsBefore =>
  texts.some((text) => high.test(text)) ? exactly : plainly;
export const isBefore: IsBefore = (a, b) => orderWithin(a, b)(a, b);

/** Each once, in order. */
export function inOrder(entries: readonly string[]): readonly string[] {
  if (entries.length < 2) return entries;
  const before = orderWithin(entries.join(''));
  let sorted = true;
  for (let i = 1; sorted && i < entries.length; i++) sorted = before(entries[i - 1] ?? '', entries[i] ?? '');
  if (sorted) return entries;
  const once = [...new Set(entries)];
  return before === plainly ? once.sort() : once.sort(compareBytes);
}

/** Where an entry's first element has ended: entries with the same beginning are a group. */
export const groupEndOf = (entry: string): number => entry.indexOf(' ') + 1;

/** What comes and goes of a group. */
export type Changes = { readonly add: readonly string[]; readonly remove: readonly string[] };

/** By group, the rests of the entries. */
export type Groups = ReadonlyMap<string, Changes>;
export function groupsOf(changes: EntryChanges): Groups {
  if (changes.groups) return changes.groups; // the lists themselves are then made only when they are asked for
  const { add, remove } = changes;
  const groups = new Map<string, { add: string[]; remove: string[] }>();
  const restsOf = (entry: string, end: number) => {
    const name = entry.slice(0, end);
    const group = groups.get(name) ?? { add: [], remove: [] };
    groups.set(name, group);
    return group;
  };
  for (const kind of ['add', 'remove'] as const)
    for (const entry of kind === 'add' ? add : remove) {
      const end = groupEndOf(entry);
      restsOf(entry, end)[kind].push(entry.slice(end));
    }
  return groups;
}

/** The first place from `start` on whose entry is not before `bound`. */
export function endOf(entries: readonly string[], start: number, bound: string): number {
  let at = start;
  while (at < entries.length && isBefore(entries[at] ?? '', bound)) at++;
  return at;
}
