import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../store-unavailable.js';
import type { Disk } from './disk.js';
import { IndexDamaged, LogDamaged } from './errors.js';
import { MemoryIndex } from './memory-index.js';
import { openIndex } from './open-index.js';
import { type SealedIndex, type SealedSegment, STEP } from './sealed-index.js';
import { createSegment, FORMAT, listSegments, readSegmentHead, segmentName } from './segment-file.js';
import { SEGMENT_BYTES, SegmentLog } from './segment-log.js';
import { type Found, type ScanEnd, scanSegment, wasFlushed } from './segment-scan.js';
import { SegmentWriter } from './segment-writer.js';

/** What takes time at the start. `share`: of this work, from 0 to 1. */
export type LogProgress = {
  readonly work: 'upgrading' | 'indexing';
  readonly events: number;
  readonly share: number;
};

export type SegmentOptions = {
  readonly disk: Disk;
  readonly onProgress?: ((progress: LogProgress) => void) | undefined;
  /** Told what is wrong and mends itself later; by default Node warns of it. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
  /** For a log that is new; by default its own. */
  readonly epoch?: string;
  readonly segmentBytes?: number | undefined;
  readonly flushes?: SegmentWriter['flushes'] | undefined;
};

export const problemsOf = ({ onProblem }: Pick<SegmentOptions, 'onProblem'>): ((problem: Error) => void) =>
  onProblem ?? ((problem) => process.emitWarning(problem));

/**
 * Opens the segments of a folder, or makes the first. What a broken write left at the end is cut off; anything else that
 * is not as it was written is `LogDamaged`. `folder`: how errors name the place.
 */
export async function openSegments(path: string, folder: string, options: SegmentOptions): Promise<SegmentLog> {
  const { disk } = options;
  const onProblem = problemsOf(options);
  await mkdir(path, { recursive: true });
  const { sealed, ...closed } = await openIndex(path, folder, onProblem);
  try {
    const firsts = listSegments(path, disk);
    // The heads of segments say their format; without one it is the index that does.
    const format = firsts.length === 0 ? sealed.meta.get('format') : undefined;
    if (format !== undefined && format !== String(FORMAT)) throw new StoreUnavailable('unknown_format', folder);
    const isNew = firsts.length === 0;
    if (isNew && Math.max(closed.acknowledged, sealed.acknowledged) > 0) throw damaged(folder, 1, 0, 1);
    const epoch = isNew ? begin(path, sealed, options) : identify(path, folder, firsts, disk);
    if (isNew) firsts.push(1);
    const known = sealed.meta.get('epoch');
    // What was sealed had been acknowledged, also when its segment is gone. Before the index that knows it may be cleared.
    const acknowledged = Math.max(closed.acknowledged, known === epoch ? sealed.acknowledged : 0);
    const { file, memory } = openActive(path, folder, firsts.at(-1) ?? 1, acknowledged, disk);
    try {
      if (!sealed.isOfThisVersion) sealed.clear();
      else if (known !== epoch || !fits(sealed, path, firsts, disk)) {
        onProblem(new IndexDamaged(folder, 'is not that of its segments'));
        sealed.clear();
      }
      // The write is also the proof that the folder takes one.
      sealed.begin(FORMAT, epoch);
      await indexSealed(path, folder, firsts, sealed, options);
    } catch (error) {
      disk.close(file);
      throw error;
    }
    const active = { first: memory.first, file, end: memory.end };
    const writer = new SegmentWriter(disk, folder, path, epoch, active, options.flushes ?? 'adaptive');
    const { segmentBytes = SEGMENT_BYTES } = options;
    const parts = { disk, path, folder, epoch, firsts, memories: [memory], sealed, writer, segmentBytes, onProblem };
    return new SegmentLog(parts);
  } catch (error) {
    await sealed.close();
    throw error;
  }
}

const damaged = (folder: string, first: number, offset: number, sequence: number): LogDamaged =>
  new LogDamaged(folder, { segment: segmentName(first), offset, sequence });

function begin(path: string, sealed: SealedIndex, options: SegmentOptions): string {
  const epoch = options.epoch ?? sealed.meta.get('epoch') ?? randomUUID();
  options.disk.close(createSegment(options.disk, path, { epoch, first: 1 }));
  return epoch;
}

