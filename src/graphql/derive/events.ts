import { ID, Int } from 'type-graphql';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { redact } from '../../domain/kernel/visibility.js';
import { withoutUnfindable } from '../../projections/kernel/findable.js';
import type { Seen } from '../../projections/redaction/cut.js';
import { cut } from '../../projections/redaction/cut.js';
import type { Context } from '../context.js';
import { cursorOf } from '../live/cursor.js';
import type { Services } from '../services.js';
import type { Cases } from './cases.js';
import type { Fields } from './classes.js';
import { instance, interfaceType, objectType } from './classes.js';
import type { Kit } from './kit.js';
import type { Shape } from './output.js';
import { kept } from './output.js';
import { inClear, shownFields } from './personal.js';
import { Instant } from './scalars.js';

/** No field of an event is called so. */
const viewerKey = 'seen as';

/** A type for each type of event, and how an event becomes an instance of it. */
export function deriveEvents(kit: Kit, registry: Registry, cases: Cases, services: () => Services) {
  const { names, Text, textOf } = kit;
  const Politeness = kit.words(
    'Politeness',
    ['off', 'polite', 'assertive'],
    'How urgently a screen reader should speak of it. 播报优先级',
  );
  const Actor = objectType(
    names.claim('Actor'),
    'Who acted: a person under a mandate or a post, or a policy of the system. 行为人',
    {
      ...cases.reference('person'),
      ...cases.reference('mandate'),
      ...cases.reference('post'),
      policy: { type: () => String, nullable: true, description: 'The policy by which the system acted. 系统策略' },
    },
  );
  const envelope: Fields = {
    id: { type: () => ID },
    cursor: { type: () => String, description: 'Give it as `after` to go on behind this event. 游标' },
    caseId: { type: () => ID },
    category: { type: () => kit.Category },
    type: { type: () => String, description: 'The type of the event as the log has it. 事件类型' },
    version: { type: () => Int, description: 'Of the type’s schema. 事件结构版本' },
    revision: { type: () => Int, description: 'Dense from 0 within the case: a gap cannot go unnoticed. 版本' },
    action: { type: () => String, description: 'The action that was taken. 操作' },
    label: { type: () => Text, description: 'A short sentence for people and screen readers. 说明' },
    politeness: { type: () => Politeness },
    at: { type: () => Instant, description: 'Legal time. 生效时间' },
    recordedAt: { type: () => Instant, description: 'When the log took it. 记录时间' },
    actor: { type: () => Actor },
    data: {
      type: () => kit.Json,
      description:
        'What you may see of the event, under the domain’s own field names: for those who treat all types alike. 数据',
      resolve: ({ type, [kept('data')]: data, [viewerKey]: seen }, context) =>
        shownData(String(type), (data as () => unknown)(), seen as Seen, context),
    },
    redactions: { type: () => [cases.traces.type], description: 'What hides something in it from you. 屏蔽情况' },
  };
  const CaseEvent = interfaceType(
    names.claim('CaseEvent'),
    'Something that happened in a case. It never changes. 事件',
    envelope,
  );

  const reserved = new Set(Object.keys(envelope));
  const types = new Map<string, { readonly make: ReturnType<Shape['lazily']>; readonly label: object }>();
  for (const { category, events } of registry.aggregates.values())
    for (const [type, { label, schema }] of Object.entries(events)) {
      if (types.has(type)) continue;
      const name = kit.eventNames.get(type) ?? type;
      const shape = cases.shapeOf(schema, name, { names: reserved, prefix: category });
      const of = objectType(name, `${label[0]}. ${label[1]}`, { ...envelope, ...shape.fields }, [CaseEvent]);
      types.set(type, { make: shape.lazily(of), label: textOf(label) });
    }

  function view(recorded: RecordedEvent, shown: ViewerClass): object {
    const event = decode(registry, recorded);
    const made = types.get(event.type);
    const definition = registry.events.get(event.type);
    if (!made || !definition) throw new Error(`GraphQL: no event ${event.type}`);
    const { category, id: caseId } = refOfStream(event.stream);
    const { redactions } = services();
    const { schema } = definition;
    const seen = { caseId, shown };
    const hidden = redactions.hiddenFrom(caseId, shown);
    const { person, mandate, post, policy } = event.meta.actor as Partial<Record<string, string>>;
    return made.make(shownFields(redactions, schema, event.data, seen), {
      id: event.id,
      cursor: cursorOf(services().store.epoch, event.position),
      caseId,
      category,
      type: event.type,
      version: event.version,
      revision: event.revision,
      action: event.meta.action,
      label: made.label,
      politeness: definition.politeness,
      at: event.effectiveAt,
      recordedAt: event.recordedAt,
      actor: instance(Actor, { personId: person, mandateId: mandate, postId: post, policy }),
      redactions: hidden === undefined ? [] : cases.traces.ofEvent(schema, redact(schema, event.data, shown), seen),
      [kept('data')]: () => cut(redactions, schema, event.data, seen),
      [viewerKey]: seen,
    });
  }

  /** At once when it names no case that can be hidden, and nothing in it is personal: most events are told to many. */
  function shownData(type: string, data: unknown, seen: Seen, context: Context) {
    const schema = registry.events.get(type)?.schema;
    if (!schema) return data;
    const clear = (one: unknown) => inClear(services(), schema, one, seen, context);
    const found = withoutUnfindable(registry, schema, data, (ref) => cases.finds(context, ref));
    return found instanceof Promise ? found.then(clear) : clear(found);
  }

  /** Events as plain data, for what is no GraphQL value: the changes that a conflict tells of. */
  async function plain(recorded: RecordedEvent, shown: ViewerClass, context: Context) {
    const { id, type, stream, revision, effectiveAt, recordedAt, meta, data } = decode(registry, recorded);
    const definition = registry.events.get(type);
    const [en, zh] = definition?.label ?? [type, type];
    const seen = { caseId: refOfStream(stream).id, shown };
    const own = definition ? cut(services().redactions, definition.schema, data, seen) : {};
    const told = await shownData(type, own, seen, context);
    return {
      id,
      type,
      revision,
      action: meta.action,
      label: { en, zh },
      at: effectiveAt,
      recordedAt,
      actor: meta.actor,
      data: told,
    };
  }

  return { CaseEvent, view, plain };
}
export type Events = ReturnType<typeof deriveEvents>;
