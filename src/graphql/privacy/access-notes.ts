import { shanghaiDate } from '../../domain/kernel/clock.js';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import type { Handle } from '../../domain/kernel/handle.js';
import { idOfKey } from '../../domain/kernel/handle.js';
import type { KeyName } from '../../domain/kernel/personal.js';
import type { Clock, NameId } from '../../domain/kernel/ports.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { holderOf } from '../../domain/support/data-subject/who.js';
import type { Context } from '../context.js';
import { refused } from '../errors.js';

const actor = { kind: 'system', policy: 'access-notes' } as const;
const mostKept = 10_000;

/**
 * Records who reads personal data that is not public, before it is shown: once a reader, subject, category and day. The
 * command's id says so, so it is one event whichever node is asked, and however often.
 */
export function createAccessNotes(deps: { readonly handle: Handle; readonly clock: Clock; readonly nameId: NameId }) {
  const { handle, clock, nameId } = deps;
  const noted = new Map<string, Promise<void>>();

  async function note({ subject, category }: KeyName, reader: string, on: string): Promise<void> {
    const opened = await handle({
      ...{ action: 'openDataSubject', input: { subject }, actor },
      commandId: `data subject ${subject}`,
    });
    if (isRefusal(opened) && opened.refused !== 'ALREADY_EXISTS') throw refused(opened);
    const result = await handle({
      ...{ action: 'recordDataAccess', id: idOfKey(nameId, 'dataSubject', subject), actor },
      input: { reader, on, category },
      commandId: `access ${reader} ${category} ${on}`,
    });
    if (isRefusal(result)) throw refused(result);
  }

  return async (key: KeyName, { viewer }: Context): Promise<void> => {
    const reader = viewer.actor && holderOf(viewer.actor);
    if (!viewer.actor || viewer.actor.kind === 'system' || !reader || viewer.actor.person === key.subject) return;
    const on = shanghaiDate(clock.now().toISOString());
    const memo = `${reader} ${key.subject} ${key.category} ${on}`;
    const known = noted.get(memo) ?? note(key, reader, on);
    noted.set(memo, known);
    forgetOldest(noted, mostKept);
    await known.catch((error: unknown) => {
      noted.delete(memo);
      throw error;
    });
  };
}
