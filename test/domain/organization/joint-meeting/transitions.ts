import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import type { AnyAction } from '../../../../src/domain/kernel/aggregate.js';
import { isRefusal } from '../../../../src/domain/kernel/refusal.js';
import type { specOf } from '../../../support/spec.js';

type Spec = ReturnType<typeof specOf>;
type Table = {
  readonly actions: Readonly<Record<string, AnyAction>>;
  /** Actions that begin a case: they have no state to start from. */
  readonly begins: readonly string[];
  /** In which states each action is open; in any other it is refused WRONG_STATE. */
  readonly table: Readonly<Record<string, readonly string[]>>;
  /** How each state is reached. */
  readonly reach: Readonly<Record<string, () => Spec>>;
  readonly inputs: Readonly<Record<string, (spec: Spec) => readonly [unknown, Actor]>>;
  /**
   * `action STATE`: open by the table, but a rule of its own refuses it in the case at hand, or it has no effect (null);
   * or closed, and whoever could try it has no right to the case yet (NOT_FOUND, NOT_ALLOWED come before WRONG_STATE).
   */
  readonly guarded?: Readonly<Record<string, string | null>>;
};

/** One test for each action in each state: allowed with events, or refused with its code. */
export function transitionTests(title: string, { actions, begins, table, reach, inputs, guarded = {} }: Table) {
  describe(title, () => {
    it('covers every action of an existing case', () => {
      const named = Object.keys(actions).filter((name) => !begins.includes(name));
      expect(Object.keys(table).sort()).toEqual(named.sort());
    });
    it.each(Object.entries(reach))('reaches %s', (status, make) => {
      expect(make().state()).toMatchObject({ status });
    });
    for (const [action, states] of Object.entries(table))
      for (const [status, make] of Object.entries(reach)) {
        const allowed = states.includes(status);
        const guard = guarded[`${action} ${status}`];
        it(`${action} when ${status}: ${guard ?? (allowed ? 'allowed' : 'WRONG_STATE')}`, () => {
          const spec = make();
          const given = inputs[action];
          if (!given) throw new Error(`no input for ${action}`);
          const [input, actor] = given(spec);
          const done = spec.when(action, input, actor);
          if (!allowed) done.refused(guard ?? 'WRONG_STATE');
          else if (guard) done.refused(guard);
          else if (guard === null) done.emits();
          else {
            expect(done.decided).toContainEqual(expect.objectContaining({ type: expect.any(String) }));
            // The same input again has nothing to do, or is refused.
            const again = spec.after(action, input, actor).when(action, input, actor).decided;
            expect(isRefusal(again) || again.length === 0).toBe(true);
          }
        });
      }
  });
}
