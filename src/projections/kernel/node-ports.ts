import type { Position } from '../../domain/kernel/event.js';
import type { Committed, ProjectorState } from './projector-types.js';

/** Work that one node of several does at a time. The contract suite is `test/contract/lease.contract.ts`. */
export interface Lease {
  /**
   * Does the work while this node holds the lease, again whenever it gets it back, until `until`. `held` is aborted as
   * soon as the lease can no longer be relied on; the work must then end. Who ends by itself gives the lease to another
   * node at once.
   */
  hold(work: (held: AbortSignal) => Promise<void>, until: AbortSignal): Promise<void>;
  status(): LeaseStatus;
}

export type LeaseStatus = {
  readonly holder: boolean;
  /** Grows with every holder: whoever writes with an older one has lost the lease without knowing. */
  readonly token: string | undefined;
  readonly since: Date;
};

/** What the leader says of itself, about once a second. */
export type Announcement = {
  readonly node: string;
  readonly state: ProjectorState;
  readonly position: Position | undefined;
  /** Why it does not come on. */
  readonly problem: string | undefined;
  /** By read model, while one is folded anew: how far, from 0 to 1. */
  readonly rebuilding: Readonly<Record<string, number>>;
};

/** A commit, told to all nodes. Without steps when it was too big to carry: they are in the log. */
export type Told = Omit<Committed, 'steps'> & { readonly steps: Committed['steps'] | undefined };

/**
 * Carries what one node has folded to all nodes. It may lose messages: each says where the one before it ended, so who
 * reads along sees a gap and reads the log. The contract suite is `test/contract/live-bus.contract.ts`.
 */
export interface LiveBus {
  /** After the commit. Resolves when every node can read it. */
  tell(committed: Committed): Promise<void>;
  /** What is told from now on, in order, until the signal. It goes on by itself when the bus was away. */
  follow(signal: AbortSignal): AsyncIterable<Told>;
  announce(announcement: Announcement): Promise<void>;
  /** `undefined`: no leader has spoken lately. */
  announced(): Promise<Announcement | undefined>;
  /** Asks the leader, whoever it is, to fold a read model anew. */
  askRebuild(model: string): Promise<void>;
  /** For the leader: what it was asked, each once. */
  rebuildsAsked(): Promise<readonly string[]>;
}
