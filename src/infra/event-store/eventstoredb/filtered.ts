import type { AllStreamSubscription, Position as LogPosition } from '@eventstore/db-client';
import { excludeSystemEvents, START } from '@eventstore/db-client';
import type { Position, RecordedEvent } from '../../../domain/kernel/event.js';
import { decode } from './codec.js';
import type { Connection } from './connection.js';
import { fromPosition, toPosition } from './position.js';

/** After so many pages of 32 events without one of ours the server says how far it is. */
const CHECKPOINT_INTERVAL = 32;

/** What one subscription hears. `position`: everything up to here has been seen. */
export type Heard = {
  readonly events: RecordedEvent[];
  readonly position: Position | undefined;
  readonly caughtUp: boolean;
};

/**
 * One subscription to all events but the server's own, after a position. Gives what has come each time it is asked, and
 * ends with an error when the server ends it, however politely: only the signal ends it in peace.
 */
export async function* filtered(
  connection: Connection,
  { after, signal, most }: { after: Position | undefined; signal: AbortSignal; most: number },
): AsyncGenerator<Heard> {
  let checkpoint: LogPosition | undefined;
  let lastSeen = after;
  const subscription = connection.client.subscribeToAll({
    fromPosition: after === undefined ? START : fromPosition(after),
    filter: excludeSystemEvents({
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: async (_, position) => {
        checkpoint = position;
      },
    }),
    credentials: connection.credentials,
    requiresLeader: true,
  });
  const ear = new Ear(subscription, signal);
  try {
    while (!signal.aborted) {
      const { resolved, caughtUp } = ear.take(most);
      const events: RecordedEvent[] = [];
      for (const one of resolved) {
        const event = decode(one);
        // A checkpoint may lie just before an event that came already.
        if (!event || (lastSeen !== undefined && event.position <= lastSeen)) continue;
        events.push(event);
        lastSeen = event.position;
      }
      if (checkpoint && ear.isEmpty) {
        const reached = toPosition(checkpoint);
        if (lastSeen === undefined || reached > lastSeen) lastSeen = reached;
        checkpoint = undefined;
      }
      if (events.length > 0 || caughtUp) yield { events, position: lastSeen, caughtUp };
      if (ear.isEmpty && !caughtUp) await ear.more();
    }
  } finally {
    ear.close();
    await subscription.unsubscribe();
  }
}

/** Listens to a subscription without letting it run ahead: what was not taken stays in the client and the socket. */
class Ear {
  readonly #woken = new AbortController();
  #wake: () => void = () => {};
  #failure: unknown;
  /** Events that lay before the sign that the server has no more. */
  #beforeCaughtUp: number | undefined;

  constructor(
    readonly subscription: AllStreamSubscription,
    readonly signal: AbortSignal,
  ) {
    const wake = () => this.#wake();
    const fail = (error: unknown) => {
      this.#failure ??= error;
      wake();
    };
    subscription.on('readable', wake);
    subscription.on('error', fail);
    for (const end of ['end', 'close'] as const)
      subscription.on(end, () =>
        fail(Object.assign(new Error('the server ended the subscription'), { type: 'cancelled' })),
      );
    subscription.on('caughtUp', () => {
      this.#beforeCaughtUp = subscription.readableLength;
      wake();
    });
    signal.addEventListener('abort', wake, { signal: this.#woken.signal });
  }

  get isEmpty(): boolean {
    return this.subscription.readableLength === 0;
  }

  take(most: number) {
    const resolved = [];
    while (resolved.length < most) {
      const one = this.subscription.read();
      if (one === null) break;
      resolved.push(one);
    }
    let caughtUp = false;
    if (this.#beforeCaughtUp !== undefined) {
      this.#beforeCaughtUp -= resolved.length;
      caughtUp = this.#beforeCaughtUp <= 0;
      if (caughtUp) this.#beforeCaughtUp = undefined;
    }
    return { resolved, caughtUp };
  }

  /** Resolves when there is something to take. Rejects when there will be nothing more. */
  async more(): Promise<void> {
    if (this.#failure === undefined && this.#beforeCaughtUp === undefined && !this.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.signal.aborted) return;
    if (this.#failure !== undefined && this.isEmpty) throw this.#failure;
  }

  close(): void {
    this.#woken.abort();
    this.subscription.on('error', () => {}); // of a call that was ended on purpose
  }
}
