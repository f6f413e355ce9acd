import { canonical } from '../kernel/canonical.js';
import type { RecordedEvent } from '../kernel/event.js';
import type { Hash, Sha256 } from '../kernel/event-hash.js';
import { eventHash } from '../kernel/event-hash.js';
import { leafHash } from './merkle.js';

/** What one event puts into the ledger. It proves an event without showing it. */
export type Leaf = { readonly hash: Hash; readonly recordedAt: string };

/** The entry of the tree is `{"hash":"…","recordedAt":"…"}`. */
export const hashOfLeaf = (sha256: Sha256, { hash, recordedAt }: Leaf): Hash =>
  leafHash(sha256, canonical({ hash, recordedAt }));

export const leafOf = (sha256: Sha256, event: RecordedEvent): Leaf => ({
  hash: eventHash(sha256, event),
  recordedAt: event.recordedAt,
});
