import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Against a real server: EVENTSTORE_URL=esdb://… npm run test:eventstoredb. Apart, because it needs one. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [] } },
  { test: { include: ['test/eventstoredb/**/*.server.ts'] } },
);
