import type { RecordedEvent } from '../kernel/event.js';
import type { Hash, Sha256 } from '../kernel/event-hash.js';
import { eventHash } from '../kernel/event-hash.js';
import { growingTree } from './growing-tree.js';
import { hashOfLeaf } from './leaf.js';
import type { EndorsedKey, SignedHead, VerifySignature } from './tree-head.js';
import { isSigned, leadsTo } from './tree-head.js';

/**
 * What is wrong with an event in its stream. `missing`: one before it is not there. `order`: it stands where another
 * belongs. `chain`: it does not name the hash of the one before it. `unchained`: it names none, though one before it does.
 */
export type LinkFault = 'missing' | 'order' | 'chain' | 'unchained';
export type LogFault =
  | { readonly is: 'event'; readonly event: RecordedEvent; readonly number: number; readonly fault: LinkFault }
  /** `agreed`: how many events the last head vouches for that the log agrees with. */
  | { readonly is: 'head'; readonly head: SignedHead; readonly agreed: number }
  /** The log ends before the head does. */
  | { readonly is: 'short'; readonly head: SignedHead; readonly events: number };

export type HeadsFault = { readonly head: SignedHead; readonly fault: 'signature' | 'key' | 'root' | 'first key' };

type Tools = { readonly sha256: Sha256; readonly verify: VerifySignature };

/**
 * What is wrong with heads by themselves, in the order of their trees: one that is not signed, one by a key that the one
 * before does not vouch for, two of one tree that contradict each other. `first`: the fingerprint that the first must have.
 */
export function faultOfHeads(
  { sha256, verify }: Tools,
  heads: readonly SignedHead[],
  keys: readonly EndorsedKey[],
  first?: string,
): HeadsFault | undefined {
  let before: SignedHead | undefined;
  for (const head of heads) {
    if (!isSigned(sha256, verify, head)) return { head, fault: 'signature' };
    if (!before && first !== undefined && head.key !== first) return { head, fault: 'first key' };
    if (before?.size === head.size && before.root !== head.root) return { head, fault: 'root' };
    if (before && !leadsTo(verify, keys, before.publicKey, head.publicKey)) return { head, fault: 'key' };
    before = head;
  }
  return undefined;
}

type Link = { revision: number; hash: Hash; isChained: boolean };

/**
 * Compares a whole log with heads, the smallest tree first: give it every event in log order, then ask for the `end`. It
 * says what is wrong first, and holds a hash for each stream.
 */
export function createLogCheck(sha256: Sha256, heads: readonly SignedHead[]) {
  const tree = growingTree(sha256);
  const links = new Map<string, Link>();
  let next = 0;
  let agreed = 0;

  /** The heads of the tree as it stands. */
  function faultOfHead(): LogFault | undefined {
    for (let head = heads[next]; head && head.size === tree.size(); head = heads[++next]) {
      if (head.root !== tree.root()) return { is: 'head', head, agreed };
      agreed = head.size;
    }
    return undefined;
  }

  return {
    take(event: RecordedEvent): LogFault | undefined {
      const early = tree.size() === 0 ? faultOfHead() : undefined;
      if (early) return early;
      const link = links.get(event.stream);
      const fault = linkFault(event, link);
      if (fault) return { is: 'event', event, number: tree.size() + 1, fault };
      const hash = eventHash(sha256, event);
      const isChained = event.meta.prevHash !== undefined;
      links.set(event.stream, { revision: event.revision, hash, isChained });
      tree.add(hashOfLeaf(sha256, { hash, recordedAt: event.recordedAt }));
      return faultOfHead();
    },
    end(): LogFault | undefined {
      const head = heads[next];
      return head && { is: 'short', head, events: tree.size() };
    },
    /** What was found right until now; `vouched`: events that a head vouches for. */
    seen: () => ({ events: tree.size(), streams: links.size, heads: next, vouched: agreed, root: tree.root() }),
  };
}

function linkFault({ revision, meta }: RecordedEvent, before: Link | undefined): LinkFault | undefined {
  const due = (before?.revision ?? -1) + 1;
  if (revision !== due) return revision > due ? 'missing' : 'order';
  if (meta.prevHash === undefined) return before?.isChained ? 'unchained' : undefined;
  return meta.prevHash === (before?.hash ?? null) ? undefined : 'chain';
}
