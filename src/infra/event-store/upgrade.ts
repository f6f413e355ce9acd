import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { flushFolder } from '../folder-lock.js';
import type { LegacyLog } from './legacy-log.js';
import { openLegacyLog } from './legacy-log.js';
import { type LogProgress, openSegments, type SegmentOptions } from './open-segments.js';
import { encodeEvent, frontOf, type Stored } from './record.js';
import { listSegments } from './segment-file.js';

const PAGE = 1_000;

/**
 * Makes a log of format 1 into one of format 2, once: same epoch, positions, ids and times. The new one is written beside
 * the old and takes its name when it is whole, so it may be broken off at any moment and begins again at the next start.
 *
 *   log          the old one, until the new one is whole
 *   log.new      the new one while it is written
 *   log.format-1 the old one while the new one takes its name
 */
export async function upgradeLog(folder: string, options: SegmentOptions): Promise<void> {
  const [current, fresh, old] = [join(folder, 'log'), join(folder, 'log.new'), join(folder, 'log.format-1')];
  if (!existsSync(current) && existsSync(old)) await rename(existsSync(fresh) ? fresh : old, current);
  // An index of segments is not opened here: nobody has looked at it yet.
  if (existsSync(join(current, 'data.mdb')) && listSegments(current, options.disk).length === 0) {
    const legacy = await openLegacyLog(current);
    if (legacy) {
      await rm(fresh, { recursive: true, force: true });
      try {
        await rewrite(legacy, fresh, folder, options);
      } finally {
        await legacy.close();
      }
      await flushFolder(folder);
      await rename(current, old);
      await rename(fresh, current);
      await flushFolder(folder);
    }
  }
  await rm(old, { recursive: true, force: true });
}

/** The new log holds all of the old one, flushed, when it resolves. */
async function rewrite(legacy: LegacyLog, path: string, folder: string, options: SegmentOptions): Promise<void> {
  const { onProgress } = options;
  const tell = (events: number) => {
    const progress: LogProgress = { work: 'upgrading', events, share: legacy.head === 0 ? 1 : events / legacy.head };
    onProgress?.(progress);
  };
  const log = await openSegments(path, folder, { ...options, epoch: legacy.epoch, onProgress: undefined });
  try {
    for (let next = 1; next <= legacy.head; await nextTurn()) {
      const stage = log.begin();
      for (const { sequence, json } of legacy.page(next, PAGE)) {
        if (sequence !== next) break;
        const [revision, stream, recordedAt, [id, type, version, effectiveAt, meta, data]]: Stored = JSON.parse(json);
        const front = frontOf(revision, JSON.stringify(stream), JSON.stringify(recordedAt));
        stage.put(stream, revision, id, front, encodeEvent({ id, type, version, effectiveAt, meta, data }), true);
        next++;
      }
      if (stage.events.length === 0) throw new Error(`the log of format 1 has no event number ${next}`);
      await log.commit();
      log.publish();
      tell(next - 1);
    }
  } finally {
    await log.close();
  }
}
