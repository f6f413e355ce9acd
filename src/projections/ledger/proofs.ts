import type { Position } from '../../domain/kernel/event.js';
import type { Hash, Sha256 } from '../../domain/kernel/event-hash.js';
import type { Range, Tree } from '../../domain/proof/merkle.js';
import { consistencyRanges, inclusionRanges } from '../../domain/proof/merkle.js';
import { rangeOf, rowKeyOf } from '../kernel/index-key.js';
import type { ReadView } from '../kernel/ports.js';
import { byPosition, ledgerTable } from './ledger.js';
import type { Tile } from './tiles.js';
import { hashFrom, leafTileIndexOf, tileRow, tilesOf, width } from './tiles.js';

/**
 * What the tree can prove, read from its tiles. Roots and proofs of an earlier size stay what they were, for a tile only
 * grows. Each reads O(log n) rows.
 */
export function proofsFrom(view: ReadView, sha256: Sha256) {
  async function hashesOf(ranges: readonly Range[]): Promise<Hash[]> {
    const keys = [...tilesOf(ranges)];
    const rows = await view.rows(ledgerTable, keys);
    const tiles = new Map<string, Tile>();
    for (const [i, key] of keys.entries()) if (rows[i] !== undefined) tiles.set(key, tileRow.parse(rows[i]));
    return ranges.map((range) => hashFrom(sha256, range, (key) => tiles.get(key)));
  }

  return {
    /** How many leaves there are, and the position of the last one's event. */
    async size(): Promise<{ readonly size: number; readonly position: Position | undefined }> {
      const at = await view.checkpoint(ledgerTable);
      return { size: at?.events ?? 0, position: at?.position };
    },
    /** The tree as it was with so many leaves. */
    async tree(size: number): Promise<Tree> {
      const [root = ''] = await hashesOf([[0, size]]);
      return { size, root };
    },
    /** The audit path of a leaf in the tree of this size, from the leaf's neighbour up. */
    inclusion: (leaf: number, size: number): Promise<Hash[]> => hashesOf(inclusionRanges(leaf, size)),
    /** The proof that the tree of `size` begins with that of `earlier`. */
    consistency: (earlier: number, size: number): Promise<Hash[]> => hashesOf(consistencyRanges(earlier, size)),
    /** Which leaf an event is; `undefined`: it is not in the tree (yet). */
    async leafAt(position: Position): Promise<number | undefined> {
      const range = { ...rangeOf({ prefix: [], through: position }), limit: 1, reverse: true };
      const [entry] = await view.scan(ledgerTable, byPosition, range);
      if (entry === undefined) return undefined;
      const key = rowKeyOf(entry);
      const row = await view.row(ledgerTable, key);
      const within = row === undefined ? -1 : (tileRow.parse(row).positions?.indexOf(position) ?? -1);
      return within < 0 ? undefined : leafTileIndexOf(key) * width + within;
    },
  };
}
export type Proofs = ReturnType<typeof proofsFrom>;
