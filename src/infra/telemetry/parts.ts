import type { Position } from '../../domain/kernel/event.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { LeaseStatus } from '../../projections/kernel/node-ports.js';
import type { ProjectorState } from '../../projections/kernel/projector-types.js';
import type { Metrics } from './metrics.js';

/**
 * What the operator watches: each part says how it is. Numbers, names and states only, never anything of a case. Parts
 * that a profile does not have are absent: who works alone on one machine has no Redis and no leader.
 */
export type Watched = {
  /** Those of `createWatch`; without them only what can be asked for is shown. */
  readonly metrics?: Metrics | undefined;
  readonly log?: LogPart | undefined;
  /** Redis, when the read models lie there. */
  readonly redis?: (() => RedisPart) | undefined;
  /** When several nodes share the work. */
  readonly leader?: LeaderPart | undefined;
  /** The read models as this node sees them. */
  readonly projector: {
    readonly status: () => {
      readonly state: ProjectorState;
      readonly position: Position | undefined;
      readonly error: Error | undefined;
    };
    lag(): Promise<number>;
  };
  /** None while another node does the work. */
  readonly reactors: () => readonly ReactorPart[];
  readonly scheduler: () => SchedulerPart;
  readonly live: LivePart;
  /** GraphQL documents that need not be parsed and validated again. */
  readonly documents?: DocumentsPart | undefined;
  readonly clock: Clock;
};

export type LogPart = {
  readonly store: Pick<EventStore, 'readAll'>;
  /** Of a log on a server. */
  readonly status?: (() => LogStatus) | undefined;
  /** Of a log in a folder: why it takes no writes now. `write_failed`: none before a restart. */
  readonly fault?: (() => string | undefined) | undefined;
};
export const logStates = ['connecting', 'catching up', 'live', 'reconnecting'] as const;
export type LogStatus = {
  readonly state: (typeof logStates)[number];
  readonly fault: string | undefined;
  readonly since: Date;
  readonly heardAt: Date | undefined;
  readonly reconnects: number;
};

export const redisStates = ['connecting', 'ready', 'reconnecting'] as const;
export type RedisPart = {
  readonly state: (typeof redisStates)[number];
  readonly fault: string | undefined;
  /** ISO, UTC. */
  readonly since: string;
};

export type LeaderPart = {
  /** Of this node. */
  readonly lease: () => Pick<LeaseStatus, 'holder'> | undefined;
  /** The node that leads, as far as this one has heard. */
  readonly leader: () => string | undefined;
};
export const leaderStates = ['holder', 'follower', 'none seen'] as const;

export type ReactorPart = {
  readonly name: string;
  readonly state: 'running' | 'retrying';
  readonly position: Position | undefined;
  readonly taken: number;
  readonly refused: number;
  readonly retries: number;
};

export type SchedulerPart = { readonly tickedAt: number | undefined; readonly error: Error | undefined };

export type DocumentsPart = {
  readonly size: number;
  readonly counts: { readonly hits: number; readonly misses: number };
};

export type LivePart = {
  readonly sockets: number;
  /** Of server-sent events. */
  readonly streams: number;
  readonly subscriptions: number;
  /** Subscriptions that catch up because their readers are slow. */
  readonly lagging: number;
  readonly counts: {
    readonly lagged: number;
    readonly redelivered: { readonly ring: number; readonly store: number };
  };
};

export function leaderState({ lease, leader }: LeaderPart): (typeof leaderStates)[number] {
  if (lease()?.holder) return 'holder';
  return leader() === undefined ? 'none seen' : 'follower';
}

/** The policies and the calendar are the leader's; who works alone leads. */
export const leads = ({ leader }: Watched): boolean => leader === undefined || leaderState(leader) === 'holder';
