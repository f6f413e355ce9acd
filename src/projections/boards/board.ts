import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { RegionCode } from '../../domain/kernel/region.js';
import { classesOf, redact, sees } from '../../domain/kernel/visibility.js';
import type { ReadStore, ReadView } from '../kernel/ports.js';
import type { Hiding } from '../redaction/cut.js';
import { countsOf } from './counts.js';
import { listsOf } from './lists.js';
import { boardShapes } from './shapes.js';
import type { Place, Watcher } from './watch.js';
import { mayWatch } from './watch.js';

/** A board as the viewer may see it: a field that is not the viewer's is not there. Its shape: `boardShapes[level]`. */
export type Board = Readonly<Record<string, unknown>>;

type Reader = (view: ReadView, at: Place) => Promise<unknown>;
const readers: Readonly<Record<string, Reader>> = { ...countsOf, ...listsOf };

/**
 * The present board of a region, all of one moment, or why the viewer may not watch it: UNKNOWN_REGION, WRONG_LEVEL,
 * NOT_ALLOWED. Made of counters and the beginnings of a few indexes, never of all cases. A part that is not the viewer's,
 * or not `asked` for, is not read; absent: all are.
 */
export const boardOf =
  ({ reads, redactions }: { readonly reads: Pick<ReadStore, 'snapshot'>; readonly redactions: Hiding }) =>
  async (region: RegionCode, level: string, viewer: Watcher, asked?: ReadonlySet<string>): Promise<Board | Refusal> => {
    const watched = mayWatch(viewer, level, region);
    if (isRefusal(watched)) return watched;
    const shape = boardShapes[watched.level];
    const classes = classesOf(shape);
    const isRead = (part: string) =>
      (asked?.has(part) ?? true) && sees(watched.viewerClass, classes?.[part] ?? 'internal');
    return reads.snapshot(async (view) => {
      const board: Record<string, unknown> = { level: watched.level, region };
      for (const part of Object.keys(shape.shape)) {
        const read = isRead(part) ? readers[part] : undefined;
        if (read) board[part] = await read(view, { region, viewer, redactions });
      }
      return redact(shape, board, watched.viewerClass) as Board;
    });
  };
