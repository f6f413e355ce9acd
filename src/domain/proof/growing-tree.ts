import type { Hash, Sha256 } from '../kernel/event-hash.js';
import { nodeHash } from './merkle.js';

/** A Merkle tree that only grows, and knows its root at any time: it keeps the whole subtrees that it is made of, no more. */
export function growingTree(sha256: Sha256) {
  let size = 0;
  /** From left to right, each smaller than the one before: their sizes are the ones of `size` in binary. */
  const whole: Hash[] = [];
  return {
    size: () => size,
    add(leaf: Hash): void {
      let hash = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(sha256, whole.pop() ?? '', hash);
      whole.push(hash);
      size++;
    },
    root: (): Hash => (size === 0 ? sha256('') : whole.reduceRight((right, left) => nodeHash(sha256, left, right))),
  };
}
