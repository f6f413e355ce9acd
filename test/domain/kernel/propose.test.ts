import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemWho } from '../../../src/domain/kernel/actor.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf } from '../../support/house.js';
import { deputy, system } from '../../support/spec.js';
import { note, noteActions } from './inference.js';

const saren = deputy('Saren', '150802');

describe('ids of what a command writes (ADR 4)', () => {
  const signed = {
    ...noteActions,
    signNote: note.action({
      describe: ['Write an id into the note.', '写入编号。'],
      from: ['OPEN'],
      by: [systemWho],
      input: z.object({}),
      decide: ({ ctx }) => [{ type: 'NoteExtended', data: { line: ctx.newId(), lines: 1 } }],
    }),
  };

  test('one commandId on two cases gives two sets of ids: what follows from the one event is not lost with the other', async () => {
    const store = arrayStore();
    const { handle } = houseOf(defineRegistry([note], signed), store);
    const open = async (commandId: string) =>
      done(await handle({ action: 'openNote', input: { title: commandId }, actor: saren, commandId })).id;
    for (const id of [await open('one'), await open('two')])
      done(await handle({ action: 'signNote', id, input: {}, actor: system, commandId: 'same' }));
    const [, , first, second] = store.log;
    expect(first?.meta.commandId).toBe(second?.meta.commandId);
    expect(first?.id).not.toBe(second?.id);
    expect(first?.data).not.toEqual(second?.data);
  });

  test('the same command on the same case proposes the same ids, whichever process carries it out', async () => {
    const logs = await Promise.all(
      [arrayStore(), arrayStore()].map(async (store) => {
        const { handle } = houseOf(defineRegistry([note], signed), store);
        const { id } = done(await handle({ action: 'openNote', input: { title: 't' }, actor: saren, commandId: 'a' }));
        await handle({ action: 'signNote', id, input: {}, actor: system, commandId: 'b' });
        return store.log.map((event) => [event.id, event.stream, event.data]);
      }),
    );
    expect(logs[0]).toEqual(logs[1]);
  });
});

describe('who is told of an event (invariant 8)', () => {
  /** A note that is open is the office's too; an archived one is its owner's alone. */
  const leaving = {
    ...note,
    audience: (s: { owner: string; region: string; status: string }) => ({
      [`mandate:${s.owner}`]: 'participant' as const,
      ...(s.status === 'OPEN' ? { [`office:${s.region}`]: 'office' as const } : {}),
    }),
  };

  test('whoever it shuts out of the case is told what is public of it, and no more', async () => {
    const store = arrayStore();
    const { handle } = houseOf(defineRegistry([leaving], noteActions), store);
    const { id } = done(await handle({ action: 'openNote', input: { title: 't' }, actor: saren, commandId: 'a' }));
    done(await handle({ action: 'archiveNote', id, input: {}, actor: saren, commandId: 'b' }));
    const lead = `mandate:${saren.mandate}`;
    expect(store.log.map((event) => event.meta.audience)).toEqual([
      { [lead]: 'participant', 'office:150802': 'office' },
      { [lead]: 'participant', 'office:150802': 'public' },
    ]);
  });
});
