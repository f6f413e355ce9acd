import type { Sha256 } from '../../domain/kernel/event-hash.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { SignedHead } from '../../domain/proof/tree-head.js';
import { fingerprint, textOfHead } from '../../domain/proof/tree-head.js';
import type { ReadStore } from '../kernel/ports.js';
import type { Pause } from '../kernel/waiting.js';
import { createTurns, pause } from '../kernel/waiting.js';
import type { AuditKey, HeadBook } from './ports.js';
import { proofsFrom } from './proofs.js';
import { ledgerRefusals } from './refusals.js';

export type HeadDeps = {
  readonly events: Pick<EventStore, 'epoch' | 'head'>;
  readonly readStore: ReadStore;
  readonly sha256: Sha256;
  readonly book: HeadBook;
  /** `undefined`: this server signs nothing. */
  readonly key: AuditKey | undefined;
  readonly clock: Clock;
  readonly onProblem: (problem: Error) => void;
  readonly pause?: Pause | undefined;
};

/** Signs the tree as it stands. Nothing is signed that contradicts what was signed before: that is shouted instead. */
export function createHeads({ events, readStore, sha256, book, key, clock, onProblem, pause: wait = pause }: HeadDeps) {
  const inTurn = createTurns();

  async function sign(): Promise<SignedHead | Refusal> {
    if (!key) return ledgerRefusals.AUDIT_KEY_NEEDED();
    const log = events.epoch;
    const last = await book.newest(log);
    const head = await events.head();
    const { tree, position, earlier } = await readStore.snapshot(async (view) => {
      const proofs = proofsFrom(view, sha256);
      const at = await proofs.size();
      const before = last && last.size <= at.size ? await proofs.tree(last.size) : undefined;
      return { tree: await proofs.tree(at.size), position: at.position, earlier: before };
    });
    if (last && last.root !== earlier?.root) {
      // A tree that is still being made is behind what was signed; one that has come to the end of the log is another.
      const isWhole = head === undefined || (position !== undefined && position >= head);
      if (!earlier && !isWhole) return ledgerRefusals.LEDGER_NOT_READY();
      const forked = ledgerRefusals.LOG_FORKED({ size: last.size, time: last.time });
      onProblem(new Error(`${forked.refused}: ${forked.message[0]}`));
      return forked;
    }
    const fresh = { log, ...tree, time: clock.now().toISOString(), key: fingerprint(sha256, key.publicKey) };
    if (last && last.size === fresh.size && last.key === fresh.key) return last;
    const signed = { ...fresh, publicKey: key.publicKey, signature: key.sign(textOfHead(fresh)) };
    await book.add(signed);
    return signed;
  }

  return {
    /** The newest head: signed now, and kept, when the log has grown since the last one. */
    sign: () => inTurn(sign),
    /** Signs each `ms` until the signal ends it. */
    async every(ms: number, signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await wait(ms, signal);
        if (signal.aborted) return;
        try {
          const signed = await inTurn(sign);
          if (isRefusal(signed) && signed.refused === 'AUDIT_KEY_NEEDED') return;
        } catch (cause) {
          onProblem(new Error('no tree head was signed', { cause }));
        }
      }
    },
  };
}
export type Heads = ReturnType<typeof createHeads>;
