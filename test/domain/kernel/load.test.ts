import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EventDefinition } from '../../../src/domain/kernel/event.js';
import { event, upcast } from '../../../src/domain/kernel/event.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import { decode, defineRegistry, evolve } from '../../../src/domain/kernel/registry.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf, refused } from '../../support/house.js';
import { deputy } from '../../support/spec.js';
import { note, noteActions } from './inference.js';

const registry = defineRegistry([note], noteActions);
const saren = deputy('Saren', '150802');

async function hotNote(lines: readonly string[]) {
  const store = arrayStore();
  const { handle, loader } = houseOf(registry, store);
  const send = async (action: string, input: unknown, id?: string) =>
    done(await handle({ action, input, id, actor: saren, commandId: `${action} ${JSON.stringify(input)}` }));
  const { id } = await send('openNote', { title: 'Water' });
  for (const line of lines) await send('extendNote', { line }, id);
  return { store, loader, send, ref: note.at(id) };
}

describe('the folded-state cache', () => {
  test('a stream written by this process is never read again', async () => {
    const { store, loader, ref } = await hotNote(['one', 'two']);
    const loaded = await loader.load(ref);
    expect([loaded.revision, store.reads()]).toEqual([2, 0]);
    expect(loaded.state).toMatchObject({ status: 'OPEN', lines: ['one', 'two'] });
  });

  test('a stream written by others is read once, then only its tail', async () => {
    const { store, ref, send } = await hotNote(['one', 'two']);
    const other = createLoader(store, registry);
    await other.load(ref);
    await other.load(ref);
    expect(store.reads()).toBe(3);
    await send('extendNote', { line: 'three' }, ref.id);
    expect((await other.load(ref)).state).toMatchObject({ lines: ['one', 'two', 'three'] });
    expect(store.reads()).toBe(4);
  });

  test('beyond its capacity the case that was used longest ago is read anew', async () => {
    const { store, ref, send } = await hotNote([]);
    const second = note.at((await send('openNote', { title: 'Roads' })).id);
    const third = note.at((await send('openNote', { title: 'Schools' })).id);
    const small = createLoader(store, registry, 2);
    for (const one of [ref, second, ref, third, ref]) await small.load(one);
    expect(store.reads()).toBe(3);
    await small.load(second);
    expect(store.reads()).toBe(4);
  });

  test('a case that does not exist is not remembered as missing', async () => {
    const { store, loader } = await hotNote([]);
    const other = houseOf(registry, store);
    const command = { action: 'openNote', input: { title: 'New' }, actor: saren, commandId: 'later' };
    const { id } = done(await houseOf(registry, arrayStore()).handle(command));
    expect((await loader.load(note.at(id))).state).toBeUndefined();
    done(await other.handle(command));
    expect((await loader.load(note.at(id))).state).toMatchObject({ title: 'New' });
  });

  test('loads of one case at the same time agree', async () => {
    const { store, ref } = await hotNote(['one', 'two']);
    const other = createLoader(store, registry);
    const all = await Promise.all([other.load(ref), other.load(ref), other.load(ref)]);
    expect(new Set(all.map((loaded) => JSON.stringify(loaded.state))).size).toBe(1);
    expect([...(all[0]?.commands.values() ?? [])].map(({ from, to }) => [from, to])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test('the case as it was at a revision or a time', async () => {
    const { loader, ref } = await hotNote(['one', 'two']);
    expect((await loader.loadAt(ref, { revision: 1 })).state).toMatchObject({ lines: ['one'] });
    expect((await loader.loadAt(ref, { time: '2026-03-02T02:00:00.000Z' })).revision).toBe(2);
    expect((await loader.loadAt(ref, { time: '2026-03-02T01:59:59.999Z' })).state).toBeUndefined();
  });
});

/** The third version of an event, whose first had no unit and whose second called the amount a length. */
const grown = event(
  ['Water measured', '已测量'],
  { public: { amount: z.number(), unit: z.string() } },
  {
    version: 3,
    upcasts: {
      1: (data) => ({ ...z.object({ length: z.number() }).parse(data), unit: 'm' }),
      2: (data) => {
        const { length, unit } = z.object({ length: z.number(), unit: z.string() }).parse(data);
        return { amount: length, unit };
      },
    },
  },
);
const growing = defineRegistry([{ ...note, events: { ...note.events, WaterMeasured: grown } }], {});
const recorded = (version: number, data: unknown, type = 'WaterMeasured') => ({
  id: 'e1',
  stream: 'note-1',
  revision: 0,
  position: '0',
  type,
  version,
  data,
  effectiveAt: '2026-03-02T02:00:00.000Z',
  recordedAt: '2026-03-02T02:00:00.000Z',
  meta: {
    commandId: 'c',
    action: 'measure',
    actor: { policy: 'test' },
    $correlationId: '1',
    $causationId: 'c',
    audience: {},
  },
});

describe('old events are brought up to date when they are read (architecture.md §4)', () => {
  test('through every version in between', () => {
    expect(decode(growing, recorded(1, { length: 3 }))).toMatchObject({ version: 3, data: { amount: 3, unit: 'm' } });
    expect(decode(growing, recorded(2, { length: 3, unit: 'km' })).data).toEqual({ amount: 3, unit: 'km' });
    expect(decode(growing, recorded(3, { amount: 3, unit: 'km' })).data).toEqual({ amount: 3, unit: 'km' });
  });

  test('what does not fit the newest schema then is a broken log', () => {
    expect(() => decode(growing, recorded(2, { length: 'three', unit: 'm' }))).toThrow();
  });

  test('an event newer than the program is an error, not a guess', () => {
    expect(() => decode(growing, recorded(4, {}))).toThrow('WaterMeasured version 4 is newer than this program');
  });

  test('an event of an unknown type is an error', () => {
    expect(() => decode(growing, recorded(1, {}, 'WaterDrunk'))).toThrow('unknown type WaterDrunk');
  });

  test('a version without an upcast is an error', () => {
    const gap: EventDefinition = { ...grown, upcasts: {} };
    expect(() => upcast(gap, 1, {})).toThrow('no upcast from version 1');
  });

  test('what a conflict tells and what a repeated command answers is up to date too', async () => {
    const old = { ...note.events.NoteExtended, version: 1 };
    const before = defineRegistry([{ ...note, events: { ...note.events, NoteExtended: old } }], noteActions);
    const renewed = {
      ...old,
      version: 2,
      upcasts: { 1: (data: unknown) => ({ ...z.object({ lines: z.int() }).parse(data), line: 'upcast' }) },
    };
    const after = defineRegistry([{ ...note, events: { ...note.events, NoteExtended: renewed } }], noteActions);
    const store = arrayStore();
    const { handle } = houseOf(before, store);
    const { id } = done(await handle({ action: 'openNote', input: { title: 'Water' }, actor: saren, commandId: 'a' }));
    const extend = { action: 'extendNote', id, input: { line: 'one' }, actor: saren, commandId: 'b' };
    done(await handle(extend));
    const today = houseOf(after, store);
    expect(done(await today.handle(extend)).events).toMatchObject([{ version: 2, data: { line: 'upcast' } }]);
    const stale = refused(await today.handle({ ...extend, commandId: 'c', expectedRevision: 0 }));
    expect(stale).toMatchObject({ changes: [{ version: 2, data: { line: 'upcast' } }] });
  });
});

describe('a fold', () => {
  const opened = { id: 'e', type: 'NoteOpened', data: { title: 'W', owner: 'o', region: '150802' }, effectiveAt: '' };
  test('begins with an opening event and has only one', () => {
    expect(() => evolve(note, undefined, { ...opened, type: 'NoteArchived', data: {} })).toThrow('out of place');
    expect(() => evolve(note, evolve(note, undefined, opened), opened)).toThrow('out of place');
  });
  test('knows only its own events', () => {
    expect(() => evolve(note, undefined, { ...opened, type: 'MandateEnded' })).toThrow('is no event of a note');
  });
});
