import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { lockFolder } from '../folder-lock.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { hasIndex, INDEX } from './closed-mark.js';
import { type Disk, realDisk } from './disk.js';
import { MemoryIndex } from './memory-index.js';
import { scan } from './open-segments.js';
import { SealedIndex } from './sealed-index.js';
import { listSegments, readSegmentHead, segmentName } from './segment-file.js';

export type IndexCheck =
  /** `missing`: segments that the next start adds to it. */
  | { readonly is: 'equal'; readonly missing: number }
  /** `wrong`: the first segment of which it says another thing, or that it is of another log or cannot be read. */
  | { readonly is: 'other'; readonly file: string; readonly wrong: string };

/**
 * Compares all of the index with the segments of a log that is whole. Changes nothing. LMDB may end the process at a page
 * that makes no sense. Rejects with `StoreUnavailable` when the folder cannot be used or is in use.
 */
export async function checkIndex(folder: string, disk: Disk = realDisk): Promise<IndexCheck> {
  const lock = await lockFolder(folder);
  const path = join(lock.folder, 'log');
  const other = (wrong: string): IndexCheck => ({ is: 'other', file: join(path, INDEX), wrong });
  try {
    const firsts = listSegments(path, disk);
    const full = firsts.slice(0, -1);
    if (!hasIndex(path)) return { is: 'equal', missing: full.length };
    const sealed = await SealedIndex.at(path, { readOnly: true }).catch(() => undefined);
    if (!sealed) return other('unreadable');
    try {
      if (!sealed.isOfThisVersion) return { is: 'equal', missing: full.length };
      let [missing, postings] = [0, 0];
      for (const first of full) {
        const { memory, epoch } = read(path, first, disk);
        if (epoch !== sealed.meta.get('epoch')) return other('epoch');
        const held = sealed.holds(memory);
        if (held === 'other') return other(segmentName(first));
        if (held === 'equal') postings += memory.streams.size;
        else missing++;
        await nextTurn();
      }
      const isAhead = sealed.firstSequences().length + missing > full.length;
      // What an addition that was broken off left belongs to a segment that is missing.
      if (isAhead || (missing === 0 && sealed.size !== postings)) return other('more than the segments');
      return { is: 'equal', missing };
    } finally {
      await sealed.close();
    }
  } catch (error) {
    const refused = asStoreUnavailable(lock.folder, error);
    if (refused.code === 'write_failed') return other('unreadable');
    throw refused;
  } finally {
    await lock.release();
  }
}

function read(path: string, first: number, disk: Disk) {
  const file = disk.open(join(path, segmentName(first)), 'r');
  try {
    const memory = new MemoryIndex(first);
    scan(disk, file, memory);
    return { memory, epoch: readSegmentHead(disk, file)?.epoch };
  } finally {
    disk.close(file);
  }
}
