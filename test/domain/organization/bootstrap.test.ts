import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { resolveActor } from '../../../src/domain/organization/authority.js';
import { bootstrap, operatorIds } from '../../../src/domain/organization/bootstrap.js';
import { wuji } from '../../../src/domain/wuji.js';
import { nameId } from '../../../src/infra/ids.js';
import { arrayStore } from '../../support/array-store.js';
import { houseOf } from '../../support/house.js';

describe('the platform’s operator (domain.md §1, ADM)', () => {
  const ids = operatorIds(nameId);

  it('has ids that are known before the log is', async () => {
    const { handle, loader } = houseOf(wuji, arrayStore());
    expect(await bootstrap(handle, ids)).toBeUndefined();
    expect(await resolveActor(loader, { person: ids.person, post: ids.post })).toEqual({
      kind: 'official',
      person: ids.person,
      post: ids.post,
      role: 'clerk',
      organ: ids.organ,
      organKind: 'ADM',
      region: '150800',
      standing: 'active',
    });
  });

  it('is entered once, however often the server starts', async () => {
    const store = arrayStore();
    await bootstrap(houseOf(wuji, store).handle, ids);
    const head = await store.head();
    await bootstrap(houseOf(wuji, store, '2027-05-06T07:08:09.000Z').handle, ids);
    expect(await store.head()).toBe(head);
  });

  it('who has left the post does not come back with the next start', async () => {
    const { handle, loader } = houseOf(wuji, arrayStore());
    await bootstrap(handle, ids);
    const actor = { kind: 'system', policy: 'test' } as const;
    await handle({ action: 'endPost', id: ids.post, input: {}, commandId: 'end', actor });
    await bootstrap(handle, ids);
    const now = await resolveActor(loader, { person: ids.person, post: ids.post });
    expect(isRefusal(now) ? now : now.kind === 'official' && now.standing).toBe('ended');
  });
});
