import type { RandomBelow } from './ports.js';

/** Every order is as likely (Fisher–Yates), as far as `below` is. */
export function shuffled<T>(items: readonly T[], below: RandomBelow): T[] {
  const out: T[] = [];
  for (const item of items) {
    const at = below(out.length + 1);
    const displaced = out[at];
    if (displaced !== undefined) out.push(displaced);
    out[at] = item;
  }
  return out;
}
