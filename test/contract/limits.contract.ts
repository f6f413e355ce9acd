import { describe, expect, test } from 'vitest';
import type { Budget, RateLimits, Rates } from '../../src/graphql/guard/ports.js';

export const ratesOf = (rates: Partial<Rates>): Rates => ({
  query: 100,
  mutation: 100,
  subscribe: 100,
  connect: 100,
  ...rates,
});

/** How many of `times` were let in. */
export async function letIn(limits: RateLimits, budget: Budget, caller: string, times: number): Promise<number> {
  const taken = await Promise.all(Array.from({ length: times }, () => limits.take(budget, caller)));
  return taken.filter((one) => one === 'ok').length;
}

/** The rules that all limits keep. `open` gives limits in which nobody has taken anything; budgets last `seconds`. */
export function limitsContract(name: string, open: (rates: Rates, seconds: number) => RateLimits): void {
  describe(`${name} keeps the rules of rate limits (issue 3 part 3)`, () => {
    test('each caller has the whole budget and no more, also when all come at once', async () => {
      const limits = open(ratesOf({ mutation: 7 }), 60);
      expect(await letIn(limits, 'mutation', 'post:a', 20)).toBe(7);
      expect(await letIn(limits, 'mutation', 'post:b', 20)).toBe(7);
    });

    test('budgets do not touch each other', async () => {
      const limits = open(ratesOf({ mutation: 1, query: 2 }), 60);
      expect(await letIn(limits, 'mutation', 'post:a', 5)).toBe(1);
      expect(await letIn(limits, 'query', 'post:a', 5)).toBe(2);
      expect(await letIn(limits, 'subscribe', 'post:a', 5)).toBe(5);
    });

    test('who is refused is told how long to wait: no longer than a budget lasts', async () => {
      const limits = open(ratesOf({ query: 1 }), 60);
      expect(await limits.take('query', 'address:2001:db8:0:1::/64')).toBe('ok');
      const spent = await limits.take('query', 'address:2001:db8:0:1::/64');
      if (spent === 'ok') throw new Error('let in');
      expect(spent.retryAfterMs).toBeGreaterThan(0);
      expect(spent.retryAfterMs).toBeLessThanOrEqual(60_000);
    });

    test('then there is a new budget, for those too who did not wait', async () => {
      const limits = open(ratesOf({ query: 2 }), 1);
      expect(await letIn(limits, 'query', 'post:a', 5)).toBe(2);
      while ((await limits.take('query', 'post:a')) !== 'ok') await new Promise((resolve) => setImmediate(resolve));
      expect(await letIn(limits, 'query', 'post:a', 5)).toBeLessThanOrEqual(2);
    });
  });
}
