import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { Command } from '../../../src/domain/kernel/handle.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf, refused } from '../../support/house.js';
import { deputy, idOf, official, system } from '../../support/spec.js';
import { note, noteActions } from './inference.js';

const registry = defineRegistry([note], noteActions, kernelRefusals);
const saren = deputy('Saren', '150802');
const bayar = deputy('Bayar', '150802');

function newHouse() {
  const store = arrayStore();
  const house = houseOf(registry, store);
  let commands = 0;
  const send = (action: string, input: unknown, actor: Actor, more: Partial<Command> = {}) =>
    house.handle({ action, input, actor, commandId: `c${commands++}`, ...more });
  const open = async (title = 'Water', actor: Actor = saren) => done(await send('openNote', { title }, actor)).id;
  return { ...house, store, send, open };
}

describe('a command has one effect (architecture.md §3)', () => {
  test('sent again it gives the original outcome and writes nothing', async () => {
    const { send, store } = newHouse();
    const first = done(await send('openNote', { title: 'Water' }, saren, { commandId: 'same' }));
    const again = done(await send('openNote', { title: 'Water' }, saren, { commandId: 'same' }));
    expect(again).toMatchObject({ id: first.id, revision: first.revision, position: first.position, repeated: true });
    expect(again.events.map((e) => e.id)).toEqual(first.events.map((e) => e.id));
    expect([first.repeated, store.log.length]).toEqual([false, 1]);
  });

  test('sent again after the case has moved on it still gives what it did, not the newest', async () => {
    const { send, open, store } = newHouse();
    const id = await open();
    const first = done(await send('extendNote', { line: 'one' }, saren, { id, commandId: 'line one' }));
    done(await send('extendNote', { line: 'two' }, saren, { id }));
    done(await send('archiveNote', {}, saren, { id }));
    const again = done(await send('extendNote', { line: 'one' }, saren, { id, commandId: 'line one' }));
    expect(again).toMatchObject({ revision: first.revision, position: first.position, repeated: true });
    expect(again.events.map((e) => e.data)).toEqual([{ line: 'one', lines: 1 }]);
    expect(store.log).toHaveLength(4);
  });

  test('sent again through another process it is known by the log itself', async () => {
    const { store, send, open } = newHouse();
    const id = await open();
    const command = { action: 'extendNote', id, input: { line: 'one' }, actor: saren, commandId: 'x' };
    const first = done(await send('extendNote', command.input, saren, command));
    const again = done(await houseOf(registry, store).handle(command));
    expect(again).toMatchObject({ position: first.position, repeated: true });
    expect(store.log).toHaveLength(2);
  });

  test('the same commandId of another person is another command', async () => {
    const { send, store } = newHouse();
    const one = done(await send('openNote', { title: 'Water' }, saren, { commandId: 'same' }));
    const other = done(await send('openNote', { title: 'Roads' }, bayar, { commandId: 'same' }));
    expect(other.id).not.toBe(one.id);
    expect([other.repeated, store.log.length]).toEqual([false, 2]);
  });

  test('a commandId that was used for another action on the case is refused', async () => {
    const { send, open } = newHouse();
    const id = await open();
    done(await send('extendNote', { line: 'one' }, saren, { id, commandId: 'x' }));
    const reused = await send('archiveNote', {}, saren, { id, commandId: 'x' });
    expect(refused(reused).refused).toBe('COMMAND_REUSED');
  });

  test('nothing to do is an outcome without events', async () => {
    const { send, open, store } = newHouse();
    const id = await open();
    const first = done(await send('extendNote', { line: 'one' }, saren, { id }));
    const same = done(await send('extendNote', { line: 'one' }, saren, { id }));
    expect(same).toMatchObject({ events: [], revision: first.revision, position: first.position, repeated: false });
    expect(store.log).toHaveLength(2);
  });
});

describe('writers at the same time', () => {
  test('a stale expectedRevision is refused, and the refusal carries what changed (lessons.md T23)', async () => {
    const { send, open, store } = newHouse();
    const id = await open();
    done(await send('extendNote', { line: 'one' }, saren, { id }));
    done(await send('extendNote', { line: 'two' }, saren, { id }));
    const conflict = refused(await send('extendNote', { line: 'three' }, saren, { id, expectedRevision: 0 }));
    expect(conflict).toMatchObject({ refused: 'REVISION_CONFLICT', params: { expected: 0, actual: 2 } });
    expect(conflict).toMatchObject({ changes: [{ data: { line: 'one' } }, { data: { line: 'two' } }] });
    expect(store.log).toHaveLength(3);
  });

  test('the expectedRevision that the case is at goes through', async () => {
    const { send, open } = newHouse();
    const id = await open();
    expect(done(await send('extendNote', { line: 'one' }, saren, { id, expectedRevision: 0 })).revision).toBe(1);
  });

  test('two processes on one case both succeed, the slower one by deciding again', async () => {
    const { store, handle, open } = newHouse();
    const id = await open();
    const other = houseOf(registry, store);
    const line = (text: string) => ({ action: 'extendNote', id, input: { line: text }, actor: saren, commandId: text });
    const outcomes = (await Promise.all([handle(line('one')), other.handle(line('two'))])).map(done);
    expect(outcomes.map((o) => o.revision).sort()).toEqual([1, 2]);
    // The second one's data was decided on the state that the first one left.
    expect(store.log.slice(1).map((e) => e.data)).toMatchObject([{ lines: 1 }, { lines: 2 }]);
  });

  test('the same command through two processes at once is one event', async () => {
    const { store, handle, open } = newHouse();
    const id = await open();
    const command = { action: 'extendNote', id, input: { line: 'one' }, actor: saren, commandId: 'x' };
    const outcomes = await Promise.all([handle(command), houseOf(registry, store).handle(command)]);
    expect(outcomes.map((o) => done(o).position)).toEqual([store.log[1]?.position, store.log[1]?.position]);
    expect(store.log).toHaveLength(2);
  });

  test('commands of one process on one case take turns, whatever one of them meets', async () => {
    const { send, open, store } = newHouse();
    const id = await open();
    const results = await Promise.all([
      send('extendNote', { line: 'one' }, saren, { id }),
      send('extendNote', { line: 'no' }, bayar, { id }),
      send('extendNote', { line: 'two' }, saren, { id }),
    ]);
    expect([done(results[0]).revision, refused(results[1]).refused, done(results[2]).revision]).toEqual([
      1,
      'NOT_ALLOWED',
      2,
    ]);
    expect(store.log).toHaveLength(3);
  });
});

