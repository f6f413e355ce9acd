import { expect } from 'vitest';
import type { World } from '../../live/support/world.js';

/** It is refused with this code, the log is what it was, and the server goes on answering. */
export async function refusedWhole(world: World, code: string, attempt: () => Promise<string>): Promise<void> {
  const before = await world.log();
  expect(await attempt()).toBe(code);
  expect((await world.log()).slice(before.length)).toEqual([]);
  expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
}
