import type { Audience, Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';
import type { Viewer } from '../context.js';
import type { Encoded } from './encoded.js';
import type { Asked, Plan } from './plan.js';
import type { LiveEvent } from './ring.js';

/** Where messages go: one operation on one connection. */
export interface Sink {
  /**
   * `false`: taken, but the connection is full; nothing more before `drained`. `shared`: the same text as it is for all
   * who receive it, who need not encode it each for himself.
   */
  next(json: string, cursor: string, shared: Encoded): boolean;
  drained(): Promise<void>;
  /** Ends the operation with a reason that the client can read. */
  fail(refusal: Refusal): void;
}

/** A past event, and who may see its case now. */
export type PastEvent = LiveEvent & { readonly now: Audience };
/** Past events of one subscription in log order; nothing of it lies between the last of them and `upTo`. */
export type Past = { readonly events: readonly PastEvent[]; readonly upTo: Position };

export type Present = { readonly class: ViewerClass; readonly case: CaseRow };

/** What the hub needs of the stores. */
export interface History {
  readonly epoch: string;
  head(): Promise<Position | undefined>;
  /** Events addressed to one of `tags`. `upTo` moves on with each call. */
  ofFeed(tags: readonly string[], after: Position): Promise<Past>;
  ofCase(id: string, after: Position): Promise<Past>;
  /** `undefined`: there is no such case, or it is not theirs to see. `behind`: who knows, the stores are not at `at`. */
  present(id: string, tags: readonly string[], at: Position): Promise<Present | undefined | 'behind'>;
  /** The holder (`mandate:…`, `post:…`) that the event deprives of live messages, and why. */
  revoked(event: LiveEvent['event']): { readonly holder: string; readonly refusal: Refusal } | undefined;
}

/** A message's root value: what the subscription field resolves to. */
export type Message = {
  readonly cursor: string;
  /** All until here has been sent. */
  readonly caughtUp: boolean;
  readonly event: LiveEvent['event'] | null;
  readonly case: CaseRow | null;
};
export const messageOf = (
  cursor: string,
  { event, case: row, caughtUp }: { event?: Message['event']; case?: CaseRow | null | undefined; caughtUp?: true },
): Message => ({ cursor, caughtUp: caughtUp ?? false, event: event ?? null, case: row ?? null });

export type Subscription = {
  readonly asked: Asked;
  /** `asked.plan`: each delivery reads it, and it is of the few things that many subscriptions share. */
  readonly plan: Plan;
  readonly viewer: Viewer;
  readonly sink: Sink;
  /** Absent: the viewer's whole feed. */
  readonly caseId: string | undefined;
  /** What events must be addressed to: of a feed, the viewer's own tags; of a case, also `public`. */
  readonly tags: readonly string[];
  cursor: Position;
  state: 'catching up' | 'live' | 'ended';
  /** The event for which `Listeners.of` has found it last, counted by the listeners, and in which class. */
  found: number;
  shown: ViewerClass;
};
