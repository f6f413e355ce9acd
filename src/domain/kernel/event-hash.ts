import { canonical } from './canonical.js';
import type { RecordedEvent } from './event.js';

/** A SHA-256 in lower-case hexadecimal, 64 characters. */
export type Hash = string;
/** Of the bytes; text is taken as UTF-8. */
export type Sha256 = (data: string | Uint8Array) => Hash;

/** What a writer knows of an event when it is appended: all but when and where the log takes it. */
export type HashedEvent = Omit<RecordedEvent, 'position' | 'recordedAt' | 'meta'> & { readonly meta: unknown };

/**
 * The hash of an event as it is stored: neither upcast nor opened. It covers `meta.prevHash`, and so all of the stream
 * before it. The time of recording is not in it: the log gives it after the writer has linked the event, and a copy in
 * another log (`wuji log copy`) has another. The ledger's leaf covers both.
 */
export function eventHash(sha256: Sha256, event: HashedEvent): Hash {
  const { id, stream, revision, type, version, data, effectiveAt, meta } = event;
  // A log holds `null` for data that is not there. (In the order of the canonical form.)
  return sha256(canonical({ data: data ?? null, effectiveAt, id, meta, revision, stream, type, version }));
}
