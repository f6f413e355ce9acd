import type { ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { Hash, Sha256 } from '../../domain/kernel/event-hash.js';
import { eventHash } from '../../domain/kernel/event-hash.js';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import { type EventStore, type ExpectedRevision, WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { firstOf } from './same-event.js';

/** What the next event of a stream is linked to. */
type Tip = { readonly revision: number; readonly hash: Hash | null };
const START: Tip = { revision: -1, hash: null };
/** Some 300 bytes each. */
const REMEMBERED = 10_000;

/**
 * The log, with each event linked to the one before it in its stream: `meta.prevHash`. It stands next to the store, below
 * whatever seals data, for what is hashed is what is stored.
 *
 * The event before is read from the log, or its hash is remembered from the append that wrote it; but only when the store
 * says that this append wrote it (`isNew`): one that it recognised as a repetition may have proposed other content than what
 * stands there. What is remembered is of one event at one revision, which no append changes, so it cannot become wrong; it
 * only is of no more use when others go on with the stream.
 *
 * The revision that the writer expects holds the chain together: of two who link to the same event one is refused. Who
 * appends without a revision (`any`, `stream_exists`) has no such promise; nobody in Wuji does.
 *
 * `remembers`: of how many streams, those that were appended to last.
 */
export function chained(store: EventStore, sha256: Sha256, remembers = REMEMBERED): EventStore {
  const tips = new Map<string, Tip>();

  const remembered = (stream: string, expected: ExpectedRevision): Tip | undefined => {
    if (expected === 'no_stream') return START;
    const tip = tips.get(stream);
    return tip?.revision === expected ? tip : undefined;
  };

  const append: EventStore['append'] = async (stream, events, expected) => {
    const before = remembered(stream, expected) ?? (await read(stream, expected));
    const { linked, tip } = link(stream, events, before);
    const result = await store.append(stream, linked, expected);
    // Without a revision it may have come to stand elsewhere.
    if (result.isNew && result.revision === tip.revision) {
      tips.delete(stream);
      tips.set(stream, tip);
      forgetOldest(tips, remembers);
    }
    return result;
  };

  /**
   * An event that is not there yet is not left to the store to miss: it may come before the append does, and what is linked
   * to nothing would be written.
   */
  const read = async (stream: string, expected: ExpectedRevision): Promise<Tip> => {
    const last = await firstOf(store.readStream(stream, { direction: 'backwards', limit: 1 }));
    if (typeof expected !== 'number' || last?.revision === expected) return last ? tipOf(last) : START;
    if (!last || last.revision < expected) throw new WrongExpectedRevision(stream, expected, last?.revision ?? null);
    const event = await firstOf(store.readStream(stream, { from: expected, limit: 1 }));
    return event ? tipOf(event) : START;
  };

  const tipOf = (event: Omit<RecordedEvent, 'position' | 'recordedAt'>): Tip => ({
    revision: event.revision,
    hash: eventHash(sha256, event),
  });

  /** Hashed before the store has them, as they are at this moment: that is how the store takes them. */
  const link = (stream: string, events: readonly ProposedEvent[], before: Tip) => {
    let tip = before;
    const linked = events.map(({ id, type, version, data, effectiveAt, meta }): ProposedEvent => {
      const event = { id, type, version, data, effectiveAt, meta: { ...meta, prevHash: tip.hash } };
      const revision = tip.revision + 1;
      tip = tipOf({ id, type, version, data, effectiveAt, meta: event.meta, stream, revision });
      return event;
    });
    return { linked, tip };
  };

  return {
    epoch: store.epoch,
    append,
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    head: () => store.head(),
    close: () => store.close(),
  };
}
