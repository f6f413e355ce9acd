import { idOfKey } from '../kernel/context.js';
import type { Command, Handle } from '../kernel/handle.js';
import type { NameId } from '../kernel/ports.js';
import type { Refusal } from '../kernel/refusal.js';
import { isRefusal } from '../kernel/refusal.js';
import { kernelRefusals } from '../kernel/refusals.js';

/** 平台启动登记: what must stand in the register before anybody can enter anything: the platform's operator. */
const actor = { kind: 'system', policy: 'bootstrap' } as const;
const city = '150800';
const personCode = 'operator';
const organCode = `ADM-${city}`;
const postCommand = 'bootstrap operator-post';

export type OperatorIds = { readonly person: string; readonly organ: string; readonly post: string };

/** Ids follow from names, so whoever knows the names knows the ids without asking the log. */
export function operatorIds(nameId: NameId): OperatorIds {
  // A post has no key: a person may leave one and come back to it. Its id is that of the command which assigned it.
  const [scope, ...name] = postCommand.split(' ');
  const command = idOfKey(nameId, scope ?? '', name.join(' '));
  return {
    person: idOfKey(nameId, 'person', personCode),
    organ: idOfKey(nameId, 'organ', organCode),
    post: nameId(command, 'case'),
  };
}

/** In this order, at every start. The same ids each time: carried out once in the life of a log. */
export function bootstrapCommands({ person, organ }: Pick<OperatorIds, 'person' | 'organ'>): readonly Command[] {
  return [
    {
      action: 'registerPerson',
      commandId: 'bootstrap operator',
      input: { code: personCode, region: city, name: '平台运维' },
      actor,
    },
    {
      action: 'registerOrgan',
      commandId: 'bootstrap operator-organ',
      input: { code: organCode, region: city, kind: 'ADM', name: '巴彦淖尔市平台运维' },
      actor,
    },
    { action: 'assignPost', commandId: postCommand, input: { person, organ, role: 'clerk' }, actor },
  ];
}

const exists = kernelRefusals.ALREADY_EXISTS().refused;

/** Makes sure that there is an operator. A refusal: this log stands against it, and there is none. */
export async function bootstrap(handle: Handle, ids: OperatorIds): Promise<Refusal | undefined> {
  for (const command of bootstrapCommands(ids)) {
    const result = await handle(command);
    if (isRefusal(result) && result.refused !== exists) return result;
  }
  return undefined;
}