describe('who may act (architecture.md §9, default deny)', () => {
  test('a case that is not the actor’s to see is refused like one that does not exist', async () => {
    const hidden = defineRegistry(
      [{ ...note, audience: (s: { owner: string }) => ({ [`mandate:${s.owner}`]: 'office' as const }) }],
      noteActions,
    );
    const { handle } = houseOf(hidden, arrayStore());
    const { id } = done(await handle({ action: 'openNote', input: { title: 'Water' }, actor: saren, commandId: 'a' }));
    const command = { action: 'archiveNote', input: {}, actor: bayar, commandId: 'b' };
    const notYours = refused(await handle({ ...command, id }));
    const unknown = refused(await handle({ ...command, id: idOf('no such note') }));
    expect(notYours.refused).toBe('NOT_FOUND');
    expect(notYours).toEqual(unknown);
  });

  test('the same for a stale revision of a case that one may not see', async () => {
    const hidden = defineRegistry([{ ...note, audience: () => ({}) }], noteActions);
    const { handle } = houseOf(hidden, arrayStore());
    const { id } = done(await handle({ action: 'openNote', input: { title: 'Water' }, actor: saren, commandId: 'a' }));
    const stale = { action: 'archiveNote', input: {}, actor: bayar, commandId: 'b', id, expectedRevision: 7 };
    expect(refused(await handle(stale)).refused).toBe('NOT_FOUND');
  });

  test('somebody who sees the case but has no right to the action is told who has', async () => {
    const { send, open } = newHouse();
    const no = refused(await send('archiveNote', {}, bayar, { id: await open() }));
    expect(no).toMatchObject({
      refused: 'NOT_ALLOWED',
      message: ['Only the owner may do this.', '此操作仅限所有者。'],
    });
  });

  test('the system and officials have no right that the action does not name', async () => {
    const { send, open } = newHouse();
    const id = await open();
    for (const actor of [system, official('SC', '150802')])
      expect(refused(await send('archiveNote', {}, actor, { id })).refused).toBe('NOT_ALLOWED');
  });

  test.each([
    ['elected', 'MANDATE_NOT_CONFIRMED'],
    ['suspended', 'MANDATE_SUSPENDED'],
    ['ended', 'MANDATE_ENDED'],
  ] as const)('a %s mandate can do nothing (P6)', async (standing, code) => {
    const { send, open } = newHouse();
    const id = await open();
    const blocked = deputy('Saren', '150802', standing);
    expect(refused(await send('openNote', { title: 'Roads' }, blocked)).refused).toBe(code);
    expect(refused(await send('extendNote', { line: 'one' }, blocked, { id })).refused).toBe(code);
  });

  test('a post that is no longer held can do nothing (P6)', async () => {
    const { send } = newHouse();
    const left = { ...official('SC', '150802'), standing: 'ended' as const };
    expect(refused(await send('openNote', { title: 'Roads' }, left)).refused).toBe('POST_ENDED');
  });
});

describe('what is refused before the aggregate decides', () => {
  test('a state in which the action is not allowed', async () => {
    const { send, open } = newHouse();
    const id = await open();
    done(await send('archiveNote', {}, saren, { id }));
    expect(refused(await send('extendNote', { line: 'one' }, saren, { id }))).toMatchObject({
      refused: 'WRONG_STATE',
      params: { status: 'ARCHIVED', allowed: 'OPEN' },
    });
  });

  test('what must hold whatever the input', async () => {
    const { send, open } = newHouse();
    const id = await open();
    for (const line of ['one', 'two', 'three']) done(await send('extendNote', { line }, saren, { id }));
    expect(refused(await send('extendNote', { line: 'four' }, saren, { id }))).toMatchObject({
      refused: 'NOTE_FULL',
      message: ['The note has 3 lines already.', '记录已有3行。'],
    });
  });

  test.each([
    ['an empty text', { title: '  ' }],
    ['a text over the limit', { title: 'x'.repeat(21) }],
    ['broken characters', { title: 'a\uFFFDb' }],
    ['a lone surrogate', { title: 'a\uD800b' }],
    ['another type', { title: 7 }],
    ['a missing field', {}],
    ['no input at all', null],
  ])('%s names the field', async (_, input) => {
    const { send, store } = newHouse();
    const no = refused(await send('openNote', input, saren));
    expect(no.refused).toBe('INVALID_INPUT');
    expect(no.message[0]).toContain(input === null ? 'input' : 'title');
    expect(store.log).toEqual([]);
  });

  test('an action on a case without the case’s id', async () => {
    expect(refused(await newHouse().send('archiveNote', {}, saren)).refused).toBe('NOT_FOUND');
  });

  test('an action that the registry does not have is a broken rule', async () => {
    await expect(newHouse().send('burnNote', {}, saren)).rejects.toThrow('no action burnNote');
  });
});
