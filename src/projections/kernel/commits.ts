import type { Position } from '../../domain/kernel/event.js';
import type { Batch } from '../../domain/kernel/ports.js';
import type { CommitSize, Committed, Step } from './projector-types.js';
import type { FoldDeps } from './rebuild.js';
import { decodeAll } from './rebuild.js';
import { createRoute, foldBatch } from './route.js';
import type { RowChange, Table } from './table.js';
import { lowestOf } from './table.js';

type Deps = Pick<FoldDeps, 'registry' | 'readStore'> & {
  readonly commitSize: CommitSize;
  readonly onProblem: (problem: Error) => void;
  /** In the turn in which a commit is known, before the listeners are told. */
  readonly onMoved: () => void;
};

/**
 * Batches into the tables and the store. While nobody listens, a long catching up holds what it has folded and commits
 * many batches at once; of each event that somebody is told, the rows are those before and after it.
 */
export function createCommits({ registry, readStore, commitSize, onProblem, onMoved }: Deps) {
  const listeners = new Set<(committed: Committed) => void>();
  let tables: readonly Table[] = [];
  let route = createRoute(tables);
  /** Events that are folded and not committed. */
  let held = 0;
  let heldTo: Position | undefined;
  let position: Position | undefined;
  /** Up to where listeners know; it never goes back, also when the read store is lost and filled again. */
  let told: Position | undefined;

  async function fold({ events: batch, caughtUp }: Batch): Promise<boolean> {
    const listening = listeners.size > 0;
    if (listening && held > 0) return false; // they are to be told of each event: it is folded again
    const last = batch.at(-1);
    if (last) {
      const decoded = decodeAll(registry, batch);
      const changes = listening ? decoded.map((): RowChange[] => []) : undefined;
      await foldBatch(route, decoded, changes);
      held += batch.length;
      heldTo = last.position;
      if (changes) return commit(decoded.map((event, i) => ({ event, changes: changes[i] ?? [] })));
      if (listeners.size > 0) return false; // they came meanwhile
    }
    return caughtUp || isFull() ? commit() : true;
  }

  const isFull = () =>
    held >= commitSize.events || tables.reduce((rows, table) => rows + table.held(), 0) >= commitSize.rows;

  /** `steps`: of all events that are held; nobody listened as they were folded when there are none. */
  async function commit(steps?: readonly Step[]): Promise<boolean> {
    const to = heldTo;
    if (held === 0 || to === undefined) return true;
    const pending = tables.flatMap((table) => table.pending() ?? []);
    if (pending.length > 0 && (await readStore.commit(pending)) === 'conflict') return false;
    for (const table of tables) table.committed();
    held = 0;
    const before = told;
    // What was told before is not told again: the steps are all there are only from there on.
    const from = before === undefined || (position !== undefined && position > before) ? position : before;
    position = to;
    onMoved();
    if (before !== undefined && before >= to) return true;
    told = to;
    const fresh = steps?.filter(({ event }) => before === undefined || event.position > before);
    // Who began to listen during the commit sees a gap.
    const committed = { steps: fresh ?? [], from: fresh ? from : to, position: to };
    for (const listener of listeners) tell(listener, committed);
    return true;
  }

  function tell(listener: (committed: Committed) => void, committed: Committed) {
    try {
      listener(committed);
    } catch (cause) {
      onProblem(new Error('a listener of the projector failed', { cause }));
    }
  }

  function keepUp(next: readonly Table[]) {
    tables = next;
    route = createRoute(next);
  }

  return {
    tables: () => tables,
    /** Up to where all tables are committed. */
    position: () => position,
    /** These tables, each as the store has it. What was held of others is forgotten. */
    open(opened: readonly Table[]) {
      keepUp(opened);
      held = 0;
      position = lowestOf(opened);
    },
    /** A table in the place of another of its model. Only when nothing is held. */
    replace(table: Table) {
      keepUp([...tables.filter(({ model }) => model.name !== table.model.name), table]);
    },
    /** `false`: the tables have to be opened anew, because another projector was faster or somebody has begun to listen. */
    async take(batch: Batch): Promise<boolean> {
      let taken = false;
      try {
        taken = await fold(batch);
        return taken;
      } finally {
        if (!taken) held = 0;
      }
    },
    /** Commits what is held. `false` as with `take`. */
    async flush(): Promise<boolean> {
      const flushed = await commit();
      if (!flushed) held = 0;
      return flushed;
    },
    listen(listener: (committed: Committed) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
