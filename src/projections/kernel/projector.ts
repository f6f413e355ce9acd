import { isCurrent, nextVersion, openTables, removeOlder, Superseded, swapReplaced } from './catalog.js';
import { createCommits } from './commits.js';
import type { Projector, ProjectorDeps, ProjectorState, RebuildOptions } from './projector-types.js';
import type { ReadModel } from './read-model.js';
import type { Progress } from './rebuild.js';
import { foldAlone } from './rebuild.js';
import { createTable, FoldFailed, lowestOf } from './table.js';
import { backoffMs, createTurns, createWaiters, pause } from './waiting.js';

export type * from './projector-types.js';

/**
 * Keeps the read models: one ordered reading of the log; each batch is folded in memory and committed with the
 * checkpoints of all tables in one transaction. Of several projectors on one read store each event is committed, and
 * told to listeners, by one.
 */
export function createProjector(deps: ProjectorDeps): Projector {
  const { events, readStore, models, onProblem, batchSize = 2_000, pause: wait = pause } = deps;
  const { watch = (_, fold) => fold(), commitSize = { events: 25 * batchSize, rows: 10 * batchSize } } = deps;
  const waiters = createWaiters();
  const inTurn = createTurns();
  const commits = createCommits({ ...deps, commitSize, onMoved: release });
  const control = new AbortController();
  const { signal } = control;
  const rebuilding = new Map<string, { progress: Progress; done: Promise<void> }>();
  /** Versions that serve readers while `tables` has the one that will take their place. */
  let replaced: ReadonlyMap<string, string> = new Map();
  /** Models that are served by a version of other code, which nobody keeps, until their rebuild takes its place. */
  let outdated: ReadonlySet<string> = new Set();
  let opened = false;
  let state: ProjectorState = 'starting';
  let error: Error | undefined;
  let failures = 0;
  let running: Promise<void> | undefined;
  /** Aborted to begin again from the checkpoints. */
  let reading = new AbortController();

  const servesOldTables = () => replaced.size > 0 || outdated.size > 0;

  /** Tells those who wait for what they will read: with an old table among what is served, nothing has been reached. */
  function release() {
    waiters.moved(servesOldTables() ? undefined : commits.position());
  }

  async function run() {
    waiters.begin();
    while (!signal.aborted) {
      try {
        await follow();
      } catch (cause) {
        if (signal.aborted) return;
        if (cause instanceof FoldFailed && (await overtaken())) continue;
        error = cause instanceof Error ? cause : new Error(String(cause));
        onProblem(error);
        if (error instanceof FoldFailed || error instanceof Superseded) {
          state = 'stopped';
          waiters.end();
          return;
        }
        state = 'retrying';
        await wait(backoffMs(++failures), signal);
      }
    }
  }

  /** Rows of another projector's later commit do not fit to our earlier events: no bug, we begin again from there. */
  async function overtaken(): Promise<boolean> {
    try {
      for (const table of commits.tables())
        if ((await readStore.checkpoint(table.name))?.position !== table.at()?.position) return true;
      return false;
    } catch {
      return true; // the store cannot be asked: the retry will meet and report that
    }
  }

  /** From the checkpoints on, until another projector is faster. */
  async function follow() {
    await inTurn(reopen);
    reading = new AbortController();
    try {
      const until = AbortSignal.any([signal, reading.signal]);
      const after = lowestOf(commits.tables());
      for await (const batch of events.subscribe({ ...(after && { after }), signal: until, batchSize })) {
        if (until.aborted || !(await inTurn(() => watch(batch.events, () => commits.take(batch))))) return;
        failures = 0;
        error = undefined;
        state = batch.caughtUp ? 'live' : 'catching up';
        if (!batch.caughtUp || replaced.size === 0) continue;
        await inTurn(() => swapReplaced(readStore, commits.tables(), replaced));
        replaced = new Map();
        release();
      }
    } finally {
      reading.abort();
    }
  }

  async function reopen() {
    const first = !opened;
    if (first) await removeOlder(readStore, models);
    const catalog = await openTables(
      deps,
      // A store that has been emptied serves no version, and is filled again.
      (model, live) => first || live === null || rebuilding.has(model.name) || replaced.get(model.name) === live,
    );
    commits.open(catalog.tables);
    replaced = catalog.replaced;
    outdated = new Set(catalog.beside.map(({ name }) => name));
    release();
    if (!first) return;
    opened = true;
    state = 'catching up';
    for (const model of catalog.beside) void rebuildInBackground(model);
  }

  async function rebuildInBackground(model: ReadModel) {
    for (let failed = 1; !signal.aborted; failed++) {
      try {
        if (isCurrent(model, await readStore.live(model.name))) return reading.abort(); // another projector did it
        return await rebuild(model, true);
      } catch (cause) {
        onProblem(new Error(`the rebuild of ${model.name} failed`, { cause }));
        if (cause instanceof FoldFailed) return;
        await wait(backoffMs(failed), signal);
      }
    }
  }

  function rebuild(model: ReadModel, resume: boolean, options: RebuildOptions = {}): Promise<void> {
    const present = rebuilding.get(model.name);
    if (present) return present.done;
    const done = rebuildBeside(model, resume, options).finally(() => rebuilding.delete(model.name));
    rebuilding.set(model.name, { progress: { position: undefined, head: undefined, events: 0, ratio: 0 }, done });
    return done;
  }

  async function rebuildBeside(model: ReadModel, resume: boolean, { onProgress }: RebuildOptions) {
    const live = await readStore.live(model.name);
    const table = createTable(readStore, model, await nextVersion(readStore, model, resume));
    const onBatch = async () => {
      const at = table.at();
      const total = Math.max(1, ...commits.tables().map((each) => each.at()?.events ?? 0));
      const folded = at?.events ?? 0;
      const head = await events.head();
      const progress = { position: at?.position, head, events: folded, ratio: Math.min(1, folded / total) };
      const present = rebuilding.get(model.name);
      if (present) present.progress = progress;
      onProgress?.(progress);
    };
    await foldAlone(deps, table, { batchSize, signal, onBatch });
    // The last few events are folded while the live tables wait, so that the swap goes neither back nor ahead of them.
    await inTurn(async () => {
      if (!(await commits.flush())) reading.abort(); // what is held would not be in the table that comes
      const position = commits.position();
      if (position !== undefined) await foldAlone(deps, table, { until: position, batchSize, signal, onBatch });
      if (signal.aborted) throw new Error(`the rebuild of ${model.name} was broken off`);
      if (!(await readStore.swap(model.name, live, table.version))) {
        if ((await readStore.live(model.name)) !== table.version) await readStore.drop(table.name);
        throw new Error(`read model ${model.name}: another rebuild was faster`);
      }
      commits.replace(table);
      outdated = new Set([...outdated].filter((name) => name !== model.name));
      release();
    });
    await removeOlder(readStore, [model]);
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      control.abort();
      waiters.end();
      await Promise.allSettled([running, ...[...rebuilding.values()].map(({ done }) => done)]);
    },
    position: commits.position,
    status: () => ({
      state: state === 'live' && servesOldTables() ? 'catching up' : state,
      position: commits.position(),
      error,
      failures,
      models: models.map(({ name }) => {
        const table = commits.tables().find((each) => each.model.name === name);
        const at = table?.at();
        return {
          name,
          version: table?.version,
          position: at?.position,
          events: at?.events ?? 0,
          rebuilding: rebuilding.get(name)?.progress,
        };
      }),
    }),
    async lag() {
      const after = commits.position();
      for await (const next of events.readAll({ ...(after && { after }), limit: 1 }))
        return Math.max(0, deps.clock.now().getTime() - Date.parse(next.recordedAt));
      return 0;
    },
    waitFor: waiters.wait,
    async caughtUp(timeoutMs, signal) {
      const head = await events.head();
      return head === undefined ? 'reached' : waiters.wait(head, timeoutMs, signal);
    },
    onCommitted: commits.listen,
    async rebuild(name, options) {
      const model = models.find((each) => each.name === name);
      if (!model) throw new Error(`no read model ${name}`);
      await rebuild(model, false, options);
      // What stopped the fold may have been a spoilt row, which is gone now.
      if (error instanceof FoldFailed && state === 'stopped' && !signal.aborted) running = run();
    },
  };
}
