import type { Audience } from '../../src/domain/kernel/event.js';
import type { ViewerClass } from '../../src/domain/kernel/visibility.js';
import { deputy } from '../../test/support/spec.js';
import { region } from '../fanout/ours.js';
import type { Sample } from '../fanout/sample.js';
import { cursorOf, sampleOf } from '../fanout/sample.js';

const classes: readonly ViewerClass[] = ['public', 'follower', 'participant', 'office'];
/** Two fifths of the cases are of townships, few of the nation: the fewer, the wider. */
const entitledAt = [20, 35, 60, 110, 200] as const;
const levels = [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 4] as const;

/** Who is entitled to a case, and as what. A case has 20 to 200 deputies; everybody is in some. */
export function casesOf(cases: number, deputies: number): readonly ReadonlyMap<number, ViewerClass>[] {
  return Array.from({ length: cases }, (_, n) => {
    const entitled = new Map<number, ViewerClass>();
    const wanted = Math.min(deputies, entitledAt[levels[n % levels.length] ?? 0] ?? 20);
    for (let i = 0; entitled.size < wanted; i++)
      entitled.set((n * 7_919 + i * 613) % deputies, classes[i % 8 === 0 ? 3 : i % 4] ?? 'public');
    return entitled;
  });
}

export const holderOf = (n: number): string => `mandate:${deputyOf(n).mandate}`;
const deputyOf = (n: number) => deputy(`deputy ${n}`, region);

export function audiencesOf(cases: readonly ReadonlyMap<number, ViewerClass>[]): readonly Audience[] {
  return cases.map((entitled) => Object.fromEntries([...entitled].map(([n, shown]) => [holderOf(n), shown])));
}

/** As a viewer of the class sees it. */
export function bodyFor(n: number, shown: ViewerClass): string {
  const sample: Sample = sampleOf(n);
  const rank = classes.indexOf(shown);
  const event = { ...sample, advice: rank >= 2 ? sample.advice : null, note: rank >= 3 ? sample.note : null };
  return JSON.stringify({ data: { dutyFeed: { cursor: cursorOf(n), caughtUp: false, event } } });
}
