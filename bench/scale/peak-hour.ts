import { assumptions } from './assumptions.js';
import type { CommitCost } from './measure-reads.js';
import { histogram, randomOf } from './random.js';

export type PeakHour = {
  readonly partitions: number;
  readonly cities: number;
  readonly seconds: number;
  /** Events a second at the crest of the hour. */
  readonly peakPerSecond: number;
  readonly eventsPerCommand: number;
  /** Milliseconds: the projector's own process, and the part of it that a Redis shared by `sharing` partitions works. */
  readonly projector: CommitCost;
  readonly server: CommitCost;
  readonly sharing: number;
  /** Milliseconds of one core for an event and all its receivers. */
  readonly fanOutMs: number;
  readonly largestCommit: number;
};

/** Milliseconds from the append to the commit of the read models, and to the last receiver's socket. */
export type Lag = {
  readonly partitions: number;
  readonly events: number;
  readonly commitP50: number;
  readonly commitP99: number;
  readonly toldP50: number;
  readonly toldP99: number;
  /** Of the busiest partition's projector, of the busiest Redis, and of the busiest fan-out: shares of one core. */
  readonly projectorBusy: number;
  readonly redisBusy: number;
  readonly fanOutBusy: number;
};

type Partition = {
  readonly rate: number;
  readonly redis: number;
  arrivals: number[];
  next: number;
  free: number;
  told: number;
  worked: number;
  fanned: number;
};

/**
 * One hour by events. Each partition has a projector that takes all that waits (up to a largest commit), a Redis that it
 * may share, and one node's hub that serves all its receivers; each of the three does one thing at a time. The rate rises
 * from half the peak to the peak and falls again. Commands come by chance, each with a few events.
 */
export function simulatePeakHour(hour: PeakHour): Lag {
  const random = randomOf(1508);
  const { sigmaOfService } = assumptions;
  const weights = weightsOf(hour.cities, hour.partitions);
  const partitions = weights.map(
    (weight, i): Partition => ({
      rate: (hour.peakPerSecond * weight) / hour.eventsPerCommand / 1_000,
      ...{ redis: Math.floor(i / hour.sharing), arrivals: [], next: 0, free: 0, told: 0, worked: 0, fanned: 0 },
    }),
  );
  const redisFree = new Float64Array(Math.ceil(hour.partitions / hour.sharing));
  const redisWorked = new Float64Array(redisFree.length);
  const end = hour.seconds * 1_000;
  const [committed, told] = [histogram(), histogram()];

  /** Thinning: as many as at the crest are drawn, and kept by the rate of the moment. */
  const draw = (partition: Partition) => {
    do partition.next += random.exponential(partition.rate);
    while (partition.next < end && random.uniform() > 0.5 + 0.5 * Math.sin((Math.PI * partition.next) / end));
  };
  const fill = (partition: Partition, until: number) => {
    while (partition.next <= until && partition.next < end) {
      const count = random.geometric(hour.eventsPerCommand);
      for (let i = 0; i < count; i++) partition.arrivals.push(partition.next);
      draw(partition);
    }
  };
  const startOf = ({ arrivals, next, free }: Partition) =>
    Math.max(free, arrivals[0] ?? (next < end ? next : Number.POSITIVE_INFINITY));

  for (const partition of partitions) draw(partition);
  const queue = heapOf(partitions, startOf);
  for (;;) {
    const partition = queue.first();
    const start = startOf(partition);
    if (start === Number.POSITIVE_INFINITY) break;
    fill(partition, start);
    const batch = partition.arrivals.splice(0, hour.largestCommit);
    const noise = random.lognormal(sigmaOfService);
    const own = (hour.projector.perCommit + hour.projector.perEvent * batch.length) * noise;
    const inRedis = (hour.server.perCommit + hour.server.perEvent * batch.length) * noise;
    const begins = Math.max(start + own, redisFree[partition.redis] ?? 0);
    const done = begins + inRedis;
    redisFree[partition.redis] = done;
    redisWorked[partition.redis] = (redisWorked[partition.redis] ?? 0) + inRedis;
    partition.worked += own + inRedis;
    partition.free = done;
    let at = Math.max(partition.told, done);
    for (const arrival of batch) {
      const work = hour.fanOutMs * random.lognormal(sigmaOfService);
      at += work;
      partition.fanned += work;
      committed.add(done - arrival);
      told.add(at - arrival);
    }
    partition.told = at;
    queue.sink();
  }
  const busiest = (worked: Iterable<number>) => Math.max(...worked) / end;
  return {
    partitions: hour.partitions,
    events: committed.total,
    ...{ commitP50: committed.quantile(0.5), commitP99: committed.quantile(0.99) },
    ...{ toldP50: told.quantile(0.5), toldP99: told.quantile(0.99) },
    projectorBusy: busiest(partitions.map(({ worked }) => worked)),
    redisBusy: busiest(redisWorked),
    fanOutBusy: busiest(partitions.map(({ fanned }) => fanned)),
  };
}

/** Cities of different weight, the heaviest first, each put where the least is. The weights sum to 1. */
function weightsOf(cities: number, partitions: number): number[] {
  const random = randomOf(333);
  const drawn = Array.from({ length: cities }, () => random.lognormal(assumptions.sigmaOfCities)).sort((a, b) => b - a);
  const sum = drawn.reduce((total, each) => total + each, 0);
  const weights = Array.from({ length: partitions }, () => 0);
  for (const each of drawn) {
    const least = weights.indexOf(Math.min(...weights));
    weights[least] = (weights[least] ?? 0) + each / sum;
  }
  return weights;
}

/** The least first; `sink` after the first has changed. Keys only grow. */
function heapOf<T>(items: readonly T[], key: (item: T) => number) {
  const heap = items.map((item) => ({ item, at: key(item) })).sort((a, b) => a.at - b.at);
  return {
    first: (): T => (heap[0] as { item: T }).item,
    sink() {
      const moved = heap[0] as { item: T; at: number };
      moved.at = key(moved.item);
      let i = 0;
      for (;;) {
        const left = 2 * i + 1;
        const [a, b] = [heap[left], heap[left + 1]];
        if (!a) break;
        const child = b && b.at < a.at ? left + 1 : left;
        const least = heap[child] as { item: T; at: number };
        if (least.at >= moved.at) break;
        heap[i] = least;
        i = child;
      }
      heap[i] = moved;
    },
  };
}
