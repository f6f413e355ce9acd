import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
  // type-graphql and the tests must share one copy of graphql, whatever module format each asks for.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // More than half wait for processes, sockets and disks.
    maxWorkers: 2,
    reporters: ['default', './test/support/totals.ts'],
    projects: [
      project('wuji', 'test/**/*.test.ts', 1),
      // Minutes of faults on three nodes take the whole machine: when all else is done.
      project('chaos', 'test/e2e/**/*.chaos.ts', 2),
      // Needs Debian's chromium: `npm test` asks for nothing but Node and npm.
      project('browser', 'test/browser/**/*.browser.ts', 3),
      // Needs a real server: EVENTSTORE_URL=esdb://…
      project('eventstoredb', 'test/eventstoredb/**/*.server.ts', 4),
    ],
  },
});

/** Tests of one kind: `vitest run --project <name>`. One kind after the other, in this order. */
function project(name: string, include: string, groupOrder: number) {
  return { extends: true as const, test: { name, include: [include], sequence: { groupOrder } } };
}
