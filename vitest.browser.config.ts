import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Tests that need Debian's chromium: apart, because `npm test` asks for nothing but Node and npm. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [] } },
  { test: { include: ['test/browser/**/*.browser.ts'] } },
);