/** Each segment says which log it belongs to. */
function identify(path: string, folder: string, firsts: readonly number[], disk: Disk): string {
  let epoch: string | undefined;
  for (const [index, first] of firsts.entries()) {
    const head = withFile(disk, path, first, (file) => readSegmentHead(disk, file));
    if (head && head.format !== FORMAT) throw new StoreUnavailable('unknown_format', folder);
    const isFirst = index > 0 || first === 1;
    if (!head || head.first !== first || head.epoch !== (epoch ?? head.epoch) || !isFirst)
      throw damaged(folder, first, 0, first);
    epoch = head.epoch;
  }
  return epoch ?? '';
}

function withFile<T>(disk: Disk, path: string, first: number, work: (file: number) => T): T {
  const file = disk.open(join(path, segmentName(first)), 'r');
  try {
    return work(file);
  } finally {
    disk.close(file);
  }
}

/** Whether the index, as far as it goes, is that of these segments: their sizes, and the last events of the newest. */
function fits(sealed: SealedIndex, path: string, firsts: readonly number[], disk: Disk): boolean {
  const all = sealed.firstSequences();
  return all.every((first, index) => {
    const segment = sealed.segment(first);
    if (!segment || firsts[firsts.indexOf(first) + 1] !== first + segment.count) return false;
    return withFile(
      disk,
      path,
      first,
      (file) => segment.end === disk.size(file) && (index < all.length - 1 || endsAs(sealed, segment, disk, file)),
    );
  });
}

/** Whether the last events of a segment stand where the index says. */
function endsAs(sealed: SealedIndex, { first, count, steps }: SealedSegment, disk: Disk, file: number): boolean {
  const step = Math.floor((count - 1) / STEP);
  let isSame = true;
  const compare = ({ stream, revision, offset }: Found) => {
    const [posting] = sealed.postings(stream, revision, revision);
    isSame &&= posting?.segment === first && posting.offsets[revision - posting.firstRevision] === offset;
  };
  const { next } = scanSegment(disk, file, first + step * STEP, compare, steps[step]);
  return isSame && next === first + count;
}

async function indexSealed(
  path: string,
  folder: string,
  firsts: readonly number[],
  sealed: SealedIndex,
  { disk, onProgress }: SegmentOptions,
): Promise<void> {
  const missing = firsts.slice(0, -1).filter((first) => !sealed.segment(first));
  let events = 0;
  for (const [index, first] of missing.entries()) {
    onProgress?.({ work: 'indexing', events, share: index / missing.length });
    const memory = new MemoryIndex(first);
    const [end, size] = withFile(disk, path, first, (file) => [scan(disk, file, memory), disk.size(file)]);
    const next = firsts[firsts.indexOf(first) + 1];
    if (end.bad || end.leftover || end.next !== next || end.end !== size)
      throw damaged(folder, first, end.bad?.offset ?? end.end, end.bad?.sequence ?? end.next);
    await sealed.add(memory);
    events += memory.offsets.length;
    await nextTurn();
  }
  if (missing.length > 0) onProgress?.({ work: 'indexing', events, share: 1 });
}

/** Where the events of a segment stand, read from the segment itself. */
export function scan(disk: Disk, file: number, into: MemoryIndex): ScanEnd {
  const end = scanSegment(disk, file, into.first, ({ stream, revision, offset }) => into.add(stream, revision, offset));
  into.end = end.end;
  return end;
}

/** Only what was never acknowledged is cut off: a write is acknowledged after its flush, and the next begins after that. */
function openActive(path: string, folder: string, first: number, acknowledged: number, disk: Disk) {
  const file = disk.open(join(path, segmentName(first)), 'r+');
  try {
    const memory = new MemoryIndex(first);
    const { bad, leftover, end, next } = scan(disk, file, memory);
    if (bad && wasFlushed(disk, file, bad)) throw damaged(folder, first, bad.offset, bad.sequence);
    if (acknowledged >= next) throw damaged(folder, first, end, next);
    if (leftover) disk.truncate(file, end);
    // A process that was killed may have written what only the memory of the machine holds.
    disk.flush(file);
    return { file, memory };
  } catch (error) {
    disk.close(file);
    throw error;
  }
}
