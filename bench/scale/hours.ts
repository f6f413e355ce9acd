import { assumptions, scopes } from './assumptions.js';
import type { Figures } from './measure.js';
import type { CommitCost } from './measure-reads.js';
import type { Lag } from './peak-hour.js';
import { simulatePeakHour } from './peak-hour.js';
import type { ScopeOf } from './quantity.js';

/** How many partitions are simulated; a place of fewer cities has no more partitions than cities. */
export const simulatedPartitions = [1, 4, 16, 333];
/** How many partitions share one Redis server. */
const SHARING = 16;
/** Of the projector, in events. */
const LARGEST_COMMIT = 2_000;

export type Hour = { readonly partitions: number; readonly lags: ReadonlyMap<ScopeOf, Lag> };

export const perEventMs = (cost: CommitCost | undefined, eventsPerCommit = 50): number | undefined =>
  cost && cost.perEvent + cost.perCommit / eventsPerCommit;

/** Milliseconds of one core for an event and all its receivers, the writes to their sockets too. */
export const fanOutMs = ({ fanOut }: Figures): number =>
  fanOut.perEvent + fanOut.receiversPerEvent * (fanOut.perReceiver + assumptions.socketWriteMs);

/** The peak hour of each place, with what was measured. Without Redis the embedded store stands in, one for each partition. */
export function simulateHours(figures: Figures, seconds: number): readonly Hour[] {
  const { redis, embedded, log } = figures;
  const { perCommit, perEvent } = redis?.cost ?? embedded.cost;
  const server = redis?.serverCost ?? { perCommit: 0, perEvent: 0 };
  const roundTrip = redis ? assumptions.roundTripMs : 0;
  const costs = {
    ...{ server, projector: { perCommit: perCommit + roundTrip, perEvent }, fanOutMs: fanOutMs(figures) },
    ...{ sharing: SHARING, largestCommit: LARGEST_COMMIT, eventsPerCommand: log.eventsPerCommand },
  };
  return simulatedPartitions.map((partitions) => {
    const places = scopes.map((scope) => assumptions.scopes[scope]).filter(({ cities }) => partitions <= cities);
    const lags = new Map(
      places.map((place) => {
        const { cities, peakPerSecond } = place;
        return [place as ScopeOf, simulatePeakHour({ ...costs, partitions, seconds, cities, peakPerSecond })];
      }),
    );
    return { partitions, lags };
  });
}
