import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { resolveActor } from '../../../src/domain/organization/authority.js';
import { wuji } from '../../../src/domain/wuji.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf, refused } from '../../support/house.js';
import { idOf, system } from '../../support/spec.js';

async function register() {
  const house = houseOf(wuji, arrayStore());
  let commands = 0;
  const send = async (action: string, input: unknown, id?: string) =>
    done(await house.handle({ action, id, input, actor: system, commandId: `c${commands++}` })).id;
  const person = await send('registerPerson', { code: 'P1', name: '萨仁', region: '150802' });
  const mandate = await send('registerMandate', { person, region: '150802', term: 5, confirmedOn: '2026-01-05' });
  const organ = await send('registerOrgan', { code: 'DWC', name: '代表工委', region: '150802', kind: 'DWC' });
  const post = await send('assignPost', { person, organ, role: 'clerk' });
  const as = (claims: { mandate: string } | { post: string }, who = person) =>
    resolveActor(house.loader, { person: who, ...claims });
  return { ...house, send, as, person, mandate, organ, post };
}

describe('who acts is read from the register, not from the token (P6)', () => {
  test('a deputy under one mandate', async () => {
    const { as, person, mandate } = await register();
    expect(await as({ mandate })).toEqual({
      kind: 'deputy',
      person,
      mandate,
      congress: '150802',
      level: 'county',
      standing: 'active',
    });
  });

  test('an official in one post', async () => {
    const { as, post, organ } = await register();
    expect(await as({ post })).toMatchObject({
      kind: 'official',
      role: 'clerk',
      organ,
      organKind: 'DWC',
      region: '150802',
      standing: 'active',
    });
  });

  test('nobody acts under another one’s mandate or post, or under one that does not exist', async () => {
    const { as, mandate, post } = await register();
    const refusals = [
      await as({ mandate }, idOf('thief')),
      await as({ mandate: idOf('none') }),
      await as({ post }, idOf('thief')),
      await as({ post: idOf('none') }),
    ];
    expect(refusals.map((r) => isRefusal(r) && r.refused)).toEqual([
      'UNKNOWN_MANDATE',
      'UNKNOWN_MANDATE',
      'POST_ENDED',
      'POST_ENDED',
    ]);
  });

  test('a suspension blocks every command from its moment on, and lifting it frees them again', async () => {
    const { as, send, handle, mandate, organ } = await register();
    const rename = async (commandId: string) => {
      const actor = await as({ mandate });
      if (isRefusal(actor)) throw new Error(actor.refused);
      return refused(await handle({ action: 'renameOrgan', id: organ, input: { name: 'x' }, actor, commandId }))
        .refused;
    };
    expect(await rename('a')).toBe('NOT_ALLOWED'); // a deputy has no right to this, but is heard
    await send('suspendMandate', { reason: 'SERVING_SENTENCE' }, mandate);
    expect(await rename('b')).toBe('MANDATE_SUSPENDED');
    await send('resumeMandate', {}, mandate);
    expect(await rename('c')).toBe('NOT_ALLOWED');
    await send('endMandate', { reason: 'DIED', on: '2026-03-01' }, mandate);
    expect(await rename('d')).toBe('MANDATE_ENDED');
  });

  test('a deputy-elect whose qualification is not confirmed cannot act yet', async () => {
    const { as, send, handle, person, organ } = await register();
    const mandate = await send('registerMandate', { person, region: '150800', term: 5 });
    expect(await as({ mandate })).toMatchObject({ standing: 'elected' });
    const actor = await as({ mandate });
    if (isRefusal(actor)) throw new Error(actor.refused);
    const command = { action: 'renameOrgan', id: organ, input: { name: 'x' }, actor, commandId: 'elected' };
    expect(refused(await handle(command)).refused).toBe('MANDATE_NOT_CONFIRMED');
  });

  test('a post that has ended, and one that has moved with its organ', async () => {
    const { as, send, post } = await register();
    const successor = await send('registerOrgan', { code: 'X', name: '常委会', region: '150800', kind: 'SC' });
    await send('movePost', { organ: successor }, post);
    expect(await as({ post })).toMatchObject({ organ: successor, organKind: 'SC', region: '150800' });
    await send('endPost', {}, post);
    expect(await as({ post })).toMatchObject({ standing: 'ended' });
  });
});
