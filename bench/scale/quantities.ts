import { assumptions as A } from './assumptions.js';
import { fanOutMs, type Hour, perEventMs } from './hours.js';
import type { Figures } from './measure.js';
import type { Of, Quantity } from './quantity.js';
import { assumed, derived, measured, simulated } from './quantity.js';
import { say } from './units.js';

const YEAR_SECONDS = 365 * 86_400;
const half = `${A.utilisation * 100} % of a core`;

const aYear =
  (each: number | undefined, years = 1): Of =>
  ({ eventsAYear }) =>
    each && each * eventsAYear * years;
const rebuild =
  (perSecond: number | undefined): Of =>
  ({ eventsAYear }) =>
    perSecond && eventsAYear / perSecond / 3_600;
/** Of one core. */
const busy =
  (ms: number | undefined): Of =>
  ({ peakPerSecond }) =>
    ms && (peakPerSecond * ms) / 1_000;
const fullestHour: Of = ({ eventsAYear }) =>
  (eventsAYear * A.year.shareOnSessionDays * A.shareOfFullestHour) / A.year.sessionDays / 3_600;

/** Everything that the run has found, for one city, a region of 12 and the nation of 333, in the order of the table. */
export const quantitiesOf = (figures: Figures, hours: readonly Hour[]): readonly Quantity[] => [
  ...load(figures),
  ...log(figures),
  ...reads(figures),
  ...live(figures),
  ...commands(figures),
  ...hours.flatMap(peakHour),
];

function load({ eventsPerCase }: Figures): Quantity[] {
  return [
    assumed('events a year', 'count', (s) => s.eventsAYear, 'the design’s targets'),
    derived('events/s, mean', 'rate', (s) => s.eventsAYear / YEAR_SECONDS, 'events a year'),
    derived('events/s, fullest hour', 'rate', fullestHour, 'session days and daily shape, assumed'),
    assumed(
      'events/s, peak',
      'rate',
      (s) => s.peakPerSecond,
      'the design’s targets',
      `${say('rate', A.appendsOfOneCluster)} a log`,
    ),
    measured('events per case', 'count', eventsPerCase, 'the mix of cases, assumed'),
    derived('cases a year', 'count', (s) => s.eventsAYear / eventsPerCase, 'all events as in these cases, assumed'),
  ];
}

function log({ log: found }: Figures): Quantity[] {
  // The register's events are smaller: the blocks on disk are shared out by the length of the JSON.
  const meanJson =
    (found.json * found.caseEvents + found.registerJson * (found.events - found.caseEvents)) / found.events;
  const stored = found.eventStoreDB + A.recordOverhead + A.indexEntry;
  const overhead = `data and metadata measured, + ${A.recordOverhead} B assumed, + ${A.indexEntry} B index documented`;
  return [
    measured('payload of a recorded example', 'bytes', found.recordedPayload, 'test/recorded/events, short texts'),
    measured('payload of an event', 'bytes', found.payload, 'texts of assumed length'),
    measured('audience of an event', 'bytes', found.audience, 'meta.audience'),
    measured('stored JSON of an event', 'bytes', found.json, 'embedded log, encodeEvent'),
    derived(
      'embedded log a year',
      'bytes',
      aYear((found.disk * found.json) / meanJson),
      'blocks of its files measured',
    ),
    derived('EventStoreDB a year, each node', 'bytes', aYear(stored), overhead),
    derived('EventStoreDB in ten years, 3 nodes', 'bytes', aYear(stored * A.replicas, 10), 'nothing is scavenged'),
    measured('log read and decoded', 'rate', found.readsPerSecond, 'embedded log, a second of CPU'),
  ];
}

