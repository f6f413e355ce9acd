import type { Sha256 } from '../kernel/event-hash.js';
import { eventHash } from '../kernel/event-hash.js';
import type { CaseFile, ProvenEvent } from './case-file.js';
import { textOfSeal } from './case-file.js';
import { hashOfLeaf } from './leaf.js';
import { provesInclusion } from './merkle.js';
import type { VerifySignature } from './tree-head.js';
import { isSigned } from './tree-head.js';

/**
 * What is wrong with an event. `missing`: one before it is not there. `order`: it stands where another belongs. `stream`:
 * of another case. `content`: it is not what its hash says. `chain`: it does not name the hash of the one before it.
 * `unchained`: it names none, though one before it does. `tree`: the head does not hold it at this place.
 */
export type EventFault = 'missing' | 'order' | 'stream' | 'content' | 'chain' | 'unchained' | 'tree';
export type CaseVerdict =
  | {
      readonly is: 'proved';
      readonly events: number;
      readonly withheld: number;
      /** The revision at which the chain begins; `undefined`: no event of the case is chained, for all are older. */
      readonly chainedFrom: number | undefined;
    }
  | { readonly is: 'broken'; readonly at: number; readonly event: string | undefined; readonly fault: EventFault }
  /** All events hold; the head or the seal does not. */
  | { readonly is: 'unsigned'; readonly part: 'head' | 'seal' };

type Tools = { readonly sha256: Sha256; readonly verify: VerifySignature };

/** Checks a case's file by itself: no server, no log. Names the first event that fails. */
export function verifyCase({ sha256, verify }: Tools, file: CaseFile): CaseVerdict {
  // A head that nobody has signed proves nothing; but what is wrong with an event is the better answer.
  const stream = `${file.case.category}-${file.case.id}`;
  let before: ProvenEvent | undefined;
  let chainedFrom: number | undefined;
  let withheld = 0;
  for (const [place, one] of file.events.entries()) {
    const fault =
      placeFault(file.events, one, place, before) ??
      contentFault(sha256, one, stream) ??
      linkFault(one, before, chainedFrom);
    const broken = (what: EventFault): CaseVerdict => ({
      ...{ is: 'broken', at: what === 'missing' ? place : one.revision, event: one.event?.id, fault: what },
    });
    if (fault) return broken(fault);
    if (!isInTree(sha256, one, file.head)) return broken('tree');
    if (one.event?.meta.prevHash !== undefined) chainedFrom ??= one.revision;
    if (!one.event) withheld++;
    before = one;
  }
  if (!isSigned(sha256, verify, file.head)) return { is: 'unsigned', part: 'head' };
  if (!verify(file.head.publicKey, textOfSeal(file), file.seal)) return { is: 'unsigned', part: 'seal' };
  return { is: 'proved', events: file.events.length, withheld, chainedFrom };
}

function placeFault(
  all: readonly ProvenEvent[],
  one: ProvenEvent,
  place: number,
  before: ProvenEvent | undefined,
): EventFault | undefined {
  if (one.revision !== place) return all.some(({ revision }) => revision === place) ? 'order' : 'missing';
  return before && one.index <= before.index ? 'order' : undefined;
}

function contentFault(sha256: Sha256, { event, hash, revision, recordedAt }: ProvenEvent, stream: string) {
  if (!event) return undefined;
  if (event.stream !== stream) return 'stream';
  const same = event.revision === revision && event.recordedAt === recordedAt && eventHash(sha256, event) === hash;
  return same ? undefined : 'content';
}

function linkFault({ event }: ProvenEvent, before: ProvenEvent | undefined, chainedFrom: number | undefined) {
  if (!event) return undefined;
  const { prevHash } = event.meta;
  if (prevHash === undefined) return chainedFrom === undefined ? undefined : 'unchained';
  return prevHash === (before?.hash ?? null) ? undefined : 'chain';
}

const isInTree = (sha256: Sha256, { index, hash, recordedAt, path }: ProvenEvent, head: CaseFile['head']): boolean =>
  provesInclusion(sha256, { leaf: hashOfLeaf(sha256, { hash, recordedAt }), index, size: head.size, path }, head.root);
