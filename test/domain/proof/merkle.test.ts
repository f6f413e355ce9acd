import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hash } from '../../../src/domain/kernel/event-hash.js';
import type { Nodes, Range } from '../../../src/domain/proof/merkle.js';
import {
  consistencyRanges,
  hashOf,
  inclusionRanges,
  leafHash,
  nodeHash,
  provesConsistency,
  provesInclusion,
} from '../../../src/domain/proof/merkle.js';
import { sha256 } from '../../../src/infra/sha256.js';

const leaves = Array.from({ length: 200 }, (_, i) => leafHash(sha256, `entry ${i}`));

/** The definitions of RFC 6962 §2.1, word for word. */
function mth(hashes: readonly Hash[]): Hash {
  if (hashes.length <= 1) return hashes[0] ?? sha256('');
  const k = split(hashes.length);
  return nodeHash(sha256, mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}
function path(m: number, hashes: readonly Hash[]): Hash[] {
  if (hashes.length <= 1) return [];
  const k = split(hashes.length);
  return m < k
    ? [...path(m, hashes.slice(0, k)), mth(hashes.slice(k))]
    : [...path(m - k, hashes.slice(k)), mth(hashes.slice(0, k))];
}
function subproof(m: number, hashes: readonly Hash[], whole: boolean): Hash[] {
  if (m === hashes.length) return whole ? [] : [mth(hashes)];
  const k = split(hashes.length);
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), whole), mth(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), mth(hashes.slice(0, k))];
}
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

const nodes: Nodes = ({ level, index }) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const rootOf = (size: number) => hashOf(sha256, [0, size], nodes);
const hashesOf = (ranges: readonly Range[]) => ranges.map((range) => hashOf(sha256, range, nodes));
const sizes = fc.integer({ min: 1, max: leaves.length });
const other = sha256('another');

describe('the Merkle tree (issue 5 part 1, RFC 6962 §2.1)', () => {
  it('has the roots that certificate transparency’s own test vectors give', () => {
    const hex = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const entries = hex.map((text) => Buffer.from(text, 'hex').toString('latin1'));
    const hashes = entries.map((entry) => leafHash(sha256, entry));
    const at: Nodes = ({ level, index }) => mth(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
    expect(hashOf(sha256, [0, 0], at)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hashOf(sha256, [0, 1], at)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hashOf(sha256, [0, 2], at)).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
    expect(hashOf(sha256, [0, 3], at)).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
    expect(hashOf(sha256, [0, 8], at)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('has the root that the definition gives, from whole subtrees alone', () => {
    for (let size = 0; size <= leaves.length; size++) expect(rootOf(size)).toBe(mth(leaves.slice(0, size)));
  });

  it('proves each leaf of each tree, with the RFC’s audit path', () => {
    for (let size = 1; size <= 70; size++)
      for (let index = 0; index < size; index++) {
        const audit = hashesOf(inclusionRanges(index, size));
        expect(audit).toEqual(path(index, leaves.slice(0, size)));
        const proof = { leaf: leaves[index] ?? '', index, size, path: audit };
        expect(provesInclusion(sha256, proof, rootOf(size))).toBe(true);
      }
  });

  it('proves that each tree begins with each earlier one, with the RFC’s consistency proof', () => {
    for (let size = 0; size <= 70; size++)
      for (let earlier = 0; earlier <= size; earlier++) {
        const proof = hashesOf(consistencyRanges(earlier, size));
        if (earlier > 0) expect(proof).toEqual(subproof(earlier, leaves.slice(0, size), true));
        const [old, now] = [earlier, size].map((each) => ({ size: each, root: rootOf(each) }));
        if (old && now) expect(provesConsistency(sha256, old, now, proof)).toBe(true);
      }
  });

  it('proves no other leaf, place, size, path or root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, at, pick) => {
        const index = at % size;
        const audit = hashesOf(inclusionRanges(index, size));
        const root = rootOf(size);
        const proof = { leaf: leaves[index] ?? '', index, size, path: audit };
        const wrong = [
          { ...proof, leaf: other },
          ...(size > 1 ? [{ ...proof, index: (index + 1 + (pick % (size - 1))) % size }] : []),
          { ...proof, index: index + size },
          { ...proof, index: -1 },
          { ...proof, path: [...audit, other] },
          ...audit.flatMap((_, i) => [
            { ...proof, path: audit.with(i, other) },
            { ...proof, path: audit.toSpliced(i, 1) },
          ]),
        ];
        for (const each of wrong) expect(provesInclusion(sha256, each, root), JSON.stringify(each)).toBe(false);
        expect(provesInclusion(sha256, proof, other)).toBe(false);
      }),
    );
  });

  it('proves no consistency with a tree in which an earlier leaf was another', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, cut, changed) => {
        const earlier = 1 + (cut % size);
        const forked = mth(leaves.slice(0, earlier).with(changed % earlier, other));
        const proof = hashesOf(consistencyRanges(earlier, size));
        const [old, now] = [
          { size: earlier, root: rootOf(earlier) },
          { size, root: rootOf(size) },
        ];
        expect(provesConsistency(sha256, { ...old, root: forked }, now, proof)).toBe(false);
        expect(provesConsistency(sha256, old, { ...now, root: other }, proof)).toBe(false);
        expect(provesConsistency(sha256, old, now, [...proof, other])).toBe(false);
        expect(provesConsistency(sha256, { ...old, size: earlier + size }, now, proof)).toBe(false);
        for (const i of proof.keys()) {
          expect(provesConsistency(sha256, old, now, proof.with(i, other))).toBe(false);
          expect(provesConsistency(sha256, old, now, proof.toSpliced(i, 1))).toBe(false);
        }
      }),
    );
  });
});