function reads({ embedded, redis, throughput }: Figures): Quantity[] {
  const memory = say('bytes', A.redisBytes);
  const commits = 'cost of commits measured, 50 events each';
  const server = redis && redis.bytesPerEvent / A.redisBytes;
  return [
    measured('rows per event', 'ratio', embedded.rows, 'real projector, all tables'),
    measured('index entries per event', 'ratio', embedded.entries, 'real projector, all tables'),
    measured('counters per event', 'ratio', embedded.counters, 'real projector, all tables'),
    measured('embedded read store per case', 'bytes', embedded.bytesPerCase, 'LMDB blocks'),
    derived('embedded read store a year', 'bytes', aYear(embedded.bytesPerEvent), 'per event'),
    measured('Redis per case', 'bytes', redis?.bytesPerCase, 'used_memory'),
    derived('Redis per 100,000 cases', 'bytes', redis && redis.bytesPerCase * 100_000, 'per case', memory),
    measured('share of Redis that indexes events by receiver', 'share', redis?.feedShare, 'MEMORY USAGE, table feed'),
    derived('Redis after a year', 'bytes', aYear(redis?.bytesPerEvent), 'per event', memory),
    derived('Redis after ten years', 'bytes', aYear(redis?.bytesPerEvent, 10), 'nothing is moved out', memory),
    derived('Redis servers after a year', 'ratio', aYear(server), 'without replicas', '1 is what today’s code uses'),
    measured('rebuild, embedded', 'rate', embedded.rebuildPerSecond, 'CPU of projector and server, large commits'),
    measured('rebuild, Redis', 'rate', redis?.rebuildPerSecond, 'CPU of projector and server, large commits'),
    derived('rebuild of a year, embedded', 'hours', rebuild(embedded.rebuildPerSecond), 'one projector'),
    derived('rebuild of a year, Redis', 'hours', rebuild(redis?.rebuildPerSecond), 'one projector'),
    derived('projector at peak, embedded', 'share', busy(perEventMs(embedded.cost)), commits, half),
    derived('projector at peak, Redis', 'share', busy(perEventMs(redis?.cost)), commits, half),
    derived(
      'Redis server at peak',
      'share',
      busy(perEventMs(redis?.serverCost)),
      'its time in the commit script',
      half,
    ),
    ...throughput.flatMap(({ partitions, ...rates }) => {
      const name = `${partitions} ${partitions === 1 ? 'projector' : 'projectors'} in one process`;
      return [
        measured(`${name}, embedded`, 'rate', rates.embedded, 'a second of CPU, commits of up to 200'),
        measured(`${name}, Redis`, 'rate', rates.redis, 'a second of CPU, the server’s not counted'),
      ];
    }),
  ];
}

function live(figures: Figures): Quantity[] {
  const { fanOut, redis } = figures;
  const { receiversPerEvent, subscribers } = fanOut;
  const bus = redis?.busBytesPerEvent;
  const hub = `hub measured, ${A.socketWriteMs * 1_000} µs a socket write assumed`;
  return [
    measured('receivers of an event', 'ratio', receiversPerEvent, `real hub, ${subscribers} subscribed in one city`),
    measured('receivers of an event, p99', 'count', fanOut.receiversP99, 'the same'),
    measured('live message', 'bytes', fanOut.bytesPerMessage, 'dutyFeed with ten fields'),
    derived('live messages at peak', 'rate', (s) => receiversPerEvent * s.peakPerSecond, 'receivers × peak'),
    derived('fan-out at peak', 'share', busy(fanOutMs(figures)), hub, half),
    measured('live bus per event', 'bytes', bus, 'real bus, commits of ten'),
    derived(
      'live bus at peak, to each node',
      'byterate',
      (s) => bus && bus * s.peakPerSecond,
      'bus × peak',
      '125 MB/s',
    ),
  ];
}

function commands({ append, policiesPerSecond, log: { eventsPerCommand, policyShare } }: Figures): Quantity[] {
  const policies: Of = ({ peakPerSecond }) => (peakPerSecond * policyShare) / policiesPerSecond;
  return [
    measured('events per command', 'ratio', eventsPerCommand, 'the mix of cases'),
    measured('one durable command after the other', 'ms', append.oneByOneMs, 'embedded log, nothing else at work'),
    measured('durable commands, 64 at a time', 'rate', append.togetherPerSecond, 'one process, embedded log'),
    measured('share of events that policies record', 'share', policyShare, 'numbers, warnings, overdue, links'),
    measured('events of policies', 'rate', policiesPerSecond, 'a second of CPU: policies, projector, log in a process'),
    derived('policies at peak', 'share', policies, 'their share of the peak', half),
  ];
}

function peakHour({ partitions, lags }: Hour): Quantity[] {
  const name = `peak hour, ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`;
  const source = 'a core each for projector and hub, 16 share a Redis';
  return [
    simulated(`${name}: read models behind, p50`, 'ms', (s) => lags.get(s)?.commitP50, source),
    simulated(`${name}: read models behind, p99`, 'ms', (s) => lags.get(s)?.commitP99, source),
    simulated(`${name}: last receiver, p50`, 'ms', (s) => lags.get(s)?.toldP50, source),
    simulated(`${name}: last receiver, p99`, 'ms', (s) => lags.get(s)?.toldP99, source),
    simulated(`${name}: busiest projector`, 'share', (s) => lags.get(s)?.projectorBusy, source, half),
    simulated(`${name}: busiest Redis`, 'share', (s) => lags.get(s)?.redisBusy, source, half),
    simulated(`${name}: busiest hub`, 'share', (s) => lags.get(s)?.fanOutBusy, source, half),
  ];
}
