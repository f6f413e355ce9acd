import type { z } from 'zod';
import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Audience, Position, RecordedEvent } from '../../domain/kernel/event.js';
import { holdsPersonal } from '../../domain/kernel/personal.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { narrowest, redact } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';
import type { Finds } from '../../projections/kernel/findable.js';
import { findsAnyWith, findsWith, withoutUnfindable } from '../../projections/kernel/findable.js';
import type { ReadView } from '../../projections/kernel/ports.js';
import { tracesIn, withoutHidden } from '../../projections/redaction/cut.js';
import type { Redactions } from '../../projections/redaction/redactions.js';
import type { Personal } from '../personal.js';
import type { ExportedEvent } from './export-form.js';

/** So many events are in memory at a time. */
const batchSize = 500;

/** The log as it was recorded, also what may not be shown. `until`: the last one is no later; `undefined`: nothing. */
export async function* asRecorded(
  store: Pick<EventStore, 'readAll'>,
  until: Position | undefined,
): AsyncIterable<RecordedEvent> {
  if (until === undefined) return;
  for await (const event of store.readAll()) {
    if (event.position > until) return;
    yield event;
  }
}

type Shown = {
  readonly registry: Registry;
  readonly redactions: Redactions;
  readonly personal: Pick<Personal, 'withoutClosed'>;
};

/**
 * The log as it was recorded, neither upcast nor cut, but for what a redaction hides (who keeps the log is to no case what
 * would entitle to more than the public is shown), and for personal data that was recorded in clear and is erased since.
 */
export async function* withoutRedacted(
  shown: Shown,
  recorded: AsyncIterable<RecordedEvent>,
): AsyncIterable<ExportedEvent> {
  const { registry, redactions } = shown;
  for await (const each of recorded) {
    const schema = registry.events.get(each.type)?.schema;
    const redacted = redactions.hiddenFrom(refOfStream(each.stream).id, 'public') !== undefined;
    if (!schema || !(redacted || holdsPersonal(schema))) {
      yield each;
      continue;
    }
    const event = decode(registry, each);
    const open = withoutClosed(shown, event, schema);
    if (redacted) yield hidden(open, schema, redactions, 'public');
    else yield open === event ? each : open;
  }
}

function withoutClosed({ personal }: Shown, event: RecordedEvent, schema: z.ZodType): RecordedEvent {
  const data = personal.withoutClosed(schema, event.data, refOfStream(event.stream).id);
  return data === event.data ? event : { ...event, data };
}

/** All of it but what is hidden, with the traces of what hides. */
function hidden(event: ExportedEvent, schema: z.ZodType, redactions: Redactions, shown: ViewerClass): ExportedEvent {
  const caseId = refOfStream(event.stream).id;
  const data = withoutHidden(redactions, schema, event.data, { caseId, shown });
  const traces = tracesIn(redactions, schema, event.data, { caseId, shown });
  return traces.length > 0 ? { ...event, data, redactions: traces } : { ...event, data };
}

/**
 * The part of the log that holders of `tags` may see: of each event what they could see then, and no more than they may
 * see of its case now. Whom else it was addressed to is left out.
 */
export async function* asSeenBy(
  tags: readonly string[],
  deps: { readonly reads: Pick<ReadView, 'rows'> } & Shown,
  recorded: AsyncIterable<RecordedEvent>,
): AsyncIterable<ExportedEvent> {
  const { registry, reads, redactions } = deps;
  let batch: RecordedEvent[] = [];
  for await (const event of recorded) {
    batch.push(event);
    if (batch.length < batchSize) continue;
    yield* await seen(batch);
    batch = [];
  }
  yield* await seen(batch);

  async function seen(events: readonly RecordedEvent[]): Promise<readonly ExportedEvent[]> {
    const now = await audiencesOf(events);
    const finds = findsWith(reads, tags);
    const shown = events.map(async (each): Promise<readonly ExportedEvent[]> => {
      const present = classIn(now.get(each.stream) ?? {}, tags);
      const then = classIn(each.meta.audience, tags);
      const event = decode(registry, each);
      const schema = registry.events.get(event.type)?.schema;
      if (!present || !then || !schema) return [];
      const { audience: _, commandId: __, ...meta } = event.meta;
      const viewer = narrowest(then, present);
      const data = redact(schema, withoutClosed(deps, event, schema).data, viewer);
      return [await without(finds, schema, hidden({ ...event, meta, data }, schema, redactions, viewer))];
    });
    return (await Promise.all(shown)).flat();
  }

  /** Without the ids of cases that they cannot find: then a chain begins with the case itself. */
  async function without(finds: Finds, schema: z.ZodType, event: ExportedEvent): Promise<ExportedEvent> {
    const { id } = refOfStream(event.stream);
    const chain = event.meta.$correlationId;
    const own = chain === undefined || chain === id || (await findsAnyWith(registry, finds)(chain));
    const traces = event.redactions?.map(async (trace) =>
      (await finds({ category: 'redaction', id: String(trace.id) })) ? trace : { ...trace, id: null },
    );
    return {
      ...event,
      data: await withoutUnfindable(registry, schema, event.data, finds),
      ...(!own && { meta: { ...event.meta, $correlationId: id } }),
      ...(traces && { redactions: await Promise.all(traces) }),
    };
  }

  /** Who may see the cases now, by stream. */
  async function audiencesOf(events: readonly RecordedEvent[]): Promise<ReadonlyMap<string, Audience>> {
    const byCategory = new Map<string, Set<string>>();
    for (const { stream } of events) {
      const { category, id } = refOfStream(stream);
      byCategory.set(category, (byCategory.get(category) ?? new Set()).add(id));
    }
    const found = new Map<string, Audience>();
    for (const [category, ids] of byCategory)
      for (const row of (await reads.rows(category, [...ids])) as readonly (CaseRow | undefined)[])
        if (row) found.set(`${category}-${row.id}`, row.audience);
    return found;
  }
}
