import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { lockFolder } from '../folder-lock.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { readMark } from './closed-mark.js';
import { type Disk, realDisk } from './disk.js';
import type { Damage } from './errors.js';
import { FORMAT, listSegments, readSegmentHead, segmentName } from './segment-file.js';
import { type ScanEnd, scanSegment, wasFlushed } from './segment-scan.js';

export type LogCheck =
  /** `unfinished`: bytes of a write that was never acknowledged; the next start cuts them off. */
  | { readonly is: 'whole'; readonly events: number; readonly segments: number; readonly unfinished: number }
  /** `events`: how many before it are as they were written. `wrong`: what of the record is not. */
  | { readonly is: 'damaged'; readonly events: number; readonly damage: Damage; readonly wrong: string }
  /** Of format 1 or of another program. */
  | { readonly is: 'other format' };

/**
 * Reads every record of the log in a folder, compares its checksum and its place in its stream, and stops at the first
 * that is wrong. Changes nothing. Rejects with `StoreUnavailable` when the folder cannot be used or is in use.
 */
export async function checkLog(
  folder: string,
  onChecked: (done: { readonly events: number; readonly share: number }) => void,
  disk: Disk = realDisk,
): Promise<LogCheck> {
  const lock = await lockFolder(folder);
  try {
    return await checkSegments(join(lock.folder, 'log'), disk, onChecked);
  } catch (error) {
    throw asStoreUnavailable(lock.folder, error);
  } finally {
    await lock.release();
  }
}

async function checkSegments(
  path: string,
  disk: Disk,
  onChecked: (done: { readonly events: number; readonly share: number }) => void,
): Promise<LogCheck> {
  const firsts = existsSync(path) ? listSegments(path, disk) : [];
  if (firsts.length === 0) return { is: 'other format' };
  const revisions = new Map<string, number>();
  let [events, unfinished, epoch]: [number, number, string | undefined] = [0, 0, undefined];
  let [last, lastEnd] = [1, 0];
  const damaged = (first: number, offset: number, sequence: number, wrong: string): LogCheck => ({
    ...{ is: 'damaged', events, wrong, damage: { segment: segmentName(first), offset, sequence } },
  });
  for (const [index, first] of firsts.entries()) {
    const file = disk.open(join(path, segmentName(first)), 'r');
    try {
      const head = readSegmentHead(disk, file);
      if (head && head.format !== FORMAT) return { is: 'other format' };
      if (!head || head.first !== first || head.epoch !== (epoch ?? head.epoch))
        return damaged(first, 0, first, 'head');
      if (first !== events + 1) return damaged(first, 0, events + 1, 'missing');
      epoch = head.epoch;
      let misplaced: { offset: number; sequence: number } | undefined;
      const end = scanSegment(disk, file, first, ({ stream, revision, offset, sequence }) => {
        if (misplaced) return;
        if (revision !== (revisions.get(stream) ?? -1) + 1) misplaced = { offset, sequence };
        revisions.set(stream, revision);
        if (!misplaced) events++;
      });
      if (misplaced) return damaged(first, misplaced.offset, misplaced.sequence, 'revision');
      const isActive = index === firsts.length - 1;
      if (end.bad && (!isActive || wasFlushed(disk, file, end.bad)))
        return damaged(first, end.bad.offset, end.bad.sequence, 'checksum');
      if (end.leftover) unfinished = leftoverOf(end, disk.size(file));
      [last, lastEnd] = [first, end.end];
    } finally {
      disk.close(file);
    }
    onChecked({ events, share: (index + 1) / firsts.length });
    await nextTurn();
  }
  // A log that was closed says how far it went: its end may be gone without a trace in what is left.
  if ((await readMark(path)).acknowledged > events) return damaged(last, lastEnd, events + 1, 'missing');
  return { is: 'whole', events, segments: firsts.length, unfinished };
}

const leftoverOf = (end: ScanEnd, size: number): number => size - end.end;
