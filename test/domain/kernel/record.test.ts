import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deputyWho, systemWho } from '../../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../../src/domain/kernel/aggregate.js';
import { event, opening } from '../../../src/domain/kernel/event.js';
import { defineRefusals } from '../../../src/domain/kernel/refusal.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { facts } from '../../../src/domain/kernel/visibility.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf } from '../../support/house.js';
import { deputy, idOf, system } from '../../support/spec.js';

/** A baton has one holder at a time, and can be split off from another baton. */
const anyone = deputyWho(['a deputy', '代表']);
const baton = defineAggregate({
  category: 'baton',
  term: ['baton', '接力棒'],
  state: facts({ public: { status: z.literal('HELD'), region: z.string(), holder: z.string() } }),
  events: {
    BatonMade: opening(['Baton made', '已制作'], { public: { holder: z.string() } }),
    BatonPassed: event(['Baton passed', '已交接'], { public: { to: z.string() } }),
  },
  evolve: {
    BatonMade: (_, e) => ({ status: 'HELD', region: '150802', holder: e.holder }),
    BatonPassed: (s, e) => ({ ...s, holder: e.to }),
  },
  audience: (s) => ({ [`mandate:${s.holder}`]: 'participant' }),
  refusals: defineRefusals({}),
});
const registry = defineRegistry([baton], {
  makeBaton: baton.create({
    describe: ['Make.', '制作。'],
    by: [anyone],
    input: z.object({ from: z.string().optional() }),
    continues: (input) => (input.from ? baton.at(input.from) : undefined),
    decide: ({ ctx }) => [{ type: 'BatonMade', data: { holder: ctx.actor.mandate } }],
  }),
  passBaton: baton.action({
    describe: ['Pass.', '交接。'],
    from: ['HELD'],
    by: [anyone, systemWho],
    input: z.object({ to: z.array(z.string()) }),
    decide: ({ input }) => input.to.map((to) => ({ type: 'BatonPassed', data: { to } }) as const),
  }),
});
const saren = deputy('Saren', '150802');

function newHouse() {
  const store = arrayStore();
  return { store, ...houseOf(registry, store) };
}

describe('what an event records (architecture.md §4)', () => {
  test('its audience is who could see the case before or after it', async () => {
    const { handle, store } = newHouse();
    const { id } = done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    done(await handle({ action: 'passBaton', id, input: { to: ['B', 'C'] }, actor: saren, commandId: 'b' }));
    expect(store.log.map((e) => Object.keys(e.meta.audience))).toEqual([
      [`mandate:${saren.mandate}`],
      [`mandate:${saren.mandate}`, 'mandate:B'],
      ['mandate:B', 'mandate:C'],
    ]);
  });

  test('who acted, under which mandate, by which action, and when', async () => {
    const { handle, store } = newHouse();
    done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    expect(store.log[0]).toMatchObject({
      type: 'BatonMade',
      version: 1,
      revision: 0,
      effectiveAt: '2026-03-02T02:00:00.000Z',
      meta: { action: 'makeBaton', actor: { person: saren.person, mandate: saren.mandate } },
    });
  });

  test('a policy acts in its own name, and names the event that made it act', async () => {
    const { handle, store } = newHouse();
    const { id, events } = done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    const causationId = events[0]?.id;
    done(await handle({ action: 'passBaton', id, input: { to: ['B'] }, actor: system, commandId: 'b', causationId }));
    expect(store.log[1]?.meta).toMatchObject({ actor: { policy: 'test' }, $causationId: causationId });
  });

  test('without such an event the command is the cause', async () => {
    const { handle, store } = newHouse();
    done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    const meta = store.log[0]?.meta;
    expect(meta?.$causationId).toBe(meta?.commandId);
  });

  test('a case is its own chain; one that continues another belongs to the first one’s chain (lessons.md U5)', async () => {
    const { handle, store } = newHouse();
    const first = done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    const next = done(await handle({ action: 'makeBaton', input: { from: first.id }, actor: saren, commandId: 'b' }));
    done(await handle({ action: 'makeBaton', input: { from: next.id }, actor: saren, commandId: 'c' }));
    done(await handle({ action: 'passBaton', id: next.id, input: { to: ['B'] }, actor: saren, commandId: 'd' }));
    expect(store.log.map((e) => e.meta.$correlationId)).toEqual([first.id, first.id, first.id, first.id]);
  });

  test('a case that continues an unknown one begins its own chain', async () => {
    const { handle, store } = newHouse();
    const { id } = done(
      await handle({ action: 'makeBaton', input: { from: idOf('none') }, actor: saren, commandId: 'a' }),
    );
    expect(store.log[0]?.meta.$correlationId).toBe(id);
  });

  test('several events of one command stand together: all or none, and repeated together', async () => {
    const { handle, store } = newHouse();
    const { id } = done(await handle({ action: 'makeBaton', input: {}, actor: saren, commandId: 'a' }));
    const pass = { action: 'passBaton', id, input: { to: ['B', 'C', 'D'] }, actor: saren, commandId: 'b' };
    const first = done(await handle(pass));
    done(await handle({ ...pass, actor: system, input: { to: ['E'] }, commandId: 'c' }));
    // The deputy has passed the baton on and does not see it any more; the answer to the same command is still theirs.
    const again = done(await handle(pass));
    expect(again.events.map((e) => e.revision)).toEqual([1, 2, 3]);
    expect([again.revision, again.position, again.repeated]).toEqual([first.revision, first.position, true]);
    expect(new Set(store.log.map((e) => e.id)).size).toBe(store.log.length);
  });
});
