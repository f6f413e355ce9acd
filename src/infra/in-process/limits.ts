import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Budget, RateLimits, Rates, Spent } from '../../graphql/guard/ports.js';

/** Of one budget, of all callers. Rejects with a `RateLimiterRes` when there is none left. */
export type Limiter = { consume(caller: string): Promise<unknown> };

/** Counts in this process. `seconds`: how long a budget lasts. */
export const createLimits = (rates: Rates, seconds = 60): RateLimits =>
  limitsOf((budget) => new RateLimiterMemory({ points: rates[budget], duration: seconds }));

export function limitsOf(limiterOf: (budget: Budget) => Limiter): RateLimits {
  const limiters: Readonly<Record<Budget, Limiter>> = {
    query: limiterOf('query'),
    mutation: limiterOf('mutation'),
    subscribe: limiterOf('subscribe'),
    connect: limiterOf('connect'),
  };
  return {
    async take(budget, caller): Promise<'ok' | Spent> {
      try {
        await limiters[budget].consume(caller);
        return 'ok';
      } catch (spent) {
        if (!(spent instanceof RateLimiterRes)) throw spent;
        return { retryAfterMs: Math.max(1, Math.ceil(spent.msBeforeNext)) };
      }
    },
  };
}
