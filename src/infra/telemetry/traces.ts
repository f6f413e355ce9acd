import {
  type Attributes,
  context,
  createContextKey,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { ProposedEvent, RecordedEvent } from '../../domain/kernel/event.js';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import type { Command, Outcome } from '../../domain/kernel/handle.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';

/*
 * Traces from a command to the delivery of its events, by the OpenTelemetry API alone: without an SDK in the process
 * every span is the API's own that does nothing. Names, codes, counts and command ids only; what an error says may
 * quote an input, so its class is all that is kept of it.
 */

/** Events whose commands' spans are remembered: by far more than are under way at a time. */
const REMEMBERED = 10_000;
/** Links of one batch; SDKs keep no more. */
const LINKS = 128;

const commandKey = createContextKey('wuji command');

export type Traces = ReturnType<typeof createTraces>;

export function createTraces() {
  const tracer = trace.getTracer('wuji');
  /**
   * By event id. It is not written to the log, which must not depend on who watches: after a restart, and on other
   * nodes, spans belong together by `wuji.command_id`.
   */
  const origins = new Map<string, SpanContext>();

  function linksTo(events: readonly RecordedEvent[]): Link[] {
    if (origins.size === 0) return [];
    const links = new Map<string, Link>();
    for (const { id, meta } of events) {
      const origin = origins.get(id);
      if (origin) links.set(origin.spanId, { context: origin, attributes: { 'wuji.command_id': meta.commandId } });
      if (links.size === LINKS) break;
    }
    return [...links.values()];
  }

  /** The span is active while the work runs, and ends with it. */
  function spanning<T>(span: Span, work: () => Promise<T>, told?: (result: T) => Attributes): Promise<T> {
    // Without an SDK there is nothing to do. One that only does not record is passed on: it decides for its children too.
    return isSpanContextValid(span.spanContext()) ? spanned(span, work, told) : work();
  }

  async function spanned<T>(
    span: Span,
    work: () => Promise<T>,
    told: ((result: T) => Attributes) | undefined,
  ): Promise<T> {
    const within = trace.setSpan(context.active(), span);
    try {
      const result = await context.with(within, work);
      if (told && span.isRecording()) span.setAttributes(told(result));
      return result;
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    /** A command with all its parts. A policy's has a link to the command whose event made it act. */
    command<R extends Outcome | Refusal>(command: Command, work: () => Promise<R>): Promise<R> {
      const cause = command.causationId === undefined ? undefined : origins.get(command.causationId);
      const attributes = { 'wuji.action': command.action };
      const links = cause ? [{ context: cause }] : [];
      const span = tracer.startSpan(`command ${command.action}`, { kind: SpanKind.INTERNAL, attributes, links });
      const inCommand = context.active().setValue(commandKey, span);
      return context.with(inCommand, () => spanning(span, work, outcomeAttributes));
    },
    part<T>(name: string, work: () => Promise<T>): Promise<T> {
      return spanning(tracer.startSpan(name), work);
    },
    /** Before an append: readers may be faster than its acknowledgement. */
    appending(events: readonly ProposedEvent[]): void {
      const span = context.active().getValue(commandKey);
      if (!isSpan(span) || !span.isRecording()) return;
      for (const { id } of events) origins.set(id, span.spanContext());
      forgetOldest(origins, REMEMBERED);
    },
    batch(events: readonly RecordedEvent[], fold: () => Promise<boolean>): Promise<boolean> {
      const attributes = { 'wuji.events': events.length };
      const span = tracer.startSpan('project', {
        kind: SpanKind.CONSUMER,
        attributes,
        links: linksTo(events),
        root: true,
      });
      return spanning(span, fold, (committed) => ({ 'wuji.outcome': committed ? 'committed' : 'conflict' }));
    },
    /** A child of the command's span, so that one trace shows the way from the mutation to the sockets. */
    delivery({ id, type, meta }: RecordedEvent): (receivers: number) => void {
      const origin = origins.get(id);
      const parent = origin ? trace.setSpanContext(ROOT_CONTEXT, origin) : ROOT_CONTEXT;
      const attributes = { 'wuji.event_type': type, 'wuji.command_id': meta.commandId };
      const span = tracer.startSpan('deliver', { kind: SpanKind.PRODUCER, attributes }, parent);
      return (receivers) => {
        span.setAttribute('wuji.receivers', receivers);
        span.end();
      };
    },
  };
}

function outcomeAttributes(result: Outcome | Refusal): Attributes {
  if (isRefusal(result)) return { 'wuji.outcome': result.refused };
  const commandId = result.events[0]?.meta.commandId;
  return {
    'wuji.outcome': outcomeOf(result),
    'wuji.events': result.events.length,
    ...(commandId !== undefined && { 'wuji.command_id': commandId }),
  };
}

export const outcomeOf = ({ repeated, events }: Outcome): 'repeated' | 'nothing' | 'done' =>
  repeated ? 'repeated' : events.length === 0 ? 'nothing' : 'done';

function failed(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const isSpan = (value: unknown): value is Span => typeof value === 'object' && value !== null && 'spanContext' in value;
