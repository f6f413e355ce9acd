import { context, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandle } from '../../../src/domain/kernel/handle.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { viewerOf } from '../../../src/graphql/context.js';
import { nameId } from '../../../src/infra/ids.js';
import { createWatch } from '../../../src/infra/telemetry/watch.js';
import { client, mandateTag, settle, world } from '../../graphql/live/rig.js';
import { registry } from '../../projections/kernel/errand.js';
import { caughtUp, newReadStore, project } from '../../projections/kernel/rig.js';
import { arrayStore } from '../../support/array-store.js';
import { deputy, idOf } from '../../support/spec.js';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeAll(() => provider.register());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
});
beforeEach(() => exporter.reset());

const clock = { now: () => new Date('2026-03-02T02:00:00.000Z') };
const actor = deputy('anna', '150802');
const planted = '张三丰的电话';
const input = { owner: planted, dueOn: '2026-04-01' };

/** One node: its own memory of spans over a log that may be shared. */
function node(under = arrayStore()) {
  const watch = createWatch(registry, clock);
  const store = watch.store(under);
  const loader = createLoader(store, registry);
  const deps = { store, registry, loader, clock, nameId, part: watch.part, rules: {} as never };
  return { watch, store, log: under, handle: watch.handle(createHandle(deps)) };
}
const spansOf = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
function only(name: string): ReadableSpan {
  const [span, ...more] = spansOf(name);
  if (!span || more.length > 0) throw new Error(`${more.length + Number(!!span)} spans ${name}`);
  return span;
}

describe('traces from a command to the delivery of its events (issue 3, part 6)', () => {
  it('a command is a span with its action and outcome; load, decide and append are its children', async () => {
    const { handle, log } = node();
    await handle({ action: 'openErrand', commandId: '1', input, actor });
    const command = only('command openErrand');
    expect(command.attributes).toEqual({
      'wuji.action': 'openErrand',
      'wuji.outcome': 'done',
      'wuji.events': 1,
      'wuji.command_id': log.log[0]?.meta.commandId,
    });
    for (const part of ['load', 'decide', 'append'])
      expect(only(part).parentSpanContext?.spanId, part).toBe(command.spanContext().spanId);
  });

  it('a refusal is an outcome and no error; a fault is an error, told by its class alone', async () => {
    const { handle, store } = node();
    const refusal = await handle({ action: 'closeErrand', commandId: '1', id: idOf('none'), input: {}, actor });
    expect(isRefusal(refusal)).toBe(true);
    expect(only('command closeErrand')).toMatchObject({
      attributes: { 'wuji.outcome': 'NOT_FOUND' },
      status: { code: 0 },
    });
    const broken = async (): Promise<never> => {
      throw new TypeError(planted);
    };
    const other = node({ ...arrayStore(), ...store, append: broken, log: [], reads: () => 0 });
    await expect(other.handle({ action: 'openErrand', commandId: '2', input, actor })).rejects.toThrow(planted);
    expect(only('command openErrand')).toMatchObject({
      attributes: { 'wuji.action': 'openErrand', 'error.type': 'TypeError' },
      status: { code: 2 },
      events: [],
    });
  });

  it('a batch of the projector has a link to each command whose events it folds', async () => {
    const { handle, store, watch } = node();
    for (const commandId of ['1', '2']) await handle({ action: 'openErrand', commandId, input, actor });
    await caughtUp(project(store, newReadStore(), { watch: watch.batch }));
    const batch = await vi.waitFor(() => only('project')); // it ends after those who waited have gone on
    expect(batch.attributes).toEqual({ 'wuji.events': 2, 'wuji.outcome': 'committed' });
    expect(batch.links.map((link) => link.context.spanId)).toEqual(
      spansOf('command openErrand').map((span) => span.spanContext().spanId),
    );
  });

  it('a delivery belongs to the trace of its command and tells the number of receivers', async () => {
    const { handle, log, watch } = node();
    await handle({ action: 'openErrand', commandId: '1', input, actor });
    const [event] = log.log;
    if (!event) throw new Error('nothing was written');
    const here = world(10, watch.api.delivery);
    const readers = [client(here, viewerOf(actor)), client(here, viewerOf(actor))];
    for (const reader of readers) reader.connect();
    await settle();
    const audience = { [mandateTag('anna')]: 'participant' } as const;
    const delivered = { ...event, position: '000001', meta: { ...event.meta, audience } };
    here.hub.publish({ from: '000000', events: [{ event: delivered, case: undefined }] });
    await settle();
    const delivery = only('deliver');
    expect(delivery.attributes).toEqual({
      'wuji.event_type': 'ErrandOpened',
      'wuji.command_id': event.meta.commandId,
      'wuji.receivers': 2,
    });
    const command = only('command openErrand').spanContext();
    expect(delivery.spanContext().traceId).toBe(command.traceId);
    expect(delivery.parentSpanContext?.spanId).toBe(command.spanId);
  });

  it('a policy’s command has a link to the command whose event made it act', async () => {
    const { handle, log } = node();
    const opened = await handle({ action: 'openErrand', commandId: '1', input, actor });
    const [event] = log.log;
    if (!event || isRefusal(opened)) throw new Error('nothing was written');
    const policy = { kind: 'system', policy: 'tidy' } as const;
    const command = { action: 'closeErrand', commandId: '2', id: opened.id, input: {} };
    await handle({ ...command, causationId: event.id, actor: policy });
    const cause = only('command openErrand').spanContext().spanId;
    expect(only('command closeErrand').links.map((link) => link.context.spanId)).toEqual([cause]);
  });

  it('on another node, which knows nothing of the span, they belong together by the command’s id', async () => {
    const here = node();
    await here.handle({ action: 'openErrand', commandId: '1', input, actor });
    const there = node(here.log);
    await caughtUp(project(there.store, newReadStore(), { watch: there.watch.batch }));
    expect((await vi.waitFor(() => only('project'))).links).toEqual([]);
    const [event] = here.log.log;
    if (!event) throw new Error('nothing was written');
    there.watch.api.delivery(event)(1);
    expect(only('deliver').parentSpanContext).toBeUndefined();
    expect(only('deliver').attributes['wuji.command_id']).toBe(
      only('command openErrand').attributes['wuji.command_id'],
    );
  });

  it('nothing that people wrote is in a span, and no trace id in the log', async () => {
    const { handle, log, store, watch } = node();
    await handle({ action: 'openErrand', commandId: '1', input, actor });
    await handle({ action: 'openErrand', commandId: '2', input: { owner: planted, dueOn: 7 }, actor });
    await caughtUp(project(store, newReadStore(), { watch: watch.batch }));
    const spans = exporter.getFinishedSpans();
    const shown = spans.map(({ name, attributes, events, links, status }) => ({
      name,
      attributes,
      events,
      links,
      status,
    }));
    expect(shown.length).toBeGreaterThan(4);
    expect(JSON.stringify(shown)).not.toContain(planted);
    const recorded = JSON.stringify(log.log);
    for (const span of spans) expect(recorded).not.toContain(span.spanContext().traceId);
  });
});
