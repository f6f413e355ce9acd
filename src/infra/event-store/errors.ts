import { WrongExpectedRevision } from '../../domain/kernel/ports.js';

/**
 * Some of the events stand in the stream already and others do not: this is no retry, but two writers with the same ids.
 * EventStoreDB answers it as a wrong expected revision, so that is what a caller may rely on.
 */
export class CorruptedIdempotency extends WrongExpectedRevision {
  override readonly name = 'CorruptedIdempotency';
}

/** The position was not given out by this log. */
export class InvalidPosition extends Error {
  constructor(readonly position: string) {
    super(`not a position of this log: ${JSON.stringify(position)}`);
    this.name = 'InvalidPosition';
  }
}
