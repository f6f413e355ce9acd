import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { RegionCode } from '../../domain/kernel/region.js';
import { mayShow, regionsOf } from '../../projections/boards/index.js';
import type { Viewer } from '../context.js';
import { Encoded } from './encoded.js';
import type { Asked, Plans } from './plan.js';
import { refusalOfStanding } from './standing.js';
import type { Sink } from './subscription.js';

/** What the boards need: the present board of a region, or why the viewer may not look at it. */
export interface BoardSource {
  board(region: RegionCode, level: string, viewer: Viewer, asked: ReadonlySet<string>): Promise<unknown | Refusal>;
  cursor(): string;
}

/** Asked anew for each board: a mandate may have been suspended since. */
export type ViewerNow = () => Promise<Viewer | Refusal>;

type Watching = {
  readonly asked: Asked;
  readonly viewer: ViewerNow;
  readonly sink: Sink;
  sent: string;
  busy: boolean;
  /** It changed while it was being read or sent. */
  again: boolean;
  ended: boolean;
};

/**
 * Boards are live queries: a watcher is sent the board when it begins and whenever it has changed, at most once in
 * `every` milliseconds. There is nothing to resume: who comes back gets the present board.
 */
export class Boards {
  private readonly byRegion = new Map<RegionCode, Set<Watching>>();
  private readonly changed = new Set<RegionCode>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly plans: Plans,
    private readonly source: BoardSource,
    private readonly onError: (error: unknown) => void,
    private readonly every = 1000,
  ) {}

  subscribe(asked: Asked, viewer: ViewerNow, sink: Sink): () => void {
    const watching: Watching = { asked, viewer, sink, sent: '', busy: false, again: false, ended: false };
    const region = String(asked.args.region);
    this.plans.use(asked);
    this.byRegion.set(region, (this.byRegion.get(region) ?? new Set()).add(watching));
    void this.show(watching);
    return () => this.end(watching);
  }

  /** After a commit: rows as they were and as they are. */
  publish(rows: readonly unknown[]): void {
    if (this.byRegion.size === 0) return;
    const named = new Set(rows.flatMap(regionsOf));
    for (const watched of this.byRegion.keys())
      if (!this.changed.has(watched) && [...named].some((one) => mayShow(watched, one))) this.changed.add(watched);
    if (this.changed.size > 0) this.timer ??= setTimeout(() => this.flush(), this.every);
  }

  /** They may show something that is not to be shown any more, or may be now. */
  refresh(): void {
    for (const watched of this.byRegion.keys()) this.changed.add(watched);
    if (this.changed.size > 0) this.timer ??= setTimeout(() => this.flush(), this.every);
  }

  get watching(): number {
    let size = 0;
    for (const set of this.byRegion.values()) size += set.size;
    return size;
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    this.timer = undefined;
    const regions = [...this.changed];
    this.changed.clear();
    for (const region of regions) for (const watching of this.byRegion.get(region) ?? []) void this.show(watching);
  }

  private async show(watching: Watching): Promise<void> {
    watching.again = true;
    if (watching.busy) return;
    watching.busy = true;
    try {
      while (watching.again && !watching.ended) {
        watching.again = false;
        await this.showOnce(watching);
      }
    } catch (error) {
      this.onError(error);
      this.fail(watching, kernelRefusals.BUSY()); // a watcher who is told nothing would take an old board for the present one
    } finally {
      watching.busy = false;
    }
  }

  private async showOnce(watching: Watching): Promise<void> {
    const { asked, sink } = watching;
    const cursor = this.source.cursor();
    const viewer = await watching.viewer();
    const refusal = isRefusal(viewer) ? viewer : refusalOfStanding(viewer);
    const board =
      isRefusal(viewer) || refusal
        ? refusal
        : await this.source.board(String(asked.args.region), String(asked.args.level), viewer, asked.plan.names);
    if (watching.ended) return;
    if (isRefusal(board)) return this.fail(watching, board);
    const content = JSON.stringify(board);
    if (content === watching.sent) return;
    const json = await asked.plan.run({ cursor, board }, undefined);
    if (watching.ended) return;
    watching.sent = content;
    if (!sink.next(json, cursor, new Encoded(json))) await sink.drained();
  }

  private fail(watching: Watching, refusal: Refusal): void {
    if (watching.ended) return;
    this.end(watching);
    watching.sink.fail(refusal);
  }

  private end(watching: Watching): void {
    if (watching.ended) return;
    watching.ended = true;
    this.plans.release(watching.asked);
    const region = String(watching.asked.args.region);
    const set = this.byRegion.get(region);
    set?.delete(watching);
    if (set?.size === 0) this.byRegion.delete(region);
  }
}
