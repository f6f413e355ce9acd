import type { Position } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';

export type Moments = {
  /** The last event of the past up to `time` (ISO 8601 in UTC), as recorded; `undefined`: nothing was recorded yet. */
  upTo(time: string): Promise<Position | undefined>;
};

/**
 * Where the log stood at a time. The first event recorded later ends the past, so that it is always a beginning of the
 * log, also when the clock was put back. Positions cannot be halved like numbers: the log is read once, and what was
 * learned on the way is kept as one mark for each `every` events.
 */
export function createMoments(events: Pick<EventStore, 'readAll'>, every = 5_000): Moments {
  /** `latest`: the latest time at which an event up to the position was recorded. */
  const marks: { readonly position: Position; readonly latest: string }[] = [];

  return {
    async upTo(time) {
      const from = marks.findLast(({ latest }) => latest <= time);
      let { position, latest } = from ?? { position: undefined, latest: '' };
      let read = 0;
      for await (const event of events.readAll(position === undefined ? {} : { after: position })) {
        if (event.recordedAt > time) break;
        position = event.position;
        if (event.recordedAt > latest) latest = event.recordedAt;
        if (++read % every === 0 && position > (marks.at(-1)?.position ?? '')) marks.push({ position, latest });
      }
      return position;
    },
  };
}
