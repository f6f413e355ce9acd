import DataLoader from 'dataloader';
import { ID, Int } from 'type-graphql';
import type { AnyAggregate, Ref } from '../../domain/kernel/aggregate.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../../projections/kernel/case-model.js';
import { canHide } from '../../projections/kernel/findable.js';
import type { Context } from '../context.js';
import type { FoundCase } from '../find-case.js';
import { findCase } from '../find-case.js';
import type { Services } from '../services.js';
import { isId } from '../services.js';
import { classFor } from '../visible.js';
import type { AvailableActions } from './actions.js';
import type { Class, Fields } from './classes.js';
import { interfaceType, objectType } from './classes.js';
import type { Kit } from './kit.js';
import { pascal } from './names.js';
import type { Shape } from './output.js';
import { kept, outputsWith } from './output.js';
import { personalFieldsWith, shownFields } from './personal.js';
import type { deriveRegions } from './regions.js';
import { Instant, Position } from './scalars.js';
import { deriveTraces } from './traces.js';

/** What the interface has of every kind of case; `row` and the classes of the state fill it. */
const caseFields = (kit: Kit, actions: AvailableActions, region: Class, trace: () => Class): Fields => ({
  id: { type: () => ID },
  category: { type: () => kit.Category },
  statusCode: {
    type: () => String,
    nullable: true,
    description: 'The status as text; the types that implement this have it as their own enum, `status`. 状态代码',
  },
  region: { type: () => region, nullable: true },
  revision: { type: () => Int, description: 'Give it as `expectedRevision` to act on what you see. 版本' },
  position: { type: () => Position, description: 'Of the newest event. 日志位置' },
  correlationId: {
    type: () => ID,
    description: 'The first case of the chain that this one belongs to; itself, if that is not yours to see. 关联事项',
  },
  openedAt: { type: () => Instant, description: 'Legal time of the first event. 开始时间' },
  changedAt: { type: () => Instant, description: 'Legal time of the newest event. 最近变更时间' },
  viewerClass: {
    type: () => kit.ViewerClass,
    description: 'As what you see it; fields of a narrower circle are null. 可见范围',
  },
  redactions: {
    type: () => [trace()],
    description: 'What is hidden of it now, also of its past. The fields are null, passages are masked. 屏蔽情况',
  },
  availableActions: {
    type: () => [actions.type],
    nullable: true,
    description:
      'What you can do with it now, and why not. Null in live messages, which are the same for many. 可执行的操作',
  },
});

type Made = ReturnType<Shape['lazily']>;

