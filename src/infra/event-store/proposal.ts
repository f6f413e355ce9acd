import type { ProposedEvent } from '../../domain/kernel/event.js';
import type { ExpectedRevision } from '../../domain/kernel/ports.js';

/** A stream's name is part of a key, and LMDB's keys are short. In bytes of UTF-8. */
const MAX_STREAM_NAME = 512;

/** Throws `RangeError` for what no log takes: an error of the program. */
export function assertProposal(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): void {
  if (!/^[^\p{Cc}\p{Cs}]+$/u.test(stream) || Buffer.byteLength(stream) > MAX_STREAM_NAME)
    throw new RangeError(`not a name of a stream: ${JSON.stringify(stream.slice(0, 80))}`);
  if (events.length === 0) throw new RangeError(`stream ${stream}: an append needs at least one event`);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0))
    throw new RangeError(`stream ${stream}: ${expected} is not a revision`);
}
