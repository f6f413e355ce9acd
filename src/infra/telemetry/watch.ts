import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Handle } from '../../domain/kernel/handle.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import { LogUnavailable, WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { AppendOutcome, BatchOutcome, Metrics } from './metrics.js';
import { createMetrics } from './metrics.js';
import type { Traces } from './traces.js';
import { createTraces, outcomeOf } from './traces.js';

export type Watch = ReturnType<typeof createWatch>;

/** Metrics and traces of the work, for the places where it is done. */
export function createWatch(registry: Registry, clock: Clock) {
  const metrics = createMetrics();
  const traces = createTraces();
  return {
    metrics,
    store: (store: EventStore) => measured(store, metrics, traces),
    handle: (handle: Handle) => watched(handle, registry, metrics, traces),
    part: traces.part,
    /** One batch of the projector: folded and committed. */
    async batch(events: readonly RecordedEvent[], fold: () => Promise<boolean>): Promise<boolean> {
      if (events.length === 0) return fold();
      const begun = performance.now();
      let outcome: BatchOutcome = 'failed';
      try {
        const committed = await traces.batch(events, fold);
        outcome = committed ? 'committed' : 'conflict';
        if (committed) metrics.eventsFolded.inc(events.length);
        return committed;
      } finally {
        metrics.batchDuration.observe({ outcome }, secondsSince(begun));
      }
    },
    api: {
      operation(operation: string, code: string, seconds?: number): void {
        metrics.operations.inc({ operation, code });
        if (seconds !== undefined) metrics.operationDuration.observe({ operation }, seconds);
      },
      /** Events that nobody listens for have no latency. */
      delivery(event: RecordedEvent): (receivers: number) => void {
        const end = traces.delivery(event);
        return (receivers) => {
          end(receivers);
          if (receivers === 0) return;
          metrics.eventsDelivered.inc(receivers);
          const sinceRecorded = clock.now().getTime() - Date.parse(event.recordedAt);
          metrics.deliveryLatency.observe(Math.max(0, sinceRecorded) / 1000); // clocks of two machines may differ
        };
      },
    },
  };
}

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

/** The same store; how its appends end, and how long they take, is counted. */
export function measured(store: EventStore, metrics: Metrics, traces: Traces): EventStore {
  return {
    epoch: store.epoch,
    async append(stream, events, expected) {
      traces.appending(events);
      const begun = performance.now();
      let outcome: AppendOutcome = 'failed';
      try {
        const result = await store.append(stream, events, expected);
        outcome = 'written';
        metrics.eventsAppended.inc(events.length);
        return result;
      } catch (error) {
        if (error instanceof WrongExpectedRevision) outcome = 'conflict';
        else if (error instanceof LogUnavailable) outcome = 'unavailable';
        throw error;
      } finally {
        metrics.appends.inc({ outcome });
        metrics.appendDuration.observe(secondsSince(begun));
      }
    },
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    head: () => store.head(),
    close: () => store.close(),
  };
}

/** The same `handle`; each command is counted by what became of it, and is a span. */
export function watched(handle: Handle, registry: Registry, metrics: Metrics, traces: Traces): Handle {
  const codes = new Set([...Object.keys(registry.refusals), ...Object.keys(kernelRefusals.table)]);
  return async (command) => {
    const begun = performance.now();
    let outcome = 'failed';
    try {
      const result = await traces.command(command, () => handle(command));
      if (!isRefusal(result)) outcome = outcomeOf(result);
      else outcome = codes.has(result.refused) ? result.refused : 'OTHER';
      return result;
    } finally {
      const action = registry.actions.has(command.action) ? command.action : 'unknown';
      metrics.commands.inc({ action, outcome });
      metrics.commandDuration.observe(secondsSince(begun));
    }
  };
}
