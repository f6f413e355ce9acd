import { Float, Int } from 'type-graphql';
import type { Position } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Projector } from '../../projections/kernel/projector.js';
import type { ReactorStatus } from '../../projections/kernel/reactor.js';
import type { Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Kit } from '../derive/kit.js';
import { commandIdArgument } from '../derive/mutations.js';
import { Position as PositionScalar } from '../derive/scalars.js';
import { refused } from '../errors.js';
import type { Remember } from './commands.js';
import { operatorOf } from './operator.js';
import { adminRefusals } from './refusals.js';

export type ProjectionServices = {
  readonly store: EventStore;
  readonly projector: Pick<Projector, 'status' | 'lag' | 'rebuild'>;
  readonly reactors: readonly { readonly status: () => ReactorStatus }[];
  readonly onProblem: (problem: Error) => void;
};

/** A model that is further behind than this is only said to be so far behind. */
const mostCounted = 10_000;

type Rebuild = { readonly state: 'running' | 'done' | 'failed'; readonly error: string | null };

/** What an operator sees of the read models and policies, and the one thing to be done to them. */
export function projectionOperations(kit: Kit, services: () => ProjectionServices, remember: Remember) {
  const { names, words } = kit;
  const RebuildState = words('RebuildState', ['running', 'done', 'failed'], 'How a rebuild stands. 重建状态');
  const RebuildType = objectType(names.claim('Rebuild'), 'The last rebuild since the server started. 最近一次重建', {
    state: { type: () => RebuildState },
    ratio: { type: () => Float, description: 'From 0 to 1. 进度' },
    error: { type: () => String, nullable: true },
  });
  const about = {
    name: { type: () => String },
    position: { type: () => PositionScalar, nullable: true, description: 'All events up to here are in it. 日志位置' },
    lagEvents: { type: () => Int, description: `Events behind the log; ${mostCounted} may be more. 落后事件数` },
  };
  const Projection = objectType(names.claim('Projection'), 'A read model. 读模型', {
    ...about,
    version: { type: () => String, nullable: true, description: 'Version that readers see. 版本' },
    events: { type: () => Int, description: 'Events that are in it. 已折叠事件数' },
    rebuild: { type: () => RebuildType, nullable: true },
  });
  const Policy = objectType(names.claim('Policy'), 'What the system does by itself when something happens. 自动策略', {
    ...about,
    state: { type: () => String, description: '`running` or `retrying`. 状态' },
    taken: { type: () => Int, description: 'Commands carried out since the start. 已执行命令数' },
    refused: { type: () => Int, description: 'Commands refused since the start. 被拒命令数' },
    error: { type: () => String, nullable: true },
  });
  const Projections = objectType(
    names.claim('Projections'),
    'How far the read models and policies have come. 投影状态',
    {
      state: { type: () => String, description: '`starting`, `catching up`, `live`, `retrying` or `stopped`. 状态' },
      head: { type: () => PositionScalar, nullable: true, description: 'Of the newest event in the log. 日志末尾' },
      lagMs: {
        type: () => Float,
        description: 'Age of the oldest event that is not in the read models yet, ms. 延迟（毫秒）',
      },
      error: { type: () => String, nullable: true, description: 'Why it is retrying or stopped. 原因' },
      models: { type: () => [Projection] },
      policies: { type: () => [Policy] },
    },
  );

  const rebuilds = new Map<string, Rebuild>();

  async function view(): Promise<object> {
    const { store, projector, reactors } = services();
    const status = projector.status();
    const behind = counter(store);
    const models = status.models.map(async ({ rebuilding, ...model }) => {
      const rebuild = rebuilds.get(model.name) ?? (rebuilding && { state: 'running', error: null });
      const ratio = rebuild?.state === 'done' ? 1 : (rebuilding?.ratio ?? 0);
      return instance(Projection, {
        ...model,
        lagEvents: await behind(model.position),
        rebuild: rebuild ? instance(RebuildType, { ...rebuild, ratio }) : null,
      });
    });
    const policies = reactors.map(async (reactor) => {
      const { error, ...policy } = reactor.status();
      const lagEvents = await behind(policy.position);
      return instance(Policy, { ...policy, lagEvents, error: error ? causesOf(error) : null });
    });
    return instance(Projections, {
      state: status.state,
      head: (await store.head()) ?? null,
      lagMs: await projector.lag(),
      error: status.error ? causesOf(status.error) : null,
      models: await Promise.all(models),
      policies: await Promise.all(policies),
    });
  }

  function checkName(name: string): void {
    const { projector } = services();
    const known = projector.status().models.map((model) => model.name);
    if (!known.includes(name))
      throw refused(adminRefusals.NO_SUCH_PROJECTION({ name: name.slice(0, 80), names: known.join(', ') }));
  }

  function rebuild(name: string): void {
    const { projector, onProblem } = services();
    if (rebuilds.get(name)?.state === 'running') return;
    rebuilds.set(name, { state: 'running', error: null });
    projector.rebuild(name).then(
      () => rebuilds.set(name, { state: 'done', error: null }),
      (error: unknown) => {
        const problem = error instanceof Error ? error : new Error(String(error));
        rebuilds.set(name, { state: 'failed', error: causesOf(problem) });
        onProblem(new Error(`the rebuild of ${name} failed`, { cause: problem }));
      },
    );
  }

  const queries: Operations = {
    projections: {
      type: () => Projections,
      description:
        'How far the read models and policies have come; for the platform’s operator. 投影状态（限平台运维）',
      resolve(_, context) {
        operatorOf(context);
        return view();
      },
    },
  };
  const mutations: Operations = {
    rebuildProjection: {
      type: () => Projections,
      description:
        'Fold a read model anew from the beginning of the log, beside the live one, and swap. Answers when it has begun. 重建读模型（限平台运维）',
      args: { name: { type: () => String }, commandId: commandIdArgument },
      resolve({ name, commandId }, context) {
        const operator = operatorOf(context);
        checkName(String(name));
        if (remember(operator, commandId, { rebuild: name }) === 'new') rebuild(String(name));
        return view();
      },
    },
  };
  return { queries, mutations };
}

/** Most models stand at the same position: each is counted once. */
function counter(store: EventStore) {
  const counted = new Map<Position | undefined, Promise<number>>();
  const count = async (after: Position | undefined) => {
    let events = 0;
    for await (const _ of store.readAll({ ...(after !== undefined && { after }), limit: mostCounted })) events++;
    return events;
  };
  return (after: Position | undefined): Promise<number> => {
    const present = counted.get(after) ?? count(after);
    counted.set(after, present);
    return present;
  };
}

/** The operator is told the whole story. */
function causesOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${causesOf(error.cause)}` : error.message;
}
