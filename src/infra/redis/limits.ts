import { RateLimiterMemory, RateLimiterRedis, RLWrapperTimeouts } from 'rate-limiter-flexible';
import type { RateLimits, Rates } from '../../graphql/guard/ports.js';
import { limitsOf } from '../in-process/limits.js';
import type { RedisConnection } from './connection.js';

/** No operation waits longer for a count. */
const PATIENCE_MS = 250;

/**
 * Counts in Redis, for all nodes together. While Redis does not answer each node counts for itself, by the same rates:
 * an outage neither opens the door nor closes it. `seconds`: how long a budget lasts.
 */
export const createRedisLimits = (options: {
  readonly connection: RedisConnection;
  readonly name: string;
  readonly rates: Rates;
  readonly seconds?: number;
}): RateLimits => {
  const { connection, name, rates, seconds: duration = 60 } = options;
  return limitsOf((budget) => {
    const points = rates[budget];
    const shared = new RateLimiterRedis({
      storeClient: connection.client,
      keyPrefix: `wuji:{${name}}:rate:${budget}`,
      ...{ points, duration },
      // Who floods is refused from memory, and costs Redis nothing.
      inMemoryBlockOnConsumed: points + 1,
      rejectIfRedisNotReady: true,
    });
    const insuranceLimiter = new RateLimiterMemory({ points, duration });
    return new RLWrapperTimeouts({ limiter: shared, timeoutMs: PATIENCE_MS, insuranceLimiter });
  });
};
