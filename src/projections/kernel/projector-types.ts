import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Clock } from '../../domain/kernel/ports.js';
import type { ReadModel } from './read-model.js';
import type { FoldDeps, Progress } from './rebuild.js';
import type { RowChange } from './table.js';
import type { Pause, Reached } from './waiting.js';

/** An event, and the rows it changed, each as it was exactly before and after. */
export type Step = { readonly event: RecordedEvent; readonly changes: readonly RowChange[] };
/** What one commit made visible. `from` is where the commit before ended: a gap shows that another projector committed. */
export type Committed = {
  readonly steps: readonly Step[];
  readonly from: Position | undefined;
  readonly position: Position;
};

export type ProjectorState = 'starting' | 'catching up' | 'live' | 'retrying' | 'stopped';
export type ProjectorStatus = {
  readonly state: ProjectorState;
  /** How far the tables that this program keeps have come; as `Projector.position`. */
  readonly position: Position | undefined;
  /** Why it is retrying or stopped. */
  readonly error: Error | undefined;
  readonly failures: number;
  readonly models: readonly {
    readonly name: string;
    /** `undefined`: of no table yet that this program folds. */
    readonly version: string | undefined;
    readonly position: Position | undefined;
    readonly events: number;
    readonly rebuilding: Progress | undefined;
  }[];
};

/** `rows`: how many different ones may have changed, because they are what takes memory. It ends with the batch that passes either. */
export type CommitSize = { readonly events: number; readonly rows: number };

export type ProjectorDeps = FoldDeps & {
  readonly models: readonly ReadModel[];
  readonly clock: Clock;
  /** Told of everything that an operator should know; nothing is skipped because of it. */
  readonly onProblem: (problem: Error) => void;
  /** Runs the folding of one batch and gives back what it gave: who operates the system learns how long it takes. */
  readonly watch?: ((batch: readonly RecordedEvent[], fold: () => Promise<boolean>) => Promise<boolean>) | undefined;
  /** Events that are read and folded at a time. */
  readonly batchSize?: number | undefined;
  /** What one transaction may hold while the log is caught up with and nobody listens: by default many batches. */
  readonly commitSize?: CommitSize | undefined;
  readonly pause?: Pause | undefined;
};

export type RebuildOptions = { readonly onProgress?: (progress: Progress) => void };

export type Projector = {
  start(): void;
  stop(): Promise<void>;
  /** How far the tables that this program keeps have come, also while readers are still served older ones. */
  readonly position: () => Position | undefined;
  readonly status: () => ProjectorStatus;
  /** Milliseconds since the oldest event that is not yet in the read models was recorded; 0 when there is none. */
  lag(): Promise<number>;
  /**
   * Until every live table, the ones that readers see, has come to the position. While a read model is served by a table
   * that nobody keeps, because its new version is still being folded, no position is reached; all are with its swap.
   * `timeout` also when the signal or `stop` ends the wait, and to those who wait when a fold fails and the projector
   * stops.
   */
  waitFor(position: Position, timeoutMs: number, signal?: AbortSignal): Promise<Reached>;
  /** The same for all that the log holds now. */
  caughtUp(timeoutMs: number, signal?: AbortSignal): Promise<Reached>;
  /**
   * Called after each commit of this projector, in the same turn in which `position` moves: every event once and in
   * log order. A read model that is still served by an older table has no changes in it. It must not throw, and what it does slowly it does elsewhere.
   */
  onCommitted(listener: (committed: Committed) => void): () => void;
  /** Folds a read model from the beginning of the log beside the live one, then swaps; goes on if a fold had failed. */
  rebuild(name: string, options?: RebuildOptions): Promise<void>;
};

/** The read models as every node sees them, whoever folds them. */
export type ReadModels = Omit<Projector, 'start' | 'stop'>;
