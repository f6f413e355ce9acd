import type { EventStore } from '../../domain/kernel/ports.js';
import type { Heads } from './heads.js';
import type { Ledger } from './ledger.js';

/** What the node does for the ledger that leads: it keeps the tree, and signs it by the clock. */
export type LedgerWork = { start(): void; stop(): Promise<void>; caughtUp(): Promise<void> };

/** `everyMs`: how often a head is signed; `waitMs`: how long `caughtUp` waits for the tree. */
export function createLedgerWork(deps: {
  readonly ledger: Ledger;
  readonly heads: Heads;
  readonly events: Pick<EventStore, 'head'>;
  readonly everyMs: number;
  readonly waitMs: number;
}): LedgerWork {
  const { ledger, heads, events, everyMs, waitMs } = deps;
  const end = new AbortController();
  let signing: Promise<void> | undefined;
  return {
    start() {
      ledger.start();
      signing = heads.every(everyMs, end.signal);
    },
    async stop() {
      end.abort();
      await Promise.all([ledger.stop(), signing]);
    },
    async caughtUp() {
      const head = await events.head();
      if (head !== undefined && (await ledger.waitFor(head, waitMs)) === 'timeout')
        throw new Error('the ledger does not come to the end of the log');
    },
  };
}
