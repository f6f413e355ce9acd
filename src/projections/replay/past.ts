import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { ReadStore } from '../kernel/ports.js';
import type { ReadModel } from '../kernel/read-model.js';
import type { FoldDeps } from '../kernel/rebuild.js';
import { decodeAll } from '../kernel/rebuild.js';
import { createRoute, foldBatch } from '../kernel/route.js';
import type { Table } from '../kernel/table.js';
import { createTable } from '../kernel/table.js';

/** How far the past has been folded for those who wait for it. */
export type Folding = {
  readonly events: number /** When the last event of these was recorded. */;
  readonly cameTo: string | null;
};

export type Past = {
  /**
   * What `use` reads of the read models as they were at a position. While that is being folded: how far it has come; to
   * be asked for again. `busy`: too many others wait. Who asks for another position has given up the one before.
   */
  read<T>(
    viewer: string,
    position: Position | undefined,
    waitMs: number,
    use: (past: Pick<ReadStore, 'snapshot'>) => Promise<T>,
  ): Promise<{ readonly read: T } | Folding | 'busy'>;
  close(): Promise<void>;
};

const mostKept = 3;
const mostWaiting = 8;
const batchSize = 500;
const heldRows = 20_000;
const version = '1.0';

/** `at`: it shows the log up to here; `last`: the last event of that. */
type Scratch = {
  readonly store: ReadStore;
  readonly tables: readonly Table[];
  at: Position;
  last: Position | undefined;
  readers: number;
  moving: boolean;
  /** Viewers for whom it was folded and who have not come back yet. */
  awaitedBy: ReadonlySet<string>;
};
type Job = {
  readonly position: Position;
  readonly viewers: Set<string>;
  readonly stop: AbortController;
  done: Promise<void>;
  events: number;
  cameTo: string | null;
};

/**
 * Read models as they were: the log is folded up to a position into a store of its own, beside the live ones. One fold at
 * a time; the others wait in their order, each viewer for one position. What was folded is kept and, for a later
 * position, folded on. `models`: only those that are asked for, because they are what a fold costs.
 */
