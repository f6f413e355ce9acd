import type { Database, Transaction } from 'lmdb';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import type { KeyRange } from '../../projections/kernel/index-key.js';
import { binaryOf } from './binary.js';
import type { Groups, IsBefore } from './entry-order.js';
import { endOf, groupEndOf, inOrder, isBefore, orderWithin } from './entry-order.js';

/**
 * The entries of an index, many to a record: there are far more entries than rows, and most of them come at the end of
 * their group, which are the entries with the same first element. A record holds the rests of the group's entries from
 * its own lowest up to the next record's, joined by a character that no entry has. Its key ends with its lowest; that of
 * a group's first record is empty.
 */
export type Blocks = Database<unknown, string>;
/** `last`: the lowest of its last record; `undefined`: it has none. */
type Group = { readonly prefix: string; last: string | undefined };

const joint = '\n';
/** With its header it fits on a page of its own. */
const longest = 4_000;
/** Groups that are kept in memory. */
const capacity = 20_000;

/**
 * Writes within the transaction that is open, and remembers where groups end for as long as nobody else writes. Where
 * an older record begins is looked up: a group may have any number of them.
 */
export function createEntryWriter(blocks: Blocks) {
  const groups = new Map<string, Group>();

  const textAt = (key: string) => blocks.get(key) as string | undefined;

  function groupOf(prefix: string): Group {
    const known = groups.get(prefix);
    if (known) return known;
    // A group that has records has a first one.
    const group = { prefix, last: blocks.doesExist(prefix) ? lowestUpTo(prefix, '~') : undefined };
    groups.set(prefix, group);
    return group;
  }

  /** That of the record which an entry of the group belongs to, wherever that is. */
  function lowestUpTo(prefix: string, entry: string): string {
    const [key = prefix] = blocks.getKeys({ start: prefix + entry, end: prefix, reverse: true, limit: 1 });
    return key.slice(prefix.length);
  }
  /** That of the record after one which is not the last. */
  function lowestAfter(prefix: string, lowest: string): string | undefined {
    const range = { start: prefix + lowest, end: `${prefix}~`, exclusiveStart: true, limit: 1 };
    for (const key of blocks.getKeys(range)) return key.slice(prefix.length);
    return undefined;
  }

  /** Record by record: what is added to it and removed from it. Both lists are in order. */
  function change(prefix: string, added: readonly string[], removed: readonly string[]) {
    for (let [i, j] = [0, 0]; i < added.length || j < removed.length; ) {
      const group = groupOf(prefix);
      const { last } = group;
      const lower = lowerOf(added[i], removed[j]);
      const lowest = last === undefined || last === '' || !isBefore(lower, last) ? last : lowestUpTo(prefix, lower);
      const until = lowest === undefined || lowest === last ? undefined : lowestAfter(prefix, lowest);
      const endOfAdded = until === undefined ? added.length : endOf(added, i, until);
      const endOfRemoved = until === undefined ? removed.length : endOf(removed, j, until);
      changeRecord(group, lowest, added.slice(i, endOfAdded), removed.slice(j, endOfRemoved));
      [i, j] = [endOfAdded, endOfRemoved];
    }
  }

  /** `lowest`: the record's; `undefined` when the group has none. */
  function changeRecord(
    group: Group,
    lowest: string | undefined,
    added: readonly string[],
    removed: readonly string[],
  ) {
    if (lowest === undefined) return put(group, lowest, textsOf('', added));
    const text = textAt(group.prefix + lowest);
    if (text === undefined) throw new Error(`the read store has lost the record ${group.prefix}${lowest}`);
    const [first] = added;
    if (removed.length === 0 && first !== undefined && isBefore(text.slice(text.lastIndexOf(joint) + 1), first)) {
      // What comes at the end leaves a full record as it is.
      const records = textsOf(lowest, added, longest, text);
      return put(group, lowest, records[0]?.text === text ? records.slice(1) : records);
    }
    const entries = changed(text.split(joint), added, removed, orderWithin(text, added.join(''), removed.join('')));
    const total = entries.reduce((sum, entry) => sum + entry.length + joint.length, 0);
    // Evenly, so that what comes next finds room.
    const parts = Math.ceil(total / longest);
    if (parts === 0) remove(group, lowest);
    else put(group, lowest, textsOf(lowest, entries, parts > 1 ? total / parts : longest));
  }

  /** What the record of `lowest` has become: it, and those that come after it. */
  function put(group: Group, lowest: string | undefined, records: readonly BlockRecord[]) {
    for (const record of records) blocks.putSync(group.prefix + record.lowest, binaryOf(record.text));
    if (group.last === lowest) group.last = records.at(-1)?.lowest ?? lowest;
  }

  /** The next record takes the place of a group's first. */
  function remove({ prefix, last }: Group, lowest: string) {
    groups.delete(prefix);
    const next = lowest === '' && last !== '' ? lowestAfter(prefix, lowest) : undefined;
    if (next !== undefined) blocks.putSync(prefix, binaryOf(textAt(prefix + next) ?? ''));
    blocks.removeSync(prefix + (next ?? lowest));
  }

  return {
    /** After a transaction that was given up, or one of another writer. */
    forget: () => groups.clear(),
    /** `prefix`: of the table and the index. */
    write(prefix: string, changes: Groups) {
      for (const [name, { add, remove }] of changes)
        if (add.length + remove.length > 0) change(prefix + name, inOrder(add), inOrder(remove));
      forgetOldest(groups, capacity);
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

/** All three are in order. What is added and removed is there afterwards. */
function changed(entries: readonly string[], added: readonly string[], removed: readonly string[], before: IsBefore) {
  const after: string[] = [];
  let [i, j] = [0, 0];
  for (const entry of entries) {
    for (let next = added[i]; next !== undefined && before(next, entry); next = added[++i]) after.push(next);
    for (let gone = removed[j]; gone !== undefined && before(gone, entry); gone = removed[++j]);
    if (added[i] === entry) i++;
    else if (removed[j] === entry) continue;
    after.push(entry);
  }
  return after.concat(added.slice(i));
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
