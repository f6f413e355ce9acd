import type { Handle } from '../kernel/handle.js';
import { contextOf } from '../kernel/handle.js';
import type { NameId } from '../kernel/ports.js';
import type { Refusal } from '../kernel/refusal.js';
import { isRefusal } from '../kernel/refusal.js';
import { kernelRefusals } from '../kernel/refusals.js';
import type { Rules } from '../kernel/rules.js';

/** 平台启动登记: what must stand in the register before anybody can enter anything: the platform's operator. */
export const bootstrapPolicy = 'bootstrap';

export type OperatorIds = { readonly person: string; readonly organ: string; readonly post: string };

/** A command of the policy `bootstrap`. The same id at every start: carried out once in the life of a log. */
export type BootstrapCommand = { readonly action: string; readonly commandId: string; readonly input: unknown };

const city = '150800';
const personCode = 'operator';
const organCode = `ADM-${city}`;
const postCommand = 'operator-post';

/** Ids follow from names, so whoever knows the names knows the ids without asking the log. */
export function operatorIds(nameId: NameId, rules: Rules): OperatorIds {
  const actor = { kind: 'system', policy: bootstrapPolicy } as const;
  const { idFor } = contextOf({ nameId, rules }, actor, bootstrapPolicy, '2026-01-01T00:00:00.000Z');
  // A post has no key: a person may leave one and come back to it. Its id is that of the command which assigned it.
  const command = idFor(bootstrapPolicy, postCommand);
  return { person: idFor('person', personCode), organ: idFor('organ', organCode), post: nameId(command, 'case') };
}

/** To be carried out in this order at every start, by the policy `bootstrap`. */
export function bootstrapCommands({ person, organ }: Pick<OperatorIds, 'person' | 'organ'>): readonly BootstrapCommand[] {
  const command = (action: string, name: string, input: unknown): BootstrapCommand => ({
    action,
    commandId: `${bootstrapPolicy} ${name}`,
    input,
  });
  return [
    command('registerPerson', 'operator', { code: personCode, region: city, name: '平台运维' }),
    command('registerOrgan', 'operator-organ', {
      code: organCode,
      region: city,
      kind: 'ADM',
      name: '巴彦淖尔市平台运维',
    }),
    command('assignPost', postCommand, { person, organ, role: 'clerk' }),
  ];
}

const exists = kernelRefusals.ALREADY_EXISTS().refused;

/** Makes sure that there is an operator. A refusal: this log stands against it, and the operator cannot work. */
export async function bootstrap(handle: Handle, ids: OperatorIds): Promise<Refusal | undefined> {
  const actor = { kind: 'system', policy: bootstrapPolicy } as const;
  for (const command of bootstrapCommands(ids)) {
    const result = await handle({ ...command, actor });
    if (isRefusal(result) && result.refused !== exists) return result;
  }
  return undefined;
}