export function createPast(
  deps: Omit<FoldDeps, 'readStore'> & {
    readonly models: readonly ReadModel[];
    /** An empty store that is gone when it is closed. */
    readonly openScratch: () => Promise<ReadStore>;
  },
): Past {
  const { events, registry, models, openScratch } = deps;
  /** The last used last. */
  const kept: Scratch[] = [];
  const jobs = new Map<Position, Job>();
  let turns: Promise<void> = Promise.resolve();
  let closed = false;

  async function newScratch(): Promise<Scratch> {
    const store = await openScratch();
    for (const { name } of models) await store.swap(name, null, version);
    const tables = models.map((model) => createTable(store, model, version));
    return { store, tables, at: '', last: undefined, readers: 0, moving: true, awaitedBy: new Set() };
  }

  /**
   * The nearest one before the position, unless that is the only one to go back to; what somebody still waits to read is
   * left where it is.
   */
  async function scratchFor(position: Position): Promise<Scratch> {
    const full = kept.length >= mostKept;
    const idle = kept.filter(({ readers }) => readers === 0);
    const free = idle.filter(({ awaitedBy }) => awaitedBy.size === 0);
    const before = free.filter(({ at }) => at < position).sort((a, b) => (a.at < b.at ? -1 : 1));
    const nearest = before.at(-1);
    if (nearest && (full || before.length > 1)) {
      nearest.moving = true;
      return nearest;
    }
    const oldest = full ? (free[0] ?? idle[0]) : undefined;
    if (oldest) {
      kept.splice(kept.indexOf(oldest), 1);
      await oldest.store.close();
    }
    const made = await newScratch();
    kept.push(made);
    return made;
  }

  async function fold(scratch: Scratch, job: Job): Promise<void> {
    const route = createRoute(scratch.tables);
    const after = scratch.last === undefined ? {} : { after: scratch.last };
    let batch: RecordedEvent[] = [];
    async function take() {
      const last = batch.at(-1);
      if (!last) return;
      await foldBatch(route, decodeAll(registry, batch));
      job.events += batch.length;
      job.cameTo = last.recordedAt;
      batch = [];
      if (scratch.tables.reduce((rows, table) => rows + table.held(), 0) >= heldRows) await commit(scratch, last);
      await new Promise(setImmediate); // the server has others to serve
    }
    let end: RecordedEvent | undefined;
    for await (const event of events.readAll(after)) {
      if (event.position > job.position || job.stop.signal.aborted) break;
      batch.push(event);
      end = event;
      if (batch.length === batchSize) await take();
    }
    await take();
    if (end) await commit(scratch, end);
    // Behind its last event a past is the same up to the next one.
    if (!job.stop.signal.aborted) scratch.at = job.position;
  }

  async function commit(scratch: Scratch, { position }: RecordedEvent): Promise<void> {
    const pending = scratch.tables.flatMap((table) => table.pending() ?? []);
    if (pending.length > 0 && (await scratch.store.commit(pending)) === 'conflict')
      throw new Error('somebody else has written to a scratch');
    for (const table of scratch.tables) table.committed();
    scratch.at = position;
    scratch.last = position;
  }

  async function run(job: Job): Promise<void> {
    try {
      if (job.stop.signal.aborted || keptAt(job.position)) return;
      const scratch = await scratchFor(job.position);
      try {
        await fold(scratch, job);
        scratch.awaitedBy = new Set(job.viewers);
        scratch.moving = false;
      } catch (error) {
        kept.splice(kept.indexOf(scratch), 1);
        await scratch.store.close();
        throw error;
      }
    } finally {
      if (jobs.get(job.position) === job) jobs.delete(job.position);
    }
  }

  const keptAt = (position: Position) => kept.find((one) => one.at === position && !one.moving);

  function jobFor(viewer: string, position: Position): Job | 'busy' {
    for (const scratch of kept) comeBack(scratch, viewer);
    for (const job of jobs.values())
      if (job.position !== position && job.viewers.delete(viewer) && job.viewers.size === 0) {
        job.stop.abort();
        jobs.delete(job.position);
      }
    const present = jobs.get(position);
    if (present) {
      present.viewers.add(viewer);
      return present;
    }
    if (closed || jobs.size >= mostWaiting) return 'busy';
    const stop = new AbortController();
    const job: Job = { position, viewers: new Set([viewer]), stop, done: turns, events: 0, cameTo: null };
    jobs.set(position, job);
    job.done = turns.then(() => run(job));
    turns = job.done.catch(() => undefined); // told to those who wait for it
    return job;
  }

  function comeBack(scratch: Scratch, viewer: string) {
    scratch.awaitedBy = new Set([...scratch.awaitedBy].filter((one) => one !== viewer));
  }

  async function readOf<T>(scratch: Scratch, viewer: string, use: (past: ReadStore) => Promise<T>): Promise<T> {
    scratch.readers++;
    comeBack(scratch, viewer);
    kept.splice(kept.indexOf(scratch), 1);
    kept.push(scratch);
    try {
      return await use(scratch.store);
    } finally {
      scratch.readers--;
    }
  }

  return {
    async read(viewer, asked, waitMs, use) {
      const position = asked ?? '';
      const patience = timer(waitMs);
      try {
        for (;;) {
          const scratch = keptAt(position);
          if (scratch) return { read: await readOf(scratch, viewer, use) };
          const job = jobFor(viewer, position);
          if (job === 'busy') return 'busy';
          const over = await Promise.race([job.done, patience.over]);
          if (over || job.stop.signal.aborted) return { events: job.events, cameTo: job.cameTo };
        }
      } finally {
        patience.clear();
      }
    },
    async close() {
      closed = true;
      for (const job of jobs.values()) job.stop.abort();
      await turns;
      await Promise.all(kept.splice(0).map(({ store }) => store.close()));
    },
  };
}

function timer(ms: number) {
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<'over'>((resolve) => {
    timeout = setTimeout(resolve, ms, 'over');
  });
  return { over, clear: () => clearTimeout(timeout) };
}
