import type { Database, Transaction } from 'lmdb';
import type { KeyRange } from '../../projections/kernel/index-key.js';
import { binaryOf } from './binary.js';
import type { Groups } from './entry-order.js';
import { endOf, groupEndOf, inOrder, isBefore, orderWithin, placeOf } from './entry-order.js';

/**
 * The entries of an index, many to a record: there are far more entries than rows, and most of them come at the end of
 * their group, which are the entries with the same first element. A record holds the rests of the group's entries from
 * its own lowest up to the next record's, joined by a character that no entry has. Its key ends with its lowest; that of
 * a group's first record is empty.
 */
export type Blocks = Database<unknown, string>;
type Group = { readonly prefix: string; readonly lowests: string[] };

const joint = '\n';
/** With its header it fits on a page of its own. */
const longest = 4_000;
/** Lowests that are kept in memory. */
const capacity = 100_000;

/** Writes within the transaction that is open, and remembers where records begin for as long as nobody else writes. */
export function createEntryWriter(blocks: Blocks) {
  const groups = new Map<string, Group>();
  let kept = 0;

  const textAt = (key: string) => blocks.get(key) as string | undefined;

  function forget() {
    groups.clear();
    kept = 0;
  }

  function groupOf(prefix: string): Group {
    const known = groups.get(prefix);
    if (known) return known;
    // A group that has records has a first one.
    const found = blocks.doesExist(prefix) ? blocks.getKeys({ start: prefix, end: `${prefix}~` }) : [];
    const group = { prefix, lowests: [...found].map((key) => key.slice(prefix.length)) };
    groups.set(prefix, group);
    kept += 1 + group.lowests.length;
    return group;
  }

  /** Record by record: what is added to it and removed from it. Both lists are in order. */
  function change(group: Group, added: readonly string[], removed: readonly string[]) {
    if (group.lowests.length < 2) return changeRecord(group, group.lowests.length - 1, added, removed);
    for (let [i, j] = [0, 0]; i < added.length || j < removed.length; ) {
      const at = placeOf(group.lowests, lowerOf(added[i], removed[j]));
      const until = group.lowests[at + 1];
      const endOfAdded = until === undefined ? added.length : endOf(added, i, until);
      const endOfRemoved = until === undefined ? removed.length : endOf(removed, j, until);
      changeRecord(group, at, added.slice(i, endOfAdded), removed.slice(j, endOfRemoved));
      [i, j] = [endOfAdded, endOfRemoved];
    }
  }

  /** `at`: the record's place; −1 when the group has none so low. */
  function changeRecord(group: Group, at: number, added: readonly string[], removed: readonly string[]) {
    const lowest = group.lowests[at];
    if (lowest === undefined) {
      if (added.length > 0) replace(group, 0, 0, textsOf('', added));
      return;
    }
    const text = textAt(group.prefix + lowest);
    if (text === undefined) throw new Error(`the read store has lost the record ${group.prefix}${lowest}`);
    const [first] = added;
    if (removed.length === 0 && first !== undefined && isBefore(text.slice(text.lastIndexOf(joint) + 1), first)) {
      // What comes at the end leaves a full record as it is.
      const rest = textsOf(lowest, added, longest, text);
      replace(group, at, 1, rest[0]?.text === text ? rest.slice(1) : rest, rest[0]?.text === text);
      return;
    }
    const entries = new Set(text.split(joint));
    for (const entry of removed) entries.delete(entry);
    for (const entry of added) entries.add(entry);
    const total = [...entries].reduce((sum, entry) => sum + entry.length + joint.length, 0);
    // Evenly, so that what comes next finds room.
    const parts = Math.ceil(total / longest);
    replace(group, at, 1, textsOf(lowest, inOrder([...entries]), parts > 1 ? total / parts : longest));
  }

  /** `keepsFirst`: the record at `at` stays, and the others come after it. */
  function replace(group: Group, at: number, count: number, records: readonly BlockRecord[], keepsFirst = false) {
    const { prefix, lowests } = group;
    for (const { lowest, text } of records) blocks.putSync(prefix + lowest, binaryOf(text));
    if (keepsFirst) lowests.splice(at + 1, 0, ...records.map(({ lowest }) => lowest));
    else if (records.length === 0 && count > 0) removeRecord(group, at);
    else if (records.length !== 1 || count !== 1) lowests.splice(at, count, ...records.map(({ lowest }) => lowest));
    kept += records.length - (keepsFirst ? 0 : count);
  }

  /** The next record takes the place of a group's first. */
  function removeRecord({ prefix, lowests }: Group, at: number) {
    const next = at === 0 ? lowests[1] : undefined;
    if (next !== undefined) blocks.putSync(prefix, binaryOf(textAt(prefix + next) ?? ''));
    const [gone = ''] = lowests.splice(next === undefined ? at : 1, 1);
    blocks.removeSync(prefix + gone);
  }

  return {
    /** After a transaction that was given up, or one of another writer. */
    forget,
    /** `prefix`: of the table and the index. */
    write(prefix: string, changes: Groups) {
      for (const [name, { add, remove }] of changes)
        if (add.length + remove.length > 0) change(groupOf(prefix + name), inOrder(add), inOrder(remove));
      if (kept > capacity) forget();
    },
  };
}

type BlockRecord = { readonly lowest: string; readonly text: string };

/** The entries in as few records as they take; the first goes on with `begun`. */
function textsOf(lowest: string, entries: readonly string[], full = longest, begun?: string): BlockRecord[] {
  const records: BlockRecord[] = [];
  let [key, text] = [lowest, begun];
  for (const entry of entries)
    if (text === undefined) text = entry;
    else if (text.length + joint.length + entry.length <= Math.max(full, entry.length)) text += joint + entry;
    else {
      records.push({ lowest: key, text });
      [key, text] = [entry, entry];
    }
  if (text !== undefined) records.push({ lowest: key, text });
  return records;
}

const lowerOf = (a: string | undefined, b: string | undefined): string =>
  a === undefined || (b !== undefined && isBefore(b, a)) ? (b ?? '') : a;

/** The entries of a range in their order. `prefix` as in `write`. */
export function* scanBlocks(
  blocks: Blocks,
  prefix: string,
  { from, to, reverse }: KeyRange & { readonly reverse: boolean },
  within: { readonly transaction?: Transaction },
): Generator<string> {
  if (from >= to) return;
  const [start, end] = [prefix + from, prefix + to];
  // The record in which the range begins may be called lower than it.
  const first = blocks.getRange({ start, end: prefix, reverse: true, limit: 1, ...within });
  const others = reverse
    ? blocks.getRange({ start: end, end: start, reverse: true, exclusiveStart: true, ...within })
    : blocks.getRange({ start, end, exclusiveStart: true, ...within });
  for (const records of reverse ? [others, first] : [first, others])
    for (const { key, value } of records) {
      const entries = entriesOf(key.slice(prefix.length), String(value));
      const before = orderWithin(String(value), key, from, to);
      for (const entry of reverse ? entries.reverse() : entries)
        if (!before(entry, from) && before(entry, to)) yield entry;
    }
}

/** All entries of a record. `key`: without what stands before the entries. */
export function entriesOf(key: string, text: string): string[] {
  const group = key.slice(0, groupEndOf(key));
  return text.split(joint).map((rest) => group + rest);
}

export const countOf = (text: string): number => text.split(joint).length;
