import type { Refusal } from '../../domain/kernel/refusal.js';
import { guardRefusals } from './refusals.js';

/** The largest input of an action has some hundreds; a register comes as one text. */
const mostValues = 10_000;
const deepest = 32;

/**
 * Looks at variables before anything is made of them: GraphQL writes an error for each value that does not fit, and a
 * suggestion for each name that it does not know, so tens of thousands of them would hold the server for half a minute.
 * Counts on without recursion, and only as far as it must.
 */
export function refusalOfVariables(variables: unknown): Refusal | undefined {
  const refusal = () => guardRefusals.TOO_MANY_VALUES({ most: mostValues, deepest });
  let level = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    const inner: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const own: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      values += own.length;
      if (values > mostValues || depth >= deepest) return refusal();
      for (const one of own) inner.push(one);
    }
    level = inner;
  }
  return undefined;
}
