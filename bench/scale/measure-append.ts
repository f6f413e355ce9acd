import type { Town } from './town.js';
import { inParallel } from './town.js';

export type AppendFigures = { readonly oneByOneMs: number; readonly togetherPerSecond: number };

/** Real commands, durable in the embedded log: one after the other, as a policy works, and 64 at a time. */
export async function measureAppend(town: Town, count: number): Promise<AppendFigures> {
  const people = town.deputies().map(({ person }) => person);
  const rename = (person: string, name: string) =>
    town.act({ kind: 'system', policy: 'bench' }, 'renamePerson', { name }, person);
  const times: number[] = [];
  for (const [i, person] of people.slice(0, 30).entries()) {
    const begun = performance.now();
    await rename(person, `改名${i}`);
    times.push(performance.now() - begun);
  }
  const begun = performance.now();
  const named = Array.from({ length: count }, (_, i) => people[i % people.length] ?? '');
  await inParallel(named, async (person, i) => void (await rename(person, `再改${i}`)));
  const seconds = (performance.now() - begun) / 1_000;
  return { oneByOneMs: times.sort((a, b) => a - b)[15] ?? 0, togetherPerSecond: count / seconds };
}
