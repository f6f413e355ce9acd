import type { Hash, Sha256 } from '../kernel/event-hash.js';

/**
 * The Merkle tree of RFC 6962 (§2.1): `leaf = SHA-256(00 ‖ entry)`, `node = SHA-256(01 ‖ left ‖ right)`, the root of no
 * leaves `SHA-256("")`. All of it pure: who has the whole subtrees gives them, who verifies needs the proof alone.
 */
export const leafHash = (sha256: Sha256, entry: string): Hash => sha256(prefixed(0, new TextEncoder().encode(entry)));

export function nodeHash(sha256: Sha256, left: Hash, right: Hash): Hash {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  putHex(bytes, 1, left);
  putHex(bytes, 33, right);
  return sha256(bytes);
}

/** Leaves from `from` up to `to` (exclusive), `from` a multiple of the smallest power of two that they fit into. */
export type Range = readonly [from: number, to: number];
/** A whole subtree: of 2^level leaves, the `index`-th of its size. */
export type NodeAt = { readonly level: number; readonly index: number };
export type Nodes = (node: NodeAt) => Hash;

/** The whole subtrees that the hash of a range is made of, from left to right. */
export function nodesOf([from, to]: Range): NodeAt[] {
  const size = to - from;
  const level = Math.floor(Math.log2(size));
  if (size === 2 ** level) return [{ level, index: from / size }];
  const middle = from + largestBelow(size);
  return [...nodesOf([from, middle]), ...nodesOf([middle, to])];
}

/** The hash of a range from the whole subtrees in it; of no leaves, the RFC's empty root. */
export function hashOf(sha256: Sha256, range: Range, nodes: Nodes): Hash {
  if (range[0] === range[1]) return sha256('');
  return nodesOf(range)
    .map(nodes)
    .reduceRight((right, left) => nodeHash(sha256, left, right));
}

/** What the audit path of a leaf (RFC 6962 §2.1.1) is the hashes of, from the leaf's neighbour up. */
export function inclusionRanges(leaf: number, size: number, from = 0): Range[] {
  if (!isWithin(leaf, from, from + size)) throw new RangeError(`no leaf ${leaf} in a tree of ${size}`);
  if (size === 1) return [];
  const half = largestBelow(size);
  const [middle, end] = [from + half, from + size];
  return leaf < middle
    ? [...inclusionRanges(leaf, half, from), [middle, end]]
    : [...inclusionRanges(leaf, size - half, middle), [from, middle]];
}

/** What the proof that a tree of `size` begins with that of `earlier` (RFC 6962 §2.1.2) is the hashes of. */
export function consistencyRanges(earlier: number, size: number): Range[] {
  if (!isWithin(earlier, 0, size + 1)) throw new RangeError(`a tree of ${size} has no beginning of ${earlier}`);
  return earlier === 0 || earlier === size ? [] : subproof(earlier, 0, size, true);
}

function subproof(earlier: number, from: number, to: number, whole: boolean): Range[] {
  if (earlier === to) return whole ? [] : [[from, to]];
  const middle = from + largestBelow(to - from);
  return earlier <= middle
    ? [...subproof(earlier, from, middle, whole), [middle, to]]
    : [...subproof(earlier, middle, to, false), [from, middle]];
}

export type Inclusion = {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Hash[];
};

/** Whether the leaf stands at that place of the tree with this root (RFC 9162 §2.1.3.2). */
export function provesInclusion(sha256: Sha256, { leaf, index, size, path }: Inclusion, root: Hash): boolean {
  if (!isWithin(index, 0, size)) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const other of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, other, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else hash = nodeHash(sha256, hash, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash === root;
}

export type Tree = { readonly size: number; readonly root: Hash };

/** Whether the later tree begins with all of the earlier one, unchanged (RFC 9162 §2.1.4.2). */
export function provesConsistency(sha256: Sha256, earlier: Tree, later: Tree, path: readonly Hash[]): boolean {
  if (!isWithin(earlier.size, 0, later.size + 1)) return false;
  if (earlier.size === later.size) return path.length === 0 && earlier.root === later.root;
  if (earlier.size === 0) return path.length === 0 && earlier.root === sha256('');
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // A whole subtree at the left edge is not sent: it is the earlier root itself.
  const [seed, ...rest] = node === 0 ? [earlier.root, ...path] : path;
  if (seed === undefined) return false;
  let [old, now] = [seed, seed];
  for (const other of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sha256, other, old);
      now = nodeHash(sha256, other, now);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else now = nodeHash(sha256, now, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old === earlier.root && now === later.root;
}

const half = (n: number): number => Math.floor(n / 2);
const isWithin = (n: number, from: number, to: number): boolean => Number.isSafeInteger(n) && n >= from && n < to;

/** The largest power of two below `size`, which is at least 2. No bit operations: they end at 2^31. */
function largestBelow(size: number): number {
  const power = 2 ** Math.floor(Math.log2(size));
  return power === size ? power / 2 : power;
}

function prefixed(prefix: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(bytes.length + 1);
  all[0] = prefix;
  all.set(bytes, 1);
  return all;
}

function putHex(bytes: Uint8Array, at: number, hash: Hash): void {
  for (let i = 0; i < 32; i++) bytes[at + i] = (nibble(hash, 2 * i) << 4) | nibble(hash, 2 * i + 1);
}

/** The value of a hexadecimal digit. Anything else gives a wrong hash, which is what a broken proof deserves. */
function nibble(hash: Hash, at: number): number {
  const code = hash.charCodeAt(at);
  return code <= 57 ? code - 48 : code - 87;
}
