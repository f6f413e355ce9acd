import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/*
 * What is counted while the work is done. Labels are states, names of actions, policies and refusals: sets that the
 * program itself bounds. Nothing of a case or a person, and no id, ever becomes a label.
 */

const fast = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const patient = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];

export type AppendOutcome = 'written' | 'conflict' | 'unavailable' | 'failed';
export type BatchOutcome = 'committed' | 'conflict' | 'failed';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  // By their usual names, which ready-made dashboards know: nodejs_eventloop_lag_p99_seconds, process_resident_memory_bytes …
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `wuji_${name}_total`, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram({ name: `wuji_${name}_seconds`, help, buckets, labelNames, registers });

  return {
    registry,
    appendDuration: histogram('log_append_duration', 'From an append to its durable acknowledgement', fast),
    appends: counter(
      'log_appends',
      'Appends to the log by outcome; conflict: another writer was faster, nothing was written',
      ['outcome'],
    ),
    eventsAppended: counter('log_events_appended', 'Events that this process has written to the log'),
    commandDuration: histogram('command_duration', 'From a command to its outcome or refusal', fast),
    commands: counter(
      'commands',
      'Commands by action and outcome: done, nothing (to do), repeated, failed, or the code of the refusal',
      ['action', 'outcome'],
    ),
    batchDuration: histogram('projector_batch_duration', 'Folding one batch of events and committing it', fast, [
      'outcome',
    ]),
    eventsFolded: counter('projector_events_folded', 'Events that this process has folded into the read models'),
    deliveryLatency: histogram(
      'delivery_latency',
      'From the moment an event is recorded until it is handed to the sockets of all who listen',
      patient,
    ),
    eventsDelivered: counter('events_delivered', 'Messages handed live to subscriptions: events times receivers'),
    operations: counter('graphql_operations', 'GraphQL operations by kind, and ok or the code of the first error', [
      'operation',
      'code',
    ]),
    operationDuration: histogram('graphql_operation_duration', 'GraphQL operations over HTTP, by kind', fast, [
      'operation',
    ]),
  };
}
