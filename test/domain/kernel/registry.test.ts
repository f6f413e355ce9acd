import { describe, expect, expectTypeOf, test } from 'vitest';
import { event } from '../../../src/domain/kernel/event.js';
import type { Refusal } from '../../../src/domain/kernel/refusal.js';
import { defineRefusals, isRefusal } from '../../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { note, noteActions } from './inference.js';

describe('registering is checking', () => {
  test('two aggregates of one category', () => {
    expect(() => defineRegistry([note, note], {})).toThrow('category note is defined twice');
  });

  test('a category that a stream name cannot begin with (`$ce-<category>` must work)', () => {
    for (const category of ['my-note', 'Note', ''])
      expect(() => defineRegistry([{ ...note, category }], {})).toThrow('must be camelCase letters');
  });

  test('one event type with two schemas', () => {
    const other = { ...note, category: 'other', events: { ...note.events, NoteArchived: event(['x', '某'], {}) } };
    expect(() => defineRegistry([note, other], {})).toThrow('event NoteArchived is defined twice');
  });

  test('aggregates may share an event that is one definition', () => {
    expect(defineRegistry([note, { ...note, category: 'other' }], {}).events.size).toBe(3);
  });

  test('one refusal code with two texts', () => {
    const again = defineRefusals({ NOTE_FULL: { message: ['Full.', '满。'], next: ['Stop.', '停止。'] } });
    expect(() => defineRegistry([note], {}, again)).toThrow('refusal NOTE_FULL is defined twice');
  });

  test('an action of no aggregate', () => {
    expect(() => defineRegistry([], noteActions)).toThrow('action openNote: no aggregate note');
  });

  test('the refusals of all chapters are one table', () => {
    expect(Object.keys(defineRegistry([note], noteActions, kernelRefusals).refusals)).toEqual(
      expect.arrayContaining(['NOTE_FULL', 'NOT_FOUND', 'BUSY']),
    );
  });
});

describe('a refusal is a value', () => {
  const refusals = defineRefusals({
    TOO_LATE: {
      message: ['{what} was due on {day}.', '{what}应于{day}前完成。'],
      next: ['Ask {who}.', '请联系{who}。'],
    },
    NO: { message: ['No.', '不可。'], next: ['Stop.', '请停止。'] },
  });

  test('its params fill the texts of both languages and of the next step', () => {
    expect(refusals.TOO_LATE({ what: 'Reply', day: '2026-03-02', who: 'DWC' })).toEqual({
      refused: 'TOO_LATE',
      params: { what: 'Reply', day: '2026-03-02', who: 'DWC' },
      message: ['Reply was due on 2026-03-02.', 'Reply应于2026-03-02前完成。'],
      next: ['Ask DWC.', '请联系DWC。'],
    });
  });

  test('its params are typed by its texts', () => {
    expectTypeOf(refusals.NO).toEqualTypeOf<() => Refusal>();
    expectTypeOf(refusals.TOO_LATE).parameter(0).toHaveProperty('day');
    // @ts-expect-error a parameter that the texts name must be given
    refusals.TOO_LATE({ what: 'Reply' });
  });

  test('it is told from events and from nothing', () => {
    expect([refusals.NO(), [], undefined, null, { refused: 1 }].map(isRefusal)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
