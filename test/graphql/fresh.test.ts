import { expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.js';
import { anybody } from '../../src/graphql/context.js';
import { isStale, waitFor } from '../../src/graphql/fresh.js';
import type { Services } from '../../src/graphql/services.js';
import type { ProjectorState } from '../../src/projections/kernel/projector-types.js';

/** Read models in a state, which come to every position or to none. */
const services = (state: ProjectorState, reached: 'reached' | 'timeout' = 'reached') =>
  ({ projector: { status: () => ({ state }), waitFor: async () => reached }, waitMs: 10 }) as unknown as Services;
const answered = async (from: Services, position: string | undefined) => {
  const context: Context = { viewer: anybody };
  await waitFor(from, context, position);
  return isStale(context);
};

it('an answer says that it is stale when its position was not reached in time', async () => {
  expect(await answered(services('live'), 'a')).toBe(false);
  expect(await answered(services('live', 'timeout'), 'a')).toBe(true);
});

it('and when nobody waits, while the read models are being filled or cannot be followed (issue 3 part 3)', async () => {
  expect(await answered(services('live'), undefined)).toBe(false);
  for (const state of ['starting', 'catching up', 'retrying', 'stopped'] as const)
    expect(await answered(services(state), undefined), state).toBe(true);
});
