import { expect, it } from 'vitest';
import { farewell } from '../../src/graphql/live/farewell.js';

it('all are sent away once, by and by and not in the order in which they came (issue 3 part 4)', async () => {
  const all = Array.from({ length: 400 }, (_, n) => n);
  const said: number[] = [];
  const done = farewell(all, (one) => said.push(one));
  expect(said.length).toBeLessThan(100);
  await done;
  expect([...said].sort((a, b) => a - b)).toEqual(all);
  expect(said).not.toEqual(all);
});

it('few are sent away at once', async () => {
  const said: string[] = [];
  void farewell(['a', 'b'], (one) => said.push(one));
  expect(said.sort()).toEqual(['a', 'b']);
});
