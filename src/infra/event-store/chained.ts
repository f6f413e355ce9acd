import type { ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import type { Sha256 } from '../../domain/kernel/event-hash.js';
import { eventHash } from '../../domain/kernel/event-hash.js';
import type { EventStore, ExpectedRevision } from '../../domain/kernel/ports.js';
import { firstOf } from './same-event.js';

/**
 * The log, with each event linked to the one before it in its stream: `meta.prevHash`. It stands next to the store, below
 * whatever seals data, for what is hashed is what is stored.
 *
 * The event before is read from the log at each append and never remembered from an earlier one: an append that the store
 * has recognised as a repetition may have proposed other content than what stands there. The revision that the writer
 * expects holds the chain together: of two who link to the same event one is refused. Who appends without a revision
 * (`any`, `stream_exists`) has no such promise; nobody in Wuji does.
 */
export function chained(store: EventStore, sha256: Sha256): EventStore {
  async function linked(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision) {
    const before = expected === 'no_stream' ? undefined : await eventBefore(store, stream, expected);
    // It is not where the writer thinks: the store will say so.
    if (typeof expected === 'number' && !before) return events;
    let prevHash = before ? eventHash(sha256, before) : null;
    let revision = before ? before.revision : -1;
    return events.map((event): ProposedEvent => {
      const link: ProposedEvent = { ...event, meta: { ...event.meta, prevHash } };
      revision++;
      prevHash = events.length === 1 ? prevHash : eventHash(sha256, { ...link, stream, revision });
      return link;
    });
  }
  return {
    epoch: store.epoch,
    append: async (stream, events, expected) => store.append(stream, await linked(stream, events, expected), expected),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    head: () => store.head(),
    close: () => store.close(),
  };
}

const eventBefore = (
  store: EventStore,
  stream: string,
  expected: Exclude<ExpectedRevision, 'no_stream'>,
): Promise<RecordedEvent | undefined> =>
  firstOf(
    typeof expected === 'number'
      ? store.readStream(stream, { from: expected, limit: 1 })
      : store.readStream(stream, { direction: 'backwards', limit: 1 }),
  );
