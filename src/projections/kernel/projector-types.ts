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
  /** How far all live tables have come. */
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

export type ProjectorDeps = FoldDeps & {
  readonly models: readonly ReadModel[];
  readonly clock: Clock;
  /** Told of everything that an operator should know; nothing is skipped because of it. */
  readonly onProblem: (problem: Error) => void;
  readonly batchSize?: number | undefined;
  readonly pause?: Pause | undefined;
};

export type RebuildOptions = { readonly onProgress?: (progress: Progress) => void };

export type Projector = {
  start(): void;
  stop(): Promise<void>;
  readonly position: () => Position | undefined;
  readonly status: () => ProjectorStatus;
  /** Milliseconds since the oldest event that is not yet in the read models was recorded; 0 when there is none. */
  lag(): Promise<number>;
  waitFor(position: Position, timeoutMs: number): Promise<Reached>;
  /** Waits for all that the log holds now. */
  caughtUp(timeoutMs: number): Promise<Reached>;
  /**
   * Called after each commit of this projector, in the same turn in which `position` moves: every event once and in
   * log order. It must not throw, and what it does slowly it does elsewhere.
   */
  onCommitted(listener: (committed: Committed) => void): () => void;
  /** Folds a read model from the beginning of the log beside the live one, then swaps; goes on if a fold had failed. */
  rebuild(name: string, options?: RebuildOptions): Promise<void>;
};
