import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deputyWho, systemWho } from '../../../src/domain/kernel/actor.js';
import { defineRefusals } from '../../../src/domain/kernel/refusal.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf, refused } from '../../support/house.js';
import { deputy, idOf, system } from '../../support/spec.js';
import { note, noteActions } from './inference.js';

const refusals = defineRefusals({
  NO_SUCH_NOTE: { message: ['There is no such note.', '没有该记录。'], next: ['Check the id.', '请核对编号。'] },
});
const saren = deputy('Saren', '150802');
const bayar = deputy('Bayar', '150802');
const hidden = { ...note, audience: (s: { owner: string }) => ({ [`mandate:${s.owner}`]: 'participant' as const }) };
const anybody = [deputyWho(['a deputy', '代表']), systemWho] as const;

const actions = {
  ...noteActions,
  quoteNote: note.create({
    describe: ['Begin a note that continues another.', '续接另一记录。'],
    by: anybody,
    input: z.object({ from: z.string() }),
    continues: (input) => note.at(input.from),
    needs: (input) => ({ from: note.at(input.from), all: [note.at(input.from)] }),
    decide: ({ ctx, facts: { from, all } }) => {
      if (!from || !all[0]?.state) return refusals.NO_SUCH_NOTE();
      const owner = ctx.actor.kind === 'deputy' ? ctx.actor.mandate : from.owner;
      return [{ type: 'NoteOpened', data: { title: from.title, owner, region: from.region } }];
    },
  }),
  followNote: note.create({
    describe: ['Begin a note that continues another, without reading it.', '续接另一记录，不读取。'],
    by: anybody,
    input: z.object({ from: z.string() }),
    continues: (input) => note.at(input.from),
    decide: ({ input }) => [
      { type: 'NoteOpened', data: { title: input.from, owner: bayar.mandate, region: '150802' } },
    ],
  }),
  /** The note's title names another note: the case asks for it, not the actor. */
  checkNote: note.action({
    describe: ['Look at the note that this one is about.', '查看所涉记录。'],
    from: ['OPEN'],
    by: anybody,
    input: z.object({ named: z.string().optional() }),
    needs: (_, state) => ({ about: note.at(state.title) }),
    decide: ({ facts: { about } }) => (about ? [{ type: 'NoteArchived', data: {} }] : refusals.NO_SUCH_NOTE()),
  }),
};

async function newHouse() {
  const store = arrayStore();
  const { handle } = houseOf(defineRegistry([hidden], actions, refusals), store);
  let commands = 0;
  const send = (action: string, input: unknown, actor: typeof saren | typeof system, id?: string) =>
    handle({ action, input, actor, commandId: `c${commands++}`, id });
  const secret = done(await send('openNote', { title: 'Water' }, saren)).id;
  return { store, send, secret };
}

describe('other cases that a decision looks at (architecture.md §9, default deny)', () => {
  test('one that the actor names and may not see is refused like one that does not exist', async () => {
    const { send, secret } = await newHouse();
    const notYours = refused(await send('quoteNote', { from: secret }, bayar));
    expect(notYours).toEqual(refused(await send('quoteNote', { from: idOf('none') }, bayar)));
    expect(notYours.refused).toBe('NO_SUCH_NOTE');
  });

  test('one that the actor may see is known, and its chain goes on; the system sees all', async () => {
    const { send, secret, store } = await newHouse();
    done(await send('quoteNote', { from: secret }, saren));
    done(await send('quoteNote', { from: secret }, system));
    expect(store.log.map((event) => event.meta.$correlationId)).toEqual([secret, secret, secret]);
  });

  test('nobody joins a chain by naming a case that is not to be seen', async () => {
    const { send, secret, store } = await newHouse();
    const { id } = done(await send('followNote', { from: secret }, bayar));
    expect(store.log.at(-1)?.meta.$correlationId).toBe(id);
  });

  test('one that the case itself names is read whoever acts, but not when the actor asks for it by name', async () => {
    const { send, secret } = await newHouse();
    const about = done(await send('followNote', { from: secret }, bayar)).id;
    expect(refused(await send('checkNote', { named: secret }, bayar, about)).refused).toBe('NO_SUCH_NOTE');
    expect(done(await send('checkNote', {}, bayar, about)).events).toHaveLength(1);
  });
});