/** A type for each kind of case, and how a row becomes an instance of it. */
export function deriveCases(
  kit: Kit,
  registry: Registry,
  regions: ReturnType<typeof deriveRegions>,
  actions: AvailableActions,
  services: () => Services,
) {
  const { names } = kit;
  const shared = caseFields(kit, actions, regions.type, () => traces.type);
  const { region: _, ...own } = shared;
  const Case = interfaceType(names.claim('Case'), 'Any kind of case. 事项', shared);
  const types = new Map<string, { readonly of: Class; readonly make: Made; readonly aggregate: AnyAggregate }>();

  const loaders = new WeakMap<Context, Map<string, DataLoader<string, CaseRow | undefined>>>();
  /** Reads of one request are put together; nothing is kept, so a read after a mutation sees what it did. */
  function loaderOf(context: Context, category: string): DataLoader<string, CaseRow | undefined> {
    const byCategory = loaders.get(context) ?? new Map<string, DataLoader<string, CaseRow | undefined>>();
    loaders.set(context, byCategory);
    const present = byCategory.get(category);
    if (present) return present;
    const read = async (ids: readonly string[]) =>
      (await services().reads.rows(category, ids)) as (CaseRow | undefined)[];
    const made = new DataLoader(read, { cache: false });
    byCategory.set(category, made);
    return made;
  }

  const rowOf = async (context: Context, category: string, id: unknown): Promise<CaseRow | undefined> =>
    isId(id) ? loaderOf(context, category).load(id) : undefined;

  /** As the viewer sees it now; `null`: there is no such case, or it is not theirs to see. */
  async function load(context: Context, category: string, id: unknown): Promise<object | null> {
    const row = await rowOf(context, category, id);
    const shown = row && classFor(context, row.audience);
    return shown ? view(category, row, shown) : null;
  }

  /** Whether `load` would give it. In a shared message: whether it would give it to anybody. */
  async function finds(context: Context, { category, id }: Ref): Promise<boolean> {
    if (!canHide(registry, category)) return true;
    const row = await rowOf(context, category, id);
    return row !== undefined && classFor(context, row.audience) !== undefined;
  }

  const outputs = outputsWith({
    names,
    enumOf: kit.enumOf,
    personal: personalFieldsWith(kit, services),
    regionType: regions.type,
    regionView: regions.view,
    canHide: (category) => canHide(registry, category),
    finds,
    caseType: (category) => (registry.aggregates.has(category) ? () => typeOf(category).of : undefined),
    loadCase: load,
  });

  for (const aggregate of registry.aggregates.values()) {
    const { category, term } = aggregate;
    const name = kit.caseNames.get(category) ?? pascal(category);
    const shape = outputs.shapeOf(aggregate.state, name, { names: new Set(Object.keys(own)), prefix: category });
    const availableActions = {
      ...own.availableActions,
      type: () => [actions.type] as const,
      resolve: (self: Record<string, unknown>, context: Context) =>
        context.sharedClass ? null : actions.of(context, category, String(self.id)),
    };
    const correlationId = { ...own.correlationId, type: () => ID, resolve: origin };
    const fields = { ...own, ...shape.fields, availableActions, correlationId };
    const of = objectType(name, `${pascal(term[0])}. ${term[1]}`, fields, [Case]);
    types.set(category, { of, make: shape.lazily(of), aggregate });
  }

  async function origin({ id, ...self }: Record<string, unknown>, context: Context): Promise<unknown> {
    const chain = self[kept('correlationId')];
    if (chain === id) return id;
    const first = await find(context, chain);
    return first && classFor(context, first.row.audience) ? chain : id;
  }

  function typeOf(category: string) {
    const type = types.get(category);
    if (!type) throw new Error(`GraphQL: no kind of case ${category}`);
    return type;
  }

  function view(category: string, row: Omit<CaseRow, 'audience'>, shown: ViewerClass): object {
    const { make, aggregate } = typeOf(category);
    const { id, revision, position, openedAt, changedAt } = row;
    const { redactions } = services();
    const take = shownFields(redactions, aggregate.state, row.state, { caseId: id, shown });
    return make(take, {
      ...{ id, category, revision, position, openedAt, changedAt, [kept('correlationId')]: row.correlationId },
      statusCode: take('status') ?? null,
      viewerClass: shown,
      redactions: traces.ofCase(aggregate.state, id, shown),
    });
  }

  const find = (context: Context, id: unknown): Promise<FoundCase | undefined> =>
    findCase(types.keys(), (category) => rowOf(context, category, id));

  /** `personId` and `person`: for types whose values hold the id. */
  function reference(category: string): Fields {
    const id = `${category}Id`;
    if (!types.has(category)) return { [id]: { type: () => ID, nullable: true } };
    const resolve = (self: Record<string, unknown>, context: Context) =>
      self[id] ? load(context, category, self[id]) : null;
    return {
      [id]: { type: () => ID, nullable: true },
      [category]: { type: () => typeOf(category).of, nullable: true, resolve },
    };
  }

  const traces = deriveTraces(kit, reference('organ'), finds, services);

  /** A field of the state that is called like one that every case has gets its category before it: `noteCategory`. */
  const shownAs = (category: string, field: string): string => (field in own ? category + pascal(field) : field);

  return {
    Case,
    reference,
    traces,
    shownAs,
    typeOf: (category: string): Class => typeOf(category).of,
    shapeOf: outputs.shapeOf,
    find,
    finds,
    load,
    view,
  };
}
export type Cases = ReturnType<typeof deriveCases>;
