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
  readonly key: AuditKey;
  readonly clock: Clock;
  readonly onProblem: (problem: Error) => void;
  readonly pause?: Pause | undefined;
};

/** After what could not be done for now, in ms. */
const againMs = 60_000;

/** Signs the tree as it stands. Nothing is signed that contradicts what was signed before: that is shouted instead. */
export function createHeads({ events, readStore, sha256, book, key, clock, onProblem, pause: wait = pause }: HeadDeps) {
  const inTurn = createTurns();
  const log = events.epoch;
  const own = fingerprint(sha256, key.publicKey);
  const ownAndEarlier = new Set(key.keys.map(({ publicKey }) => fingerprint(sha256, publicKey)));
  /** Signatures of heads whose tree this log has been seen to begin with. */
  const agreed = new Set<string>();

  function shout(refusal: Refusal): Refusal {
    onProblem(new Error(`${refusal.refused}: ${refusal.message[0]}`));
    return refusal;
  }

  async function sign(): Promise<SignedHead | Refusal> {
    for (;;) {
      const known = await book.heads(log);
      const replaced = successorIn(known);
      if (replaced) return shout(ledgerRefusals.AUDIT_KEY_REPLACED({ key: replaced.key, time: replaced.time }));
      const end = await events.head();
      const { tree, position } = await readStore.snapshot(async (view) => {
        const proofs = proofsFrom(view, sha256);
        const { size, position } = await proofs.size();
        return { tree: await proofs.tree(size), position };
      });
      const isWhole = end === undefined || (position !== undefined && position >= end);
      const refusal = await contradiction(known, tree.size, isWhole);
      if (refusal) return refusal;
      const present = known.findLast(({ size, key: by }) => size === tree.size && by === own);
      if (present) return present;
      const fresh = { log, ...tree, time: clock.now().toISOString(), key: own };
      const signed = { ...fresh, publicKey: key.publicKey, signature: key.sign(textOfHead(fresh)) };
      if (await book.add(signed, known)) return signed;
    }
  }

  /** A head that another key has signed after ours, and not one of those before ours: this node has an old key. */
  function successorIn(known: readonly SignedHead[]): SignedHead | undefined {
    const last = known.findLastIndex((head) => head.key === own);
    return last < 0 ? undefined : known.slice(last + 1).find((head) => !ownAndEarlier.has(head.key));
  }

  /** Each head is compared once, but for the newest: a log may be exchanged under a node that runs. */
  async function contradiction(
    known: readonly SignedHead[],
    size: number,
    isWhole: boolean,
  ): Promise<Refusal | undefined> {
    const newest = known.at(-1);
    for (const head of known) {
      if (agreed.has(head.signature) && head !== newest) continue;
      // A tree that is still being made is behind what was signed; one that has come to the end of the log is another.
      if (head.size > size && !isWhole) return ledgerRefusals.LEDGER_NOT_READY();
      if (head.size > size || (await proofsFrom(readStore, sha256).tree(head.size)).root !== head.root)
        return shout(ledgerRefusals.LOG_FORKED({ size: head.size, time: head.time }));
      agreed.add(head.signature);
    }
    return undefined;
  }

  /** How long until a head is due, `ms` after the newest, whichever node has signed that. */
  async function restOf(ms: number): Promise<number> {
    const newest = (await book.heads(log)).at(-1);
    const age = newest ? clock.now().getTime() - Date.parse(newest.time) : ms;
    return Math.min(ms, Math.max(0, ms - age));
  }

  /** `undefined`: it was told why not. */
  async function trying<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await inTurn(work);
    } catch (cause) {
      onProblem(new Error('no tree head was signed', { cause }));
      return undefined;
    }
  }

  return {
    /** The newest head: signed now, and kept, when the log has grown since the last one. */
    sign: () => inTurn(sign),
    /** Signs each `ms` until the signal ends it. What could not be done for now is tried again sooner. */
    async every(ms: number, signal: AbortSignal): Promise<void> {
      const sooner = Math.min(ms, againMs);
      let rest = (await trying(() => restOf(ms))) ?? sooner;
      for (;;) {
        await wait(rest, signal);
        if (signal.aborted) return;
        const signed = await trying(sign);
        rest = !signed || (isRefusal(signed) && signed.refused === 'LEDGER_NOT_READY') ? sooner : ms;
      }
    },
  };
}
export type Heads = ReturnType<typeof createHeads>;
