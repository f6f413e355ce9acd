import { z } from 'zod';
import type { Position } from '../../domain/kernel/event.js';
import type { Hash, Sha256 } from '../../domain/kernel/event-hash.js';
import type { NodeAt, Range } from '../../domain/proof/merkle.js';
import { hashOf, nodeHash, nodesOf } from '../../domain/proof/merkle.js';

/**
 * The tree in rows: a tile holds 64 neighbouring hashes of every sixth level, and what lies between is worked out from
 * them. An event changes one tile, and one more each 64 events; a proof reads one or two tiles for each six levels.
 */
const levels = 6;
export const width = 2 ** levels;

export const tileRow = z.strictObject({
  hashes: z.array(z.string()),
  /** Of the leaves' events: in the lowest tiles only. */
  positions: z.array(z.string()).optional(),
});
export type Tile = z.infer<typeof tileRow>;
export type TileAt = { readonly height: number; readonly index: number };

export const tileKey = ({ height, index }: TileAt): string => `${height}/${index}`;
export const leafTileIndexOf = (key: string): number => Number(key.slice(key.indexOf('/') + 1));

/** The tile that a whole subtree can be worked out from, and where in it. */
export function placeOf({ level, index }: NodeAt): { readonly tile: TileAt; readonly range: Range } {
  const height = Math.floor(level / levels);
  const size = 2 ** (level - height * levels);
  const from = index * size;
  const tile = Math.floor(from / width);
  return { tile: { height, index: tile }, range: [from - tile * width, from - tile * width + size] };
}

/** The hash of a range, from tiles that hold all of it. */
export const hashFrom = (sha256: Sha256, range: Range, tileAt: (key: string) => Tile | undefined): Hash =>
  hashOf(sha256, range, (node) => {
    const { tile, range: within } = placeOf(node);
    return hashIn(sha256, within, tileAt(tileKey(tile))?.hashes ?? []);
  });

/** The tiles that the ranges are made of. */
export const tilesOf = (ranges: readonly Range[]): ReadonlySet<string> =>
  new Set(
    ranges.filter(([from, to]) => from < to).flatMap((range) => nodesOf(range).map((at) => tileKey(placeOf(at).tile))),
  );

/** Of a whole subtree within a tile. */
function hashIn(sha256: Sha256, [from, to]: Range, hashes: readonly Hash[]): Hash {
  const middle = (from + to) / 2;
  if (to - from > 1)
    return nodeHash(sha256, hashIn(sha256, [from, middle], hashes), hashIn(sha256, [middle, to], hashes));
  const hash = hashes[from];
  if (hash === undefined) throw new Error('the ledger has lost a part of the tree');
  return hash;
}

/** The right edge of the tree, which grows. `size`: leaves so far; `edge`: by height, the tile that is not full yet. */
export type Edge = { size: number; readonly tiles: Tile[] };

/** The tiles of the edge of a tree of this size, where there are any. */
export function edgeOf(size: number): readonly TileAt[] {
  const tiles: TileAt[] = [];
  for (let count = size, height = 0; count > 0; count = Math.floor(count / width), height++)
    tiles.push({ height, index: Math.floor(count / width) });
  return tiles;
}

/** Adds a leaf; `changed` is told each tile as it is afterwards. */
export function addLeaf(
  sha256: Sha256,
  edge: Edge,
  leaf: { readonly hash: Hash; readonly position: Position },
  changed: (key: string, tile: Tile) => void,
): void {
  let { hash } = leaf;
  let index = edge.size;
  edge.size++;
  for (let height = 0; ; height++) {
    const before = edge.tiles[height] ?? { hashes: [] };
    const tile: Tile = {
      hashes: [...before.hashes, hash],
      ...(height === 0 && { positions: [...(before.positions ?? []), leaf.position] }),
    };
    changed(tileKey({ height, index: Math.floor(index / width) }), tile);
    if (tile.hashes.length < width) {
      edge.tiles[height] = tile;
      return;
    }
    edge.tiles[height] = { hashes: [] };
    hash = hashIn(sha256, [0, width], tile.hashes);
    index = Math.floor(index / width);
  }
}
