import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Minutes of faults on three nodes: apart, because they take the whole machine. WUJI_CHAOS_SECONDS says how many seconds. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [] } },
  { test: { include: ['test/e2e/**/*.chaos.ts'] } },
);
