import { ID, Int } from 'type-graphql';
import type { z } from 'zod';
import type { AnyAction } from '../../domain/kernel/aggregate.js';
import { streamOf } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { ConflictRefusal, Outcome } from '../../domain/kernel/handle.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { Context } from '../context.js';
import { refused } from '../errors.js';
import { waitFor } from '../fresh.js';
import type { Services } from '../services.js';
import { isId } from '../services.js';
import { actorOf, classFor, classForPast } from '../visible.js';
import { openActions } from './actions.js';
import type { Cases } from './cases.js';
import type { ArgumentSpec, Class, Fields, Operation, Operations } from './classes.js';
import { instance, interfaceType, objectType } from './classes.js';
import type { Events } from './events.js';
import type { inputsWith } from './input.js';
import type { Kit } from './kit.js';
import { pascal } from './names.js';
import { Position } from './scalars.js';
import { isEmptyObject } from './schemas.js';

/** Every mutation has it. */
export const commandIdArgument: ArgumentSpec = {
  type: () => ID,
  nullable: true,
  description: 'Yours to choose: the same command sent again with the same id has no second effect. 命令编号',
};

/** A mutation for each action, and a receipt for each kind of case. */
export function deriveMutations(
  kit: Kit,
  registry: Registry,
  cases: Cases,
  events: Events,
  inputs: ReturnType<typeof inputsWith>,
  services: () => Services,
): Operations {
  const { names } = kit;
  const receiptFields: Fields = {
    caseId: { type: () => ID },
    revision: { type: () => Int, description: 'Where the case stands now. 版本' },
    position: { type: () => Position, description: 'Give it as `waitFor` to read what you wrote. 日志位置' },
    events: {
      type: () => [events.CaseEvent],
      description: 'What was recorded; empty when there was nothing to do. 事件',
      resolve: ({ outcome }, context) => eventsOf(outcome as Outcome, context),
    },
    repeated: { type: () => Boolean, description: 'This command had been carried out before. 是否为重复命令' },
    stale: {
      type: () => Boolean,
      description: 'The change is made for good, but `case` may still show what was before it. 读模型是否滞后',
    },
    case: {
      type: () => cases.Case,
      nullable: true,
      description: 'The case after the change, as you may see it. 事项',
      resolve: ({ outcome }, context) => {
        const { category, id } = outcome as Outcome;
        return cases.load(context, category, id);
      },
    },
  };
  const Receipt = interfaceType(names.claim('Receipt'), 'What a mutation did. 回执', receiptFields);
  const receipts = new Map<string, Class>();
  function receiptOf(category: string): Class {
    const present = receipts.get(category);
    if (present) return present;
    const fields = {
      ...receiptFields,
      case: { ...receiptFields.case, type: () => cases.typeOf(category), nullable: true },
    };
    const made = objectType(names.claim(`${pascal(category)}Receipt`), 'What a mutation did. 回执', fields, [Receipt]);
    receipts.set(category, made);
    return made;
  }

  const caseArguments = {
    id: { type: () => ID, description: 'The case. 事项编号' },
    expectedRevision: {
      type: () => Int,
      nullable: true,
      description:
        'Refuse with REVISION_CONFLICT, and tell what changed, when the case is not at this revision. 预期版本',
    },
  } satisfies Record<string, ArgumentSpec>;

  async function run(
    name: string,
    action: AnyAction,
    args: Record<string, unknown>,
    context: Context,
  ): Promise<object> {
    const { handle, newId } = services();
    const actor = actorOf(context);
    if (action.from !== null && !isId(args.id)) throw refused(kernelRefusals.NOT_FOUND());
    const result = await handle({
      action: name,
      id: isId(args.id) ? args.id : undefined,
      input: args.input ?? {},
      commandId: typeof args.commandId === 'string' ? args.commandId : newId(),
      expectedRevision: typeof args.expectedRevision === 'number' ? args.expectedRevision : undefined,
      actor,
    });
    if (isRefusal(result)) throw await refusedWithChanges(result, action.category, args.id, context);
    return receipt(result, context);
  }

  /** What is not asked for, of the events and the case, is not read. */
  async function receipt(outcome: Outcome, context: Context): Promise<object> {
    const { category, id, revision, position, repeated } = outcome;
    const reached = await waitFor(services(), context, position);
    const stale = reached === 'timeout';
    return instance(receiptOf(category), { caseId: id, revision, position, repeated, stale, outcome });
  }

  async function eventsOf(outcome: Outcome, context: Context): Promise<readonly object[]> {
    const shown = await classNow(outcome.category, outcome.id, context);
    if (!shown) return [];
    return (await recorded(outcome)).flatMap((event) => {
      const then = classForPast(context, event.meta.audience, shown);
      return then ? [events.view(event, then)] : [];
    });
  }

  /** The outcome's events with their places in the log. */
  async function recorded({ category, id, events: written }: Outcome): Promise<readonly RecordedEvent[]> {
    const [first, last] = [written[0], written.at(-1)];
    if (!first || !last) return [];
    const range = { from: first.revision, limit: last.revision - first.revision + 1 };
    const found: RecordedEvent[] = [];
    for await (const event of services().store.readStream(streamOf({ category, id }), range)) found.push(event);
    return found;
  }

  /** From the log, as the mutation itself has left it. */
  async function classNow(category: string, id: string, context: Context) {
    const { state } = await services().loader.load({ category, id });
    return state === undefined
      ? undefined
      : classFor(context, registry.aggregate(category).audience(state as never, id));
  }

  async function refusedWithChanges(
    refusal: Refusal | ConflictRefusal,
    category: string,
    id: unknown,
    context: Context,
  ) {
    const shown = 'changes' in refusal && isId(id) ? await classNow(category, id, context) : undefined;
    if (!('changes' in refusal) || !shown) return refused(refusal);
    const changes = refusal.changes.flatMap((event) => {
      const then = classForPast(context, event.meta.audience, shown);
      return then ? [events.plain(event, then, context)] : [];
    });
    return refused(refusal, { changes: await Promise.all(changes) });
  }

  const mutations = openActions(registry).map(([name, action]): [string, Operation] => {
    const [en, zh] = action.describe;
    const takesInput = !isEmptyObject(action.input);
    const inputClass = takesInput && inputs.inputOf(action.input as z.ZodObject, `${pascal(name)}Input`, undefined);
    return [
      name,
      {
        type: () => receiptOf(action.category),
        description: `${en} ${zh}`,
        args: {
          ...(action.from !== null && { id: caseArguments.id }),
          ...(inputClass && { input: { type: () => inputClass } }),
          commandId: commandIdArgument,
          ...(action.from !== null && { expectedRevision: caseArguments.expectedRevision }),
        },
        resolve: (args, context) => run(name, action, args, context),
      },
    ];
  });
  for (const { category } of registry.aggregates.values()) receiptOf(category);
  return Object.fromEntries(mutations);
}
