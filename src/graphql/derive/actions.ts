import { systemWho } from '../../domain/kernel/actor.js';
import type { AnyAction, CaseState, Ref } from '../../domain/kernel/aggregate.js';
import { contextOf, refusalOf } from '../../domain/kernel/handle.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { Context } from '../context.js';
import type { Services } from '../services.js';
import { instance, objectType } from './classes.js';
import type { Kit } from './kit.js';

/** Actions that a person or an office can take; those of the system alone are no part of the API. */
export const openActions = (registry: Registry): readonly (readonly [name: string, action: AnyAction])[] =>
  [...registry.actions].filter(([, { by }]) => by.some((who) => who !== systemWho));

/** Which actions are open to the viewer now, and why the others are not: told before anybody tries (lessons.md U7). */
export function deriveAvailableActions(kit: Kit, registry: Registry, services: () => Services) {
  const { names, Text, textOf } = kit;
  const RefusalType = objectType(
    names.claim('Refusal'),
    'Why something cannot be done, and what to do next. 不予执行的原因',
    {
      code: { type: () => String, description: 'Stable; listed by `refusals`. 代码' },
      message: { type: () => Text },
      next: { type: () => Text, description: 'What to do next. 后续建议' },
    },
  );
  const refusalView = ({ refused: code, message, next }: Refusal): object =>
    instance(RefusalType, { code, message: textOf(message), next: textOf(next) });
  const type = objectType(
    names.claim('AvailableAction'),
    'An action, and whether it is open to you now. 可执行的操作',
    {
      action: { type: () => String, description: 'The name of its mutation. 操作名称' },
      description: { type: () => Text },
      open: { type: () => Boolean, description: 'It can be tried; the input may still be refused. 当前是否可执行' },
      refusal: { type: () => RefusalType, nullable: true, description: 'Why it is not open. 不可执行的原因' },
    },
  );
  const actions = openActions(registry);

  /** Without an id: the actions that begin a case. */
  async function of(context: Context, category: string | undefined, id?: string): Promise<readonly object[] | null> {
    const { actor } = context.viewer;
    if (!actor) return [];
    const { loader, nameId, rules, clock } = services();
    const ref: Ref | undefined = category !== undefined && id !== undefined ? { category, id } : undefined;
    const state = ref && (await loader.load(ref)).state;
    const ctx = contextOf({ nameId, rules }, actor, 'availableActions', clock.now().toISOString());
    return actions
      .filter(([, action]) => (ref ? action.category === category && action.from !== null : action.from === null))
      .map(([name, action]) => {
        const about = ref ?? { category: action.category, id: '' };
        const refusal = refusalOf(registry, action, ctx, about, state as CaseState | undefined);
        return instance(type, {
          action: name,
          description: textOf(action.describe),
          open: refusal === undefined,
          refusal: refusal ? refusalView(refusal) : null,
        });
      });
  }
  return { type, of, RefusalType, refusalView };
}
export type AvailableActions = ReturnType<typeof deriveAvailableActions>;
